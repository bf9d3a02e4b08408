using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Memory that the CPU and a device share: its origin, its tail, and refusals.</summary>
    [TestClass]
    public class DmaCoherentTests
    {
        private const int Page = DmaTestBoard.PageSize;

        private static uint s_handle;

        [TestMethod]
        [DataRow((int)DmaTail.Exact, (int)PageMapKind.Runs, 3)]
        [DataRow((int)DmaTail.Exact, (int)PageMapKind.FreeBlocks, 3)]
        [DataRow((int)DmaTail.Trim, (int)PageMapKind.Runs, 3)]
        [DataRow((int)DmaTail.Trim, (int)PageMapKind.FreeBlocks, 3)]
        [DataRow((int)DmaTail.Keep, (int)PageMapKind.Runs, 4)]
        [DataRow((int)DmaTail.Keep, (int)PageMapKind.FreeBlocks, 4)]
        public void The_tail_goes_where_the_policy_says(int tail, int kind, int pages)
        {
            DmaTestBoard.Boot((PageMapKind)kind, 4);
            DmaDevice device = Attach("device", 1, 0, (DmaTail)tail, null);
            uint address = DmaTestBoard.Dma.AllocCoherent(device, 2 * Page + 1, GfpFlags.Kernel, out uint handle);
            Assert.AreEqual(DmaTestBoard.Sdram, address);
            Assert.AreEqual(DmaTestBoard.SdramBus, handle);
            Assert.AreEqual(16 - pages, DmaTestBoard.Pages.ZoneAt(2).FreePages);
            Assert.AreEqual(pages, DmaTestBoard.Pages.OwnerPages(device.Owner));
            Assert.AreEqual(2L * Page + 1, DmaTestBoard.Dma.BlockBytes);
            Assert.AreEqual(1, DmaTestBoard.Dma.BlockCount);
            DmaTestBoard.Dma.FreeCoherent(device, 2 * Page + 1, address, handle);
            Assert.AreEqual(16, DmaTestBoard.Pages.ZoneAt(2).FreePages);
            Assert.AreEqual(0L, DmaTestBoard.Dma.BlockBytes);
            Assert.AreEqual(0, DmaTestBoard.Dma.BlockCount);
        }

        [TestMethod]
        public void A_pool_serves_its_device_and_nobody_else()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            var pool = new ReservedPool("frames", DmaTestBoard.Sdram + 0x5000, 2048, 2);
            DmaDevice device = Attach("device", 1, 0, DmaTail.Pool, pool);
            uint a = DmaTestBoard.Dma.AllocCoherent(device, 2048, GfpFlags.Kernel, out uint handle);
            Assert.AreEqual(DmaTestBoard.Sdram + 0x5000, a);
            Assert.AreEqual(DmaTestBoard.SdramBus + 0x5000, handle);
            Assert.AreEqual(DmaTestBoard.Sdram + 0x5800, DmaTestBoard.Dma.AllocCoherent(device, 1, GfpFlags.Kernel, out uint b));
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(device, 1, GfpFlags.Kernel, out uint none));
            Assert.AreEqual(0u, none);
            Assert.AreEqual(1, DmaTestBoard.Dma.FailureCount);
            Assert.AreEqual(16, DmaTestBoard.Pages.ZoneAt(2).FreePages);
            TooLarge(device, 2049, "expected 1 to 2048");
            pool.Free(DmaTestBoard.Sdram + 0x5800);
            Refused(() => DmaTestBoard.Dma.FreeCoherent(device, 1, DmaTestBoard.Sdram + 0x5800, b), "nobody else to free its pages");
            DmaTestBoard.Dma.FreeCoherent(device, 2048, a, handle);
            Assert.AreEqual(2, pool.FreeCount);
        }

        [TestMethod]
        public void Cached_memory_is_not_coherent_unless_the_device_snoops()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            Assert.AreEqual(DmaTestBoard.Sdram, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 16 * Page, GfpFlags.Kernel, out uint none));
            Assert.AreEqual(DmaTestBoard.Sdram + 0x4000,
                DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 8 * Page, GfpFlags.Kernel, out none));
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, Page, GfpFlags.Kernel, out none));
            Assert.AreEqual(8, DmaTestBoard.Pages.ZoneAt(1).FreePages, "SRAM is cached");
            Assert.AreEqual(DmaTestBoard.Sram, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Snooper, 8 * Page, GfpFlags.Kernel, out none));
            Assert.AreEqual(DmaTestBoard.Sram, none, "the bus address of this region is the CPU's");
        }

        /// <summary>All that its first zone has left, then the next zone, which is asked before anybody is asked to free pages.</summary>
        [TestMethod]
        public void A_device_gets_the_last_pages_of_its_first_zone_and_then_the_first_of_the_next()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            uint[] expected = { DmaTestBoard.Sdram, DmaTestBoard.Sdram + 8 * Page, DmaTestBoard.Sdram + 16 * Page };
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.AreEqual(expected[i], DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 8 * Page, GfpFlags.Kernel, out uint handle));
            }
            Assert.AreEqual(0, DmaTestBoard.Pages.StallCount);
            Assert.AreEqual(0, DmaTestBoard.Pages.FailureCount);
        }

        [TestMethod]
        public void A_failure_is_recorded_with_the_device_as_owner()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, Page, GfpFlags.Kernel, out s_handle);
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 15 * Page + 1, GfpFlags.NoWarn, out s_handle));
            Assert.AreEqual(0, DmaTestBoard.Pages.LastFailure.Pages);
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 15 * Page + 1, GfpFlags.Kernel, out s_handle));
            Assert.AreEqual(16, DmaTestBoard.Pages.LastFailure.Pages);
            Assert.IsTrue(DmaTestBoard.Pages.LastFailure.IsExact);
            Assert.AreEqual((int)DmaTestBoard.Camera.Owner, (int)DmaTestBoard.Pages.LastFailure.Owner);
            Assert.AreEqual(2, DmaTestBoard.Dma.FailureCount);
        }

        [TestMethod]
        public void Zero_is_honoured_and_not_done_unasked()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaTestBoard.Memory.Fill(DmaTestBoard.Sdram, 2 * Page, 0xAA);
            uint a = DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, Page, GfpFlags.Zero, out uint first);
            uint b = DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, Page, GfpFlags.Kernel, out uint second);
            Assert.AreEqual((byte)0, DmaTestBoard.Memory.DeviceRead(a + Page - 1));
            Assert.AreEqual((byte)0xAA, DmaTestBoard.Memory.DeviceRead(b));
            Assert.AreEqual(first + Page, second);
        }

        [TestMethod]
        public void Atomic_dips_into_the_reserve()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaTestBoard.Pages.SetWatermarks(32, 0);
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, Page, GfpFlags.Kernel, out uint handle));
            Assert.AreNotEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, Page, GfpFlags.Atomic, out handle));
        }

        [TestMethod]
        [DataRow((int)DmaTail.Exact)]
        [DataRow((int)DmaTail.Trim)]
        [DataRow((int)DmaTail.Keep)]
        public void Alignment_and_boundary_hold_on_the_bus_wherever_the_zone_begins(int tail)
        {
            // The zones begin one page, and three pages, behind a multiple of four.
            var map = new MemoryMap("odd", Page);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xC0000000, 0x10000, DmaEngines.General, 0, 0x80000000));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xC0000400, 0x4000, DmaEngines.General, PageMapKind.Runs));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, 0xC0008000, 0x4000, DmaEngines.None, PageMapKind.Runs));
            PageAllocator pages = PageAllocator.Boot(map, null, null);
            pages.SetWatermarks(0, 0);
            var dma = new DmaAllocator(pages, map, new CachedTestMemory(), null, 4, 64);
            var aligned = new DmaDevice("aligned", DmaEngines.General) { Alignment = 4096, MaxSegment = 1 };
            var bounded = new DmaDevice("bounded", DmaEngines.General) { Boundary = 4096, MaxSegment = 1 };
            dma.Attach(aligned, (DmaTail)tail, null);
            dma.Attach(bounded, (DmaTail)tail, null);
            int served = 0;
            for (int i = 0; i < 16; i++)
            {
                uint address = dma.AllocCoherent(i % 2 == 0 ? aligned : bounded, 3 * Page - 5, GfpFlags.Kernel, out uint handle);
                if (i == 0)
                {
                    Assert.AreEqual(0xC0001000u, address, "the first zone's page 3 is at a multiple of four");
                }
                if (address != 0)
                {
                    served++;
                    Assert.AreEqual(address - 0xC0000000 + 0x80000000, handle);
                    Assert.AreEqual(0u, i % 2 == 0 ? handle % 4096 : 0u, HexText.Of(handle));
                    Assert.AreEqual(handle / 4096, (handle + 3 * Page - 6) / 4096, HexText.Of(handle));
                }
            }
            Assert.IsTrue(served >= 7, served.ToString() + ": the zone that begins well has four places, the other three");
            int taken = 32 - pages.ZoneAt(0).FreePages - pages.ZoneAt(1).FreePages;
            Assert.AreEqual(pages.OwnerPages(aligned.Owner) + pages.OwnerPages(bounded.Owner), taken, "what did not fit went back");
        }

        [TestMethod]
        public void A_run_that_would_cross_the_boundary_is_taken_elsewhere()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaDevice bounded = DmaTestBoard.Attach("bounded", 1, 4096);
            Assert.AreEqual(DmaTestBoard.Sdram, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 3 * Page, GfpFlags.Kernel, out uint handle));
            Assert.AreEqual(DmaTestBoard.Sdram + 0x1000, DmaTestBoard.Dma.AllocCoherent(bounded, 2 * Page, GfpFlags.Kernel, out handle),
                "the lowest two free pages lie on both sides of it");
            Assert.AreEqual(11, DmaTestBoard.Pages.ZoneAt(2).FreePages);
        }

        /// <summary>Ten pages are taken. Of the 180 behind them each whole multiple of 64 KB has room for one block, and a part of one has room
        /// for a block without a tail.</summary>
        [TestMethod]
        [DataRow((int)DmaTail.Exact, 1, 11)]
        [DataRow((int)DmaTail.Keep, 1, 10)]
        [DataRow((int)DmaTail.Trim, 1, 11)]
        [DataRow((int)DmaTail.Exact, 9, 11)]
        [DataRow((int)DmaTail.Keep, 9, 10)]
        [DataRow((int)DmaTail.Trim, 9, 11)]
        public void A_boundary_is_kept_in_a_zone_that_begins_on_no_multiple_of_it(int tail, int first, int expected)
        {
            uint start = 0x20000000 + (uint)first * 4096;
            DmaDevice device = BootZone(start, start, 190, PageMapKind.Runs, 0xFFFFFFFF, 1, 65536, (DmaTail)tail);
            s_pages.AllocPagesExact(10 * 4096, GfpFlags.Dma, 0);
            int served = 0;
            for (uint address = 1; address != 0;)
            {
                address = s_dma.AllocCoherent(device, 48 * 1024, GfpFlags.Kernel, out uint handle);
                served += address == 0 ? 0 : 1;
                Assert.AreEqual(address >> 16, (address + 48 * 1024 - 1) >> 16, HexText.Of(address));
            }
            Assert.AreEqual(expected, served);
        }

        [TestMethod]
        [DataRow((int)PageMapKind.Runs)]
        [DataRow((int)PageMapKind.FreeBlocks)]
        [DataRow((int)PageMapKind.GroupedFreeBlocks)]
        public void A_place_within_the_boundary_need_not_be_aligned_to_its_size(int kind)
        {
            // Free: pages 8 to 23, so that a run of 6 has room, but nowhere at a multiple of 8 from bus page 1 on.
            DmaDevice device = BootZone(0x20000000, 0x80001000, 64, (PageMapKind)kind, 0xFFFFFFFF, 1, 65536, DmaTail.Exact);
            TakeAllBut(8, 24);
            uint address = s_dma.AllocCoherent(device, 6 * 4096, GfpFlags.Kernel, out uint handle);
            Assert.AreNotEqual(0u, address);
            Assert.AreEqual(handle >> 16, (handle + 6 * 4096 - 1) >> 16, HexText.Of(handle));
            s_dma.FreeCoherent(device, 6 * 4096, address, handle);
            Assert.AreEqual(16, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void A_hole_that_crosses_the_boundary_does_not_hide_the_next()
        {
            DmaDevice device = BootZone(0x20000000, 0x20000000, 64, PageMapKind.Runs, 0xFFFFFFFF, 1, 65536, DmaTail.Exact);
            for (int i = 0; i < 64; i++)
            {
                s_pages.AllocPages(GfpFlags.Dma, 0, 0);
            }
            for (int page = 36; page >= 33; page--)
            {
                s_pages.FreePages(0x20000000 + (uint)page * 4096);
            }
            for (int page = 17; page >= 14; page--)
            {
                s_pages.FreePages(0x20000000 + (uint)page * 4096);
            }
            Assert.AreEqual(0x20021000u, s_dma.AllocCoherent(device, 4 * 4096, GfpFlags.Kernel, out uint handle));
        }

        [TestMethod]
        [DataRow((int)PageMapKind.Runs)]
        [DataRow((int)PageMapKind.FreeBlocks)]
        [DataRow((int)PageMapKind.GroupedFreeBlocks)]
        public void An_alignment_is_of_the_bus_address(int kind)
        {
            DmaDevice device = BootZone(0x20000000, 0x80001000, 64, (PageMapKind)kind, 0xFFFFFFFF, 8192, 0, DmaTail.Exact);
            // 32 pages are even on the bus. A buddy's blocks of two pages are not: it takes larger ones apart.
            int served = 0;
            for (uint address = s_dma.AllocCoherent(device, 4096, GfpFlags.Kernel, out uint handle); address != 0;
                address = s_dma.AllocCoherent(device, 4096, GfpFlags.Kernel, out handle))
            {
                Assert.AreEqual(0u, handle % 8192, HexText.Of(handle));
                Assert.AreEqual(address + 0x60001000, handle);
                served++;
            }
            Assert.AreEqual(32, served);
        }

        [TestMethod]
        [DataRow((int)PageMapKind.Runs)]
        [DataRow((int)PageMapKind.FreeBlocks)]
        [DataRow((int)PageMapKind.GroupedFreeBlocks)]
        public void A_mask_that_ends_in_a_zone_leaves_the_pages_below_it(int kind)
        {
            DmaDevice device = BootZone(0x20000000, 0x20000000, 64, (PageMapKind)kind, 0x20004FFE, 1, 0, DmaTail.Exact);
            int served = 0;
            for (uint address = s_dma.AllocCoherent(device, 4096, GfpFlags.Kernel, out uint handle); address != 0;
                address = s_dma.AllocCoherent(device, 4096, GfpFlags.Kernel, out handle))
            {
                Assert.IsTrue(address <= 0x20003000, HexText.Of(address));
                served++;
            }
            Assert.AreEqual(4, served, "the fifth page's last byte is above the mask");
        }

        [TestMethod]
        [DataRow(512, (int)DmaTail.Exact, 3)]
        [DataRow(2048, (int)DmaTail.Exact, 3)]
        [DataRow(2048, (int)DmaTail.Trim, 3)]
        [DataRow(512, (int)DmaTail.Keep, 4)]
        public void A_tail_is_counted_in_pages_of_any_size(int size, int tail, int taken)
        {
            DmaDevice device = BootPages(size, 0xFFFFFFFF, 1, (DmaTail)tail);
            uint address = s_dma.AllocCoherent(device, 2 * size + 1, GfpFlags.Kernel, out uint handle);
            Assert.AreNotEqual(0u, address);
            Assert.AreEqual(30 - taken, s_pages.ZoneAt(0).FreePages);
            s_dma.FreeCoherent(device, 2 * size + 1, address, handle);
            Assert.AreEqual(30, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        [DataRow(512)]
        [DataRow(2048)]
        public void A_mask_is_counted_in_pages_of_any_size(int size)
        {
            uint page = (uint)size;
            DmaDevice device = BootPages(size, 0x20000000 + 9 * page - 1, 2 * size, DmaTail.Exact);
            for (uint i = 2; i < 9; i += 2)
            {
                Assert.AreEqual(0x20000000 + i * page, s_dma.AllocCoherent(device, size, GfpFlags.Kernel, out uint handle));
            }
            Assert.AreEqual(0u, s_dma.AllocCoherent(device, size, GfpFlags.Kernel, out uint none), "the next even page ends above the mask");
            Assert.AreEqual(26, s_pages.ZoneAt(0).FreePages);
        }

        /// <summary>30 pages behind the first of 32, and a device.</summary>
        private static DmaDevice BootPages(int size, uint mask, int alignment, DmaTail tail)
        {
            var map = new MemoryMap("pages", size);
            map.Add(new MemoryRegion("RAM", MemoryKind.Sram, 0x20000000, 32 * (uint)size, DmaEngines.General, 0));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0x20000000 + (uint)size, 30 * (uint)size, DmaEngines.General, PageMapKind.Runs));
            s_pages = PageAllocator.Boot(map, null, null);
            s_pages.SetWatermarks(0, 0);
            s_dma = new DmaAllocator(s_pages, map, new ManagedMemory(0x20000000, 32 * size), null, 1, 32);
            var device = new DmaDevice("device", DmaEngines.General) { Mask = mask, Alignment = alignment, MaxSegment = 65536 };
            s_dma.Attach(device, tail, null);
            return device;
        }

        [TestMethod]
        public void A_report_says_without_which_constraint_there_would_be_room()
        {
            DmaDevice device = BootZone(0x20000000, 0x20000000, 64, PageMapKind.Runs, 0xFFFFFFFF, 1, 65536, DmaTail.Exact);
            TakeAllBut(14, 18);
            Assert.AreEqual(0u, s_dma.AllocCoherent(device, 4 * 4096, GfpFlags.Kernel, out uint handle));
            string text = FailureReport.ToText(s_pages);
            Assert.Contains("page allocation failure: 16 KB exact, within 64 KB, gfp Kernel|Dma, owner 'device'\n", text);
            Assert.Contains("DMA: not aligned: 16 KB free, largest 16 KB, wanted 16 KB; no place in it that is free lies within 64 KB; without the "
                + "64 KB boundary it would be served at 0x2000e000\n", text);
            device = BootZone(0x20000000, 0x20000000, 64, PageMapKind.Runs, 0x20003FFF, 1, 0, DmaTail.Exact);
            s_pages.AllocPagesExact(4 * 4096, GfpFlags.Dma, 0);
            Assert.AreEqual(0u, s_dma.AllocCoherent(device, 4096, GfpFlags.Kernel, out handle));
            Assert.Contains("; no place in it that is free ends below the mask 0x20003fff; without the mask it would be served at 0x20004000\n",
                FailureReport.ToText(s_pages));
        }

        [TestMethod]
        public void A_report_says_why_a_device_asked_no_zone()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            var none = new DmaDevice("none", DmaEngines.Mdma) { Snoops = true };
            DmaTestBoard.Dma.Attach(none);
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(none, Page, GfpFlags.Kernel, out uint handle));
            Assert.Contains("DMA: not asked: DMA device 'none' reaches no page of it\n", FailureReport.ToText(DmaTestBoard.Pages));
            DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 16 * Page, GfpFlags.Kernel, out handle);
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 16 * Page, GfpFlags.Kernel, out handle));
            Assert.Contains("SRAM: not asked: the CPU caches it, and DMA device 'camera' does not snoop: it is no coherent memory\n",
                FailureReport.ToText(DmaTestBoard.Pages));
        }

        private static PageAllocator s_pages;
        private static DmaAllocator s_dma;

        /// <summary>One DMA zone that covers its whole region, and a device.</summary>
        private static DmaDevice BootZone(uint start, uint bus, int pages, PageMapKind kind, uint mask, int alignment, uint boundary, DmaTail tail)
        {
            var map = new MemoryMap("one", 4096);
            map.Add(new MemoryRegion("RAM", MemoryKind.Sdram, start, (uint)pages * 4096, DmaEngines.General, 0, bus));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, start, (uint)pages * 4096, DmaEngines.General, kind));
            s_pages = PageAllocator.Boot(map, null, null);
            s_pages.SetWatermarks(0, 0);
            s_dma = new DmaAllocator(s_pages, map, new CachedTestMemory(), null, 4, 64);
            var device = new DmaDevice("device", DmaEngines.General) { Mask = mask, Alignment = alignment, Boundary = boundary, MaxSegment = 65536 };
            s_dma.Attach(device, tail, null);
            return device;
        }

        private static void TakeAllBut(int from, int to)
        {
            uint start = s_pages.ZoneAt(0).Start;
            for (int i = 0; i < s_pages.ZoneAt(0).Pages; i++)
            {
                s_pages.AllocPages(GfpFlags.Dma, 0, 0);
            }
            for (int page = from; page < to; page++)
            {
                s_pages.FreePages(start + (uint)page * 4096);
            }
        }

        [TestMethod]
        public void A_device_is_served_by_the_zones_that_it_reaches()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            var low = new DmaDevice("low", DmaEngines.General) { Mask = DmaTestBoard.SdramBus + 0x3FFF, MaxSegment = 1 };
            var lower = new DmaDevice("lower", DmaEngines.General) { Mask = DmaTestBoard.SdramBus + 0x3FFE, MaxSegment = 1 };
            var other = new DmaDevice("other", DmaEngines.Mdma) { MaxSegment = 1, Snoops = true };
            DmaTestBoard.Dma.Attach(low);
            DmaTestBoard.Dma.Attach(lower);
            DmaTestBoard.Dma.Attach(other);
            Assert.AreEqual(DmaTestBoard.Sdram, DmaTestBoard.Dma.AllocCoherent(low, 16 * Page, GfpFlags.Kernel, out uint handle));
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(low, Page, GfpFlags.Kernel, out handle), "the NORMAL zone is above its mask");
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(lower, Page, GfpFlags.Kernel, out handle), "the zone's last byte is");
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(other, Page, GfpFlags.Kernel, out handle), "another engine");
            Assert.AreEqual(0u, DmaTestBoard.Streaming.MapSingle(other, DmaTestBoard.Sdram, 4, DmaDirection.ToDevice), "and no slot");
            Assert.AreEqual(1, DmaTestBoard.Dma.MappingFailureCount);
            Assert.AreEqual(0, DmaTestBoard.Bounce.FailureCount, "the slots were not asked");
            Assert.AreEqual(DmaTestBoard.Sdram + 0x4000, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, Page, GfpFlags.Kernel, out handle));
        }

        [TestMethod]
        public void Noncoherent_memory_changes_hands_by_syncs()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            Assert.AreNotEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 16 * Page, GfpFlags.Kernel, out uint handle));
            Assert.AreNotEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 8 * Page, GfpFlags.Kernel, out handle));
            DmaDevice camera = DmaTestBoard.Camera;
            uint address = DmaTestBoard.Dma.AllocNoncoherent(camera, 1000, DmaDirection.Bidirectional, GfpFlags.Zero, out handle);
            Assert.AreEqual(DmaTestBoard.Sram, address);
            DmaTestBoard.CpuWrite(address, 1000, 1);
            DmaTestBoard.Streaming.SyncForDevice(camera, handle, 1000, DmaDirection.Bidirectional);
            Assert.AreEqual(-1, DmaTestBoard.DeviceMisses(handle, 1000, 1));
            DmaTestBoard.DeviceWrite(handle, 1000, 50);
            DmaTestBoard.Streaming.SyncForCpu(camera, handle, 1000, DmaDirection.Bidirectional);
            Assert.AreEqual(-1, DmaTestBoard.CpuMisses(address, 1000, 50));

            Refused(() => DmaTestBoard.Streaming.UnmapSingle(camera, handle, 1000, DmaDirection.Bidirectional), "FreeNoncoherent to end it");
            Refused(() => DmaTestBoard.Dma.FreeCoherent(camera, 1000, address, handle), "Expected FreeNoncoherent");
            Refused(() => DmaTestBoard.Dma.FreeNoncoherent(camera, 1000, address, handle, DmaDirection.ToDevice), "and direction");
            Refused(() => DmaTestBoard.Dma.FreeNoncoherent(camera, 999, address, handle, DmaDirection.Bidirectional), "its own device, size");
            Refused(() => DmaTestBoard.Pages.FreePages(address), "free while mapped");
            DmaTestBoard.Dma.FreeNoncoherent(camera, 1000, address, handle, DmaDirection.Bidirectional);
            Assert.AreEqual(0, DmaTestBoard.Dma.MappingCount);
            Assert.AreEqual(8, DmaTestBoard.Pages.ZoneAt(1).FreePages);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => DmaTestBoard.Dma.AllocNoncoherent(camera, 1, (DmaDirection)7, GfpFlags.Kernel, out s_handle));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => DmaTestBoard.Dma.FreeNoncoherent(camera, 1, address, handle, (DmaDirection)(-1)));
        }

        [TestMethod]
        public void Noncoherent_memory_needs_a_place_in_the_table_of_mappings()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 1);
            Assert.AreNotEqual(0u,
                DmaTestBoard.Dma.AllocNoncoherent(DmaTestBoard.Camera, Page, DmaDirection.ToDevice, GfpFlags.Kernel, out uint handle));
            Assert.AreEqual(0u,
                DmaTestBoard.Dma.AllocNoncoherent(DmaTestBoard.Camera, Page, DmaDirection.ToDevice, GfpFlags.Kernel, out handle));
            Assert.AreEqual(0u, handle);
            Assert.AreEqual(15, DmaTestBoard.Pages.ZoneAt(2).FreePages, "its page went back");
        }

        [TestMethod]
        public void A_wrong_free_names_the_block_and_changes_nothing()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaAllocator dma = DmaTestBoard.Dma;
            DmaDevice camera = DmaTestBoard.Camera;
            uint address = dma.AllocCoherent(camera, 1000, GfpFlags.Kernel, out uint handle);
            const string block = "there is the block at 0xc0000000 (1000 bytes, bus 0x80000000, DMA device 'camera')";
            Refused(() => dma.FreeCoherent(camera, 999, address, handle), "FreeCoherent of 999 bytes at 0xc0000000 (bus 0x80000000) by DMA device"
                + " 'camera': " + block + ". Expected its own device, size, handle");
            Refused(() => dma.FreeCoherent(DmaTestBoard.Display, 1000, address, handle), block);
            Refused(() => dma.FreeCoherent(camera, 1000, address, handle + 1), block);
            Refused(() => dma.FreeNoncoherent(camera, 1000, address, handle, DmaDirection.ToDevice), "Expected FreeCoherent");
            Refused(() => dma.FreeCoherent(camera, 1000, address + 1, handle + 1), "no block begins there");
            Refused(() => dma.FreeCoherent(camera, 1000, 0, 0), "no block begins there");
            uint mapped = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, address + 10, 10, DmaDirection.ToDevice);
            Refused(() => dma.FreeCoherent(camera, 1000, address, handle), "freed while it holds the mapping of 10 bytes at 0xc000000a");
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Display, mapped, 10, DmaDirection.ToDevice);
            Assert.AreEqual(1, dma.BlockCount);
            DmaTestBoard.Pages.FreePages(address);
            Refused(() => dma.FreeCoherent(camera, 1000, address, handle), "nobody else to free its pages");
            Assert.AreEqual(address, DmaTestBoard.Pages.AllocPagesExact(Page, GfpFlags.Dma, camera.Owner));
            dma.FreeCoherent(camera, 1000, address, handle);
            Refused(() => dma.FreeCoherent(camera, 1000, address, handle), "no block begins there");
            Assert.AreEqual(16, DmaTestBoard.Pages.ZoneAt(2).FreePages);
        }

        [TestMethod]
        public void A_mapping_of_the_rest_of_its_last_page_keeps_a_block()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaAllocator dma = DmaTestBoard.Dma;
            DmaDevice camera = DmaTestBoard.Camera;
            uint coherent = dma.AllocCoherent(camera, 1000, GfpFlags.Kernel, out uint handle);
            uint cached = dma.AllocNoncoherent(camera, 1000, DmaDirection.ToDevice, GfpFlags.Kernel, out uint cachedHandle);
            uint mapped = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, coherent + 1008, 16, DmaDirection.ToDevice);
            uint other = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, cached + 1008, 16, DmaDirection.ToDevice);
            Refused(() => dma.FreeCoherent(camera, 1000, coherent, handle), "there is the block at " + HexText.Of(coherent));
            Refused(() => dma.FreeCoherent(camera, 1000, coherent, handle), "freed while it holds the mapping of 16 bytes at " + HexText.Of(coherent + 1008));
            Refused(() => dma.FreeNoncoherent(camera, 1000, cached, cachedHandle, DmaDirection.ToDevice),
                "freed while it holds the mapping of 16 bytes at " + HexText.Of(cached + 1008));
            Assert.AreEqual(2, dma.BlockCount, "nothing has changed");
            Assert.AreEqual(3, dma.MappingCount);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Display, mapped, 16, DmaDirection.ToDevice);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Display, other, 16, DmaDirection.ToDevice);
            dma.FreeCoherent(camera, 1000, coherent, handle);
            dma.FreeNoncoherent(camera, 1000, cached, cachedHandle, DmaDirection.ToDevice);
            Assert.AreEqual(0, dma.BlockCount + dma.MappingCount);
            // The same where the mapping is the older entry of the table.
            mapped = DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, DmaTestBoard.Pages.AllocPages(GfpFlags.Dma, 0, 0), 16, DmaDirection.ToDevice);
            cached = dma.AllocNoncoherent(camera, 1000, DmaDirection.ToDevice, GfpFlags.Kernel, out cachedHandle);
            DmaTestBoard.Streaming.UnmapSingle(DmaTestBoard.Display, mapped, 16, DmaDirection.ToDevice);
            DmaTestBoard.Streaming.MapSingle(DmaTestBoard.Display, cached + 1008, 16, DmaDirection.ToDevice);
            Refused(() => dma.FreeNoncoherent(camera, 1000, cached, cachedHandle, DmaDirection.ToDevice), "freed while it holds the mapping of 16 bytes");
        }

        [TestMethod]
        public void Sizes_and_devices_that_are_none()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            TooLarge(DmaTestBoard.Camera, 0, "0 bytes for DMA device 'camera': expected 1 to 16384");
            TooLarge(DmaTestBoard.Camera, -1, "-1 bytes");
            TooLarge(DmaTestBoard.Camera, 16 * Page + 1, "expected 1 to 16384");
            TooLarge(Attach("keeper", 1, 0, DmaTail.Keep, null), 1024 * Page + 1, "expected 1 to 1048576");
            TooLarge(DmaTestBoard.Attach("bounded", 1, 2048), 2049, "expected 1 to 2048");
            var stranger = new DmaDevice("stranger", DmaEngines.General) { Mask = 1, MaxSegment = 1 };
            Refused(() => DmaTestBoard.Dma.AllocCoherent(stranger, 1, GfpFlags.Kernel, out s_handle), "'stranger' is not attached");
            Refused(() => DmaTestBoard.Dma.FreeCoherent(stranger, 1, 1, 1), "'stranger' is not attached");
            Refused(() => DmaTestBoard.Dma.AllocNoncoherent(stranger, 1, DmaDirection.ToDevice, GfpFlags.Kernel, out s_handle), "'stranger' is not attached");
            Refused(() => DmaTestBoard.Dma.FreeNoncoherent(stranger, 1, 1, 1, DmaDirection.ToDevice), "'stranger' is not attached");
            var none = (DmaDirection)((int)DmaDirection.FromDevice + 1);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => DmaTestBoard.Dma.AllocNoncoherent(DmaTestBoard.Camera, 1, none, GfpFlags.Kernel, out s_handle));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => DmaTestBoard.Dma.FreeNoncoherent(DmaTestBoard.Camera, 1, 1, 1, none));
            Assert.ThrowsException(typeof(ArgumentNullException),
                () => DmaTestBoard.Dma.AllocNoncoherent(null, 1, DmaDirection.ToDevice, GfpFlags.Kernel, out s_handle));
            Assert.ThrowsException(typeof(ArgumentNullException), () => DmaTestBoard.Dma.AllocCoherent(null, 1, GfpFlags.Kernel, out s_handle));
        }

        /// <summary>With NoWarn, neither an empty pool nor a full table is a failure to be reported.</summary>
        [TestMethod]
        [DataRow((int)GfpFlags.NoWarn, false)]
        [DataRow((int)GfpFlags.Kernel, true)]
        [DataRow((int)GfpFlags.Atomic, true)]
        public void A_refusal_with_NoWarn_is_not_recorded(int gfp, bool recorded)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaDevice device = Attach("device", 1, 0, DmaTail.Pool, new ReservedPool("frames", DmaTestBoard.Sdram + 0x5000, 2048, 1));
            DmaTestBoard.Dma.AllocCoherent(device, 1, GfpFlags.Kernel, out uint handle);
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(device, 1, (GfpFlags)gfp, out handle));
            Assert.AreEqual(recorded, FailureReport.ToText(DmaTestBoard.Pages).Length != 0, "the pool");
            DmaTestBoard.Boot(PageMapKind.Runs, 1);
            DmaTestBoard.Dma.AllocNoncoherent(DmaTestBoard.Camera, 1, DmaDirection.ToDevice, GfpFlags.Kernel, out handle);
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocNoncoherent(DmaTestBoard.Camera, 1, DmaDirection.ToDevice, (GfpFlags)gfp, out handle));
            Assert.AreEqual(recorded, FailureReport.ToText(DmaTestBoard.Pages).Length != 0, "the table");
        }

        [TestMethod]
        public void The_table_of_blocks_can_be_full()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            var addresses = new uint[14];
            var handles = new uint[14];
            for (int i = 0; i < 14; i++)
            {
                addresses[i] = DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 1, GfpFlags.Kernel, out handles[i]);
                Assert.AreNotEqual(0u, addresses[i]);
            }
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 1, GfpFlags.Kernel, out uint none), "seven eighths of 16");
            Assert.AreEqual(0u, none);
            Assert.AreEqual(2, DmaTestBoard.Pages.ZoneAt(2).FreePages, "its page went back");
            Assert.AreEqual(1, DmaTestBoard.Dma.FailureCount);
            for (int i = 0; i < 14; i++)
            {
                DmaTestBoard.Dma.FreeCoherent(DmaTestBoard.Camera, 1, addresses[i], handles[i]);
            }
            Assert.AreEqual(16, DmaTestBoard.Pages.ZoneAt(2).FreePages);
        }

        [TestMethod]
        public void A_bounce_slot_has_the_bus_address_of_its_region()
        {
            var map = new MemoryMap("bus", Page);
            map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, 0x20000000, 0x4000, DmaEngines.General, 0, 0x80000000));
            map.Add(new MemoryRegion("CCM", MemoryKind.Sram, 0x30000000, 0x4000, DmaEngines.None, 0));
            map.Add(new Reservation("bounce", 0x20003000, 0x800));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, 0x30000000, 0x4000, DmaEngines.None, PageMapKind.Runs));
            var memory = new CachedTestMemory();
            memory.Add(0x20000000, 0x4000, 0);
            memory.Add(0x30000000, 0x4000, 0);
            PageAllocator pages = PageAllocator.Boot(map, null, null);
            pages.SetWatermarks(0, 0);
            var dma = new DmaAllocator(pages, map, memory, new BounceBuffers("bounce", 0x20003000, 512, 4), 2, 16);
            var device = new DmaDevice("device", DmaEngines.General) { MaxSegment = 65536 };
            dma.Attach(device);
            uint handle = new DmaStreaming(dma).MapSingle(device, pages.AllocPages(GfpFlags.Kernel, 0, 0), 100, DmaDirection.ToDevice);
            Assert.AreEqual(0x80003000u, handle);
        }

        [TestMethod]
        public void Noncoherent_memory_behind_the_pool_is_no_buffer_of_it()
        {
            var map = new MemoryMap("pool", Page);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xC0000000, 0x5000, DmaEngines.General, 0));
            map.Reserve("frames", 0xC0000000, 0x1000);
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xC0001000, 0x4000, DmaEngines.General, PageMapKind.Runs));
            PageAllocator pages = PageAllocator.Boot(map, null, null);
            var dma = new DmaAllocator(pages, map, new CachedTestMemory(), null, 4, 16);
            var device = new DmaDevice("device", DmaEngines.General) { MaxSegment = 65536 };
            dma.Attach(device, DmaTail.Pool, new ReservedPool("frames", 0xC0000000, 2048, 2));
            uint address = dma.AllocNoncoherent(device, 5000, DmaDirection.ToDevice, GfpFlags.Kernel, out uint handle);
            Assert.AreEqual(0xC0001000u, address, "the first page behind the pool, and more than a buffer of it");
            dma.FreeNoncoherent(device, 5000, address, handle, DmaDirection.ToDevice);
            Assert.AreEqual(16, pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void A_buffer_of_a_pool_outside_all_zones_is_its_devices_alone()
        {
            var map = new MemoryMap("pool", Page);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xC0000000, 0x5000, DmaEngines.General, 0));
            map.Reserve("frames", 0xC0000000, 0x1000);
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xC0001000, 0x4000, DmaEngines.General, PageMapKind.Runs));
            var dma = new DmaAllocator(PageAllocator.Boot(map, null, null), map, new CachedTestMemory(), null, 4, 16);
            var device = new DmaDevice("device", DmaEngines.General) { MaxSegment = 65536 };
            var other = new DmaDevice("other", DmaEngines.General) { MaxSegment = 65536 };
            var pool = new ReservedPool("frames", 0xC0000000, 2048, 2);
            dma.Attach(device, DmaTail.Pool, pool);
            dma.Attach(other);
            uint address = dma.AllocCoherent(device, 100, GfpFlags.Kernel, out uint handle);
            const string block = "there is the block at 0xc0000000 (100 bytes, bus 0xc0000000, DMA device 'device'). Expected its own device";
            Refused(() => dma.FreeCoherent(other, 100, address, handle), block);
            Refused(() => dma.FreeCoherent(device, 100, address, handle + 2048), block);
            Assert.AreEqual(1, pool.FreeCount);
            dma.FreeCoherent(device, 100, address, handle);
            Assert.AreEqual(2, pool.FreeCount);
        }

        [TestMethod]
        [DataRow((int)DmaTail.Exact, 16 * Page)]
        [DataRow((int)DmaTail.Keep, 1024 * Page)]
        [DataRow((int)DmaTail.Trim, 1024 * Page)]
        [DataRow((int)DmaTail.Pool, 16 * Page)]
        public void Noncoherent_sizes_that_are_none(int tail, int most)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            ReservedPool pool = tail == (int)DmaTail.Pool ? new ReservedPool("frames", DmaTestBoard.Sdram + 0x5000, 2048, 2) : null;
            DmaDevice device = Attach("device", 1, 0, (DmaTail)tail, pool);
            int[] none = { 0, -1, most + 1 };
            for (int i = 0; i < none.Length; i++)
            {
                int size = none[i];
                Exception e = Thrown.By(() => DmaTestBoard.Dma.AllocNoncoherent(device, size, DmaDirection.ToDevice, GfpFlags.Kernel, out s_handle));
                Assert.IsInstanceOfType(e, typeof(ArgumentOutOfRangeException), size.ToString());
                Assert.Contains(size.ToString() + " bytes for DMA device 'device': expected 1 to " + most.ToString(), e.Message);
            }
            uint address = DmaTestBoard.Dma.AllocNoncoherent(device, 2 * Page, DmaDirection.ToDevice, GfpFlags.Kernel, out uint handle);
            Assert.AreNotEqual(0u, address);
        }

        [TestMethod]
        public void Noncoherent_memory_of_a_device_that_snoops_leaves_the_caches_alone()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 16 * Page, GfpFlags.Kernel, out uint handle);
            DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 8 * Page, GfpFlags.Kernel, out handle);
            DmaDevice[] devices = { DmaTestBoard.Snooper, DmaTestBoard.Camera };
            for (int i = 0; i < 2; i++)
            {
                int before = DmaTestBoard.Memory.Cleans + DmaTestBoard.Memory.Invalidations;
                uint address = DmaTestBoard.Dma.AllocNoncoherent(devices[i], 1000, DmaDirection.Bidirectional, GfpFlags.Kernel, out handle);
                Assert.AreEqual(DmaTestBoard.Sram, address, "cached");
                DmaTestBoard.Streaming.SyncForDevice(devices[i], handle, 1000, DmaDirection.Bidirectional);
                DmaTestBoard.Streaming.SyncForCpu(devices[i], handle, 1000, DmaDirection.Bidirectional);
                DmaTestBoard.Dma.FreeNoncoherent(devices[i], 1000, address, handle, DmaDirection.Bidirectional);
                int after = DmaTestBoard.Memory.Cleans + DmaTestBoard.Memory.Invalidations;
                Assert.AreEqual(i != 0, after != before, devices[i].Name);
            }
        }

        [TestMethod]
        public void Tables_are_changed_under_the_page_allocators_lock()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            var counting = new EnteringLock();
            PageAllocator pages = PageAllocator.Boot(DmaTestBoard.Map, null, counting);
            var dma = new DmaAllocator(pages, DmaTestBoard.Map, DmaTestBoard.Memory, null, 4, 16);
            var device = new DmaDevice("device", DmaEngines.General) { MaxSegment = 65536 };
            dma.Attach(device);
            // An allocation takes the lock once for the pages and once for the tables, a free once for both.
            counting.Entered = 0;
            uint address = dma.AllocCoherent(device, Page, GfpFlags.Kernel, out uint handle);
            Assert.AreEqual(2, counting.Entered);
            dma.FreeCoherent(device, Page, address, handle);
            Assert.AreEqual(3, counting.Entered);
            address = dma.AllocNoncoherent(device, Page, DmaDirection.ToDevice, GfpFlags.Kernel, out handle);
            Assert.AreEqual(5, counting.Entered);
            dma.FreeNoncoherent(device, Page, address, handle, DmaDirection.ToDevice);
            Assert.AreEqual(6, counting.Entered);
            var pooled = new DmaDevice("pooled", DmaEngines.General) { MaxSegment = 65536 };
            dma.Attach(pooled, DmaTail.Pool, new ReservedPool("frames", DmaTestBoard.Sdram + 0x5000, 2048, 2));
            address = dma.AllocCoherent(pooled, Page, GfpFlags.Kernel, out handle);
            Assert.AreEqual(8, counting.Entered);
            dma.FreeCoherent(pooled, Page, address, handle);
            Assert.AreEqual(9, counting.Entered);
            Refused(() => dma.FreeCoherent(pooled, Page, address, handle), "no block begins there");
            Assert.AreEqual(10, counting.Entered);
            Assert.AreEqual(10, counting.Left);
        }

        /// <summary>The buffer is taken before the table is found full, so three sections of the lock: taken, refused, given back.</summary>
        [TestMethod]
        public void A_buffer_of_the_pool_goes_back_where_the_table_of_blocks_is_full()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            var counting = new EnteringLock();
            PageAllocator pages = PageAllocator.Boot(DmaTestBoard.Map, null, counting);
            var dma = new DmaAllocator(pages, DmaTestBoard.Map, DmaTestBoard.Memory, null, 4, 8);
            var pool = new ReservedPool("frames", DmaTestBoard.Sdram + 0x5000, 512, 8);
            var device = new DmaDevice("device", DmaEngines.General) { MaxSegment = 65536 };
            dma.Attach(device, DmaTail.Pool, pool);
            for (int i = 0; i < 7; i++)
            {
                Assert.AreNotEqual(0u, dma.AllocCoherent(device, 512, GfpFlags.Kernel, out uint handle));
            }
            counting.Entered = 0;
            counting.Left = 0;
            Assert.AreEqual(0u, dma.AllocCoherent(device, 512, GfpFlags.Kernel, out uint none));
            Assert.AreEqual(1, pool.FreeCount);
            Assert.AreEqual(1L, dma.FailureCount);
            Assert.AreEqual(3, counting.Entered);
            Assert.AreEqual(3, counting.Left);
        }

        [TestMethod]
        public void A_refused_unmap_of_a_list_leaves_the_table_under_the_lock_as_it_was()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 8);
            var counting = new EnteringLock();
            PageAllocator pages = PageAllocator.Boot(DmaTestBoard.Map, null, counting);
            var dma = new DmaAllocator(pages, DmaTestBoard.Map, DmaTestBoard.Memory, null, 8, 16);
            var streaming = new DmaStreaming(dma);
            var device = new DmaDevice("device", DmaEngines.General) { MaxSegment = 65536 };
            dma.Attach(device);
            uint address = pages.AllocPages(GfpFlags.Dma, 1, 0);
            var source = new ScatterList(2);
            source.Append(address, 100);
            source.Append(address + 200, 100);
            var mapped = new ScatterList(4);
            Assert.IsTrue(streaming.MapScatterList(device, source, mapped, DmaDirection.ToDevice));
            var wrong = new ScatterList(4);
            wrong.Append(mapped.AddressAt(0), 100);
            wrong.Append(mapped.AddressAt(1), 100);
            wrong.Append(mapped.AddressAt(1) + 300, 100);
            counting.Entered = 0;
            Refused(() => streaming.UnmapScatterList(device, wrong, DmaDirection.ToDevice), "100 bytes");
            Assert.AreEqual(3 + 2, counting.Entered, "three that were to leave, two that stay");
            streaming.UnmapScatterList(device, mapped, DmaDirection.ToDevice);
            Assert.AreEqual(0, dma.MappingCount);
        }

        [TestMethod]
        [DataRow((int)DmaTail.Exact, 16 * Page)]
        [DataRow((int)DmaTail.Keep, 1024 * Page)]
        [DataRow((int)DmaTail.Trim, 1024 * Page)]
        [DataRow((int)DmaTail.Pool, 2048)]
        public void Coherent_sizes_that_are_none(int tail, int most)
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            ReservedPool pool = tail == (int)DmaTail.Pool ? new ReservedPool("frames", DmaTestBoard.Sdram + 0x5000, 2048, 2) : null;
            DmaDevice device = Attach("device", 1, 0, (DmaTail)tail, pool), bounded = Attach("bounded", 1, 2048, (DmaTail)tail,
                tail == (int)DmaTail.Pool ? new ReservedPool("others", DmaTestBoard.Sdram + 0x4000, 2048, 2) : null);
            TooLarge(device, 0, "0 bytes for DMA device 'device': expected 1 to " + most.ToString());
            TooLarge(device, most + 1, "expected 1 to " + most.ToString());
            TooLarge(bounded, 2049, "2049 bytes for DMA device 'bounded': expected 1 to 2048");
            Assert.AreNotEqual(0u, DmaTestBoard.Dma.AllocCoherent(device, 2048, GfpFlags.Kernel, out uint handle));
            DmaTestBoard.Dma.AllocCoherent(device, most, GfpFlags.Kernel, out handle);
        }

        [TestMethod]
        public void A_full_table_of_mappings_is_a_failure()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 1);
            DmaTestBoard.Dma.AllocNoncoherent(DmaTestBoard.Camera, 1, DmaDirection.ToDevice, GfpFlags.Kernel, out uint handle);
            Assert.AreEqual(0L, DmaTestBoard.Dma.FailureCount);
            int free = DmaTestBoard.Pages.ZoneAt(2).FreePages;
            Assert.AreEqual(0u, DmaTestBoard.Dma.AllocNoncoherent(DmaTestBoard.Camera, 1, DmaDirection.ToDevice, GfpFlags.Kernel, out handle));
            Assert.AreEqual(1L, DmaTestBoard.Dma.FailureCount);
            Assert.AreEqual(free, DmaTestBoard.Pages.ZoneAt(2).FreePages);
        }

        [TestMethod]
        public void A_report_says_why_there_is_no_block()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 1);
            DmaDevice device = Attach("device", 1, 0, DmaTail.Pool, new ReservedPool("frames", DmaTestBoard.Sdram + 0x5000, 2048, 2));
            DmaTestBoard.Dma.AllocNoncoherent(device, 1, DmaDirection.ToDevice, GfpFlags.Kernel, out uint none);
            DmaTestBoard.Dma.AllocNoncoherent(device, 1, DmaDirection.ToDevice, GfpFlags.Kernel, out none);
            Assert.AreEqual("dma block failure: 1 bytes, DMA device 'device': all 1 mappings were in use\n", FailureReport.ToText(DmaTestBoard.Pages));
            for (int i = 0; i < 3; i++)
            {
                DmaTestBoard.Dma.AllocCoherent(device, 9, GfpFlags.Kernel, out none);
            }
            Assert.AreEqual("dma block failure: 9 bytes, DMA device 'device': all 2 buffers of pool 'frames' were taken\n",
                FailureReport.ToText(DmaTestBoard.Pages));
            for (int i = 3; i < 15; i++)
            {
                DmaTestBoard.Dma.AllocCoherent(DmaTestBoard.Camera, 1, GfpFlags.Kernel, out none);
            }
            Assert.AreEqual(0u, none);
            Assert.AreEqual("dma block failure: 1 bytes, DMA device 'camera': all 14 places in the table of blocks were in use\n",
                FailureReport.ToText(DmaTestBoard.Pages));
        }

        private sealed class EnteringLock : AllocatorLock
        {
            internal int Entered { get; set; }

            internal int Left { get; set; }

            public override void Acquire()
            {
                Entered++;
            }

            public override void Release()
            {
                Left++;
            }
        }

        private static DmaDevice Attach(string name, int alignment, uint boundary, DmaTail tail, ReservedPool pool)
        {
            var device = new DmaDevice(name, DmaEngines.General) { Alignment = alignment, Boundary = boundary, MaxSegment = 65536 };
            DmaTestBoard.Dma.Attach(device, tail, pool);
            return device;
        }

        private static void TooLarge(DmaDevice device, int size, string text)
        {
            Exception e = Thrown.By(() => DmaTestBoard.Dma.AllocCoherent(device, size, GfpFlags.Kernel, out s_handle));
            Assert.IsInstanceOfType(e, typeof(ArgumentOutOfRangeException));
            Assert.Contains(text, e.Message);
        }

        private static void Refused(Action action, string text)
        {
            Exception e = Thrown.By(action);
            Assert.IsNotNull(e, text);
            Assert.IsInstanceOfType(e, typeof(InvalidOperationException));
            Assert.Contains(text, e.Message);
        }
    }
}
