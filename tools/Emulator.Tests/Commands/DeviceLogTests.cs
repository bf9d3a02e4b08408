using System.IO.Compression;
using Carveout.Emulator.Tests.Movies;
using Carveout.Emulator.Tests.Timeline;
using Carveout.Emulator.Timeline;

namespace Carveout.Emulator.Tests.Commands;

/// <summary><c>play --log</c> and the tools that read such a log, step by step as in docs/trace-format.md.</summary>
[TestClass]
public sealed class DeviceLogTests
{
    private const string Device = "play --board esp32cam --zones single --tail trim --leak 8K --churn 20 --hours 6";

    private static readonly string s_shipped = Path.Combine(Checkout.Folder, "examples", "traces", "esp32cam-trim.log.gz");

    [TestMethod]
    public void The_shipped_log_is_what_the_command_of_the_docs_writes()
    {
        using var folder = new TemporaryFolder();
        string written = folder.File("device.log.gz"), plain = folder.File("device.log");
        CommandLineRun run = CommandLineRun.Of([.. Device.Split(' '), "--json", "--log", written]);
        Assert.AreEqual(3, run.ExitCode, run.Error);
        Assert.AreEqual(Unpacked(s_shipped), Unpacked(written));
        Assert.Contains($"-- {Device} --log device.log.gz", File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "trace-format.md")));
        // The run does not change if several observers watch it.
        CommandLineRun watched = CommandLineRun.Of([.. Device.Split(' '), "--json", "--log", plain, "--perfetto", folder.File("p.json.gz")]);
        Assert.AreEqual(CommandLineRun.Of([.. Device.Split(' '), "--json"]).Output, watched.Output);
        Assert.AreEqual(Unpacked(s_shipped), File.ReadAllText(plain));
    }

    [TestMethod]
    public void The_shipped_log_shows_what_happened_and_the_cure()
    {
        CommandLineRun run = CommandLineRun.Of("investigate", "--trace", s_shipped);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("The device refused 1 of 2647 requests, the first at operation 5037 of 5038, loop 106, after 01:45:00: 150 KB for movie.", run.Lines[1]);
        Assert.MatchesRegex("(?m)^Carveout, trimmed, small blocks grouped +49/2647 .* fragmented: ", run.Output);
        Assert.MatchesRegex("(?m)^Carveout, exact runs +0/2647 none +serves every request$", run.Output);
        Assert.MatchesRegex("(?m)^Carveout, pool for requests from 64 KB on +0/2647 none +serves every request$", run.Output);
        Assert.Contains("app.leak leaks: it grows by 8 KB every loop", run.Output);
        CommandLineRun cured = CommandLineRun.Of([.. Device.Replace("--tail trim", "--tail pool").Split(' '), "--json"]);
        Assert.AreEqual(0, cured.ExitCode, cured.Output);
    }

    /// <summary>A replay of the log uses what it says about memory; so does one of the trace that is captured from it, and one of either
    /// through a pipe. The user's arguments take precedence.</summary>
    [TestMethod]
    public void Its_zones_and_pages_are_the_arena()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File("t.trace"), timeline = folder.File("t.json");
        Assert.AreEqual(0, CommandLineRun.Of("capture", s_shipped, "--out", trace).ExitCode);
        string[] said = CommandLineRun.Of("replay", "--trace", s_shipped, "--tail", "exact", "--perfetto", timeline).Lines;
        Assert.AreEqual("esp32cam-trim.log.gz: 3 MB in pages of 4 KB, carveout, exact", said[0]);
        Assert.AreSequenceEqual(said[1..], CommandLineRun.Of("replay", "--trace", trace, "--tail", "exact").Lines[1..]);
        Assert.Contains(e => e.Name == "NORMAL free", PerfettoEvent.Read(timeline), "the zone keeps its name");
        Assert.StartsWith("t.trace: 2 MB in pages of 8 KB", CommandLineRun.Of("replay", "--trace", trace, "--arena", "2M", "--page", "8K").Output);
        Assert.StartsWith("t.trace: 2.7 MB in pages of 4 KB", CommandLineRun.Of("replay", "--trace", trace, "--arena", "2867200").Output);
    }

    /// <summary>A device's clock counts milliseconds, and an allocator does many things in one of them.</summary>
    [TestMethod]
    public void What_happens_within_a_millisecond_keeps_its_order()
    {
        using var folder = new TemporaryFolder();
        string timeline = folder.File("t.json");
        string[] log = Unpacked(s_shipped).Split('\n');
        // Lines that are repeated or late change nothing.
        string mixed = folder.File("mixed.log"), trace = folder.File("t.trace"), plain = folder.File("p.trace");
        File.WriteAllLines(mixed, [.. log[..400], .. log[200..300].Reverse(), .. log[400..], .. log[200..]]);
        Assert.AreEqual(0, CommandLineRun.Of("capture", mixed, "--out", trace).ExitCode);
        Assert.AreEqual(0, CommandLineRun.Of("capture", s_shipped, "--out", plain, "--perfetto", timeline, "--blocks", "all").ExitCode);
        Assert.AreSequenceEqual(File.ReadAllLines(plain)[1..], File.ReadAllLines(trace)[1..]);
        string[] taken = [.. log.Where(line => line.StartsWith("~ct b", StringComparison.Ordinal) || line.StartsWith("~ct r", StringComparison.Ordinal))];
        string[] allocations = [.. File.ReadAllLines(plain).Where(line => line.StartsWith("a ", StringComparison.Ordinal))];
        Assert.AreSequenceEqual(taken.Select(line => line.Split(' ')[6]).ToArray(), allocations[..^1].Select(line => line.Split(' ')[2]).ToArray());
        PerfettoEvent[] blocks = [.. PerfettoEvent.Read(timeline).Where(e => e.Phase is "b" or "e")];
        Assert.IsGreaterThan(30, blocks.Count(e => e.Time < 1000));
        // Blocks that are live at the end of the trace end there.
        PerfettoEvent[] before = [.. blocks.Where(e => e.Time < blocks[^1].Time)];
        Assert.IsTrue(before.Zip(before.Skip(1)).All(pair => pair.First.Time < pair.Second.Time));
    }

    [TestMethod]
    public void A_millisecond_has_a_thousand_moments()
    {
        var times = new OperationTimes();
        long[] said = [.. Enumerable.Range(0, 1002).Select(_ => times.Next(5)), times.Next(6), times.Next(4), times.Next(9)];
        Assert.AreSequenceEqual([.. Enumerable.Range(5000, 1000).Select(time => (long)time), 5999, 5999, 6000, 6000, 9000], said);
    }

    private static string Unpacked(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return text.ReadToEnd();
    }
}
