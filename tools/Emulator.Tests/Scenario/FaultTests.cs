using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Scenario;

/// <summary>Every fault that can be ordered, on a board with a scan-out display, one with an SPI display and one whose CPU converts: what
/// the run reports, and that nothing is lost.</summary>
[TestClass]
public sealed class FaultTests
{
    private const double Seconds = 1 / 3600.0;
    private const int Fps = 30, Frames = 6 * Fps;

    private static readonly Dictionary<string, PlayOptions> s_settings = new()
    {
        ["scans"] = Setting(Stm32F769Disco.Name, BoardDevices.Rgb),
        ["sends"] = Setting(Esp32Cam.Name, BoardDevices.Rgb),
        ["converts"] = Setting(Esp32S3.Name, BoardDevices.Yuv),
    };

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Settings => from name in s_settings.Keys select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void A_camera_that_stalls_is_started_again(string setting)
    {
        FaultOutcome fault = Recovers(setting, "camera-stall");
        Assert.IsGreaterThan(0L, fault.Counts!.Stalls);
        Assert.IsGreaterThan(0L, fault.Counts.Restarts);
        Assert.AreEqual(1, fault.LongestGapSeconds!.Value, 0.15);
        Assert.AreEqual(0L, fault.Counts.Dropped);
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void A_DMA_error_costs_its_frame_and_no_other(string setting)
    {
        FaultOutcome fault = Recovers(setting, "dma-error");
        Assert.AreEqual(1L, fault.Counts!.Damaged);
        Assert.AreEqual(0L, fault.Counts.Dropped + fault.Counts.Stalls + fault.Counts.Overruns);
        Assert.AreEqual(2.0 / Fps, fault.LongestGapSeconds!.Value, 0.02);
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void Lost_interrupts_cost_a_few_frames_at_most(string setting)
    {
        FaultOutcome fault = Recovers(setting, "lost-interrupt");
        Assert.AreEqual(2L, fault.Counts!.LostInterrupts);
        Assert.IsLessThan(4L, fault.Counts.Dropped);
        Assert.IsLessThan(0.3, fault.LongestGapSeconds!.Value);
        Assert.AreEqual(setting == "scans", fault.Counts.Recovered == 0, "a display that scans says something again at its next refresh");
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void A_late_consumer_loses_frames_and_catches_up(string setting)
    {
        FaultOutcome fault = Recovers(setting, "late-consumer");
        Assert.IsInRange(8L, 12L, fault.Counts!.Dropped);
        Assert.AreEqual(0L, fault.Counts.Damaged + fault.Counts.Torn);
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void A_device_that_is_pulled_out_ends_the_movie_and_everything_is_given_back(string setting)
    {
        foreach (string device in (string[])["camera", "display"])
        {
            PlayResult result = Play(setting, $"unplug-{device}@2.5s");
            Assert.AreEqual(2, result.FailedAtLoop);
            Assert.AreEqual(2.5, result.FailedAtSeconds!.Value, 0.2);
            Assert.AreEqual($"ENODEV: {device} was pulled out", result.Why);
            Assert.IsInRange(2L * Fps, (long)(2.5 * Fps), result.Frames);
            Assert.AreEqual(1, result.Loops);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void Whichever_allocation_of_a_start_fails_it_is_refused_and_nothing_is_lost(string setting)
    {
        int allocations = s_settings[setting].Movie.Buffers * (setting == "converts" ? 2 : 1);
        for (int number = 1; number <= allocations; number++)
        {
            PlayResult first = Play(setting, $"fail-alloc:{number}");
            Assert.AreEqual(1, first.FailedAtLoop);
            Assert.StartsWith("ENOBUFS: an allocation failed as ordered; ", first.Why!);
            Assert.AreEqual(0, first.Pixels!.Faults[0].StruckAtSeconds);
            PlayResult second = Play(setting, $"fail-alloc:{number}@1s");
            Assert.AreEqual(2, second.FailedAtLoop, "the first start from then on is the second loop's");
            Assert.AreEqual(2L * Fps, second.Frames);
        }
        PlayResult beyond = Play(setting, $"fail-alloc:{allocations + 1}");
        Assert.IsNull(beyond.FailedAtLoop);
        Assert.IsNull(beyond.Pixels!.Faults[0].StruckAtSeconds, "a start does not make so many");
    }

    [TestMethod]
    public void Several_faults_are_told_apart()
    {
        PlayResult result = Play("sends", "late-consumer@1s", "dma-error@4s", "fail-alloc:9");
        Assert.IsNull(result.FailedAtLoop);
        IReadOnlyList<FaultOutcome> faults = result.Pixels!.Faults;
        Assert.AreEqual("late-consumer@1s dma-error@4s fail-alloc:9", string.Join(' ', faults.Select(fault => fault.Order)));
        Assert.AreEqual(0L, faults[0].Counts!.Damaged);
        Assert.IsGreaterThan(0L, faults[0].Counts!.Dropped);
        Assert.AreEqual(1L, faults[1].Counts!.Damaged);
        Assert.AreEqual(0L, faults[1].Counts!.Dropped);
        Assert.IsNull(faults[2].Counts);
    }

    [TestMethod]
    public void A_fault_that_cannot_strike_is_refused()
    {
        PlayOptions options = s_settings["scans"];
        UsageException late = Assert.ThrowsExactly<UsageException>(
            () => PlayRun.Of(options with { Pixels = PixelRuns.Pixels(options.Board.Name, "dma-error@6s") }));
        Assert.AreEqual("--fault dma-error@6s: the movie is over after 6 s", late.Message);
        UsageException pool = Assert.ThrowsExactly<UsageException>(
            () => PlayRun.Of(options with { Tail = DmaTail.Pool, Pixels = PixelRuns.Pixels(options.Board.Name, "fail-alloc:1") }));
        Assert.Contains("reserved at boot", pool.Message);
    }

    private static PlayOptions Setting(string board, string camera) => PixelRuns.Options(board, 6 * Seconds) with
    {
        Tail = DmaTail.Exact, Movie = new MovieSpec(64, 48, 3, Fps, 2), Pixels = PixelRuns.Pixels(board) with { Camera = camera },
    };

    /// <summary>A run with one fault in its third second, which plays to its end.</summary>
    private FaultOutcome Recovers(string setting, string kind)
    {
        PlayResult result = Play(setting, $"{kind}@2.5s");
        Assert.IsNull(result.FailedAtLoop, result.Why);
        FaultOutcome fault = result.Pixels!.Faults[0];
        Assert.AreEqual(Frames, result.Frames + fault.Counts!.Dropped + fault.Counts.Damaged, "a frame is shown or lost");
        Assert.AreEqual(3, result.Loops);
        Assert.AreEqual(2.5, fault.StruckAtSeconds);
        return fault;
    }

    private PlayResult Play(string setting, params string[] faults)
    {
        PlayOptions options = s_settings[setting];
        PlayResult result = PixelRuns.Play(options with
        {
            Pixels = PixelRuns.Pixels(options.Board.Name, faults) with { Camera = options.Pixels!.Camera },
        });
        foreach (FaultOutcome fault in result.Pixels!.Faults)
        {
            TestContext.WriteLine($"{fault}");
        }
        PixelCounts counts = result.Pixels.Counts;
        Assert.AreEqual(0L, result.Pixels.BytesNotReturned);
        Assert.AreEqual(0L, result.Pixels.AllocationsAfterStart);
        Assert.AreEqual(0L, counts.StaleLinesReadByCpu + counts.StaleLinesReadByDevices + counts.Torn);
        Assert.AreEqual(result.Pixels.Starts, result.Pixels.SameBuddyInfo);
        return result;
    }
}
