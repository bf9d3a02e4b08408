using System.Collections.Concurrent;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Scenario;

/// <summary>The story on its own board, with that board's default movie and application: six virtual hours a run.</summary>
[TestClass]
public sealed class StoryTests
{
    private const double Hours = 6, Hour = 3600;

    /// <summary>Tests compare the same runs with others.</summary>
    private static readonly ConcurrentDictionary<PlayOptions, PlayResult> s_played = new();

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Seeds => Enumerable.Range(1, TestSeed.Of(all: 3, usual: 1)).Select(seed => new object[] { (ulong)seed });

    /// <summary>Each allocator and each layout in any length of the tests.</summary>
    public static IEnumerable<object[]> Pools => new (AllocatorKind Allocator, ZoneLayout Zones)[]
    {
        (AllocatorKind.Kernel, ZoneLayout.Single), (AllocatorKind.Carveout, ZoneLayout.Split),
        (AllocatorKind.Kernel, ZoneLayout.Split), (AllocatorKind.Carveout, ZoneLayout.Single),
    }.Take(TestSeed.Of(all: 4, usual: 2)).Select(pool => new object[] { pool.Allocator, pool.Zones });

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void Kernel_that_trims_dies_after_one_to_two_hours_of_fragmentation(ulong seed)
    {
        PlayResult result = Play(AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, seed);
        Assert.IsNotNull(result.FailedAtSeconds);
        Assert.IsGreaterThanOrEqualTo(1 * Hour, result.FailedAtSeconds.Value);
        Assert.IsLessThanOrEqualTo(2 * Hour, result.FailedAtSeconds.Value);
        ZoneState zone = result.Zones[0];
        int frame = BoardScenarios.Movie(Imx31Reference.Name).FrameSize;
        Assert.IsLessThan(frame, zone.LargestFreeBytes, "no block is left that holds a frame");
        Assert.IsGreaterThan(20L * frame, zone.FreeBytes, "though there is memory for many");
        Assert.StartsWith("DMA fragmented: ", result.Why!);
        Assert.Contains("app.leak", result.Report);
    }

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void Normal_zone_only_delays_it(ulong seed)
    {
        double single = DiedAt(AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, seed);
        double split = DiedAt(AllocatorKind.Kernel, ZoneLayout.Split, DmaTail.Trim, seed);
        Assert.IsGreaterThan(single, split);
        Assert.IsLessThan(Hours * Hour, split, "but it dies");
    }

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void Whole_blocks_last_at_least_half_as_long_again(ulong seed)
    {
        double trim = DiedAt(AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, seed);
        Assert.IsGreaterThanOrEqualTo(1.5 * trim, DiedAt(AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Keep, seed));
    }

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void Ours_with_the_same_trimming_outlives_the_kernels(ulong seed)
    {
        double kernel = DiedAt(AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, seed);
        Assert.IsGreaterThan(kernel, DiedAt(AllocatorKind.Carveout, ZoneLayout.Single, DmaTail.Trim, seed));
    }

    [TestMethod]
    [DynamicData(nameof(Pools))]
    public void Pool_never_fails_whatever_the_application_does(AllocatorKind allocator, ZoneLayout zones)
    {
        PlayResult result = Play(allocator, zones, DmaTail.Pool, 1);
        Assert.IsNull(result.FailedAtLoop);
        Assert.IsGreaterThan(0L, result.Refused, "the leak must have reached the end of memory, or this shows nothing");
        Assert.AreEqual(72, result.Loops, "six hours of five minutes");
    }

    [TestMethod]
    public void Without_the_leak_the_same_movie_lives()
    {
        PlayOptions options = Options(AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, 1);
        PlayResult result = PlayRun.Of(options with { Application = options.Application with { LeakPerLoop = 0 } }).Run(() => { }, default);
        Assert.IsNull(result.FailedAtLoop);
    }

    [TestMethod]
    public void Main_job_refuses_the_application_and_never_the_movie()
    {
        string board = Esp32Cam.Name;
        PlayResult result = PlayRun.Of(new PlayOptions(board, 2, AllocatorKind.Carveout, ZoneLayout.Split, DmaTail.Pool, true, 1,
            BoardScenarios.Movie(board), BoardScenarios.Application(board), 1)).Run(() => { }, default);
        Assert.IsNull(result.FailedAtLoop);
        Assert.AreEqual(120, result.Loops);
        Assert.AreEqual(120L * 59 * 30, result.Frames);
        Assert.IsGreaterThan(0L, result.Refused);
    }

    private double DiedAt(AllocatorKind allocator, ZoneLayout zones, DmaTail tail, ulong seed) =>
        Play(allocator, zones, tail, seed).FailedAtSeconds ?? double.PositiveInfinity;

    private PlayResult Play(AllocatorKind allocator, ZoneLayout zones, DmaTail tail, ulong seed)
    {
        PlayResult result = s_played.GetOrAdd(Options(allocator, zones, tail, seed), options => PlayRun.Of(options).Run(() => { }, default));
        TestContext.WriteLine($"{allocator}, {zones}, {tail}, seed {seed}: {result.Loops} loops, {result.Why ?? "no failure"}");
        return result;
    }

    private static PlayOptions Options(AllocatorKind allocator, ZoneLayout zones, DmaTail tail, ulong seed)
    {
        string board = Imx31Reference.Name;
        bool ours = allocator == AllocatorKind.Carveout;
        return new PlayOptions(board, Hours, allocator, zones, tail, ours, ours ? 1 : 0, BoardScenarios.Movie(board), BoardScenarios.Application(board),
            seed);
    }
}
