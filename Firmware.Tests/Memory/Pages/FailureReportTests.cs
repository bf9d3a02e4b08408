using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Firmware.Tests.Memory;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Diagnostics
{
    [TestClass]
    public class FailureReportTests
    {
        [TestMethod]
        public void Says_nothing_where_nothing_failed()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            Assert.AreEqual("", FailureReport.ToText(allocator));
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma | GfpFlags.NoWarn, 10, 0));
            Assert.AreEqual("", FailureReport.ToText(allocator), "the failure was expected");
        }

        [TestMethod]
        public void Names_fragmentation_and_who_has_the_memory()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            allocator.SetWatermarks(0, 0);
            PageOwner movie = allocator.RegisterOwner("movie"), leak = allocator.RegisterOwner("leak");
            var pages = new uint[64];
            for (int i = 0; i < 64; i++)
            {
                pages[i] = allocator.AllocPages(GfpFlags.Dma, 0, leak);
            }
            for (int i = 0; i < 64; i += 2)
            {
                allocator.FreePages(pages[i]);
            }
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma, 3, movie));
            string text = FailureReport.ToText(allocator);
            Assert.StartsWith("page allocation failure: 32 KB (order 3), gfp Kernel|Dma, owner 'movie'\n", text);
            Assert.Contains("DMA: fragmented: 128 KB free, largest 4 KB, wanted 32 KB, index 844\n", text, "a block was asked for, no exact pages");
            Assert.Contains("NORMAL: not asked: the request wanted DMA zones only\n", text);
            Assert.Contains("owners: leak 128 KB\n", text);
            Assert.Contains("Node 0, zone      DMA     32      0", text);
        }

        [TestMethod]
        public void Names_exhaustion()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            allocator.SetWatermarks(0, 0);
            while (allocator.AllocPages(GfpFlags.Dma, 2, 0) != 0)
            {
            }
            Assert.Contains("DMA: out of memory: 0 B free, largest 0 B, wanted 16 KB\n", FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void Names_the_reserve_that_holds_a_zone_back()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            allocator.SetWatermarks(0, 1);
            while (allocator.AllocPages(GfpFlags.Kernel, 0, 0) != 0)
            {
            }
            Assert.Contains("DMA: held back: 256 KB free, largest 256 KB, wanted 4 KB; 0 B kept by the watermark, 768 KB by lowmem_reserve\n",
                FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void A_page_in_a_hot_slot_is_no_fragmentation()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            allocator.SetWatermarks(200, 0);
            allocator.FreePages(allocator.AllocPages(GfpFlags.Dma, 0, 0));
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma, 5, 0));
            Assert.Contains("DMA: held back: 256 KB free, largest 256 KB, wanted 128 KB", FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void A_page_parked_after_the_failure_is_no_fragmentation_either()
        {
            PageAllocator allocator = HeldBack();
            Assert.StartsWith("held back: 64 KB free, largest 64 KB", FailureReport.ZoneVerdict(allocator, allocator.ZoneAt(0)));
            allocator = HeldBack();
            Assert.Contains("DMA: held back: 64 KB free, largest 64 KB", FailureReport.ToText(allocator));
        }

        /// <summary>Everything is free, but the reserve keeps the request out, and the page that was freed last is parked in a hot
        /// slot.</summary>
        private static PageAllocator HeldBack()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0xD0000000, PageMap.Create(PageMapKind.FreeBlocks, 16, 4)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            allocator.SetWatermarks(8, 0);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Kernel, 4, 0));
            allocator.FreePages(allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            return allocator;
        }

        [TestMethod]
        public void A_failure_of_one_kind_of_zone_leaves_the_hot_slots_of_the_other()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            allocator.FreePages(allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            string parked = ProcText.BuddyInfo(allocator.ZoneAt(1));
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma | GfpFlags.NoWarn, 10, 0));
            Assert.AreEqual(parked, ProcText.BuddyInfo(allocator.ZoneAt(1)));
        }

        [TestMethod]
        public void An_exact_request_names_the_block_that_a_buddy_needs_for_it()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            allocator.SetWatermarks(0, 0);
            allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.AreEqual(0u, allocator.AllocPagesExact(153600, GfpFlags.Dma, 0, 4096));
            Assert.Contains("DMA: fragmented: 252 KB free, largest 128 KB, wanted 152 KB out of a block of 256 KB", FailureReport.ToText(allocator));
            Assert.Contains("; exact pages tear its map of blocks: expected PageMapKind.Runs\n", FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void Alignment_that_no_place_has_is_not_laid_to_the_watermark()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x10004000, PageMap.Create(PageMapKind.Runs, 16)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            Assert.AreEqual(0x10010000u, allocator.AllocPagesExact(4096, GfpFlags.Kernel, 0, 65536));
            Assert.AreEqual(0u, allocator.AllocPagesExact(4096, GfpFlags.Kernel, 0, 65536));
            string text = FailureReport.ToText(allocator);
            Assert.StartsWith("page allocation failure: 4 KB exact, aligned to 64 KB, gfp Kernel, owner 'unknown'\n", text);
            Assert.Contains("DMA: not aligned: 60 KB free, largest 48 KB, wanted 4 KB; no place in it that is free lies on 64 KB; "
                + "without the alignment it would be served at 0x10011000\n", text);
        }

        [TestMethod]
        public void What_no_block_of_the_map_could_hold_is_too_large()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x10000000, PageMap.Create(PageMapKind.FreeBlocks, 40)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            Assert.AreEqual(0u, allocator.AllocPagesExact(40 * 4096, GfpFlags.Kernel, 0));
            Assert.Contains("DMA: too large: 160 KB free, largest 128 KB, wanted 160 KB out of a block of 256 KB; no block of its map is larger than "
                + "128 KB: a map of runs, or a reserved pool, could hold it\n", FailureReport.ToText(allocator));
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Kernel, 6, 0));
            Assert.Contains("DMA: too large: 160 KB free, largest 128 KB, wanted 256 KB; all of the zone is 160 KB\n", FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void A_place_that_the_zone_cannot_have_is_not_laid_to_what_is_taken()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x10001000, PageMap.Create(PageMapKind.Runs, 14)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            Assert.AreEqual(0u, allocator.AllocPagesExact(4096, GfpFlags.Kernel, 0, 65536));
            Assert.Contains("DMA: not aligned: 56 KB free, largest 56 KB, wanted 4 KB; a place on 64 KB is nowhere in it, free or taken\n",
                FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void A_block_of_a_map_of_runs_wants_its_own_alignment()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x10000000, PageMap.Create(PageMapKind.Runs, 8)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            // Pages 1 to 5 are free. Four in a row begin at 1 or 2, never at a multiple of four.
            for (int i = 0; i < 8; i++)
            {
                allocator.AllocPages(GfpFlags.Kernel, 0, 0);
            }
            for (int page = 1; page <= 5; page++)
            {
                allocator.FreePages(0x10000000 + (uint)page * 4096);
            }
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Kernel, 2, 0));
            Assert.Contains("DMA: not aligned: 20 KB free, largest 20 KB, wanted 16 KB; no place in it that is free begins at a multiple of that from "
                + "the zone's start\n", FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void A_zone_that_would_serve_the_request_says_so()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x10000000, PageMap.Create(PageMapKind.Runs, 16)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            uint address = allocator.AllocPagesExact(65536, GfpFlags.Kernel, 0, 4096);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            allocator.FreePages(address);
            Assert.Contains("DMA: would serve the request now: 64 KB free, largest 64 KB, wanted 4 KB\n",
                FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void The_watermark_holds_back_to_the_page()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x10000000, PageMap.Create(PageMapKind.Runs, 16)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            allocator.SetWatermarks(8, 0);
            Assert.AreEqual(0u, allocator.AllocPagesExact(9 * 4096, GfpFlags.Kernel, 0, 4096));
            Assert.Contains("DMA: held back: 64 KB free, largest 64 KB, wanted 36 KB; 32 KB kept by the watermark\n",
                FailureReport.ToText(allocator));
            Assert.AreEqual(0u, allocator.AllocPagesExact(14 * 4096, GfpFlags.Atomic, 0, 4096));
            Assert.Contains("DMA: held back: 64 KB free, largest 64 KB, wanted 56 KB; 12 KB kept by the watermark\n", FailureReport.ToText(allocator));
            Assert.IsTrue(allocator.AllocPagesExact(13 * 4096, GfpFlags.Atomic, 0, 4096) != 0);
        }

        [TestMethod]
        public void Where_the_watermark_alone_refuses_it_is_not_laid_to_fragmentation()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x10000000, PageMap.Create(PageMapKind.Runs, 16)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            var pages = new uint[16];
            for (int i = 0; i < pages.Length; i++)
            {
                pages[i] = allocator.AllocPages(GfpFlags.Kernel, 0, 0);
            }
            for (int i = 0; i < pages.Length; i += 2)
            {
                allocator.FreePages(pages[i]);
            }
            allocator.SetWatermarks(7, 0);
            Assert.AreEqual(0u, allocator.AllocPagesExact(8192, GfpFlags.Kernel, 0, 4096));
            Assert.Contains("DMA: held back: 32 KB free, largest 4 KB, wanted 8 KB; 28 KB kept by the watermark\n",
                FailureReport.ToText(allocator));
            allocator.SetWatermarks(6, 0);
            Assert.Contains("DMA: fragmented: 32 KB free, largest 4 KB, wanted 8 KB, index ", FailureReport.ToText(allocator));
        }

        [TestMethod]
        public void Owners_stand_by_size_and_at_most_five()
        {
            PageAllocator allocator = PageTestZones.Mapped();
            for (int i = 1; i <= 6; i++)
            {
                PageOwner owner = allocator.RegisterOwner("owner" + i.ToString());
                for (int n = 0; n < (i == 3 ? 4 : i); n++)
                {
                    allocator.AllocPages(GfpFlags.Kernel, 0, owner);
                }
            }
            Assert.AreEqual("owner6 24 KB, owner5 20 KB, owner3 16 KB, owner4 16 KB, owner2 8 KB", ProcText.TopOwners(allocator));
        }

        [TestMethod]
        public void Sizes_read_as_people_write_them()
        {
            Assert.AreEqual("0 B", SizeText.Of(0));
            Assert.AreEqual("1023 B", SizeText.Of(1023));
            Assert.AreEqual("600 KB", SizeText.Of(614400));
            Assert.AreEqual("1.5 KB", SizeText.Of(1536));
            Assert.AreEqual("11.2 MB", SizeText.Of(11744052));
        }
    }
}
