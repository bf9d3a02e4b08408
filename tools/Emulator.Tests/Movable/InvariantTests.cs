namespace Carveout.Emulator.Tests.Movable;

/// <summary>A page map that loses pages is detected at once, before memory is corrupted.</summary>
[TestClass]
public sealed class InvariantTests
{
    private const uint Start = 0xC0000000;
    private const int PageSize = 256, Pages = 8;

    [TestMethod]
    public void A_map_that_does_not_join_a_slid_block_is_found_at_the_slide()
    {
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => SlideOn(new Forgetful(PageMap.Create(PageMapKind.Runs, Pages), true)));
        Assert.AreEqual("a defect of Carveout, not of its caller; expected: the gap and the block that slides over it are one taken block", e.Message);
    }

    [TestMethod]
    public void A_map_that_does_not_cut_a_slid_block_is_found_at_the_slide()
    {
        InvalidOperationException e = Assert.ThrowsExactly<InvalidOperationException>(() => SlideOn(new Forgetful(PageMap.Create(PageMapKind.Runs, Pages), false)));
        Assert.AreEqual("a defect of Carveout, not of its caller; expected: a block that has slid down has as many pages as before", e.Message);
    }

    /// <summary>One page is free before a block of three pages, and four behind it. Only if the block slides, five are
    /// contiguous.</summary>
    private static void SlideOn(PageMap map)
    {
        var memory = new ManagedMemory(Start, Pages * PageSize);
        var pages = new PageAllocator([new Zone("DMA", ZoneKind.Dma, Start, map)], PageSize, memory, null);
        var movable = new MovablePages(pages, 4, MovablePages.NoLimit);
        int gap = movable.AllocPagesExact(PageSize, GfpFlags.Dma, PageOwner.Unknown);
        Assert.AreNotEqual(0, movable.AllocPagesExact(3 * PageSize, GfpFlags.Dma, PageOwner.Unknown));
        movable.Free(gap);
        Assert.AreNotEqual(0u, pages.AllocPagesExact(5 * PageSize, GfpFlags.Dma, PageOwner.Unknown));
    }

    private sealed class Forgetful(PageMap map, bool forgetsToJoin) : ForwardingMap(map)
    {
        public override void Join(int page)
        {
            if (!forgetsToJoin)
            {
                base.Join(page);
            }
        }

        public override void Trim(int page, int pages)
        {
            if (forgetsToJoin)
            {
                base.Trim(page, pages);
            }
        }
    }
}
