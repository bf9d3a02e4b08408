using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class PageAllocatorTests
    {
        private const int PageSize = PageTestZones.PageSize;
        private const uint DmaStart = PageTestZones.DmaStart, NormalStart = PageTestZones.NormalStart;

        [TestMethod]
        public void Returns_physical_addresses_above_two_gigabytes()
        {
            PageAllocator allocator = PageTestZones.TwoZones(64, 64);
            Assert.AreEqual(NormalStart, allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            Assert.AreEqual(NormalStart + 0x1000u, allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            Assert.AreEqual(DmaStart, allocator.AllocPages(GfpFlags.Dma, 3, 0));
            allocator.FreePages(NormalStart + 0x1000u);
            allocator.FreePages(NormalStart, 0);
            allocator.FreePages(DmaStart, 3);
            Assert.AreEqual(64, allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(64, allocator.ZoneAt(1).FreePages);
        }

        [TestMethod]
        public void Zone_may_end_at_the_last_address()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0xFFFF0000, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)) };
            var allocator = new PageAllocator(zones, PageSize, null, null);
            for (int i = 0; i < 15; i++)
            {
                allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            Assert.AreEqual(0xFFFFF000u, allocator.AllocPages(GfpFlags.Dma, 0, 0));
            allocator.FreePages(0xFFFFF000u);
            Assert.AreEqual(1, zones[0].FreePages);
        }

        [TestMethod]
        public void Normal_requests_fall_back_to_dma_and_dma_requests_to_nothing()
        {
            PageAllocator allocator = PageTestZones.TwoZones(2, 1);
            Assert.AreEqual(NormalStart, allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            Assert.AreEqual(DmaStart, allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            Assert.AreEqual(DmaStart + PageSize, allocator.AllocPages(GfpFlags.Dma, 0, 0));
            allocator.FreePages(NormalStart);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma, 0, 0), "NORMAL has a page, and it is of no use to a device");
        }

        [TestMethod]
        [DataRow(512)]
        [DataRow(2048)]
        [DataRow(32768)]
        public void Bytes_are_counted_in_pages_of_any_size(int size)
        {
            var memory = new ManagedMemory(DmaStart, 16 * size);
            var zone = new Zone("DMA", ZoneKind.Dma, DmaStart + (uint)size, PageMap.Create(PageMapKind.Runs, 15));
            var allocator = new PageAllocator(new[] { zone }, size, memory, null);
            uint run = allocator.AllocPagesExact(4 * size - 1, GfpFlags.Dma, 0);
            Assert.AreEqual(11, zone.FreePages);
            allocator.TrimPages(run, size + 1);
            Assert.AreEqual(13, zone.FreePages);
            Assert.AreEqual(run, allocator.BlockAt(run + 2 * (uint)size - 1));
            Assert.AreEqual(0u, allocator.BlockAt(run + 2 * (uint)size));
            memory.Fill(run, 2 * size, 7);
            allocator.FreePagesExact(run, size + 1);
            Assert.AreEqual(15, zone.FreePages);

            Assert.AreEqual(run, allocator.AllocPagesExact(2 * size, GfpFlags.Dma | GfpFlags.Zero, 0));
            Assert.AreEqual((byte)0, memory.ReadByte(run));
            Assert.AreEqual((byte)0, memory.ReadByte(run + 2 * (uint)size - 1));
            Assert.AreEqual(0u, allocator.AllocPagesExact(size, GfpFlags.Dma, 0, 4 * size) % (4 * (uint)size));
            Assert.AreEqual(12, zone.FreePages);

            Assert.AreEqual(0, allocator.GetOrder(size));
            Assert.AreEqual(2, allocator.GetOrder(2 * size + 1));
            uint block = allocator.AllocBlock(size + 1, GfpFlags.Dma, 0);
            Assert.AreEqual(10, zone.FreePages);
            Assert.AreEqual(zone, allocator.FindZone(block + 2 * (uint)size - 1));
            allocator.FreePages(block, 1);
            Assert.AreEqual(12, zone.FreePages);
            block = allocator.AllocBlock(size, GfpFlags.Dma, 0);
            Assert.AreEqual(11, zone.FreePages);
            allocator.FreePages(block, 0);

            Assert.AreEqual(0u, allocator.AllocPagesExact(11 * size, GfpFlags.Dma, 0, 2 * size));
            Assert.AreEqual(2 * size, allocator.LastFailure.Alignment);
            string most = "expected 1 to " + (15 * size).ToString();
            Thrown.As(typeof(ArgumentOutOfRangeException), () => allocator.AllocPagesExact(15 * size + 1, GfpFlags.Dma, 0), new[] { most });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => allocator.AllocPagesExact(15 * size + 1, GfpFlags.Dma, 0, size), new[] { most });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => allocator.FreePagesExact(run, 15 * size + 1), new[] { most });
        }

        [TestMethod]
        public void Nobody_asks_after_an_owner_that_there_is_not()
        {
            PageAllocator allocator = PageTestZones.TwoZones(4, 4);
            allocator.RegisterOwner("camera");
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.OwnerPages((PageOwner)2));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.OwnerName((PageOwner)2));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.AllocPages(GfpFlags.Kernel, 0, (PageOwner)2));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.AllocBlock(PageSize, GfpFlags.Kernel, (PageOwner)2));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.AllocPagesExact(PageSize, GfpFlags.Kernel, (PageOwner)2));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.AllocPagesExact(PageSize, GfpFlags.Kernel, (PageOwner)2, PageSize));
            Assert.AreEqual(4, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void No_bytes_are_no_block()
        {
            PageAllocator allocator = PageTestZones.TwoZones(4, 4);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.AllocBlock(0, GfpFlags.Kernel, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.GetOrder(0));
            Assert.AreEqual(4, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void The_lock_is_told_which_request_may_not_wait()
        {
            var told = new TellingLock();
            var zone = new Zone("DMA", ZoneKind.Dma, DmaStart, PageMap.Create(PageMapKind.Runs, 5));
            var allocator = new PageAllocator(new[] { zone }, PageSize, null, told);
            allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.IsFalse(told.WasAtomic);
            allocator.AllocPages(GfpFlags.Dma | GfpFlags.Atomic, 0, 0);
            Assert.IsTrue(told.WasAtomic);
            allocator.AllocPagesExact(PageSize, GfpFlags.Dma | GfpFlags.NoWarn, 0);
            Assert.IsFalse(told.WasAtomic);
            allocator.AllocPagesExact(PageSize, GfpFlags.Dma | GfpFlags.Atomic, 0);
            Assert.IsTrue(told.WasAtomic);
            allocator.AllocPagesExact(PageSize, GfpFlags.Dma, 0);
            Assert.IsFalse(told.WasAtomic);
        }

        [TestMethod]
        public void NoFallback_stays_in_its_zone()
        {
            PageAllocator allocator = PageTestZones.TwoZones(2, 1);
            Assert.AreEqual(NormalStart, allocator.AllocPages(GfpFlags.NoFallback, 0, 0));
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.NoFallback, 0, 0));
        }

        [TestMethod]
        public void Lowmem_reserve_keeps_dma_from_those_who_fall_back()
        {
            PageAllocator allocator = PageTestZones.TwoZones(64, 64);
            allocator.SetWatermarks(0, 2);
            int fellBack = 0;
            while (true)
            {
                uint address = allocator.AllocPages(GfpFlags.Kernel, 0, 0);
                if (address == 0)
                {
                    break;
                }
                fellBack += address < NormalStart ? 1 : 0;
            }
            Assert.AreEqual(32, fellBack, "half of NORMAL's 64 pages stay");
            Assert.IsTrue(allocator.AllocPages(GfpFlags.Dma, 5, 0) != 0, "for those who need DMA they are there");
        }

        [TestMethod]
        public void Ratio_of_one_shuts_the_fallback_where_normal_is_the_larger()
        {
            PageAllocator allocator = PageTestZones.TwoZones(16, 64);
            allocator.SetWatermarks(0, 1);
            for (int i = 0; i < 64; i++)
            {
                allocator.AllocPages(GfpFlags.Kernel, 0, 0);
            }
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            Assert.AreEqual(16, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Atomic_goes_below_the_watermark_where_others_may_not()
        {
            PageAllocator allocator = PageTestZones.OneZone(64);
            allocator.SetWatermarks(16, 0);
            while (allocator.AllocPages(GfpFlags.Dma, 0, 0) != 0)
            {
            }
            Assert.AreEqual(16, allocator.ZoneAt(0).FreePages, "min");
            while (allocator.AllocPages(GfpFlags.Dma | GfpFlags.Atomic, 0, 0) != 0)
            {
            }
            Assert.AreEqual(6, allocator.ZoneAt(0).FreePages, "three eighths of min, the kernel's rule");
        }

        [TestMethod]
        public void Zeroes_what_it_returns()
        {
            var memory = new ManagedMemory(0x10000000, 65536);
            memory.Fill(0x10000000, 65536, 0xAA);
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x10000000, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)) };
            var allocator = new PageAllocator(zones, PageSize, memory, null);
            uint address = allocator.AllocPages(GfpFlags.Dma | GfpFlags.Zero, 1, 0);
            var bytes = new byte[2 * PageSize + 1];
            memory.Read(address, bytes, 0, bytes.Length);
            Assert.AreEqual((byte)0, bytes[0]);
            Assert.AreEqual((byte)0, bytes[2 * PageSize - 1]);
            Assert.AreEqual((byte)0xAA, bytes[2 * PageSize], "and not a byte more");
        }

        [TestMethod]
        public void GetFreePages_rounds_up_to_an_order()
        {
            PageAllocator allocator = PageTestZones.OneZone(64);
            allocator.AllocBlock(1, GfpFlags.Dma, 0);
            Assert.AreEqual(63, allocator.ZoneAt(0).FreePages);
            allocator.AllocBlock(4097, GfpFlags.Dma, 0);
            Assert.AreEqual(61, allocator.ZoneAt(0).FreePages);
            allocator.AllocBlock(5 * 4096, GfpFlags.Dma, 0);
            Assert.AreEqual(53, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Exact_allocation_takes_no_page_more_in_either_map()
        {
            PageMap[] maps = { PageMap.Create(PageMapKind.FreeBlocks, 64, 4), PageMap.Create(PageMapKind.Runs, 64) };
            for (int i = 0; i < maps.Length; i++)
            {
                var zones = new[] { new Zone("DMA", ZoneKind.Dma, DmaStart, maps[i]) };
                var allocator = new PageAllocator(zones, PageSize, null, null);
                uint frame = allocator.AllocPagesExact(153600, GfpFlags.Dma, 0);
                Assert.AreEqual(64 - 38, zones[0].FreePages, "153,600 bytes are 38 pages");
                allocator.FreePagesExact(frame, 153600);
                Assert.AreEqual(64, zones[0].FreePages);
            }
        }

        [TestMethod]
        public void Alignment_coarser_than_a_page_is_physical()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x80001000, PageMap.Create(PageMapKind.Runs, 64)) };
            var allocator = new PageAllocator(zones, PageSize, null, null);
            Assert.AreEqual(0x80002000u, allocator.AllocPagesExact(4096, GfpFlags.Dma, 0, 8192), "the zone begins on no multiple of 8192");
            allocator = PageTestZones.OneZone(64);
            allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.AreEqual(DmaStart + 0x4000u, allocator.AllocPagesExact(4096, GfpFlags.Dma, 0, 16384));
        }

        [TestMethod]
        [DataRow((int)PageMapKind.Runs)]
        [DataRow((int)PageMapKind.FreeBlocks)]
        [DataRow((int)PageMapKind.GroupedFreeBlocks)]
        public void A_page_at_a_multiple_is_found_wherever_it_is_free(int kind)
        {
            // Of 255 pages behind 0x20001000 only 2 and 15 are free; page 15, at 0x20010000, is no free block of 16 pages.
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x20001000, PageMap.Create((PageMapKind)kind, 255)) };
            var allocator = new PageAllocator(zones, 4096, null, null);
            for (int i = 0; i < 255; i++)
            {
                allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            allocator.FreePages(0x20003000);
            allocator.FreePages(0x20010000);
            Assert.AreEqual(0x20010000u, allocator.AllocPagesExact(4096, GfpFlags.Dma, 0, 65536));
            Assert.AreEqual(1, zones[0].FreePages);
        }

        [TestMethod]
        [DataRow((int)PageMapKind.Runs, 1)]
        [DataRow((int)PageMapKind.FreeBlocks, 2)]
        [DataRow((int)PageMapKind.GroupedFreeBlocks, 3)]
        public void Every_place_of_a_map_is_found_and_no_other(int kind, int seed)
        {
            const int Pages = 96;
            uint random = (uint)seed;
            for (int round = 0; round < 300; round++)
            {
                PageMap map = PageMap.Create((PageMapKind)kind, Pages);
                // Runs of up to 5 pages are taken until there is no room; then most are freed.
                var runs = new int[Pages];
                int count = 0;
                for (int page = map.AllocRun(1 + Next(ref random, 5), 1); page >= 0; page = map.AllocRun(1 + Next(ref random, 5), 1))
                {
                    runs[count++] = page;
                }
                for (int i = 0; i < count; i++)
                {
                    if (Next(ref random, 4) != 0)
                    {
                        map.Free(runs[i]);
                    }
                }
                map.Drain();
                int wanted = 1 + Next(ref random, 8), origin = Next(ref random, 40), log = Next(ref random, 4), more = Next(ref random, 4);
                int alignment = 1 << log, boundary = more == 0 ? 0 : 1 << (log + more), end = Pages - Next(ref random, 2) * Next(ref random, Pages);
                string at = "seed " + seed.ToString() + ", round " + round.ToString();
                bool possible = false;
                for (int page = 0; page + wanted <= end; page++)
                {
                    possible = possible || (Suits(page, wanted, origin, alignment, boundary) && LiesInOnePiece(map, page, wanted));
                }
                var before = new int[PageMap.MaxPageOrder + 1];
                map.CountFree(before);
                int found = map.AllocRunAt(wanted, origin, alignment, boundary, end);
                // A pageblock that is lent looks like a taken block, but it contains free places, too.
                Assert.IsTrue(found >= 0 ? possible || kind == (int)PageMapKind.GroupedFreeBlocks : !possible, at);
                if (found >= 0)
                {
                    Assert.IsTrue(found + wanted <= end && Suits(found, wanted, origin, alignment, boundary), at);
                    Assert.AreEqual(wanted, map.BlockLength(found), at);
                    Assert.AreEqual(found, map.BlockAt(found + wanted - 1), at);
                    map.Trim(found, 1 + Next(ref random, wanted));
                    map.Free(found);
                }
                map.Drain();
                var after = new int[PageMap.MaxPageOrder + 1];
                map.CountFree(after);
                for (int order = 0; order < after.Length; order++)
                {
                    Assert.AreEqual(before[order], after[order], at);
                }
            }
        }

        private static int Next(ref uint random, int below)
        {
            random = random * 1664525 + 1013904223;
            return (int)((random >> 8) % (uint)below);
        }

        private static bool Suits(int page, int wanted, int origin, int alignment, int boundary)
        {
            int first = origin + page, last = first + wanted - 1;
            return first != 0 && first % alignment == 0 && (boundary == 0 || first / boundary == last / boundary);
        }

        /// <summary>Whether pages lie in one free run, or one free block of a buddy.</summary>
        private static bool LiesInOnePiece(PageMap map, int page, int wanted)
        {
            for (int piece = 0; piece < map.Pages;)
            {
                int extent = map.ExtentAt(piece);
                if (extent > 0 && page >= piece && page + wanted <= piece + extent)
                {
                    return true;
                }
                piece += extent < 0 ? -extent : extent == 0 ? 1 : extent;
            }
            return false;
        }

        [TestMethod]
        public void TrimPages_gives_back_the_tail_and_its_account()
        {
            PageAllocator allocator = PageTestZones.OneZone(64);
            PageOwner owner = allocator.RegisterOwner("camera");
            uint frame = allocator.AllocBlock(153600, GfpFlags.Dma, owner);
            Assert.AreEqual(64, allocator.OwnerPages(owner));
            allocator.TrimPages(frame, 153600);
            Assert.AreEqual(38, allocator.OwnerPages(owner));
            Assert.AreEqual(26, allocator.ZoneAt(0).FreePages);
            allocator.FreePages(frame);
            Assert.AreEqual(0, allocator.OwnerPages(owner));
            Assert.AreEqual(64, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Shrinkers_run_in_order_until_there_is_enough_and_never_for_atomic()
        {
            PageAllocator allocator = PageTestZones.OneZone(4);
            var first = new HoardingShrinker(allocator, "first", 1);
            var second = new HoardingShrinker(allocator, "second", 3);
            allocator.RegisterShrinker(first);
            allocator.RegisterShrinker(second);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma | GfpFlags.Atomic, 0, 0));
            Assert.AreEqual(0, first.Calls);
            Assert.IsTrue(allocator.AllocPages(GfpFlags.Dma, 0, 0) != 0);
            Assert.AreEqual(1, first.Calls);
            Assert.AreEqual(0, second.Calls, "one page was wanted, and the first had it");
            Assert.IsTrue(allocator.AllocPages(GfpFlags.Dma, 0, 0) != 0);
            Assert.AreEqual(2, first.Calls);
            Assert.AreEqual(1, second.Calls);
            Assert.AreEqual(2, allocator.StallCount);
        }

        [TestMethod]
        public void Shrinker_that_allocates_is_not_called_again_by_that()
        {
            PageAllocator allocator = PageTestZones.OneZone(4);
            var greedy = new GreedyShrinker(allocator);
            while (allocator.AllocPages(GfpFlags.Dma, 0, 0) != 0)
            {
            }
            allocator.RegisterShrinker(greedy);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma, 0, 0));
            Assert.AreEqual(1, greedy.Calls);
        }

        [TestMethod]
        public void Lock_is_held_once_for_each_call_and_given_back_when_it_throws()
        {
            var gate = new CountingLock();
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, DmaStart, PageMap.Create(PageMapKind.FreeBlocks, 4, 0)) };
            var allocator = new PageAllocator(zones, PageSize, null, gate);
            uint address = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            allocator.FreePages(address);
            Assert.AreEqual(2, gate.Acquired);
            Thrown.By(() => allocator.FreePages(address));
            Thrown.By(() => allocator.TrimPages(address, 1));
            Assert.AreEqual(0, gate.Held);
        }

        [TestMethod]
        public void Boot_makes_the_zones_that_the_map_plans()
        {
            var map = new MemoryMap("two", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xD0000000, 0x100000, DmaEngines.General, 0));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xD0000000, 0x40000, DmaEngines.General, PageMapKind.Runs));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, 0xD0040000, 0xC0000, DmaEngines.None, PageMapKind.FreeBlocks));
            PageAllocator allocator = PageAllocator.Boot(map, null, null);
            Assert.AreEqual(64, allocator.ZoneAt(0).Pages);
            Assert.AreEqual(192, allocator.ZoneAt(1).LowmemReservePages + allocator.ZoneAt(0).LowmemReservePages, "a ratio of 1");
            Assert.AreEqual(0xD00C0000u, allocator.AllocPages(GfpFlags.Kernel, 0, 0),
                "NORMAL is a block of 128 pages and one of 64: the smaller is split");
        }

        [TestMethod]
        public void Boot_takes_page_maps_of_ones_own_and_refuses_those_of_another_board()
        {
            var map = new MemoryMap("one", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xD0000000, 0x100000, DmaEngines.General, 0));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xD0000000, 0x40000, DmaEngines.General, PageMapKind.FreeBlocks));
            Exception e = Thrown.By(() => PageAllocator.Boot(map, new PageMap[] { PageMap.Create(PageMapKind.Runs, 64), PageMap.Create(PageMapKind.Runs, 64) }, null, null));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains("2 page maps: expected one for each of the 1 zones of map one", e.Message);
            e = Thrown.By(() => PageAllocator.Boot(map, new PageMap[] { PageMap.Create(PageMapKind.Runs, 63) }, null, null));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains("zone DMA: a page map of 63 pages: expected the 64 that map one plans", e.Message);
            Assert.IsFalse(map.IsSealed);
            PageAllocator allocator = PageAllocator.Boot(map, new PageMap[] { PageMap.Create(PageMapKind.Runs, 64) }, null, null);
            Assert.AreEqual(0xD0000000u, allocator.AllocPagesExact(3 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(61, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Boot_seals_its_map_and_refuses_a_faulty_one()
        {
            var map = new MemoryMap("one", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xD0000000, 0x100000, DmaEngines.General, 0));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xD0000000, 0x40000, DmaEngines.General, PageMapKind.Runs));
            map.Add(new Reservation("inside", 0xD0000000, 0x1000));
            Exception e = Thrown.By(() => PageAllocator.Boot(map, null, null));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains("inside", e.Message);
            Assert.IsFalse(map.IsSealed, "the fault can be put right");
            map.Replace(0, new ZonePlan("DMA", ZoneKind.Dma, 0xD0001000, 0x3F000, DmaEngines.General, PageMapKind.Runs));
            Assert.AreEqual(63, PageAllocator.Boot(map, null, null).ZoneAt(0).Pages);
            Assert.IsTrue(map.IsSealed);
            Late(() => map.Add(new Reservation("late", 0xD0080000, 0x1000)), "reservation 'late'");
            Late(() => map.Add(new MemoryRegion("CCM", MemoryKind.Sram, 0x10000000, 0x1000, DmaEngines.None, 0)), "region 'CCM'");
            Late(() => map.Add(map.ZoneAt(0)), "zone 'DMA'");
            Late(() => map.Replace(0, map.ZoneAt(0)), "zone 'DMA'");
            Assert.AreEqual(1, map.ReservationCount);
            Assert.AreEqual(1, map.RegionCount);
            Assert.AreEqual(1, map.ZoneCount);
        }

        private static void Late(Action action, string what)
        {
            Exception e = Thrown.By(action);
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains(what + " comes too late: memory map one is sealed", e.Message);
        }

        [TestMethod]
        [DataRow(1, "")]
        [DataRow(3, " (and 2 more faults)")]
        public void Boot_says_how_many_more_faults_there_are(int faults, string text)
        {
            var map = new MemoryMap("one", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xD0000000, 0x100000, DmaEngines.General, 0));
            for (int i = 0; i < faults; i++)
            {
                map.Add(new Reservation("r" + i.ToString(), 0xE0000000 + (uint)i * 0x10000, 0x1000));
            }
            Assert.AreEqual(faults, map.Validate().Length);
            Exception e = Thrown.By(() => PageAllocator.Boot(map, null, null));
            Assert.Contains("memory map one: " + map.Validate()[0].Text + (text.Length == 0 ? " (Parameter" : text), e.Message + " (Parameter");
        }

        [TestMethod]
        public void The_unknown_owner_has_its_number_already()
        {
            PageAllocator allocator = PageTestZones.OneZone(64);
            Assert.AreEqual((int)PageOwner.Unknown, (int)allocator.RegisterOwner("unknown"));
            Assert.AreEqual(1, allocator.OwnerCount);
        }

        /// <summary>Behind 0x80001000 the multiples of two pages are the pages with odd numbers.</summary>
        [TestMethod]
        [DataRow((int)PageMapKind.Runs)]
        [DataRow((int)PageMapKind.FreeBlocks)]
        public void Two_pages_are_an_alignment_in_a_zone_that_begins_on_an_odd_page(int kind)
        {
            var zone = new Zone("DMA", ZoneKind.Dma, 0x80001000, PageMap.Create((PageMapKind)kind, 15));
            var allocator = new PageAllocator(new[] { zone }, PageSize, null, null);
            for (int i = 0; i < 7; i++)
            {
                uint address = allocator.AllocPagesExact(PageSize, GfpFlags.Dma, 0, 2 * PageSize);
                Assert.AreNotEqual(0u, address, i.ToString());
                Assert.AreEqual(0u, address % (2 * PageSize));
            }
            Assert.AreEqual(0u, allocator.AllocPagesExact(PageSize, GfpFlags.Dma, 0, 2 * PageSize));
        }

        /// <summary>The bin of 100 pages is empty when its only run has been cut, so the next run comes from a longer one.</summary>
        [TestMethod]
        public void An_aligned_place_inside_the_only_long_run_of_a_bin_leaves_it_empty()
        {
            var zone = new Zone("DMA", ZoneKind.Dma, 0x80001000, PageMap.Create(PageMapKind.Runs, 400));
            var allocator = new PageAllocator(new[] { zone }, PageSize, null, null);
            uint shorter = allocator.AllocPagesExact(100 * PageSize, GfpFlags.Dma, 0);
            allocator.AllocPagesExact(PageSize, GfpFlags.Dma, 0);
            allocator.FreePages(shorter);
            Assert.AreEqual(0x80040000u, allocator.AllocPagesExact(20 * PageSize, GfpFlags.Dma, 0, 64 * PageSize));
            Assert.AreEqual(0x80066000u, allocator.AllocPagesExact(70 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(0x80001000u, allocator.AllocPagesExact(63 * PageSize, GfpFlags.Dma, 0));
            Assert.AreEqual(0x80054000u, allocator.AllocPagesExact(17 * PageSize, GfpFlags.Dma, 0));
        }

        [TestMethod]
        public void Owners_are_counted_by_name()
        {
            PageAllocator allocator = PageTestZones.OneZone(64);
            PageOwner camera = allocator.RegisterOwner("camera");
            Assert.AreEqual((int)camera, (int)allocator.RegisterOwner("camera"));
            uint address = allocator.AllocPages(GfpFlags.Dma, 2, camera);
            Assert.AreEqual(4, allocator.OwnerPages(camera));
            Assert.AreEqual((int)camera, (int)allocator.OwnerAt(address + 12345));
            Assert.AreEqual((int)PageOwner.Unknown, (int)allocator.OwnerAt(0x1000));
            Assert.AreEqual(address, allocator.BlockAt(address + 12345));
            Assert.AreEqual(0u, allocator.BlockAt(0x1000));
            allocator.FreePages(address);
            Assert.AreEqual(0u, allocator.BlockAt(address + 12345));
            Assert.AreEqual((int)camera, (int)allocator.OwnerAt(address), "who had it last");
        }

        [TestMethod]
        [DataRow(0u, "not 0")]
        [DataRow(0x80000800u, "multiple of 4096")]
        [DataRow(0xFFFFF000u, "beyond 4 GiB")]
        [DataRow(0xBFFFF000u, "overlaps zone NORMAL at 0xc0000000")]
        [DataRow(0xC000F000u, "overlaps zone NORMAL at 0xc0000000")]
        public void Refuses_zones_at_impossible_places(uint start, string expected)
        {
            var normal = new Zone("NORMAL", ZoneKind.Normal, NormalStart, PageMap.Create(PageMapKind.FreeBlocks, 16, 0));
            var dma = new Zone("DMA", ZoneKind.Dma, start, PageMap.Create(PageMapKind.FreeBlocks, 2, 0));
            Exception e = Thrown.By(() => new PageAllocator(new[] { normal, dma }, PageSize, null, null));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains("zone DMA at " + HexText.Of(start), e.Message);
            Assert.Contains(expected, e.Message);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(128)]
        [DataRow(384)]
        [DataRow(131072)]
        public void Refuses_page_sizes_that_are_none(int size)
        {
            var zone = new Zone("DMA", ZoneKind.Dma, DmaStart, PageMap.Create(PageMapKind.FreeBlocks, 2, 0));
            Exception e = Thrown.By(() => new PageAllocator(new[] { zone }, size, null, null));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains(size.ToString() + " bytes a page: expected a power of two from 256 to 65536", e.Message);
        }

        /// <summary>The DMA zone lends a pageblock of 64 pages to what does not move: to DMA requests, which ask it first, and to those that
        /// fall back to it.</summary>
        [TestMethod]
        public void Whether_pages_can_be_moved_is_told_to_the_zone_that_is_asked_second()
        {
            var zones = new[]
            {
                new Zone("DMA", ZoneKind.Dma, DmaStart, PageMap.Create(PageMapKind.GroupedFreeBlocks, 2048, 0)),
                new Zone("NORMAL", ZoneKind.Normal, NormalStart, PageMap.Create(PageMapKind.FreeBlocks, 1, 0)),
            };
            var allocator = new PageAllocator(zones, PageSize, null, null);
            Assert.AreEqual(NormalStart, allocator.AllocPages(GfpFlags.Kernel, 0, 0));
            uint first = allocator.AllocPages(GfpFlags.Dma, 0, 0), stays = allocator.AllocPages(GfpFlags.Kernel, 0, 0);
            uint moves = allocator.AllocPages(GfpFlags.Kernel | GfpFlags.Movable, 0, 0);
            Assert.AreEqual(first / (64 * PageSize), stays / (64 * PageSize));
            Assert.AreNotEqual(first / (64 * PageSize), moves / (64 * PageSize));
        }

        [TestMethod]
        public void Refuses_reserves_that_are_none()
        {
            PageAllocator allocator = PageTestZones.OneZone(64);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.SetWatermarks(-1, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.SetWatermarks(65, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => allocator.SetWatermarks(0, -1));
        }

        private sealed class HoardingShrinker : Shrinker
        {
            private readonly PageAllocator _allocator;
            private readonly string _name;
            private readonly uint[] _hoard;
            private int _count;

            internal HoardingShrinker(PageAllocator allocator, string name, int pages)
            {
                _allocator = allocator;
                _name = name;
                _hoard = new uint[pages];
                for (; _count < pages; _count++)
                {
                    _hoard[_count] = allocator.AllocPages(GfpFlags.Dma, 0, 0);
                }
            }

            internal int Calls { get; private set; }

            public override string Name { get { return _name; } }

            public override int Shrink(int pages)
            {
                Calls++;
                int freed = 0;
                while (freed < pages && _count > 0)
                {
                    _allocator.FreePages(_hoard[--_count]);
                    freed++;
                }
                return freed;
            }
        }

        private sealed class GreedyShrinker : Shrinker
        {
            private readonly PageAllocator _allocator;

            internal GreedyShrinker(PageAllocator allocator)
            {
                _allocator = allocator;
            }

            internal int Calls { get; private set; }

            public override string Name { get { return "greedy"; } }

            public override int Shrink(int pages)
            {
                Calls++;
                _allocator.AllocPages(GfpFlags.Dma, 0, 0);
                return 0;
            }
        }

        /// <summary>Keeps what the latest allocation said of itself.</summary>
        private sealed class TellingLock : AllocatorLock
        {
            internal bool WasAtomic { get; private set; }

            public override void AcquireToAlloc(bool atomic)
            {
                WasAtomic = atomic;
            }

            public override void Acquire()
            {
            }

            public override void Release()
            {
            }
        }

        private sealed class CountingLock : AllocatorLock
        {
            internal int Acquired { get; private set; }

            internal int Held { get; private set; }

            public override void Acquire()
            {
                Acquired++;
                Held++;
            }

            public override void Release()
            {
                Held--;
            }
        }
    }
}
