using System.Globalization;
using System.Text;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Scenario;
using Carveout.Emulator.Tests.AppHost;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Capture;

/// <summary>The log that the repository shows <c>investigate --trace</c> on: what an emulated ESP32-CAM prints that traces its allocator, dumps
/// the ring and buddyinfo at every loop of a movie, trims its frames, and dies of that after almost three hours.</summary>
[TestClass]
public sealed class ExampleLogTests
{
    private const string Name = "movie-fragments.log";

    [TestMethod]
    public void Log_is_what_the_run_prints()
    {
        EmulatedBoard board = EmulatedBoard.Of(Esp32Cam.Name);
        var application = new ApplicationSpec(256 * 1024, 4, 30, 8 * 1024);
        var options = new PlayOptions(board, 12, AllocatorKind.Carveout, ZoneLayout.Single, TailPolicy.Trim, false, 1,
            board.Movie with { LoopSeconds = 600 }, application, 1);
        PlayRun run = PlayRun.Of(options);
        var console = new DeviceConsole(run);
        run.Run(() => { }, default);
        GoldenFile.AssertEqualFile(Path.Combine("examples", "traces", Name), console.ToString());
    }

    [TestMethod]
    public void Log_leads_to_the_culprit_and_to_the_cure()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of("investigate", "--trace", Path.Combine(Checkout.Folder, "examples", "traces", Name), "--out",
            folder.File("report"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("The device refused 1 of ", run.Output);
        Assert.Contains("app.leak leaks: it grows by 8 KB every loop", run.Output);
        Assert.DoesNotContain("app.churn leaks", run.Output);
        Assert.MatchesRegex("Carveout, trimmed, lowest address first +[1-9][0-9]*/", run.Output);
        Assert.MatchesRegex("Carveout, exact runs +0/", run.Output);
        Assert.MatchesRegex("Carveout, pool for requests from 64 KB on +0/", run.Output);
        string page = File.ReadAllText(Path.Combine(folder.File("report"), "report.html"));
        Assert.Contains("<h1>The device refused 1 of ", page);
        Assert.Contains("<div class=\"conclusion\">", page);
        Assert.Contains("NORMAL", page);
    }

    /// <summary>A device's console with nothing but memory on it.</summary>
    private sealed class DeviceConsole : IRunObserver
    {
        private readonly StringBuilder _text = new();
        private readonly TraceRing _ring;
        private readonly TraceDump _dump;

        public DeviceConsole(PlayRun run)
        {
            _ring = new TraceRing(1024, new RunClock(run));
            run.Allocator.Trace(_ring);
            _dump = new TraceDump(run.Allocator, _ring);
            _text.Append(ProcText.IoMem(run.Map));
            run.Observer = this;
        }

        public void OnRequest(PlayRun run)
        {
            _text.Append(CultureInfo.InvariantCulture, $"loop {run.Loops + 1}\n").Append(ProcText.BuddyInfo(run.Allocator));
            Dump();
            _ring.MarkLoop(run.Loops + 1);
        }

        public void OnFailure(PlayRun run)
        {
            _text.Append(FailureReport.ToText(run.Allocator));
            Dump();
        }

        public override string ToString() => _text.ToString();

        private void Dump()
        {
            for (string? line = _dump.Next(); line is not null; line = _dump.Next())
            {
                _text.Append(line).Append('\n');
            }
        }
    }

    private sealed class RunClock(PlayRun run) : TraceClock
    {
        public override int Milliseconds => (int)(run.Events.Now / 1000);
    }
}
