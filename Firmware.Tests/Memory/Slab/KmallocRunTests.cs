using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Kmalloc above its largest cache: exact runs of pages.</summary>
    [TestClass]
    public class KmallocRunTests
    {
        private const uint Start = 0x10000000;
        private const int Page = 4096;

        private static ManagedMemory s_memory;
        private static PageAllocator s_pages;
        private static SlabAllocator s_slabs;
        private static KmallocCaches s_kmalloc;
        private static PageOwner s_camera;

        [TestMethod]
        [DataRow(8193, 3)]
        [DataRow(12288, 3)]
        [DataRow(12289, 4)]
        [DataRow(131073, 33)]
        [DataRow(262144, 64)]
        public void A_size_above_the_largest_cache_gets_exactly_its_pages(int size, int pages)
        {
            Boot(64);
            uint address = s_kmalloc.Kmalloc(size, GfpFlags.Kernel);
            Assert.AreEqual(0u, address % Page);
            Assert.AreEqual(64 - pages, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(pages * Page, s_kmalloc.Ksize(address));
            s_kmalloc.Kfree(address);
            Assert.AreEqual(64, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        [DataRow(64 * Page + 1)]
        [DataRow(int.MaxValue)]
        public void More_than_a_zone_has_is_0_and_the_report_says_why(int size)
        {
            Boot(64);
            Assert.AreEqual(0u, s_kmalloc.Kmalloc(size, GfpFlags.Kernel, s_camera));
            Assert.AreEqual(1L, s_pages.FailureCount);
            Assert.AreEqual(size / Page + 1 - (size % Page == 0 ? 1 : 0), s_pages.LastFailure.Pages);
            Assert.Contains("'camera'", FailureReport.ToText(s_pages));
            Assert.AreEqual(0u, s_kmalloc.Kmalloc(size, GfpFlags.NoWarn));
            Assert.AreEqual(2L, s_pages.FailureCount);
        }

        [TestMethod]
        public void A_run_that_is_not_free_is_0_and_the_report_says_why()
        {
            Boot(8);
            uint middle = s_kmalloc.Kmalloc(3 * Page, GfpFlags.Kernel), low = s_kmalloc.Kmalloc(3 * Page, GfpFlags.Kernel);
            s_kmalloc.Kfree(middle);
            Assert.AreEqual(0u, s_kmalloc.Kmalloc(4 * Page, GfpFlags.Kernel));
            Assert.Contains("fragmented: 20 KB free, largest 12 KB, wanted 16 KB", FailureReport.ToText(s_pages));
            Assert.IsTrue(s_kmalloc.Kmalloc(3 * Page, GfpFlags.Kernel) != 0);
            s_kmalloc.Kfree(low);
        }

        [TestMethod]
        public void Pages_belong_to_who_asked_and_else_to_kmalloc_large()
        {
            Boot(64);
            uint mine = s_kmalloc.Kmalloc(10000, GfpFlags.Kernel, s_camera), nobodys = s_kmalloc.Kmalloc(20000, GfpFlags.Kernel);
            Assert.IsTrue(s_pages.OwnerAt(mine) == s_camera);
            Assert.AreEqual("kmalloc-large", s_pages.OwnerName(s_pages.OwnerAt(nobodys)));
            Assert.AreEqual(3, s_pages.OwnerPages(s_camera));
            Assert.AreEqual(5, s_pages.OwnerPages(s_pages.RegisterOwner("kmalloc-large")));
            uint moved = s_kmalloc.Krealloc(mine, 30000, GfpFlags.Kernel);
            Assert.AreEqual(8, s_pages.OwnerPages(s_camera), "it stays its owner's");
            s_kmalloc.Kfree(moved);
            s_kmalloc.Kfree(nobodys);
            Assert.AreEqual(0, s_pages.OwnerPages(s_camera));
            Assert.IsTrue(Thrown.By(() => s_kmalloc.Kmalloc(10000, GfpFlags.Kernel, (PageOwner)99)) is ArgumentOutOfRangeException);
        }

        [TestMethod]
        public void Wrong_frees_name_address_owner_and_expectation_and_change_nothing()
        {
            Boot(64);
            uint run = s_kmalloc.Kmalloc(20000, GfpFlags.Kernel, s_camera);
            uint pages = s_pages.AllocPagesExact(2 * Page, GfpFlags.Kernel, s_camera);
            Refused(run + 1, "1 bytes inside the block at " + HexText.Of(run), "camera", "Expected an address");
            Refused(run + Page, "4096 bytes inside the block at " + HexText.Of(run), "camera", "Expected an address");
            Refused(pages, "is no allocation of Kmalloc (owner 'camera')", "Expected an address that Kmalloc returned");
            Refused(pages + Page, "4096 bytes inside", "camera");
            s_kmalloc.Kfree(run);
            Refused(run, "double free", "last owner was 'camera'", "Expected an address");
            Assert.IsTrue(Thrown.By(() => s_kmalloc.Ksize(run)) is InvalidOperationException);
            Assert.IsTrue(Thrown.By(() => s_kmalloc.Krealloc(run, 100, GfpFlags.Kernel)) is InvalidOperationException);
            uint again = s_pages.AllocPagesExact(5 * Page, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(run, again);
            Refused(again, "is no allocation of Kmalloc (owner 'camera')");
            s_pages.FreePages(again);
            s_pages.FreePages(pages);
            Assert.AreEqual(64, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Kzalloc_clears_all_of_its_pages()
        {
            Boot(8);
            s_memory.Fill(Start, 8 * Page, 0x55);
            uint address = s_kmalloc.Kzalloc(10000, GfpFlags.Kernel);
            Bytes(address, s_kmalloc.Ksize(address), 0);
            var blind = new KmallocCaches(KmemCacheTests.Slabs(16));
            Exception e = Thrown.By(() => blind.Kzalloc(10000, GfpFlags.Kernel));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("no memory to write to", e.Message);
        }

        [TestMethod]
        public void Krealloc_keeps_the_place_where_it_can_and_the_contents_always()
        {
            Boot(64);
            uint address = s_kmalloc.Kmalloc(100, GfpFlags.Kernel);
            s_memory.Fill(address, 100, 0x11);
            uint large = s_kmalloc.Krealloc(address, 20000, GfpFlags.Kernel | GfpFlags.Zero);
            Bytes(large, 100, 0x11);
            Bytes(large + 100, 19900, 0);
            s_memory.Fill(large, 20000, 0x22);
            Assert.AreEqual(large, s_kmalloc.Krealloc(large, 20480, GfpFlags.Kernel));
            Assert.AreEqual(large, s_kmalloc.Krealloc(large, 9000, GfpFlags.Kernel), "its tail goes back");
            Assert.AreEqual(3 * Page, s_kmalloc.Ksize(large));
            uint grown = s_kmalloc.Krealloc(large, 30000, GfpFlags.Kernel);
            Assert.IsTrue(grown != large);
            Bytes(grown, 12288, 0x22);
            uint small = s_kmalloc.Krealloc(grown, 5000, GfpFlags.Kernel);
            Bytes(small, 5000, 0x22);
            Assert.AreEqual(5120, s_kmalloc.Ksize(small));
            Assert.AreEqual(0u, s_kmalloc.Krealloc(small, 10000000, GfpFlags.Kernel), "no memory");
            Bytes(small, 5000, 0x22);
            s_kmalloc.Kfree(small);
            s_slabs.Shrink(64);
            Assert.AreEqual(64, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Dma_reaches_a_zone_of_its_own_and_all_where_there_is_none()
        {
            var pages = new PageAllocator(
                new[]
                {
                    new Zone("DMA", ZoneKind.Dma, 0x80000000, PageMap.Create(PageMapKind.Runs, 16, 0)), new Zone("NORMAL", ZoneKind.Normal, 0xC0000000, PageMap.Create(PageMapKind.Runs, 16, 0)),
                },
                Page, null, null);
            var kmalloc = new KmallocCaches(new SlabAllocator(pages, 16));
            Assert.AreEqual(0xC0000000u, kmalloc.Kmalloc(10000, GfpFlags.Kernel));
            Assert.AreEqual(0x80000000u, kmalloc.Kmalloc(10000, GfpFlags.Dma));
            Boot(16);
            Assert.AreEqual(Start, s_kmalloc.Kmalloc(10000, GfpFlags.Dma));
        }

        [TestMethod]
        public void Slabs_are_runs_where_all_zones_have_them_and_blocks_elsewhere()
        {
            Boot(64);
            s_kmalloc.Kmalloc(5000, GfpFlags.Kernel);
            Assert.AreEqual(59, s_pages.ZoneAt(0).FreePages, "five pages hold four of 5120 bytes");
            SlabAllocator blocks = KmemCacheTests.Slabs(64);
            new KmallocCaches(blocks).Kmalloc(5000, GfpFlags.Kernel);
            Assert.AreEqual(60, blocks.Pages.ZoneAt(0).FreePages, "four pages hold three");
            Boot(4);
            Assert.AreEqual(0u, s_kmalloc.Kmalloc(5000, GfpFlags.Kernel), "a slab is larger than the zone");
            Assert.IsTrue(s_kmalloc.Kmalloc(4096, GfpFlags.Kernel) != 0);
        }

        [TestMethod]
        public void Hardening_of_pages_watches_them()
        {
            Boot(64);
            var log = new FindingLog(8);
            s_pages.Harden(new PageHardening(log, true, true, 1));
            uint address = s_kmalloc.Kmalloc(10000, GfpFlags.Kernel, s_camera);
            Bytes(address + 10000, 2288, PageHardening.RedZone);
            Assert.AreEqual(address, s_kmalloc.Krealloc(address, 9000, GfpFlags.Kernel));
            Bytes(address + 9000, 3288, PageHardening.RedZone);
            s_memory.Fill(address + 9000, 1, 0);
            uint moved = s_kmalloc.Krealloc(address, 20000, GfpFlags.Kernel);
            Assert.AreEqual(1, log.Total, "the red zone is looked at when the old place goes");
            Bytes(moved + 20000, 480, PageHardening.RedZone);
            Refused(address, "double free", "held in quarantine", "camera");
            Assert.AreEqual(20480, s_kmalloc.Ksize(moved));
            s_memory.Fill(moved, 20480, 1);
            s_kmalloc.Kfree(moved);
            Assert.AreEqual(1, log.Total, "who asks how much there is may use it");
            s_pages.Harden(null);
            Assert.AreEqual(64, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void A_lock_of_its_own_serves_too_and_a_free_that_pages_refuse_changes_nothing()
        {
            s_memory = new ManagedMemory(Start, 16 * Page);
            s_pages = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.Runs, 16, 0)) }, Page, s_memory, new MonitorLock());
            s_slabs = new SlabAllocator(s_pages, s_memory, 16, new MonitorLock(), null);
            s_kmalloc = new KmallocCaches(s_slabs);
            s_camera = s_pages.RegisterOwner("camera");
            uint address = s_kmalloc.Kmalloc(10000, GfpFlags.Kernel, s_camera);
            s_kmalloc.Kfree(address);
            Refused(address, "double free");
            Assert.AreEqual(16, s_pages.ZoneAt(0).FreePages);
        }

        private static void Boot(int pages)
        {
            s_memory = new ManagedMemory(Start, pages * Page);
            s_pages = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.Runs, pages, 0)) }, Page, s_memory, null);
            s_slabs = new SlabAllocator(s_pages, 64);
            s_kmalloc = new KmallocCaches(s_slabs);
            s_camera = s_pages.RegisterOwner("camera");
        }

        private static void Bytes(uint address, int count, byte value)
        {
            var bytes = new byte[count];
            s_memory.Read(address, bytes, 0, count);
            for (int i = 0; i < count; i++)
            {
                Assert.AreEqual(value, bytes[i]);
            }
        }

        private static void Refused(uint address, params string[] words)
        {
            string before = SlabText.SlabInfo(s_slabs) + ProcText.BuddyInfo(s_pages);
            Exception e = Thrown.By(() => s_kmalloc.Kfree(address));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains(HexText.Of(address), e.Message);
            for (int i = 0; i < words.Length; i++)
            {
                Assert.Contains(words[i], e.Message);
            }
            Assert.AreEqual(before, SlabText.SlabInfo(s_slabs) + ProcText.BuddyInfo(s_pages));
        }
    }
}
