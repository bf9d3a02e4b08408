using Carveout.Emulator.Reference;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>Zones so small that every state can be visited, so the results are true for every sequence of calls.</summary>
[TestClass]
public sealed class ExhaustiveProperties
{
    /// <summary>The counter of frees until hot slots open again. Only its end makes a difference.</summary>
    private const string Rest = "_rest";

    /// <summary>More states than any of these zones has.</summary>
    private const int MostStates = 100_000;

    /// <summary>How many states of maps with groups are visited, the nearest ones first, and of runs with every link told apart.</summary>
    private static readonly int s_mostGrouped = TestSeed.Of(all: MostStates, usual: 5000), s_mostLinks = TestSeed.Of(all: 10_000, usual: 3000);

    public TestContext TestContext { get; set; } = null!;

    /// <summary>A block of 2^k pages is free, taken, cut to a length with the rest as a zone of its own, or two halves: 2, 5, 28, 802
    /// states.</summary>
    [TestMethod]
    [DataRow(1, 2)]
    [DataRow(2, 5)]
    [DataRow(3, 5 * 2)]
    [DataRow(4, 28)]
    [DataRow(5, 28 * 2)]
    [DataRow(7, 28 * 5 * 2)]
    [DataRow(8, 802)]
    [DataRow(11, 802 * 5 * 2)]
    public void FreeBlockMap_without_slots_in_every_state(int pages, int states) =>
        SearchAll(run => new CheckedFreeBlockMap(pages, 0, run), Buddies, state => ObjectGraph.Fingerprint(state.Map), states);

    [TestMethod]
    [DataRow(1, 2, 5)]
    [DataRow(2, 2, 15)]
    [DataRow(3, 2, 36)]
    [DataRow(4, 2, 115)]
    [DataRow(5, 2, 268)]
    [DataRow(7, 2, 1810)]
    [DataRow(8, 2, 5750)]
    [DataRow(8, 4, 5925)]
    public void FreeBlockMap_with_slots_in_every_state(int pages, int hotOrders, int states) =>
        SearchAll(
            run => new CheckedFreeBlockMap(pages, hotOrders, run), Buddies, state => ObjectGraph.Fingerprint(state.Map, Rest), states);

    /// <summary>All ways to cut n pages into blocks and free runs, no two runs adjacent, times the orders in which runs of one length can
    /// be in their list.</summary>
    [TestMethod]
    [DataRow(1, 2)]
    [DataRow(2, 5)]
    [DataRow(3, 14)]
    [DataRow(4, 38)]
    [DataRow(5, 108)]
    [DataRow(6, 308)]
    [DataRow(7, 900)]
    [DataRow(8, 2674)]
    [DataRow(9, 8118)]
    public void RunMap_in_every_state(int pages, int states) => SearchAll(run => new CheckedRunMap(pages, run), Runs, Answers, states);

    /// <summary>The same with every link told apart, also links of runs that are in no list any more: too many states to visit
    /// all.</summary>
    [TestMethod]
    [DataRow(6)]
    [DataRow(10)]
    public void RunMap_in_many_states(int pages)
    {
        StateSearch search = Search(run => new CheckedRunMap(pages, run), Runs, state => ObjectGraph.Fingerprint(state.Map), s_mostLinks);
        Assert.IsGreaterThanOrEqualTo(s_mostLinks, search.States);
    }

    /// <summary>The states of a buddy system, times the orders of its lists.</summary>
    [TestMethod]
    [DataRow(1, 2)]
    [DataRow(2, 5)]
    [DataRow(4, 32)]
    [DataRow(5, 93)]
    [DataRow(7, 813)]
    [DataRow(8, 2029)]
    public void KernelBuddy_in_every_state(int pages, int states) =>
        SearchAll(run => new CheckedBuddyMap(new KernelBuddy(pages), true, run), Buddies, Answers, states);

    /// <summary>Two pageblocks of 16 pages, with blocks of 4 pages and more: all ways in which pageblocks are lent and come back. The
    /// policy decides how many states there are.</summary>
    [TestMethod]
    [DataRow(0, 2000)]
    [DataRow(4, 20_000)]
    public void GroupedBlockMap_in_every_state(int hotOrders, int least)
    {
        StateSearch search = Search(
            run => new CheckedBuddyMap(PageMap.Create(PageMapKind.GroupedFreeBlocks, 32, hotOrders), false, run),
            WholeBlocks,
            state => ObjectGraph.Fingerprint(state.Map, Rest),
            s_mostGrouped);
        Assert.IsTrue(search.IsComplete || search.States >= s_mostGrouped, $"not all states were visited, {search.States} were");
        Assert.IsGreaterThanOrEqualTo(Math.Min(least, s_mostGrouped), search.States);
    }

    private static IEnumerable<MapOperation> Buddies(CheckedMap state)
    {
        for (int order = 0; order <= state.Map.MaxOrder; order++)
        {
            yield return MapOperation.Alloc(order, false);
        }
        for (int pages = 3; pages < state.Map.Pages; pages++)
        {
            if (!int.IsPow2(pages))
            {
                yield return MapOperation.AllocRun(pages, 1);
            }
        }
        yield return MapOperation.AllocRun(1, 2);
        yield return MapOperation.Drain;
        foreach (MapOperation operation in WithEachBlock(state))
        {
            yield return operation;
        }
    }

    private static IEnumerable<MapOperation> Runs(CheckedMap state)
    {
        for (int pages = 1; pages <= state.Map.Pages; pages++)
        {
            yield return MapOperation.AllocRun(pages, 1);
            yield return MapOperation.AllocRun(pages, 2);
        }
        yield return MapOperation.AllocRun(1, 4);
        foreach (MapOperation operation in WithEachBlock(state))
        {
            yield return operation;
        }
    }

    private static IEnumerable<MapOperation> WithEachBlock(CheckedMap state)
    {
        for (int page = 0; page < state.Map.Pages; page++)
        {
            int length = state.Model.BlockLength(page);
            for (int keep = 1; keep < length; keep++)
            {
                yield return MapOperation.Trim(page, keep);
            }
            if (length != 0)
            {
                yield return MapOperation.Free(page);
            }
        }
    }

    /// <summary>Tells apart maps with lists by their visible behaviour, including the order of the lists: what the map allocates until
    /// nothing is left. Links of blocks in no list are left out, because they would make thousands of every state.</summary>
    private static UInt128 Answers(CheckedMap state)
    {
        var hash = new WideHash();
        for (int page = 0; page < state.Map.Pages; page++)
        {
            hash.Append((ulong)state.Map.BlockLength(page));
        }
        PageMap map = ObjectGraph.Copy(state.Map);
        for (int pages = 1; pages <= map.Pages; pages++)
        {
            // The shortest run that fits comes first, so runs and blocks of exactly this length are asked for until none is left.
            for (int first = 0; first >= 0 && map.LargestFree() >= pages;)
            {
                first = map is RunMap ? map.AllocRun(pages, 1) : int.IsPow2(pages) ? map.Alloc(PageMap.OrderOf(pages), false) : -1;
                hash.Append((ulong)first);
            }
        }
        return hash.Value;
    }

    private static IEnumerable<MapOperation> WholeBlocks(CheckedMap state)
    {
        for (int order = 2; order <= state.Map.MaxOrder; order++)
        {
            yield return MapOperation.Alloc(order, false);
        }
        yield return MapOperation.Alloc(2, true);
        yield return MapOperation.Alloc(GroupedBlockMap.SmallOrder, true);
        for (int page = 0; page < state.Map.Pages; page++)
        {
            if (state.Model.BlockLength(page) != 0)
            {
                yield return MapOperation.Free(page);
            }
        }
        yield return MapOperation.Drain;
    }

    private void SearchAll(
        Func<PropertyRun, CheckedMap> create,
        Func<CheckedMap, IEnumerable<MapOperation>> operations,
        Func<CheckedMap, UInt128> fingerprint,
        int states)
    {
        StateSearch search = Search(create, operations, fingerprint, MostStates);
        Assert.IsTrue(search.IsComplete, $"not all states were visited, {search.States} were");
        Assert.AreEqual(states, search.States);
    }

    private StateSearch Search(
        Func<PropertyRun, CheckedMap> create,
        Func<CheckedMap, IEnumerable<MapOperation>> operations,
        Func<CheckedMap, UInt128> fingerprint,
        int mostStates)
    {
        var run = new PropertyRun(TestContext, 0);
        var search = new StateSearch(run, operations, fingerprint);
        run.Guard(() => search.Go(create(run), mostStates));
        TestContext.WriteLine($"{search.States} states, {search.Calls} calls");
        return search;
    }
}
