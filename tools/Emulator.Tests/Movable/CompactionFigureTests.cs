using System.Globalization;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>The effect of moving blocks, in zones of 2048 pages that are kept almost full, with one seed each, or five where tests have
/// their whole length.</summary>
/// <remarks>The number of copies is compared with that of a prototype of the same search, which knew neither pins nor interrupts.</remarks>
[TestClass]
public sealed class CompactionFigureTests
{
    private const int Seeds = 5;

    private static readonly int s_seeds = TestSeed.Of(Seeds, usual: 1), s_requests = TestSeed.Of(all: 50_000, usual: 15_000);

    public TestContext TestContext { get; set; } = null!;

    /// <summary>In the same test nanoFramework's compacting heap fails 8 times of 10,000, and a buddy about a hundred times.</summary>
    [TestMethod]
    [DataRow(50, 8)]
    [DataRow(100, 0)]
    public void Blocks_at_90_percent_fail_no_more_often_than_a_compacting_heap(int movable, int most)
    {
        foreach (CompactionScheme scheme in Run(90, movable, s => s.Orders(10_000, 5), refusedCount: false))
        {
            Assert.IsLessThanOrEqualTo(most, scheme.Failures);
        }
    }

    /// <param name="percent">How much of the zone is live.</param>
    /// <param name="movable">How many blocks in a hundred may move.</param>
    /// <param name="least">How many requests in a hundred succeed at least, for each seed.</param>
    /// <param name="prototype">Pages that the prototype copied for each success, the mean over its seeds; ours may copy a tenth
    /// more.</param>
    [TestMethod]
    [DataRow(80, 50, 99.98, 14.2)]
    [DataRow(80, 100, 100.0, 5.7)]
    [DataRow(90, 50, 99.5, 21.4)]
    [DataRow(90, 100, 100.0, 11.8)]
    public void Lengths_succeed_for_as_many_copies_as_the_prototype_needs(int percent, int movable, double least, double prototype)
    {
        double copied = 0;
        foreach (CompactionScheme scheme in Run(percent, movable, s => s.Lengths(50_000)))
        {
            Assert.IsGreaterThanOrEqualTo(least, scheme.Succeeded);
            copied += (double)scheme.Movable.PagesMigrated / scheme.Movable.CompactSuccesses / s_seeds;
        }
        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{copied:0.0} pages copied for each success, prototype {prototype}"));
        Assert.IsLessThanOrEqualTo(prototype * 1.1, copied);
    }

    /// <summary>The smallest zone in which no request fails, found by bisection; larger zones are not known to succeed, too. If everything
    /// moves, it is as large as the live blocks: blocks that slide down close every hole, however small.</summary>
    [TestMethod]
    [DataRow(50, 1.27)]
    [DataRow(100, 1.0)]
    public void The_zone_need_not_be_much_larger_than_what_is_live(int movable, double most)
    {
        for (ulong seed = 1; seed <= (ulong)s_seeds; seed++)
        {
            int low = 1600, high = 2400, peak = 0;
            while (high - low > 1)
            {
                int pages = (low + high) / 2;
                CompactionScheme scheme = new CompactionScheme(seed, 80, movable) { ZonePages = pages }.Lengths(s_requests);
                peak = scheme.PeakPages;
                (low, high) = scheme.Failures == 0 ? (low, pages) : (pages, high);
            }
            TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {high} pages for {peak}, {(double)high / peak:0.000}"));
            Assert.IsLessThanOrEqualTo(most, (double)high / peak);
        }
    }

    /// <summary>The effect of a budget on the longest stop, and its cost. docs/costs.md has the table.</summary>
    [TestMethod]
    public void No_request_copies_more_than_its_budget()
    {
        foreach (int movable in (int[])[50, 100])
        {
            foreach (int budget in (int[])[0, 8, 16, 32, 64, 128, 256, MovablePages.NoLimit])
            {
                CompactionScheme[] runs = Run(90, movable, s => s.Lengths(s_requests), budget: budget);
                int longest = runs.Max(s => s.Movable.MaxStop);
                TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"movable {movable} budget {budget}: {runs.Average(s => s.Succeeded):0.000} % succeed, longest stop {longest} pages"));
                Assert.IsLessThanOrEqualTo(budget, longest);
            }
        }
    }

    /// <summary>Blocks of order 0 to 5 at 95 %, half of them movable; small unmovable ones either have pageblocks of their own or lie at
    /// the lowest address. Grouping moves more and fails less.</summary>
    [TestMethod]
    public void Grouping_pays_where_a_buddy_that_compacts_is_almost_full()
    {
        (double plainFailures, _) = Compare(PageMapKind.FreeBlocks);
        (double groupedFailures, _) = Compare(PageMapKind.GroupedFreeBlocks);
        (double runFailures, _) = Compare(PageMapKind.Runs);
        Assert.IsLessThan(plainFailures / 10, groupedFailures);
        Assert.IsLessThan(runFailures, plainFailures, "blocks of orders are what a buddy is for");
    }

    private (double Failures, double Moved) Compare(PageMapKind map)
    {
        // Runs and the plain buddy come so close that it takes all seeds to tell them apart.
        CompactionScheme[] runs = Run(95, 50, s => s.Orders(10_000, 5), map: map, refusedCount: false, seeds: Seeds);
        (double failures, double moved) = (runs.Average(s => s.Failures), runs.Average(s => s.Movable.PagesMigrated));
        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{map}: {failures:0.0} failures of 10,000, {moved:0} pages moved"));
        return (failures, moved);
    }

    private CompactionScheme[] Run(int percent, int movable, Func<CompactionScheme, CompactionScheme> go, bool refusedCount = true,
        int budget = MovablePages.NoLimit, PageMapKind map = PageMapKind.Runs, int? seeds = null)
    {
        var schemes = new CompactionScheme[seeds ?? s_seeds];
        for (int i = 0; i < schemes.Length; i++)
        {
            CompactionScheme scheme = schemes[i] = go(new CompactionScheme((ulong)i + 1, percent, movable)
            {
                RefusedCount = refusedCount, Budget = budget, Map = map,
            });
            MovablePages pages = scheme.Movable;
            TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"seed {i + 1}: {scheme.Failures} failures, {scheme.Succeeded:0.000} %, "
                + $"{pages.CompactStalls} compacted, {pages.CompactFailures} in vain, {pages.PagesMigrated} pages moved, "
                + $"longest {pages.MaxStop}"));
        }
        return schemes;
    }
}
