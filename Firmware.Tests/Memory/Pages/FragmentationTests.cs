using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Diagnostics
{
    [TestClass]
    public class FragmentationTests
    {
        [TestMethod]
        public void ExtFragIndex_has_the_kernels_columns()
        {
            PageAllocator allocator = New(PageMap.Create(PageMapKind.FreeBlocks, 1024, 4), PageMap.Create(PageMapKind.Runs, 64));
            Assert.AreEqual(
                "Node 0, zone      DMA -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 \n"
                + "Node 0, zone   NORMAL -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -1.000 -0.500 -0.250 -0.125 -0.062 \n",
                ProcText.ExtFragIndex(allocator));
        }

        [TestMethod]
        public void ExtFragIndex_is_near_1_where_free_pages_lie_apart_and_0_where_there_are_none()
        {
            PageAllocator allocator = New(PageMap.Create(PageMapKind.FreeBlocks, 64, 4), PageMap.Create(PageMapKind.Runs, 1));
            allocator.SetWatermarks(0, 0);
            var pages = new uint[64];
            for (int i = 0; i < 64; i++)
            {
                pages[i] = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            Assert.StartsWith("Node 0, zone      DMA  0.000  0.000  0.000 ", ProcText.ExtFragIndex(allocator));
            for (int i = 0; i < 64; i += 2)
            {
                allocator.FreePages(pages[i]);
            }
            Assert.StartsWith("Node 0, zone      DMA -1.000  0.469  0.719  0.844  0.907 ", ProcText.ExtFragIndex(allocator));
        }

        [TestMethod]
        public void ExtFragIndex_does_not_take_a_page_in_a_hot_slot_for_fragmentation()
        {
            PageAllocator allocator = New(PageMap.Create(PageMapKind.FreeBlocks, 16, 4), PageMap.Create(PageMapKind.Runs, 1));
            allocator.FreePages(allocator.AllocPages(GfpFlags.Dma, 0, 0));
            Assert.StartsWith("Node 0, zone      DMA -1.000 -1.000 -1.000 -1.000 -1.000 -0.500", ProcText.ExtFragIndex(allocator));
        }

        [TestMethod]
        public void PageTypeInfo_shows_what_a_grouping_zone_knows_and_invents_nothing_for_others()
        {
            PageAllocator allocator = New(PageMap.Create(PageMapKind.Runs, 64), PageMap.Create(PageMapKind.GroupedFreeBlocks, 256, 0));
            allocator.AllocPages(GfpFlags.Kernel, 0, 0);
            allocator.AllocPages(GfpFlags.Movable, 5, 0);
            Assert.AreEqual(
                "Node 0, zone   NORMAL\nPage block order: 4\nPages per block:  16\n\n"
                + "Free pages count per migrate type at order       0      1      2      3      4      5      6      7      8      9     10 \n"
                + "Node    0, zone      DMA, type    Ungrouped      0      0      0      0      0      0      1      0      0      0      0 \n"
                + "Node    0, zone   NORMAL, type    Unmovable      1      1      1      1      0      0      0      0      0      0      0 \n"
                + "Node    0, zone   NORMAL, type      Movable      0      0      0      0      1      0      1      1      0      0      0 \n"
                + "\nNumber of blocks type     Unmovable      Movable \n"
                + "Node 0, zone   NORMAL            1           15 \n",
                ProcText.PageTypeInfo(allocator));
        }

        [TestMethod]
        public void A_pageblock_that_is_empty_again_is_movable_again()
        {
            PageAllocator allocator = New(PageMap.Create(PageMapKind.Runs, 1), PageMap.Create(PageMapKind.GroupedFreeBlocks, 100, 0));
            uint address = allocator.AllocPages(GfpFlags.Kernel, 2, 0);
            Assert.EndsWith("Node 0, zone   NORMAL            1            6 \n", ProcText.PageTypeInfo(allocator));
            allocator.FreePages(address);
            Assert.EndsWith("Node 0, zone   NORMAL            0            7 \n", ProcText.PageTypeInfo(allocator));
        }

        [TestMethod]
        public void Zones_without_pageblocks_have_no_count_of_them()
        {
            PageAllocator allocator = New(PageMap.Create(PageMapKind.FreeBlocks, 16, 0), PageMap.Create(PageMapKind.GroupedFreeBlocks, 8, 0));
            string text = ProcText.PageTypeInfo(allocator);
            Assert.StartsWith("Free pages count per migrate type at order ", text);
            Assert.EndsWith("Node    0, zone   NORMAL, type    Ungrouped      0      0      0      1      0      0      0      0      0      0"
                + "      0 \n", text);
        }

        private static PageAllocator New(PageMap dma, PageMap normal)
        {
            return new PageAllocator(
                new[] { new Zone("DMA", ZoneKind.Dma, 0x80000000, dma), new Zone("NORMAL", ZoneKind.Normal, 0xC0000000, normal) }, 4096, null, null);
        }
    }
}
