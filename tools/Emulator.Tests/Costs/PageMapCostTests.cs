using Carveout.Emulator.Replay;
using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of the page maps on the interpreter, checked at 2048 pages. The budgets are the project's promises. docs/costs.md has
/// the costs that were reached, and each test prints its own.</summary>
[TestClass]
public sealed class PageMapCostTests
{
    private const int Pages = 2048, PageSize = 4096, ChurnRounds = 10_000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void FreeBlockMap_of_mixed_orders_stays_within_its_budget()
    {
        MeteredPageMap map = MeteredPageMap.Create<FreeBlockMap>(Pages, 0);
        Replay(Traces.Read("order80"), map, size => map.Alloc(PageMap.OrderOf(size / PageSize)));
        Print("FreeBlockMap, order80", map);
        Assert.IsLessThanOrEqualTo(109, map.Allocs.Median);
        Assert.IsLessThanOrEqualTo(90, map.Frees.Median);
        Assert.IsLessThanOrEqualTo(540, map.Allocs.Worst);
        Assert.IsLessThanOrEqualTo(576, map.Frees.Worst);
    }

    [TestMethod]
    public void FreeBlockMap_is_bounded_from_the_largest_block_to_a_page_and_back()
    {
        MeteredPageMap map = MeteredPageMap.Create<FreeBlockMap>(Pages, 0);
        int page = map.Alloc(0);
        map.Free(page);
        Print("FreeBlockMap, ten splits and ten merges", map);
        Assert.IsLessThanOrEqualTo(540, map.Allocs.Worst);
        Assert.IsLessThanOrEqualTo(576, map.Frees.Worst);
    }

    [TestMethod]
    public void Hot_slots_make_churn_of_one_order_cheap()
    {
        for (int order = 0; order < PageMap.DefaultHotOrders; order++)
        {
            MeteredPageMap map = MeteredPageMap.Create<FreeBlockMap>(Pages, PageMap.DefaultHotOrders);
            int first = map.Alloc(order);
            map.Free(first);
            for (int i = 0; i < ChurnRounds; i++)
            {
                map.Free(map.Alloc(order));
            }
            Print($"hot slots, order {order}", map);
            Assert.IsLessThanOrEqualTo(20, map.Allocs.Median);
            Assert.IsLessThanOrEqualTo(27, map.Frees.Worst);
        }
    }

    [TestMethod]
    public void Hot_slots_do_not_make_mixed_orders_dearer_in_the_median()
    {
        MeteredPageMap map = MeteredPageMap.Create<FreeBlockMap>(Pages, PageMap.DefaultHotOrders);
        Replay(Traces.Read("order80"), map, size => map.Alloc(PageMap.OrderOf(size / PageSize)));
        Print("FreeBlockMap with hot slots, order80", map);
        Assert.IsLessThanOrEqualTo(109, map.Allocs.Median);
        Assert.IsLessThanOrEqualTo(90, map.Frees.Median);
    }

    [TestMethod]
    public void RunMap_of_odd_sizes_stays_within_its_budget()
    {
        MeteredPageMap map = MeteredPageMap.Create<RunMap>(Pages);
        // The promise is for less than 64 pages: from there on a bin has runs of several lengths and is searched.
        Replay(Traces.Read("pages80"), map, size => size / PageSize < 64 ? map.AllocRun(size / PageSize) : -1);
        Print("RunMap, pages80", map);
        Assert.IsLessThanOrEqualTo(130, map.Allocs.Median);
        Assert.IsLessThanOrEqualTo(112, map.Frees.Median);
        Assert.IsLessThanOrEqualTo(260, map.Allocs.Worst);
        Assert.IsLessThanOrEqualTo(225, map.Frees.Worst);
    }

    /// <summary>All free runs lie in the request's own bin, and only the longest run of all will do.</summary>
    [TestMethod]
    public void RunMap_among_hundreds_of_long_runs_stays_within_its_budget()
    {
        MeteredPageMap map = MeteredPageMap.Create<RunMap>(32_000);
        int[] pages = [.. Enumerable.Range(0, 484).Select(_ => (map.AllocRun(65), map.AllocRun(1)).Item1)];
        map.AllocRun(32_000 - (484 * 66));
        Array.ForEach(pages, page => map.Free(page));
        map.Allocs = new IlDistribution();
        Assert.IsGreaterThanOrEqualTo(0, map.AllocRun(64));
        Print("RunMap, 484 free runs of 65 of 32,000 pages, AllocRun(64)", map);
        Assert.IsLessThanOrEqualTo(400, map.Allocs.Worst);
    }

    /// <summary>A look from both sides: back to where a block begins, and forward over the blocks before it.</summary>
    [TestMethod]
    [DataRow(0)]
    [DataRow(5)]
    public void RunMap_finds_the_block_of_the_last_page_of_a_long_run(int before)
    {
        MeteredPageMap map = MeteredPageMap.Create<RunMap>(32_000);
        for (int i = 0; i < before; i++)
        {
            map.AllocRun(1);
        }
        map.AllocRun(32_000 - before);
        long cost = map.BlockAt(31_999, before);
        TestContext.WriteLine($"RunMap.BlockAt, last page of a run of {32_000 - before} pages behind {before} others: {cost} IL");
        Assert.IsLessThanOrEqualTo(300, cost);
    }

    [TestMethod]
    [DataRow(191)]
    [DataRow(2048)]
    [DataRow(2049)]
    [DataRow(32000)]
    public void Metadata_stay_within_their_budget(int pages)
    {
        PageMap buddy = PageMap.Create(PageMapKind.FreeBlocks, pages), runs = PageMap.Create(PageMapKind.Runs, pages);
        TestContext.WriteLine($"{pages} pages: FreeBlockMap {buddy.MetadataSize} bytes, RunMap {runs.MetadataSize} bytes");
        Assert.IsLessThanOrEqualTo((1.3 * pages) + 1024, buddy.MetadataSize);
        Assert.IsLessThanOrEqualTo((6.3 * pages) + 1024, runs.MetadataSize);
    }

    private static void Replay(TraceFile trace, MeteredPageMap map, Func<int, int> alloc)
    {
        int[] pages = new int[trace.IdCount];
        foreach (TraceOperation operation in trace.Operations)
        {
            if (operation.IsAllocation)
            {
                pages[operation.Id] = alloc(operation.Size);
            }
            else if (pages[operation.Id] >= 0)
            {
                Assert.AreNotEqual(0, map.Free(pages[operation.Id]));
            }
        }
    }

    private void Print(string what, MeteredPageMap map) =>
        TestContext.WriteLine($"{what}: alloc {map.Allocs}; free {map.Frees}");
}
