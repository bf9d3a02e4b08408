namespace Carveout.Emulator.Tests.Properties;

/// <summary>A buddy system: blocks are aligned to their own size, and everything that can merge has merged.</summary>
/// <param name="alwaysMerged">Whether the map parks no blocks, so that this is true even while it is not drained.</param>
internal class CheckedBuddyMap(PageMap map, bool alwaysMerged, PropertyRun run) : CheckedMap(map, run)
{
    /// <summary>With full merging a free, naturally aligned place is always part of a free block that is at least as large.</summary>
    public override bool HasPlace(int pages, int alignment)
    {
        int order = PageModel.OrderFor(pages, alignment);
        return order <= Map.MaxOrder && Model.HasBlock(order);
    }

    protected override void CheckPlacement(int page, int pages, int alignment) =>
        Run.Expect(page % (1 << PageModel.OrderFor(pages, alignment)) == 0, "the block is not aligned to its own size: page", page);

    protected override void CheckBlocks(int[] counts)
    {
        int[] merged = MergedCounts();
        if (alwaysMerged)
        {
            Run.ExpectEqual(merged, counts, "free blocks of each order");
            return;
        }
        // Until it is drained the map may have small blocks instead of large ones, but never the other way round.
        int most = 0, pages = 0;
        for (int order = counts.Length - 1; order >= 0; order--)
        {
            most += merged[order] << order;
            pages += counts[order] << order;
            Run.Expect(pages <= most, "more pages are counted in large free blocks than can lie there, from order", order);
        }
    }

    protected override void CheckLargest(int largest, int[] counts)
    {
        int order = Array.FindLastIndex(counts, count => count != 0);
        Run.ExpectEqual(order < 0 ? 0 : 1 << order, largest, "the largest free block, against the counts");
    }

    protected override void TakeWholeZone()
    {
        int size = 1 << Map.MaxOrder;
        for (int count = Map.Pages / size; count > 0; count--)
        {
            Run.Expect(Alloc(Map.MaxOrder, count % 2 == 0) >= 0, "a block of the largest order could not be had out of an empty zone");
        }
        Run.ExpectEqual(-1, Alloc(Map.MaxOrder, false), "one block of the largest order more than there are");
        for (int first = 0; first <= Map.Pages - size; first += size)
        {
            Free(first);
        }
        int page = AllocRun(size, 1);
        Run.Expect(page >= 0, "a run of the largest order could not be had out of an empty zone");
        Free(page);
    }
}
