using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Scenario;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Scenario;

/// <summary>The movie with real pixels, beside the same application as in the story.</summary>
[TestClass]
public sealed class PixelRunTests
{
    private const double Seconds = 1 / 3600.0;

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Boards => from board in BoardCatalog.Names() select new object[] { board };

    public static IEnumerable<object[]> Settings =>
        from board in BoardCatalog.Names()
        from allocator in Enum.GetValues<AllocatorKind>()
        from zones in Enum.GetValues<ZoneLayout>()
        from tail in Enum.GetValues<DmaTail>()
        where allocator == AllocatorKind.Carveout || tail != DmaTail.Exact
        where tail != DmaTail.Pool || BoardDevices.CanPool(board)
        select new object[] { board, allocator, zones, tail };

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Every_board_shows_every_frame_on_each_of_its_displays(string board)
    {
        foreach (string display in BoardDevices.Displays(board))
        {
            PlayOptions options = PixelRuns.Options(board, 4 * Seconds) with { Pixels = PixelRuns.Pixels(board) with { Display = display } };
            PlayResult result = PixelRuns.Play(options with { Movie = options.Movie with { LoopSeconds = 2 } });
            long expected = 4 * options.Movie.FramesPerSecond;
            bool isSlow = display == BoardDevices.Spi && board == Stm32F769Disco.Name;
            TestContext.WriteLine($"{display}: {result.Frames} frames, {result.Pixels!.Counts}");
            Assert.IsNull(result.FailedAtLoop, result.Why);
            Assert.IsInRange(expected, expected + 1, result.Frames + result.Pixels.Counts.Dropped);
            Assert.AreEqual(2, result.Loops);
            Expect(result, sameBuddyInfo: true);
            Assert.AreEqual(0L, result.Pixels.Counts.Copies + result.Pixels.Counts.Damaged + result.Pixels.Counts.Underruns);
            Assert.AreEqual(isSlow, result.Pixels.Counts.Dropped > 0, "800x480 pixels do not go over SPI in a thirtieth of a second");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void Every_policy_gives_every_byte_back(string board, AllocatorKind allocator, ZoneLayout zones, DmaTail tail)
    {
        PlayOptions options = PixelRuns.Options(board, 6 * Seconds) with { Allocator = allocator, Zones = zones, Tail = tail };
        PlayResult result = PixelRuns.Play(options with { Movie = new MovieSpec(32, 24, 4, 30, 2) });
        bool hasMemory = board != Esp32Cam.Name || zones == ZoneLayout.Split;
        Assert.AreEqual(hasMemory, result.FailedAtLoop is null, $"no engine reaches the ESP32-CAM's only zone; {result.Why}");
        Assert.AreEqual(hasMemory ? 180L : 0, result.Frames);
        Expect(result, sameBuddyInfo: tail == DmaTail.Pool || zones == ZoneLayout.Split);
    }

    [TestMethod]
    public void Frames_that_the_CPU_converts_are_copied_once_and_nothing_is_stale()
    {
        foreach (string board in (string[])[Esp32S3.Name, Stm32H743.Name, Stm32F429Disco.Name])
        {
            PlayOptions options = PixelRuns.Options(board, 4 * Seconds) with
            {
                Movie = new MovieSpec(64, 48, 3, 30, 4),
                Pixels = PixelRuns.Pixels(board) with { Camera = BoardDevices.Yuv },
            };
            PlayResult result = PixelRuns.Play(options);
            Assert.AreEqual(120L, result.Frames, result.Why);
            Assert.IsInRange(120L, 123L, result.Pixels!.Counts.Copies, "one or two are on their way when the last one is shown");
            Expect(result, sameBuddyInfo: true);
        }
    }

    [TestMethod]
    public void Half_an_hour_drops_nothing_and_leaves_no_trace_in_the_zone()
    {
        int minutes = TestSeed.Of(all: 30, usual: 5);
        PlayOptions options = PixelRuns.Options(Esp32Cam.Name, minutes / 60.0) with { Application = BoardScenarios.Application(Esp32Cam.Name) };
        PlayResult result = PixelRuns.Play(options);
        Assert.AreEqual(minutes * 1800L, result.Frames);
        Assert.AreEqual(minutes, result.Loops);
        Assert.AreEqual(0L, result.Pixels!.Counts.Dropped);
        Expect(result, sameBuddyInfo: true);
    }

    [TestMethod]
    public void Kernel_that_trims_loses_real_pixels_where_it_loses_the_story()
    {
        PlayOptions options = PixelRuns.Options(Imx31Reference.Name, 3) with
        {
            Allocator = AllocatorKind.Kernel, Zones = ZoneLayout.Single, Tail = DmaTail.Trim, Grouping = false, LowmemReserveRatio = 0,
            Movie = new MovieSpec(640, 240, 4, 1, 300),
            Application = BoardScenarios.Application(Imx31Reference.Name) with { LeakPerLoop = 16 << 20 },
        };
        PlayResult pixels = PixelRuns.Play(options), story = PixelRuns.Play(options with { Pixels = null });
        TestContext.WriteLine($"pixels: loop {pixels.FailedAtLoop}, {pixels.Why}; story: loop {story.FailedAtLoop}, {story.Why}");
        Assert.IsNotNull(story.FailedAtLoop);
        Assert.IsNotNull(pixels.FailedAtLoop);
        Assert.AreEqual(story.FailedAtLoop.Value, pixels.FailedAtLoop.Value, 1, "a start takes time, so the application is ahead a little");
        Assert.StartsWith("DMA fragmented: ", story.Why!);
        Assert.StartsWith("DMA fragmented: ", pixels.Why!);
        Assert.Contains("ENOBUFS: camera: 4 buffers of 307200 bytes", pixels.Report);
        Assert.IsLessThan(pixels.Zones[0].FreeBytes, pixels.Zones[0].LargestFreeBytes, "as it stood when it was refused");
        Assert.IsLessThan(512L * 1024, pixels.Zones[0].LargestFreeBytes);
        Expect(pixels, sameBuddyInfo: false);
        Assert.IsLessThan(pixels.Pixels!.Starts, pixels.Pixels.SameBuddyInfo, "in a single zone the application changes it");
    }

    [TestMethod]
    public void Same_seed_same_run()
    {
        string Text(ulong seed)
        {
            PlayOptions options = PixelRuns.Options(Esp32S3.Name, 6 * Seconds) with { Seed = seed, Movie = new MovieSpec(32, 24, 3, 30, 2) };
            PlayResult result = PixelRuns.Play(options with
            {
                Application = BoardScenarios.Application(Esp32S3.Name),
                Pixels = PixelRuns.Pixels(Esp32S3.Name, "late-consumer@2s"),
            });
            IEnumerable<string> zones = result.Zones.Select(zone => string.Join(' ', zone.FreeBlocksPerOrder));
            return $"{result.Pixels!.Counts} {result.Seconds} {string.Join('|', zones)}";
        }
        Assert.AreEqual(Text(3), Text(3));
        Assert.AreNotEqual(Text(3), Text(4));
    }

    [TestMethod]
    public void Ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var run = PlayRun.Of(PixelRuns.Options(Esp32Cam.Name, 10000));
        Assert.ThrowsExactly<OperationCanceledException>(() => run.Run(cancel.Cancel, cancel.Token));
    }

    [TestMethod]
    public void More_than_the_board_holds_is_refused_by_the_byte()
    {
        PlayOptions options = PixelRuns.Options(Esp32Cam.Name, Seconds);
        PlayResult result = PixelRuns.Play(options with { Movie = options.Movie with { Width = 320, Height = 240 } });
        Assert.AreEqual(1, result.FailedAtLoop);
        Assert.AreEqual("ENOBUFS: camera: 3 buffers of 153600 bytes need 466944 bytes in DMA, 81920 are free: 385024 bytes are missing", result.Why);
        Expect(result, sameBuddyInfo: true);
    }

    [TestMethod]
    public void Pool_where_frames_would_be_cached_or_out_of_reach_is_refused()
    {
        foreach (string board in (string[])[Esp32Cam.Name, Esp32S3.Name, Stm32F746.Name, Stm32H743.Name, Imx31Reference.Name])
        {
            UsageException e = Assert.ThrowsExactly<UsageException>(
                () => PlayRun.Of(PixelRuns.Options(board, Seconds) with { Tail = DmaTail.Pool }));
            Assert.Contains(board, e.Message);
        }
    }

    [TestMethod]
    public void What_camera_and_display_have_is_counted_by_the_byte()
    {
        foreach ((string board, string camera, int buffers) in (ReadOnlySpan<(string, string, int)>)
            [(Esp32S3.Name, BoardDevices.Rgb, 3), (Esp32S3.Name, BoardDevices.Yuv, 6), (Stm32F429Disco.Name, BoardDevices.Rgb, 3)])
        {
            PlayOptions options = PixelRuns.Options(board, Seconds);
            options = options with { Movie = new MovieSpec(64, 48, 3, 30, 2), Pixels = options.Pixels! with { Camera = camera } };
            var machine = new EmulatedMachine(BoardCatalog.Create(board, ZoneLayout.Split, PageMapKind.Runs, 3 * 8192), new MachineSpec());
            PageAllocator allocator = machine.Boot();
            ReservedPool? pool = options.Tail == DmaTail.Pool
                ? new ReservedPool("movie", machine.Map.FindReservation(BoardCatalog.PoolName)!.Start, 8192, 3)
                : null;
            using var pixels = new PixelMachine(options, machine, allocator, pool);
            Assert.AreEqual(0L, pixels.BytesHeld(allocator));
            Assert.AreEqual(VideoResult.Ok, pixels.Pipeline.Start());
            Assert.AreEqual(buffers * 8192L, pixels.BytesHeld(allocator), "64x48 pixels are a page and a half");
            pixels.Pipeline.Stop();
            Assert.AreEqual(0L, pixels.BytesHeld(allocator));
        }
    }

    /// <summary>What is true for every run, however it ends.</summary>
    private static void Expect(PlayResult result, bool sameBuddyInfo)
    {
        PixelResult pixels = result.Pixels!;
        Assert.AreEqual(0L, pixels.BytesNotReturned, "bytes");
        Assert.AreEqual(0L, pixels.AllocationsAfterStart, "allocations");
        Assert.AreEqual(0L, pixels.Counts.StaleLinesReadByCpu + pixels.Counts.StaleLinesReadByDevices, "stale lines");
        Assert.AreEqual(0L, pixels.Counts.Torn, "torn frames");
        if (sameBuddyInfo)
        {
            Assert.AreEqual(pixels.Starts, pixels.SameBuddyInfo, "buddyinfo");
        }
    }
}
