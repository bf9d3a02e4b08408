using System.Globalization;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>What keeping unmovable blocks together is worth, half of the blocks movable: each way to do it, in zones of 2048 pages, over five
/// seeds. Ways that the product does not have are <see cref="PlacedRuns"/> and <see cref="PlacedBlocks"/>. docs/costs.md has the table.</summary>
[TestClass]
public sealed class GroupingFigureTests
{
    private const int Seeds = 5;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Requests of 1 to 64 pages, 80 % and 90 % of the zone live. Looking for a low place among a few runs brings half of what
    /// opposite ends bring, and moves hardly more than no grouping does.</summary>
    [TestMethod]
    public void Runs_that_stay_are_best_kept_at_the_low_end_where_they_fit_about_as_well()
    {
        Figures none = Runs("none", (pages, _) => new UngroupedRuns(pages)), ends = Runs("opposite ends", Of(Placement.OppositeEnds)),
            fit = Runs("opposite ends, best fit", Of(Placement.OppositeEndsBestFit)), blocks = Runs("pageblocks", Of(Placement.Pageblocks)),
            ours = Runs("RunMap", null);
        Assert.IsLessThan(none.Failures * 2 / 3, ours.Failures);
        Assert.IsLessThan(fit.Failures, ours.Failures);
        Assert.IsLessThan(blocks.Failures, ours.Failures);
        Assert.IsLessThan(none.PerSuccess, ours.PerSuccess);
        Assert.IsLessThan(none.Need, ours.Need);
        Assert.IsLessThan(none.Moved * 1.05, ours.Moved);
        Assert.IsGreaterThan(ours.Moved * 1.4, ends.Moved, "or opposite ends would be the better ones: they fail less");

        static Func<int, Func<bool>, PageMap> Of(Placement placement) => (pages, moves) => new PlacedRuns(pages, placement, moves);
    }

    /// <summary>Blocks of order 0 to 5, 95 % of the zone live.</summary>
    [TestMethod]
    public void Blocks_that_stay_are_best_kept_in_pageblocks()
    {
        Figures none = Blocks("FreeBlockMap", PageMapKind.FreeBlocks, null), grouped = Blocks("GroupedBlockMap", PageMapKind.GroupedFreeBlocks, null),
            ends = Blocks("opposite ends", PageMapKind.FreeBlocks, (pages, moves) => new PlacedBlocks(pages, Placement.OppositeEnds, moves)),
            fit = Blocks("opposite ends, best fit", PageMapKind.FreeBlocks,
                (pages, moves) => new PlacedBlocks(pages, Placement.OppositeEndsBestFit, moves));
        Assert.IsLessThan(none.Failures, fit.Failures);
        Assert.IsLessThan(fit.Failures, ends.Failures);
        Assert.IsLessThan(ends.Failures, grouped.Failures);
        Assert.IsLessThan(ends.Moved, grouped.Moved);
    }

    private Figures Runs(string name, Func<int, Func<bool>, PageMap>? map)
    {
        CompactionScheme[] full = Run(seed => Scheme(seed, 90).Lengths(50_000)), loose = Run(seed => Scheme(seed, 80).Lengths(50_000)),
            still = Run(seed => Scheme(seed, 90, budget: 0).Lengths(50_000));
        double need = Enumerable.Range(1, Seeds).Average(seed =>
        {
            int low = 1600, high = 2400, peak = 0;
            while (high - low > 2)
            {
                int pages = (low + high) / 2;
                CompactionScheme scheme = Scheme(seed, 80, pages).Lengths(20_000);
                peak = scheme.PeakPages;
                (low, high) = scheme.Failures == 0 ? (low, pages) : (pages, high);
            }
            return (double)high / peak;
        });
        Print($"{name} at 80 %", loose, null);
        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: the zone {need:0.000} times what is live"));
        return Print($"{name} at 90 %", full, still) with { Need = need };

        CompactionScheme Scheme(int seed, int percent, int pages = CompactionScheme.Pages, int budget = MovablePages.NoLimit) =>
            new((ulong)seed, percent, 50) { CreateMap = map, ZonePages = pages, Budget = budget };
    }

    private Figures Blocks(string name, PageMapKind kind, Func<int, Func<bool>, PageMap>? map)
    {
        return Print(name, Run(seed => Scheme(seed, MovablePages.NoLimit)), Run(seed => Scheme(seed, 0)));

        CompactionScheme Scheme(int seed, int budget) =>
            new CompactionScheme((ulong)seed, 95, 50) { Map = kind, CreateMap = map, RefusedCount = false, Budget = budget }.Orders(10_000, 5);
    }

    private static CompactionScheme[] Run(Func<int, CompactionScheme> run) => [.. Enumerable.Range(1, Seeds).Select(run)];

    private Figures Print(string name, CompactionScheme[] runs, CompactionScheme[]? still)
    {
        var figures = new Figures(PerTenThousand(runs), runs.Average(run => run.Movable.PagesMigrated),
            (double)runs.Sum(run => run.Movable.PagesMigrated) / runs.Sum(run => run.Movable.CompactSuccesses), 0);
        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {figures.Failures:0.0} failures of 10,000, {figures.Moved:0} pages moved, {figures.PerSuccess:0.0} for each success")
            + (still is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; without compaction {PerTenThousand(still):0.0} failures")));
        return figures;
    }

    private static double PerTenThousand(CompactionScheme[] runs) => runs.Average(run => 10_000.0 * run.Failures / run.Requests);

    /// <param name="Failures">Of 10,000 requests, in the mean.</param>
    /// <param name="Moved">Pages in a run, in the mean.</param>
    /// <param name="PerSuccess">Pages moved for each request that compaction made room for.</param>
    /// <param name="Need">The smallest zone at 80 % in which nothing fails, over what is live; 0 where it is not measured.</param>
    private sealed record Figures(double Failures, double Moved, double PerSuccess, double Need);
}
