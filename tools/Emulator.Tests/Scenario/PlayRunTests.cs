using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Scenario;

[TestClass]
public sealed class PlayRunTests
{
    public static IEnumerable<object[]> Settings =>
        from board in BoardCatalog.Names()
        from allocator in Enum.GetValues<AllocatorKind>()
        from zones in Enum.GetValues<ZoneLayout>()
        from tail in Enum.GetValues<DmaTail>()
        where allocator == AllocatorKind.Carveout || tail != DmaTail.Exact
        select new object[] { board, allocator, zones, tail };

    [TestMethod]
    [DynamicData(nameof(Settings))]
    public void Every_board_boots_and_plays_under_every_policy(string board, AllocatorKind allocator, ZoneLayout zones, DmaTail tail)
    {
        // The run itself checks every frame, and every page that the application frees.
        PlayResult result = Play(board, allocator, zones, tail, 1);
        long free = result.Zones.Sum(zone => zone.FreeBytes);
        Assert.AreEqual(result.Zones.Sum(zone => zone.FreeBlocksPerOrder.Select((count, order) => (long)count << order).Sum()) * 4096, free);
        if (tail == DmaTail.Pool)
        {
            Assert.IsNull(result.FailedAtLoop);
        }
    }

    [TestMethod]
    public void Same_seed_same_run()
    {
        PlayResult first = Play(Esp32Cam.Name, AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, 7);
        PlayResult again = Play(Esp32Cam.Name, AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, 7);
        PlayResult other = Play(Esp32Cam.Name, AllocatorKind.Kernel, ZoneLayout.Single, DmaTail.Trim, 8);
        Assert.AreEqual(Text(first), Text(again));
        Assert.AreNotEqual(Text(first), Text(other));
    }

    [TestMethod]
    public void Ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var run = PlayRun.Of(Options(Esp32Cam.Name, AllocatorKind.Carveout, ZoneLayout.Split, DmaTail.Pool, 1) with { Hours = 10000 });
        Assert.ThrowsExactly<OperationCanceledException>(() => run.Run(cancel.Cancel, cancel.Token));
    }

    [TestMethod]
    public void Pool_that_does_not_fit_is_refused_with_its_numbers()
    {
        PlayOptions options = Options(Stm32F746.Name, AllocatorKind.Carveout, ZoneLayout.Split, DmaTail.Pool, 1);
        UsageException e = Assert.ThrowsExactly<UsageException>(() => PlayRun.Of(options with { Movie = new MovieSpec(320, 240, 2, 30, 60) }));
        Assert.Contains("311296", e.Message);
        Assert.Contains("163840", e.Message);
    }

    /// <summary>A collection stops all runs of an investigation, so hundreds of thousands of frames must not cause any.</summary>
    [TestMethod]
    public void Frames_of_the_story_allocate_nothing()
    {
        (long few, long fewFrames) = Allocated(0.2);
        (long many, long manyFrames) = Allocated(0.4);
        Assert.IsLessThan(manyFrames - fewFrames, many - few, "less than a byte a frame");

        static (long Bytes, long Frames) Allocated(double hours)
        {
            PlayOptions options = Options(Esp32Cam.Name, AllocatorKind.Carveout, ZoneLayout.Single, DmaTail.Keep, 1);
            var run = PlayRun.Of(options with { Hours = hours, Application = options.Application with { ChurnPerMinute = 0, LeakPerLoop = 0 } });
            run.Observers.Add(new Watcher());
            long before = GC.GetAllocatedBytesForCurrentThread();
            PlayResult result = run.Run(() => { }, default);
            return (GC.GetAllocatedBytesForCurrentThread() - before, result.Frames);
        }
    }

    private sealed class Watcher : IRunObserver
    {
        public void OnRequest(PlayRun run)
        {
        }

        public void OnFailure(PlayRun run)
        {
        }
    }

    private static string Text(PlayResult result) =>
        $"{result.Loops} {result.Frames} {result.Refused} {string.Join('|', result.Zones.Select(zone => string.Join(' ', zone.FreeBlocksPerOrder)))}";

    private static PlayResult Play(string board, AllocatorKind allocator, ZoneLayout zones, DmaTail tail, ulong seed) =>
        PlayRun.Of(Options(board, allocator, zones, tail, seed)).Run(() => { }, default);

    private static PlayOptions Options(string board, AllocatorKind allocator, ZoneLayout zones, DmaTail tail, ulong seed) =>
        new(board, 0.2, allocator, zones, tail, allocator == AllocatorKind.Carveout, 1, BoardScenarios.Movie(board),
            BoardScenarios.Application(board), seed);
}
