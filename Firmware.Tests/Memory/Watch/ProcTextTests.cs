using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Firmware.Tests.Memory;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Diagnostics
{
    [TestClass]
    public class ProcTextTests
    {
        [TestMethod]
        public void BuddyInfo_has_the_kernels_columns()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.AreEqual(
                "Node 0, zone      DMA      1      1      1      1      1      1      0      0      0      0      0 \n"
                + "Node 0, zone   NORMAL      0      0      0      0      0      0      1      1      0      0      0 \n",
                ProcText.BuddyInfo(allocator));
        }

        [TestMethod]
        public void ZoneInfo_has_watermarks_and_protection()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            allocator.SetWatermarks(64, 4);
            string text = ProcText.ZoneInfo(allocator);
            Assert.Contains("Node 0, zone      DMA\n  pages free     64\n        min      16\n        low      20\n        high     24\n"
                + "        spanned  64\n        present  64\n        managed  64\n        protection: (0, 48)\n"
                + "  start_pfn:           851968\n", text);
            Assert.Contains("Node 0, zone   NORMAL\n  pages free     192\n        min      48\n", text);
        }

        [TestMethod]
        public void VmStat_counts_pages_and_failures()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            uint address = allocator.AllocPages(GfpFlags.Dma, 3, 0);
            allocator.AllocPages(GfpFlags.Kernel, 2, 0);
            allocator.FreePages(address);
            allocator.AllocPages(GfpFlags.Dma, 10, 0);
            Assert.AreEqual("nr_free_pages 252\npgalloc_dma 8\npgalloc_normal 4\npgfree 8\nallocstall 0\nalloc_fail 1\n", ProcText.VmStat(allocator));
        }

        [TestMethod]
        public void IoMem_is_sorted_and_indented()
        {
            Assert.AreEqual(
                "20000000-2000ffff : CCM\n"
                + "d0000000-d01fffff : SDRAM\n"
                + "  d0000000-d003ffff : zone DMA\n"
                + "  d0040000-d00fffff : zone NORMAL\n"
                + "  d0100000-d01fffff : frame-pool\n",
                ProcText.IoMem(PageTestZones.Mapped().Map));
        }
    }
}
