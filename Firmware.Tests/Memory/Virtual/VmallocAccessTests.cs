using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Reads, writes and translations: what they reach, and how they use the TLB.</summary>
    [TestClass]
    public class VmallocAccessTests
    {
        private const int PageSize = 4096;
        private const uint ZoneStart = 0xC0000000, Start = 0xE0000000;

        private static VmallocTestMemory s_memory;
        private static PageAllocator s_allocator;
        private static Vmalloc s_space;

        [TestMethod]
        public void Translates_each_page_to_its_own_frame()
        {
            Boot(8);
            TakeAllThenFree(5);
            uint a = s_space.Alloc(PageSize, GfpFlags.Kernel, 0);
            s_allocator.FreePages(Frame(4), 0);
            uint b = s_space.Alloc(PageSize, GfpFlags.Kernel, 0);
            Assert.AreEqual(Frame(5), s_space.Translate(a));
            Assert.AreEqual(Frame(5) + 0xFFFu, s_space.Translate(a + 0xFFF));
            Assert.AreEqual(Frame(4) + 1u, s_space.Translate(b + 1));
            Assert.AreEqual((int)(Frame(4) >> 12), s_space.VmallocToPfn(b + 1));
        }

        [TestMethod]
        public void Reads_and_writes_cross_pages_that_do_not_follow_each_other()
        {
            Boot(8);
            uint address = Scattered();
            var data = new byte[20];
            for (int i = 0; i < data.Length; i++)
            {
                data[i] = (byte)(i + 1);
            }
            s_space.Write(address + PageSize - 7, data, 2, 15);
            var raw = new byte[8];
            s_memory.Read(s_space.Translate(address) + PageSize - 8, raw, 0, 8);
            Assert.AreEqual((byte)0, raw[0], "the byte before");
            Assert.AreEqual((byte)3, raw[1]);
            Assert.AreEqual((byte)9, raw[7]);
            s_memory.Read(s_space.Translate(address + PageSize), raw, 0, 8);
            Assert.AreEqual((byte)10, raw[0]);
            Assert.AreEqual((byte)17, raw[7]);
            s_memory.Read(s_space.Translate(address + PageSize) + 8, raw, 0, 1);
            Assert.AreEqual((byte)0, raw[0], "the byte behind");
            var back = new byte[17];
            s_space.Read(address + PageSize - 7, back, 1, 15);
            Assert.AreEqual((byte)0, back[0]);
            for (int i = 0; i < 15; i++)
            {
                Assert.AreEqual((byte)(i + 3), back[i + 1]);
            }
            Assert.AreEqual((byte)0, back[16]);
        }

        [TestMethod]
        public void Fill_crosses_pages_and_stops_where_it_should()
        {
            Boot(8);
            uint address = Scattered();
            s_space.Fill(address + PageSize - 1, PageSize + 2, 0x5A);
            var bytes = new byte[3 * PageSize];
            s_space.Read(address, bytes, 0, bytes.Length);
            Assert.AreEqual((byte)0, bytes[PageSize - 2]);
            for (int i = PageSize - 1; i <= 2 * PageSize; i++)
            {
                if (bytes[i] != 0x5A)
                {
                    Assert.AreEqual((byte)0x5A, bytes[i], "at " + i.ToString());
                }
            }
            Assert.AreEqual((byte)0, bytes[2 * PageSize + 1]);
        }

        [TestMethod]
        public void Nothing_may_be_read_anywhere_in_an_area_and_at_its_end()
        {
            Boot(8);
            uint address = s_space.Alloc(PageSize, GfpFlags.Kernel, 0);
            var none = new byte[0];
            s_space.Read(address, none, 0, 0);
            s_space.Write(address + PageSize, none, 0, 0);
            s_space.Fill(address + PageSize, 0, 1);
            Assert.AreEqual(0L, s_space.TlbMisses);
        }

        [TestMethod]
        public void Walking_once_misses_once_a_page()
        {
            Boot(8);
            uint address = s_space.Alloc(6 * PageSize, GfpFlags.Kernel, 0);
            Assert.AreEqual(0L, s_space.TlbMisses, "taking an area is no access");
            for (uint at = 0; at < 6 * PageSize; at += 1024)
            {
                s_space.Translate(address + at);
            }
            AssertCounts(18, 6);
            for (uint at = 0; at < 6 * PageSize; at += 1024)
            {
                s_space.Translate(address + at);
            }
            AssertCounts(42, 6);
        }

        [TestMethod]
        public void Reads_writes_and_fills_translate_once_for_each_page_touched()
        {
            Boot(8);
            uint address = s_space.Alloc(6 * PageSize, GfpFlags.Kernel, 0);
            var bytes = new byte[3 * PageSize];
            s_space.Write(address + 1, bytes, 0, 3 * PageSize);
            AssertCounts(0, 4);
            s_space.Read(address + PageSize, bytes, 0, 3 * PageSize);
            AssertCounts(3, 4);
            s_space.Fill(address, 6 * PageSize, 0);
            AssertCounts(7, 6);
            s_space.Read(address + 10, bytes, 0, 1);
            AssertCounts(8, 6);
        }

        [TestMethod]
        public void More_pages_than_entries_push_each_other_out()
        {
            Boot(4);
            uint address = s_space.Alloc(8 * PageSize, GfpFlags.Kernel, 0);
            for (int round = 0; round < 3; round++)
            {
                s_space.Fill(address, 8 * PageSize, 0);
            }
            AssertCounts(0, 24);
            // Pages 0 and 4 share an entry, 0 and 5 do not.
            for (int i = 0; i < 10; i++)
            {
                s_space.Translate(address);
                s_space.Translate(address + 4 * PageSize);
            }
            AssertCounts(0, 44);
            for (int i = 0; i < 10; i++)
            {
                s_space.Translate(address);
                s_space.Translate(address + 5 * PageSize);
            }
            // The first look-up fills each of the two entries; page 5 was still there from the last round.
            AssertCounts(19, 45);
        }

        [TestMethod]
        public void The_guard_page_keeps_two_areas_of_a_power_of_two_apart()
        {
            Boot(8);
            uint a = s_space.Alloc(8 * PageSize, GfpFlags.Kernel, 0);
            uint b = s_space.Alloc(8 * PageSize, GfpFlags.Kernel, 0);
            for (uint page = 0; page < 8; page++)
            {
                for (int i = 0; i < 4; i++)
                {
                    s_space.Translate(a + page * PageSize);
                    s_space.Translate(b + page * PageSize);
                }
            }
            // Page k of b has the same entry as page k + 1 of a, which is looked up next. So every page misses once in every round.
            AssertCounts(48, 16);
        }

        [TestMethod]
        public void A_stale_entry_is_not_used_after_free()
        {
            Boot(8);
            uint a = s_space.Alloc(2 * PageSize, GfpFlags.Kernel, 0);
            uint kept = s_space.Alloc(PageSize, GfpFlags.Kernel, 0);
            uint old = s_space.Translate(a);
            s_space.Translate(a + PageSize);
            s_space.Translate(kept);
            s_space.Free(a);
            Assert.IsTrue(Thrown.By(() => s_space.Translate(a)) is ArgumentOutOfRangeException);
            Assert.IsTrue(Thrown.By(() => s_space.Translate(a + PageSize)) is ArgumentOutOfRangeException);
            while (s_allocator.AllocPages(GfpFlags.Kernel, 0, 0) != old)
            {
            }
            uint again = s_space.Alloc(PageSize, GfpFlags.Kernel, 0);
            Assert.AreEqual(a, again);
            Assert.IsTrue(s_space.Translate(again) != old);
            AssertCounts(0, 4);
            s_space.Translate(kept);
            AssertCounts(1, 4);
        }

        [TestMethod]
        public void Freeing_more_pages_than_entries_leaves_others_in_the_tlb()
        {
            Boot(4);
            uint large = s_space.Alloc(8 * PageSize, GfpFlags.Kernel, 0);
            uint other = s_space.Alloc(PageSize, GfpFlags.Kernel, 0);
            s_space.Fill(large, 8 * PageSize, 0);
            s_space.Translate(other);
            s_space.Free(large);
            s_space.Translate(other);
            AssertCounts(1, 9);
            for (uint page = 0; page < 8; page++)
            {
                uint at = large + page * PageSize;
                Assert.IsTrue(Thrown.By(() => s_space.Translate(at)) is ArgumentOutOfRangeException);
            }
            AssertCounts(1, 9);
        }

        [TestMethod]
        public void One_entry_is_a_tlb_too()
        {
            Boot(1);
            uint address = s_space.Alloc(2 * PageSize, GfpFlags.Kernel, 0);
            s_space.Translate(address);
            s_space.Translate(address + 1);
            s_space.Translate(address + PageSize);
            s_space.Translate(address);
            AssertCounts(1, 3);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(3)]
        [DataRow(2048)]
        [DataRow(int.MinValue)]
        public void Refuses_tlb_sizes_that_are_none(int entries)
        {
            Exception e = Thrown.By(() => new Tlb(entries));
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains(entries.ToString(), e.Message);
            Assert.Contains("power of two from 1 to 1024", e.Message);
        }

        [TestMethod]
        public void A_tlb_can_forget_everything()
        {
            var tlb = new Tlb(4);
            tlb.Fill(1, 77);
            tlb.Fill(6, 78);
            Assert.AreEqual(77, tlb.Lookup(1));
            Assert.AreEqual(0, tlb.Lookup(5), "the same entry, another page");
            tlb.Invalidate();
            Assert.AreEqual(0, tlb.Lookup(1));
            Assert.AreEqual(0, tlb.Lookup(6));
            Assert.AreEqual(1L, tlb.Hits);
            Assert.AreEqual(2L, tlb.Misses);
        }

        private static void Boot(int tlbEntries)
        {
            s_memory = new VmallocTestMemory(ZoneStart, 32 * PageSize);
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, ZoneStart, PageMap.Create(PageMapKind.FreeBlocks, 32, 0)) };
            s_allocator = new PageAllocator(zones, PageSize, null, null);
            s_space = new Vmalloc(s_allocator, s_memory, Start, 64, 8, tlbEntries);
        }

        /// <summary>Three pages whose frames are 1, 3 and 5.</summary>
        private static uint Scattered()
        {
            TakeAllThenFree(1);
            s_allocator.FreePages(Frame(3), 0);
            s_allocator.FreePages(Frame(5), 0);
            return s_space.Alloc(3 * PageSize, GfpFlags.Kernel, 0);
        }

        private static void TakeAllThenFree(int page)
        {
            for (int i = 0; i < 32; i++)
            {
                s_allocator.AllocPages(GfpFlags.Kernel, 0, 0);
            }
            s_allocator.FreePages(Frame(page), 0);
        }

        private static uint Frame(int page)
        {
            return ZoneStart + (uint)page * PageSize;
        }

        private static void AssertCounts(long hits, long misses)
        {
            Assert.AreEqual(hits, s_space.TlbHits, "hits");
            Assert.AreEqual(misses, s_space.TlbMisses, "misses");
        }
    }
}
