using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Scenario;

/// <summary>How much longer the story's movie plays if the application's memory is movable: the table in docs/scenarios.md. One zone, and
/// seven hours; the leak alone needs less than six to take everything.</summary>
[TestClass]
public sealed class MovableStoryTests
{
    private const double Hours = 7;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>docs/scenarios.md has the table of all five.</summary>
    public static IEnumerable<object[]> Seeds => Enumerable.Range(1, TestSeed.Of(all: 5, usual: 1)).Select(seed => new object[] { (ulong)seed });

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public void Compaction_lengthens_a_buddys_life_and_exact_runs_need_none(ulong seed)
    {
        RunFinding kernel = Play(AllocatorKind.Kernel, DmaTail.Trim, false, 0, seed), lowest = Ours(DmaTail.Trim, false, 0),
            grouped = Ours(DmaTail.Trim, true, 0), compacted = Ours(DmaTail.Trim, false, 100), runs = Ours(DmaTail.Exact, false, 0);
        Assert.IsLessThanOrEqualTo(lowest.Result.Loops, kernel.Result.Loops);
        Assert.IsGreaterThan(lowest.Result.Loops * 3 / 2, compacted.Result.Loops, "a leak in a block's tail is moved out of it");
        Assert.IsGreaterThan(lowest.Result.Loops * 3, grouped.Result.Loops);
        Assert.IsGreaterThan(Math.Max(grouped.Result.Loops, compacted.Result.Loops), runs.Result.Loops);
        Assert.AreEqual(Cause.Fragmentation, kernel.Cause);
        Assert.AreEqual(Cause.Fragmentation, lowest.Cause);
        Assert.AreEqual(Cause.Leak, runs.Cause);
        CompactionUse moves = compacted.Result.Moves!;
        Assert.IsGreaterThan(20, moves.Successes);
        Assert.AreEqual(moves.Stalls, moves.Successes + moves.Failures);
        Assert.IsNull(grouped.Result.Moves);
        if (TestSeed.IsWhole)
        {
            RunFinding compactedRuns = Ours(DmaTail.Exact, false, 100);
            Assert.AreEqual(runs.Result.Loops, compactedRuns.Result.Loops, "what dies of the leak, moving does not save");
            Assert.AreEqual(Cause.Leak, compactedRuns.Cause);
        }

        RunFinding Ours(DmaTail tail, bool grouping, int movable) => Play(AllocatorKind.Carveout, tail, grouping, movable, seed);
    }

    [TestMethod]
    public void Half_of_the_application_movable_helps_where_the_other_half_is_grouped()
    {
        int apart = Play(AllocatorKind.Carveout, DmaTail.Trim, true, 50, 1).Result.Loops;
        Assert.IsGreaterThan(Play(AllocatorKind.Carveout, DmaTail.Trim, false, 50, 1).Result.Loops, apart);
    }

    [TestMethod]
    public void A_budget_bounds_what_a_request_waits_for_and_vmstat_says_the_same()
    {
        var run = PlayRun.Of(Options(AllocatorKind.Carveout, DmaTail.Trim, false, 100, 1) with { Compact = 16 });
        CompactionUse moves = run.Run(() => { }, default).Moves!;
        Assert.IsGreaterThan(0, moves.Successes);
        Assert.IsLessThanOrEqualTo(16, moves.LongestStop);
        Assert.Contains($"\ncompact_stall {moves.Stalls}\ncompact_fail {moves.Failures}\ncompact_success {moves.Successes}\n"
            + $"pages_migrated {moves.PagesMigrated}\n", ProcText.VmStat(run.Allocator));
    }

    /// <summary>The run itself checks every page that the application uses or frees, wherever it was moved to.</summary>
    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Every_board_plays_with_movable_memory(string board, DmaTail tail, ZoneLayout zones)
    {
        PlayOptions options = new(board, TestSeed.IsWhole ? 0.5 : 0.1, AllocatorKind.Carveout, zones, tail, true, 1, BoardScenarios.Movie(board),
            BoardScenarios.Application(board), 1);
        PlayResult still = PlayRun.Of(options).Run(() => { }, default), result = PlayRun.Of(options with { Movable = 70 }).Run(() => { }, default);
        Assert.IsNotNull(result.Moves);
        if (still.FailedAtLoop is null && still.Refused == 0 && tail == DmaTail.Exact)
        {
            Assert.AreEqual(still.Zones.Sum(zone => zone.FreeBytes), result.Zones.Sum(zone => zone.FreeBytes), "the same requests at the same times");
        }
    }

    public static IEnumerable<object[]> Boards =>
        from board in BoardCatalog.Names()
        from tail in new[] { DmaTail.Trim, DmaTail.Keep, DmaTail.Exact }
        from zones in Enum.GetValues<ZoneLayout>()
        select new object[] { board, tail, zones };

    [TestMethod]
    public void Real_pixels_come_out_of_memory_that_was_compacted_for_them()
    {
        string board = Stm32F429Disco.Name;
        var options = new PlayOptions(board, 0.15, AllocatorKind.Carveout, ZoneLayout.Single, DmaTail.Trim, false, 0, BoardScenarios.PixelMovie(board),
            BoardScenarios.Application(board), 1) { Pixels = PixelRuns.Pixels(board), Movable = 100 };
        PlayResult still = PlayRun.Of(options with { Movable = 0 }).Run(() => { }, default), result = PlayRun.Of(options).Run(() => { }, default);
        TestContext.WriteLine($"{still.Loops} loops without, {result.Loops} with: {result.Moves}; {result.Why}");
        Assert.IsGreaterThan(still.Loops, result.Loops);
        Assert.IsGreaterThan(0, result.Moves!.Successes);
        Assert.AreEqual(0L, result.Pixels!.BytesNotReturned);
        Assert.AreEqual(0L, (long)result.Pixels.Counts.Damaged);
    }

    private RunFinding Play(AllocatorKind allocator, DmaTail tail, bool grouping, int movable, ulong seed)
    {
        RunFinding finding = StoryInvestigation.RunOne(Options(allocator, tail, grouping, movable, seed), false, _ => { }, default);
        TestContext.WriteLine($"{allocator}, {tail}, grouping {grouping}, movable {movable}, seed {seed}: {finding.Result.Loops} loops, "
            + $"{finding.Verdict}; {finding.Result.Moves}");
        return finding;
    }

    private static PlayOptions Options(AllocatorKind allocator, DmaTail tail, bool grouping, int movable, ulong seed)
    {
        string board = Imx31Reference.Name;
        return new PlayOptions(board, Hours, allocator, ZoneLayout.Single, tail, grouping, 0, BoardScenarios.Movie(board),
            BoardScenarios.Application(board), seed) { Movable = movable };
    }
}
