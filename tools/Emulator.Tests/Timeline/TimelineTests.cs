using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Movies;
using Carveout.Emulator.Timeline;

namespace Carveout.Emulator.Tests.Timeline;

/// <summary>The file for ui.perfetto.dev has Chrome's trace event format, event by event, and shows what happened.</summary>
[TestClass]
[DoNotParallelize] // What other tests hold would count as what a run holds.
public sealed class TimelineTests
{
    /// <summary>Kept in memory, either would be more than its test allows.</summary>
    private static readonly int s_half = TestSeed.Of(all: 500_000, usual: 150_000), s_allocations = TestSeed.Of(all: 400_000, usual: 150_000);

    [TestMethod]
    public void A_replay_says_zone_owners_blocks_loops_and_refusals()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File("t.trace"), json = folder.File("t.json");
        File.WriteAllText(trace, "# trace v1\n# loop 1\na 0 4096 4096 time=0 by=cam\na 1 8192 4096 time=5 by=\"app\"\nf 0 time=9\n# loop 2\na 2 65536 4096 time=12 by=cam\n"
            + "t 1 4096 time=20\n");
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", trace, "--arena", "32K", "--tail", "exact", "--perfetto", json, "--blocks", "cam");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        List<PerfettoEvent> events = PerfettoEvent.Read(json);
        Assert.AreSequenceEqual(new long[] { 4096, 0 }, events.Values("owner cam"));
        Assert.AreSequenceEqual(new long[] { 8192, 4096 }, events.Values("owner \"app\""));
        Assert.AreSequenceEqual(new long[] { 28672, 20480, 24576, 28672 }, events.Values("DMA free"));
        Assert.AreEqual(20480, events.Values("DMA largest free").Min());
        Assert.Contains(e => e.Phase == "C" && e.Name == "DMA free blocks of order 0", events);
        Assert.AreSequenceEqual(new[] { "loop 1", "loop 2", "64 KB refused to cam" }, events.Where(e => e.Phase == "i").Select(e => e.Name).ToArray());
        Assert.AreSequenceEqual(new[] { ("b", 0L), ("e", 9000L) }, events.Where(e => e.Phase is "b" or "e").Select(e => (e.Phase, e.Time)).ToArray());
        Assert.AreEqual("t.trace, carveout, exact", events.Single(e => e.Phase == "M" && e.Name == "process_name").Argument);
    }

    [TestMethod]
    public void A_table_says_the_same()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File("t.trace"), csv = folder.File("t.csv"), json = folder.File("t.json");
        File.WriteAllText(trace, "a 0 4096 4096 by=a,b\na 1 4096 4096 by==SUM(A1)\nf 0\n");
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", trace, "--csv", csv, "--perfetto", json, "--blocks", "all");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        string[] lines = File.ReadAllLines(csv);
        Assert.AreEqual("microseconds,process,kind,track,name,value", lines[0]);
        Assert.Contains("0,1,begin,\"a,b\",4 KB,0", lines);
        Assert.Contains("1000,1,begin,'=SUM(A1),4 KB,1", lines);
        Assert.Contains("2000,1,end,\"a,b\",,0", lines);
        // Perfetto has track names in the names of counters; in the other file they have lines of their own.
        Assert.HasCount(PerfettoEvent.Read(json).Count(e => !(e.Phase == "M" && e.Name == "thread_name")), lines.Skip(1).ToArray());
    }

    [TestMethod]
    [DataRow("--hours 0.05 --tail keep", "display")]
    [DataRow("--board stm32f429-disco --movie MOVIE --frame 64x48 --hours 0.002", "camera")]
    public void A_run_says_frames_loops_and_zones_and_is_no_other_for_it(string arguments, string track)
    {
        using var folder = new TemporaryFolder();
        string movie = folder.File("m.y4m"), json = folder.File("p.json.gz");
        File.WriteAllBytes(movie, Y4mBytes.Movie("YUV4MPEG2 W16 H16 F10:1 Cmono", 256, 5));
        string[] words = ["play", .. arguments.Replace("MOVIE", movie).Split(' ')];
        CommandLineRun plain = CommandLineRun.Of([.. words, "--json"]), written = CommandLineRun.Of([.. words, "--json", "--perfetto", json, "--blocks", "all"]);
        Assert.AreEqual(plain.Output, written.Output, written.Error);
        Assert.AreEqual(plain.ExitCode, written.ExitCode);
        List<PerfettoEvent> events = PerfettoEvent.Read(json);
        Assert.IsGreaterThan(10, events.Count(e => e.Phase == "X" && e.Track == track && e.Duration > 0));
        Assert.Contains(e => e.Phase == "i" && e.Name == "loop 1", events);
        Assert.Contains(e => e.Phase == "C" && e.Name.EndsWith(" largest free", StringComparison.Ordinal), events);
        // Everything that begins ends, once.
        Assert.AreSequenceEqual(events.Where(e => e.Phase == "b").Select(e => e.Id).Order().ToArray(), events.Where(e => e.Phase == "e").Select(e => e.Id).Order().ToArray());
    }

    [TestMethod]
    public void Each_policy_of_an_investigation_is_a_process()
    {
        using var folder = new TemporaryFolder();
        string json = folder.File("i.json");
        CommandLineRun run = CommandLineRun.Of("investigate", "--trace", Traces.PathOf("movie"), "--perfetto", json);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        List<PerfettoEvent> events = PerfettoEvent.Read(json);
        Assert.AreEqual(6, events.Count(e => e.Phase == "M" && e.Name == "process_name"));
        foreach (IGrouping<int, PerfettoEvent> process in events.GroupBy(e => e.Process))
        {
            Assert.Contains(e => e.Phase == "C" && e.Name == "DMA free", process, $"process {process.Key}");
        }
    }

    [TestMethod]
    public void A_capture_says_owners_and_loops()
    {
        using var folder = new TemporaryFolder();
        string json = folder.File("c.json"), log = Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "Capture", "app-leak.log");
        CommandLineRun run = CommandLineRun.Of("capture", log, "--out", folder.File("c.trace"), "--perfetto", json, "--blocks", "all");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        List<PerfettoEvent> events = PerfettoEvent.Read(json);
        Assert.Contains(e => e.Phase == "C" && e.Name.StartsWith("owner ", StringComparison.Ordinal), events);
        Assert.Contains(e => e.Phase == "i" && e.Name.StartsWith("loop ", StringComparison.Ordinal), events);
        Assert.Contains(e => e.Phase == "b", events);
    }

    [TestMethod]
    public void A_diagnosis_says_the_areas_of_its_dumps()
    {
        using var folder = new TemporaryFolder();
        string json = folder.File("d.json"), log = Path.Combine(Checkout.Folder, "examples", "dumps", "story-one-zone.log");
        CommandLineRun run = CommandLineRun.Of("diagnose", log, "--perfetto", json);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        List<PerfettoEvent> events = PerfettoEvent.Read(json);
        PerfettoEvent[] free = [.. events.Where(e => e.Phase == "C" && e.Name.EndsWith(" free", StringComparison.Ordinal))];
        Assert.IsGreaterThan(3, free.Length);
        Assert.IsTrue(free.Zip(free.Skip(1)).All(pair => pair.First.Name != pair.Second.Name || pair.First.Time < pair.Second.Time));
        Assert.Contains(e => e.Name.EndsWith(" free blocks of order 0", StringComparison.Ordinal), events);
    }

    /// <summary>Many events are written, and none stays in memory.</summary>
    [TestMethod]
    public void Events_are_streamed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("m.json.gz");
        using (var output = new TimelineOutput([new PerfettoFile(path)], null))
        {
            int process = output.Process("p");
            long live = GC.GetTotalMemory(true);
            for (int i = 0; i < s_half; i++)
            {
                output.Counter(process, i, "free", "bytes", i);
                output.Instant(process, i, "memory", "refused");
            }
            Assert.IsLessThan(8 << 20, GC.GetTotalMemory(true) - live);
            Assert.AreEqual((2 * s_half) + 2, output.Count);
        }
        Assert.HasCount((2 * s_half) + 2, PerfettoEvent.Read(path));
    }

    /// <summary>A trace is replayed while it is read: its memory depends on what is live, not on its length.</summary>
    [TestMethod]
    public void A_long_trace_is_replayed_in_the_memory_of_a_short_one()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("long.trace");
        using (var text = new StreamWriter(path))
        {
            for (int i = 0; i < s_allocations; i++)
            {
                text.Write($"a {i} 4096 4096 time={i} by=o{i % 3}\n");
                text.Write(i >= 100 ? $"f {i - 100} time={i}\n" : "");
            }
        }
        var options = new ReplayOptions(1 << 20, 4096, DmaTail.Exact, 65536, AllocatorKind.Carveout, false);
        long before = GC.GetTotalMemory(true), most = 0;
        ReplayResult result = new TraceReplay(new TraceStream(path), options).Run(_ => most = Math.Max(most, GC.GetTotalMemory(true)), CancellationToken.None);
        Assert.IsGreaterThan(0L, most);
        Assert.IsLessThan(4 << 20, most - before);
        Assert.AreEqual(s_allocations, result.Succeeded);
        Assert.AreEqual(new TraceReplay(TraceFile.Read(path), options).Run(_ => { }, CancellationToken.None), result);
    }

    [TestMethod]
    [DataRow("--blocks cam", "--blocks: expected --perfetto or --csv with it")]
    [DataRow("--perfetto no/such/folder/x.json", "there is no folder")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected) =>
        CommandLineRun.Refused(expected, ["replay", "--trace", Traces.PathOf("movie"), .. arguments.Split(' ')]);
}
