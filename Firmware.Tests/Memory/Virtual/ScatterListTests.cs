using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class ScatterListTests
    {
        private const int PageSize = 4096;
        private const uint ZoneStart = 0xC0000000, Start = 0xE0000000;

        private static ScatterList s_list;
        private static PageAllocator s_allocator;
        private static Vmalloc s_space;

        [TestMethod]
        public void Merges_what_follows_the_last_entry_and_nothing_else()
        {
            var list = new ScatterList(4);
            Assert.IsTrue(list.Append(0xC0001000, 0x1000));
            Assert.IsTrue(list.Append(0xC0002000, 0x10));
            Assert.AreEqual(1, list.Count);
            Entry(list, 0, 0xC0001000, 0x1010);
            Assert.IsTrue(list.Append(0xC0002011, 0x10), "a byte is missing between");
            Assert.IsTrue(list.Append(0xC0000000, 0x1000), "before the first entry, and behind it in the data");
            Assert.IsTrue(list.Append(0xC0002011, 0x10), "the same again is data twice");
            Assert.AreEqual(4, list.Count);
            Entry(list, 1, 0xC0002011, 0x10);
            Entry(list, 2, 0xC0000000, 0x1000);
            Entry(list, 3, 0xC0002011, 0x10);
            Assert.AreEqual(0x1010L + 0x10 + 0x1000 + 0x10, list.TotalLength);
        }

        [TestMethod]
        public void A_full_list_takes_only_what_continues_it()
        {
            var list = new ScatterList(2);
            list.Append(0x1000, 16);
            list.Append(0x2000, 16);
            Assert.IsFalse(list.Append(0x3000, 16));
            Assert.AreEqual(2, list.Count);
            Assert.AreEqual(32L, list.TotalLength);
            Assert.IsTrue(list.Append(0x2010, 16));
            Assert.AreEqual(48L, list.TotalLength);
            Entry(list, 1, 0x2000, 32);
            list.Clear();
            Assert.AreEqual(0, list.Count);
            Assert.AreEqual(0L, list.TotalLength);
            Assert.IsTrue(list.Append(0x3000, 16));
        }

        [TestMethod]
        public void Lengths_beyond_two_gigabytes_are_entries_of_their_own()
        {
            var list = new ScatterList(3);
            Assert.IsTrue(list.Append(0x10000000, int.MaxValue));
            Assert.IsTrue(list.Append(0x8FFFFFFF, 1));
            Assert.AreEqual(2, list.Count);
            Assert.AreEqual(0x80000000L, list.TotalLength);
            Assert.IsTrue(list.Append(0xFFFFFFFF, 1), "the last byte that there is");
        }

        [TestMethod]
        [DataRow(0u, 1)]
        [DataRow(0x1000u, 0)]
        [DataRow(0x1000u, -1)]
        [DataRow(0x1000u, int.MinValue)]
        [DataRow(0xFFFFFFFFu, 2)]
        [DataRow(0x80000002u, int.MaxValue)]
        public void Refuses_runs_that_are_none(uint address, int length)
        {
            s_list = new ScatterList(2);
            s_list.Append(0x1000, 16);
            Exception e = Thrown.By(() => s_list.Append(address, length));
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains(length.ToString() + " bytes at 0x", e.Message);
            Assert.Contains("expected 1 or more", e.Message);
            Assert.AreEqual(1, s_list.Count);
            Assert.AreEqual(16L, s_list.TotalLength);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(65537)]
        [DataRow(0x40000001)]
        public void Refuses_capacities_that_are_none(int capacity)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ScatterList(capacity));
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(1)]
        public void Refuses_entries_that_are_none(int index)
        {
            s_list = new ScatterList(2);
            s_list.Append(0x1000, 16);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_list.AddressAt(index));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_list.LengthAt(index));
        }

        [TestMethod]
        public void Lists_the_runs_of_an_area()
        {
            Boot();
            uint address = RunsOfTwoOneAndTwo();
            Assert.IsTrue(s_list.Build(s_space, address, 5 * PageSize));
            Assert.AreEqual(3, s_list.Count);
            Entry(s_list, 0, ZoneStart + 0x1000, 2 * PageSize);
            Entry(s_list, 1, ZoneStart + 0x4000, PageSize);
            Entry(s_list, 2, ZoneStart + 0x7000, 2 * PageSize);
            Assert.AreEqual(5L * PageSize, s_list.TotalLength);
            Assert.AreEqual(0L, s_space.TlbHits + s_space.TlbMisses, "mapping for a device is no access of the CPU");
        }

        [TestMethod]
        public void Lists_a_part_of_an_area_to_the_byte()
        {
            Boot();
            uint address = RunsOfTwoOneAndTwo();
            Assert.IsTrue(s_list.Build(s_space, address + 5000, 3193));
            Assert.AreEqual(2, s_list.Count);
            Entry(s_list, 0, ZoneStart + 0x1000 + 5000, 3192);
            Entry(s_list, 1, ZoneStart + 0x4000, 1);
            Assert.IsTrue(s_list.Build(s_space, address + 1, 1), "and takes the place of what there was");
            Assert.AreEqual(1, s_list.Count);
            Entry(s_list, 0, ZoneStart + 0x1001, 1);
            Assert.AreEqual(1L, s_list.TotalLength);
        }

        [TestMethod]
        public void A_list_that_does_not_fit_is_not_half_built()
        {
            Boot();
            uint address = RunsOfTwoOneAndTwo();
            var small = new ScatterList(2);
            small.Append(0x1000, 16);
            Assert.IsFalse(small.Build(s_space, address, 5 * PageSize));
            Assert.AreEqual(1, small.Count);
            Assert.AreEqual(16L, small.TotalLength);
            Entry(small, 0, 0x1000, 16);
            Assert.IsTrue(small.Build(s_space, address, 3 * PageSize), "two runs do");
        }

        [TestMethod]
        public void Refuses_to_list_nothing_and_from_nowhere()
        {
            Boot();
            uint address = RunsOfTwoOneAndTwo();
            s_list.Append(0x1000, 16);
            Exception e = Thrown.By(() => s_list.Build(s_space, address, 0));
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains("0 bytes at 0xe0000000", e.Message);
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_list.Build(null, address, 1));
            Assert.AreEqual(1, s_list.Count);
        }

        private static void Boot()
        {
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, ZoneStart, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)) };
            s_allocator = new PageAllocator(zones, PageSize, null, null);
            s_space = new Vmalloc(s_allocator, new VmallocTestMemory(ZoneStart, 16 * PageSize), Start, 32, 4, 8);
            s_list = new ScatterList(8);
        }

        private static uint RunsOfTwoOneAndTwo()
        {
            while (s_allocator.AllocPages(GfpFlags.Kernel, 0, 0) != 0)
            {
            }
            // No two of them are buddies, so each is a separate block, and they are allocated in the order of their addresses.
            int[] free = { 1, 2, 4, 7, 8 };
            for (int i = 0; i < free.Length; i++)
            {
                s_allocator.FreePages(ZoneStart + (uint)free[i] * PageSize, 0);
            }
            return s_space.Alloc(5 * PageSize, GfpFlags.Kernel, 0);
        }

        private static void Entry(ScatterList list, int index, uint address, int length)
        {
            Assert.AreEqual(address, list.AddressAt(index));
            Assert.AreEqual(length, list.LengthAt(index));
        }
    }
}
