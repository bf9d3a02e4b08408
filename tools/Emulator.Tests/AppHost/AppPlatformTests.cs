using Carveout.App;
using Carveout.Emulator.AppHost;
using Carveout.Video.Displays;

namespace Carveout.Emulator.Tests.AppHost;

/// <summary>The application on platforms that are worse than any board.</summary>
[TestClass]
public sealed class AppPlatformTests
{
    private const long Second = 1_000_000;

    /// <summary>300 frames, in which the leak allocates pages and the log allocates and frees lines.</summary>
    [TestMethod]
    public void A_frame_takes_nothing_from_the_managed_heap()
    {
        long taken = ManagedHeap.LeastTaken(() =>
        {
            // Reports make strings, so they come after the measurement. In the first seconds methods are compiled.
            var platform = new BenchPlatform { Period = 100 * Second, WarmUp = 20 * Second, End = 80 * Second };
            AppRun.Of(platform);
            Assert.IsNull(platform.Failure);
            // The run has measured itself after its boot; the caller gets the same number by allocating as much.
            return () => s_taken = platform.Taken == 0 ? null : new byte[platform.Taken];
        });
        Assert.AreEqual(0, taken);
    }

    [TestMethod]
    public void A_display_that_does_not_answer_at_boot_is_done_without()
    {
        var platform = new BenchPlatform { End = 3 * Second, Display = () => throw new IOException("nobody acknowledged") };
        AppRun.Of(platform);
        Assert.IsNull(platform.Failure);
        Assert.Contains("camera (test card) -> headless, 320x240 RGB565, 640 bytes a line, 153600 bytes; the display does not answer: "
            + "System.IO.IOException: nobody acknowledged", platform.Lines);
    }

    [TestMethod]
    public void A_button_that_cannot_be_opened_is_done_without()
    {
        var platform = new BenchPlatform { End = 3 * Second, Button = () => throw new InvalidOperationException("pin 0 is in use") };
        AppRun.Of(platform);
        Assert.IsNull(platform.Failure);
        Assert.Contains("no button: System.InvalidOperationException: pin 0 is in use", platform.Lines);
    }

    [TestMethod]
    public void A_board_that_nobody_knows_ends_before_it_takes_memory()
    {
        var platform = new BenchPlatform { Name = "esp8266" };
        AppRun.Of(platform);
        Assert.StartsWith("failed after 00:00:00: System.ArgumentException: no setup for a board called 'esp8266'", platform.Lines[0]);
        Assert.AreEqual("carveout ended after 00:00:00: in order, after a failure", platform.Lines[^1]);
        Assert.IsNotNull(platform.Failure);
    }

    /// <summary>The console fails for good in the middle of a run. Everything is freed all the same, and the platform is told.</summary>
    [TestMethod]
    public void Without_a_console_it_still_stops()
    {
        var platform = new BenchPlatform { End = 30 * Second, Period = 10 * Second, ConsoleEnd = 15 * Second };
        AppRun.Of(platform);
        Assert.AreEqual("System.IO.IOException: no console", platform.Failure, "and nothing of pages that did not come back");
    }

    /// <summary>A program that is too slow for its camera: frames are dropped and counted, and none is shown twice or damaged.</summary>
    [TestMethod]
    public void A_slow_board_drops_frames_and_goes_on()
    {
        var platform = new BenchPlatform { End = 60 * Second, Period = 30 * Second, Display = () => new SlowWires(0.7 * Second) };
        AppRun.Of(platform);
        Assert.IsNull(platform.Failure);
        string video = platform.Lines.Last(line => line.StartsWith("pipeline off: ", StringComparison.Ordinal));
        Assert.MatchesRegex(
            "frames (7[5-9]|8[0-9]), copied 0, shown (7[5-9]|8[0-9]), dropped 2[0-9][0-9], damaged 0, display errors 0, stalls 0", video);
    }

    private static byte[]? s_taken;

    private sealed class SlowWires(double frameTime) : DisplayBus
    {
        public Action<long>? Spend { get; set; }

        public override void Command(byte command) => Spend?.Invoke(command == 0x2C ? (long)frameTime : 0);

        public override void Reset()
        {
        }

        public override void Delay(int milliseconds)
        {
        }

        protected override void Transfer(byte[] buffer, int offset, int length)
        {
        }
    }

    private sealed class BenchPlatform : Platform
    {
        private long _now, _before = -1;

        public string Name { get; init; } = "esp32cam";

        public long Period { get; init; } = 60 * Second;

        public long End { get; init; } = Second;

        /// <summary>When the measurement of the managed heap begins; it goes on until the end.</summary>
        public long WarmUp { get; init; } = long.MaxValue;

        public long ConsoleEnd { get; init; } = long.MaxValue;

        public Func<DisplayBus?> Display { get; init; } = () => null;

        public Action Button { get; init; } = () => { };

        public List<string> Lines { get; } = [];

        public long Taken { get; private set; }

        public string? Failure { get; private set; }

        public override string Board => Name;

        public override long Now => _now;

        public override bool TellsStack => false;

        public override long ReportPeriod => Period;

        public override bool IsStopRequested
        {
            get
            {
                if (_before < 0 && Now >= WarmUp)
                {
                    _before = GC.GetAllocatedBytesForCurrentThread();
                }
                if (Now < End)
                {
                    return false;
                }
                Taken = _before < 0 ? 0 : GC.GetAllocatedBytesForCurrentThread() - _before;
                return true;
            }
        }

        public override void SleepUntil(long time) => _now = Math.Max(_now, time);

        public override void WriteLine(string line)
        {
            if (Now >= ConsoleEnd)
            {
                throw new IOException("no console");
            }
            Lines.Add(line);
        }

        public override void OpenButton(BoardSetup setup) => Button();

        public override bool TakeDumpRequest() => false;

        public override DisplayBus? OpenDisplay(DisplayWiring wiring)
        {
            DisplayBus? bus = Display();
            if (bus is SlowWires slow)
            {
                slow.Spend = time => _now += time;
            }
            return bus;
        }

        public override void OnEnd(string? failure) => Failure = failure;
    }
}
