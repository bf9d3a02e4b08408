using Carveout.Emulator.Capture;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Properties;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Capture;

/// <summary>From a device's allocator through its ring, a console and a capture to a replay.</summary>
[TestClass]
public sealed class CaptureRoundTripTests
{
    private const int Arena = 8 << 20, Operations = 20_000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("pages80", nameof(DmaTail.Keep))]
    [DataRow("pages80", nameof(DmaTail.Exact))]
    [DataRow("movie", nameof(DmaTail.Trim))]
    [DataRow("movie", nameof(DmaTail.Keep))]
    public void A_whole_dump_replays_as_the_device_did(string name, string policy)
    {
        DmaTail tail = Enum.Parse<DmaTail>(policy);
        TraceOperation[] driven = [.. Traces.Read(name).Operations.Take(Operations)];
        var device = new TracedDevice(Arena, tail, 4096);
        device.Drive(driven, 1000);
        Assert.AreEqual(0, device.Lost);
        Assert.IsGreaterThan(name == "pages80" ? 20 : -1, device.Failures, "or refusals were not tried");

        CaptureLog log = Read(device.Log);
        Counts(log, device.Recorded, 0, 0, 0, 0, 0);
        var assembly = new TraceAssembly(log.Sessions);
        Assert.AreEqual(0, assembly.Unknown);
        Assert.AreEqual(0, assembly.Deduced);
        Assert.AreSequenceEqual(device.Expected, assembly.Lines.Select(Operation).ToArray());
        ReplayResult result = Replay(assembly, tail);
        Assert.AreEqual(driven.Count(operation => operation.IsAllocation), result.Allocations);
        Assert.AreEqual(device.Failures, result.Allocations - result.Succeeded);
    }

    [TestMethod]
    public void Times_and_owners_come_along()
    {
        var device = new TracedDevice(Arena, DmaTail.Keep, 4096);
        device.Drive(Traces.Read("pages80").Operations.Take(2000), 500);
        using var text = new TraceText(string.Join('\n', new TraceAssembly(Read(device.Log).Sessions).Lines));
        TraceFile trace = TraceFile.Read(text.Path);
        long time = 0;
        foreach (TraceOperation operation in trace.Operations)
        {
            // The device's clock wraps around on the way; the trace's time does not.
            Assert.IsTrue(operation.Time >= time && operation.Time <= time + 30, $"{operation.Time} after {time}");
            time = operation.Time.Value;
            Assert.AreEqual(operation.IsAllocation ? operation.Id % 2 == 0 ? "camera" : "app_leak" : null, operation.Owner);
        }
        Assert.AreEqual(1999 * 3, time);
    }

    /// <summary>One line in a hundred is lost, cut, repeated or overwritten, with other output between, before and behind. A ring that is
    /// too small for its dumps loses records, too. Every number of the summary is known.</summary>
    [TestMethod]
    [DataRow(64, 100)]
    [DataRow(4096, 2000)]
    public void What_a_bad_line_costs_is_told_exactly(int ring, int dumpEvery)
    {
        var run = new PropertyRun(TestContext, 0xCA97);
        var device = new TracedDevice(Arena, DmaTail.Keep, ring);
        device.Drive(Traces.Read("pages80").Operations.Take(Operations), dumpEvery);
        Assert.AreEqual(ring == 64, device.Lost > 1000);
        var console = new BadConsole(run.Random);
        foreach (string line in device.Log.SkipLast(1))
        {
            console.Write(line);
        }
        console.Lines.Add(device.Log[^1]);

        CaptureLog log = Read(console.Lines);
        TestContext.WriteLine($"{console.Cut} cut, {console.Garbled} garbled, {console.Doubled} doubled, {console.Missing} missing");
        Assert.IsGreaterThan(10, Math.Min(Math.Min(console.Cut, console.Garbled), Math.Min(console.Doubled, console.Missing)));
        Counts(log, device.Recorded - device.Lost - console.Missing, device.Lost, console.Missing, console.Cut, console.Garbled, console.Doubled);
        Assert.AreEqual(console.Other, log.Other);
        Assert.HasCount(1, log.Sessions);

        var assembly = new TraceAssembly(log.Sessions);
        ReplayResult result = Replay(assembly, DmaTail.Keep);
        Assert.AreEqual(assembly.Allocations, result.Allocations);
        Assert.IsGreaterThan(0, assembly.Deduced);
        Assert.Contains($"{console.Missing} missing", CaptureText.Summary(log, assembly));
    }

    /// <summary>Any input gives a valid trace.</summary>
    [TestMethod]
    public void Rubbish_never_makes_a_trace_that_cannot_be_read()
    {
        var run = new PropertyRun(TestContext, 0xCA98);
        var device = new TracedDevice(Arena, DmaTail.Exact, 256);
        device.Drive(Traces.Read("movie").Operations.Take(3000), 200);
        for (int round = 0; round < TestSeed.Steps(30); round++)
        {
            char[] text = string.Join('\n', device.Log).ToCharArray();
            for (int i = run.Random.Below(text.Length / 10); i > 0; i--)
            {
                text[run.Random.Below(text.Length)] = (char)run.Random.Below(256);
            }
            var log = new CaptureLog();
            foreach (string line in new string(text).Split('\n'))
            {
                log.Add(line);
            }
            var assembly = new TraceAssembly(log.Sessions);
            if (assembly.Allocations > 0)
            {
                Replay(assembly, DmaTail.Exact);
            }
        }
    }

    private static void Counts(CaptureLog log, long records, long lost, long missing, int cut, int garbled, int doubled)
    {
        Assert.AreEqual(records, log.Records);
        Assert.AreEqual(lost, log.Sessions.Sum(session => session.LostInRing), "lost in the ring");
        Assert.AreEqual(missing, log.Sessions.Sum(session => session.Missing), "missing");
        Assert.AreEqual(cut, log.Cut, "cut");
        Assert.AreEqual(garbled, log.Garbled, "garbled");
        Assert.AreEqual(doubled, log.Doubled, "doubled");
    }

    private static CaptureLog Read(IEnumerable<string> lines)
    {
        var log = new CaptureLog();
        foreach (string line in lines)
        {
            log.Add(line);
        }
        return log;
    }

    private static ReplayResult Replay(TraceAssembly assembly, DmaTail tail)
    {
        using var text = new TraceText(string.Join('\n', assembly.Lines));
        var options = new ReplayOptions(Arena, TracedDevice.PageSize, tail, 65536, AllocatorKind.Carveout, false, FramesFrom: 0);
        return new TraceReplay(TraceFile.Read(text.Path), options).Run(_ => { }, CancellationToken.None);
    }

    private static string Operation(string line) => line.Split(" time=")[0];

    /// <summary>A console that damages one line in a hundred, and prints other things, too.</summary>
    private sealed class BadConsole(SplitMix64 random)
    {
        private const string Letters = "abcdefghijklmnopqrstuvwxyz 0123456789#%";

        private static readonly string s_mark = Carveout.Diagnostics.TraceText.Mark;

        public List<string> Lines { get; } = [];

        public int Cut { get; private set; }

        public int Garbled { get; private set; }

        public int Doubled { get; private set; }

        public int Missing { get; private set; }

        public int Other { get; private set; }

        public void Write(string line)
        {
            bool isOperation = line[s_mark.Length] is not ('h' or 'o');
            if (random.Below(10) == 0)
            {
                Lines.Add("[boot] app: frame " + random.Below(1000) + " ~ ok *1234");
                Other++;
            }
            if (random.Below(10) == 0)
            {
                line = "printf without an end: " + line + " and more";
            }
            int mark = line.IndexOf(s_mark, StringComparison.Ordinal) + s_mark.Length, end = line.IndexOf('*');
            switch (random.Below(400))
            {
                case 0:
                    Missing += isOperation ? 1 : 0;
                    return;
                case 1:
                    Missing += isOperation ? 1 : 0;
                    Cut++;
                    Lines.Add(line[..(mark + random.Below(end + 5 - mark))]);
                    return;
                case 2:
                    Doubled += isOperation ? 1 : 0;
                    Lines.Add(line);
                    break;
                case 3:
                    Missing += isOperation ? 1 : 0;
                    Garbled++;
                    Lines.Add(Overwrite(line, mark, end));
                    return;
                default:
                    break;
            }
            Lines.Add(line);
        }

        private string Overwrite(string line, int from, int end)
        {
            char[] letters = line.ToCharArray();
            int start = from + random.Below(end - from);
            for (int i = start; i < Math.Min(end, start + 1 + random.Below(8)); i++)
            {
                letters[i] = Letters[random.Below(Letters.Length)];
            }
            letters[start] = letters[start] == line[start] ? '?' : letters[start];
            return new string(letters);
        }
    }
}
