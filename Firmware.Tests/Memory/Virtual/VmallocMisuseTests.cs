using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Each wrong call names address, owner and what was expected; areas, free lists, TLB counts and bytes stay as they
    /// were.</summary>
    [TestClass]
    public class VmallocMisuseTests
    {
        private const int PageSize = 4096, VirtualPages = 32;
        private const uint ZoneStart = 0xC0000000, Start = 0xE0000000;

        private static VmallocTestMemory s_memory;
        private static PageAllocator s_allocator;
        private static Vmalloc s_space;
        private static PageOwner s_camera, s_display;
        private static uint s_first, s_second;
        private static byte[] s_buffer;

        [TestMethod]
        public void Double_free()
        {
            Boot();
            s_space.Free(s_second);
            Refused(() => s_space.Free(s_second), typeof(InvalidOperationException), HexText.Of(s_second) + " is free",
                "last owner was 'display'", "Expected an address that Alloc returned");
        }

        [TestMethod]
        [DataRow(4096u)]
        [DataRow(1u)]
        [DataRow(8191u)]
        public void Interior_free(uint offset)
        {
            Boot();
            Refused(() => s_space.Free(s_first + offset), typeof(InvalidOperationException), HexText.Of(s_first + offset),
                offset.ToString() + " bytes inside the area at 0xe0000000 (5000 bytes, owner 'camera')");
        }

        [TestMethod]
        public void Free_of_a_guard_page()
        {
            Boot();
            Refused(() => s_space.Free(s_first + 0x2000), typeof(InvalidOperationException), "0xe0002000 lies in the guard page", "camera");
        }

        [TestMethod]
        public void Wild_free()
        {
            Boot();
            Refused(() => s_space.Free(Start + 0x10000), typeof(InvalidOperationException), "0xe0010000 is free and has no owner");
            Refused(() => s_space.Free(0), typeof(InvalidOperationException), "0x00000000",
                "outside the virtual range 0xe0000000-0xe001ffff");
            Refused(() => s_space.Free(Start - PageSize), typeof(InvalidOperationException), "0xdffff000", "outside");
            Refused(() => s_space.Free(Start + VirtualPages * PageSize), typeof(InvalidOperationException), "0xe0020000", "outside");
            Refused(() => s_space.Free(ZoneStart), typeof(InvalidOperationException), "0xc0000000", "outside");
        }

        [TestMethod]
        public void Free_in_an_empty_range()
        {
            Boot();
            s_space.Free(s_first);
            s_space.Free(s_second);
            Refused(() => s_space.Free(s_first), typeof(InvalidOperationException), HexText.Of(s_first), "last owner was 'camera'");
        }

        [TestMethod]
        public void A_page_that_somebody_else_gave_back()
        {
            Boot();
            uint physical = s_space.Translate(s_first + PageSize);
            s_allocator.FreePages(physical, 0);
            Refused(() => s_space.Free(s_first), typeof(InvalidOperationException), "page " + HexText.Of(physical),
                "area at " + HexText.Of(s_first), "'camera'");
            s_allocator.DrainAllPages();
            while (s_allocator.AllocPages(GfpFlags.Kernel, 0, s_display) != physical)
            {
            }
            Refused(() => s_space.Free(s_first), typeof(InvalidOperationException), "page " + HexText.Of(physical), "'camera'");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(31 * 4096 + 1)]
        [DataRow(int.MaxValue)]
        [DataRow(int.MinValue)]
        public void Size_out_of_range(int size)
        {
            Boot();
            Refused(() => s_space.Alloc(size, GfpFlags.Kernel, s_camera), typeof(ArgumentOutOfRangeException), size.ToString() + " bytes",
                "camera", "1 to 126976");
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(3)]
        [DataRow(256)]
        public void Owner_that_is_not_registered(int number)
        {
            Boot();
            var owner = (PageOwner)number;
            Refused(() => s_space.Alloc(1, GfpFlags.Kernel, owner), typeof(ArgumentOutOfRangeException), number.ToString(), "0 to 2");
        }

        [TestMethod]
        public void Access_beyond_an_area()
        {
            Boot();
            AssertAccessRefused(s_first + 5000, 1, "5000 bytes inside the area at 0xe0000000 (5000 bytes, owner 'camera')");
            AssertAccessRefused(s_first, 5001, "camera");
            AssertAccessRefused(s_first + 4999, 2, "camera");
            AssertAccessRefused(s_first + 8191, 0, "camera");
            AssertAccessRefused(s_second, PageSize + 1, "display");
        }

        [TestMethod]
        public void Access_to_a_guard_page()
        {
            Boot();
            AssertAccessRefused(s_first + 0x2000, 1, "0xe0002000 lies in the guard page of the area at 0xe0000000 (5000 bytes, owner 'camera')");
            AssertAccessRefused(s_second + PageSize, 1, "guard page", "display");
            AssertAccessRefused(s_second + PageSize + 1, 0, "guard page", "display");
            Refused(() => s_space.Translate(s_first + 0x2000), typeof(ArgumentOutOfRangeException), "page fault", "0xe0002000",
                "guard page", "camera");
            Refused(() => s_space.VmallocToPfn(s_second + PageSize), typeof(ArgumentOutOfRangeException), "page fault",
                "guard page", "display");
        }

        [TestMethod]
        public void Access_across_two_areas()
        {
            Boot();
            AssertAccessRefused(s_first, (int)(s_second - s_first) + 1, "camera");
        }

        [TestMethod]
        public void Access_to_what_is_no_area()
        {
            Boot();
            AssertAccessRefused(s_second + 2 * PageSize, 1, "0xe0005000 is free and has no owner");
            AssertAccessRefused(ZoneStart, 1, "outside");
            AssertAccessRefused(0xFFFFFFFF, 1, "outside");
            AssertAccessRefused(0, 0, "outside");
            s_space.Free(s_second);
            AssertAccessRefused(s_second, 1, "0xe0003000 is free; its last owner was 'display'");
            Refused(() => s_space.Translate(s_second), typeof(ArgumentOutOfRangeException), "page fault", "display");
            Refused(() => s_space.Translate(ZoneStart), typeof(ArgumentOutOfRangeException), "0xc0000000", "outside");
            Refused(() => s_space.Translate(0), typeof(ArgumentOutOfRangeException), "0x00000000", "outside");
            Refused(() => s_space.Translate(0xFFFFFFFF), typeof(ArgumentOutOfRangeException), "0xffffffff", "outside");
        }

        [TestMethod]
        public void Access_more_than_two_gigabytes_behind_an_area()
        {
            Boot();
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, 0xFFFF0000, PageMap.Create(PageMapKind.FreeBlocks, 1, 0)) };
            var allocator = new PageAllocator(zones, 65536, null, null);
            var space = new Vmalloc(allocator, new VmallocTestMemory(0xFFFF0000, 65536), 0x10000, 0xFFFD, 1, 1);
            Assert.AreEqual(0x10000u, space.Alloc(65536, GfpFlags.Kernel, 0));
            uint[] addresses = { 0x80000000, 0x80020000, 0xFFFDFFFF };
            for (int i = 0; i < addresses.Length; i++)
            {
                uint address = addresses[i];
                Refused(() => space.Fill(address, 1, 0), typeof(ArgumentOutOfRangeException),
                    "1 bytes: " + HexText.Of(address) + " is free");
            }
        }

        [TestMethod]
        public void Access_in_an_empty_range()
        {
            Boot();
            s_space.Free(s_first);
            s_space.Free(s_second);
            AssertAccessRefused(Start, 1, "camera");
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(int.MinValue)]
        [DataRow(int.MaxValue)]
        public void Length_out_of_range(int length)
        {
            Boot();
            AssertAccessRefused(s_first, length, length.ToString() + " bytes", "camera");
            AssertAccessRefused(s_first + 4000, length, length.ToString() + " bytes", "camera");
        }

        [TestMethod]
        public void Buffer_that_does_not_hold_the_span()
        {
            Boot();
            Refused(() => s_space.Read(s_first, null, 0, 0), typeof(ArgumentNullException), HexText.Of(s_first), "camera");
            Refused(() => s_space.Write(s_first, null, 0, 0), typeof(ArgumentNullException), HexText.Of(s_first), "camera");
            int[] offsets = { -1, 1, 4097, int.MaxValue, int.MinValue };
            for (int i = 0; i < offsets.Length; i++)
            {
                int offset = offsets[i];
                Refused(() => s_space.Read(s_first, new byte[4096], offset, 4096), typeof(ArgumentOutOfRangeException),
                    "offset " + offset.ToString(), "camera", "its 4096 bytes");
                Refused(() => s_space.Write(s_first, new byte[4096], offset, 4096), typeof(ArgumentOutOfRangeException),
                    "offset " + offset.ToString(), "camera", "its 4096 bytes");
            }
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(2)]
        public void Area_that_is_none(int index)
        {
            Boot();
            Refused(() => s_space.AreaStartAt(index), typeof(ArgumentOutOfRangeException), "area " + index.ToString(), "0 to 1");
            Refused(() => s_space.AreaSizeAt(index), typeof(ArgumentOutOfRangeException), "area " + index.ToString());
            Refused(() => s_space.AreaPagesAt(index), typeof(ArgumentOutOfRangeException), "area " + index.ToString());
            Refused(() => s_space.AreaOwnerAt(index), typeof(ArgumentOutOfRangeException), "area " + index.ToString());
        }

        [TestMethod]
        [DataRow(0u, 8, 2, 4, "0x00000000")]
        [DataRow(0xE0000800u, 8, 2, 4, "multiple of 4096")]
        [DataRow(0xE0000000u, 1, 1, 4, "1 pages")]
        [DataRow(0xE0000000u, -1, 1, 4, "-1 pages")]
        [DataRow(0xE0000000u, int.MinValue, 1, 4, "-2147483648 pages")]
        [DataRow(0xE0000000u, 0x20001, 1, 4, "131073 pages")]
        [DataRow(0xFFFF8000u, 9, 2, 4, "end at 4 GiB at most")]
        [DataRow(0xE0000000u, 8, 0, 4, "0 areas")]
        [DataRow(0xE0000000u, 8, 5, 4, "expected 1 to 4")]
        [DataRow(0xE0000000u, 8, 2, 3, "3 TLB entries")]
        [DataRow(0xE0000000u, 8, 2, 0, "0 TLB entries")]
        [DataRow(0xE0000000u, 8, 2, 2048, "2048 TLB entries")]
        public void Numbers_that_no_range_can_have(uint start, int pages, int areas, int entries, string word)
        {
            Boot();
            Refused(() => new Vmalloc(s_allocator, s_memory, start, pages, areas, entries), typeof(ArgumentOutOfRangeException), word,
                "xpected");
        }

        [TestMethod]
        [DataRow(0xBFFFF000u, 2)]
        [DataRow(0xC0000000u, 2)]
        [DataRow(0xC000F000u, 2)]
        [DataRow(0xBFFF0000u, 64)]
        public void A_range_over_physical_memory(uint start, int pages)
        {
            Boot();
            Refused(() => new Vmalloc(s_allocator, s_memory, start, pages, 1, 4), typeof(ArgumentOutOfRangeException), HexText.Of(start),
                "zone NORMAL 0xc0000000-0xc000ffff");
        }

        [TestMethod]
        public void A_range_beside_physical_memory_is_none_of_that()
        {
            Boot();
            Assert.AreEqual(0xC0010000u, new Vmalloc(s_allocator, s_memory, 0xC0010000, 2, 1, 4).Start);
            Assert.AreEqual(0xBFFFE000u, new Vmalloc(s_allocator, s_memory, 0xBFFFE000, 2, 1, 4).Start);
        }

        [TestMethod]
        public void A_range_over_a_region_that_no_zone_has()
        {
            var map = new MemoryMap("test", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, ZoneStart, 0x20000, DmaEngines.General, 0));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, ZoneStart, 0x10000, DmaEngines.General, PageMapKind.FreeBlocks));
            PageAllocator allocator = PageAllocator.Boot(map, null, null);
            var memory = new VmallocTestMemory(ZoneStart, 0x10000);
            Exception e = Thrown.By(() => new Vmalloc(allocator, memory, ZoneStart + 0x10000, 2, 1, 4));
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains("region SDRAM", e.Message);
        }

        [TestMethod]
        public void Nobody_to_take_pages_from_and_no_memory()
        {
            Boot();
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Vmalloc(null, s_memory, Start, 8, 2, 4));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Vmalloc(s_allocator, null, Start, 8, 2, 4));
        }

        private static void Boot()
        {
            s_memory = new VmallocTestMemory(ZoneStart, 16 * PageSize);
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, ZoneStart, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)) };
            s_allocator = new PageAllocator(zones, PageSize, null, null);
            s_camera = s_allocator.RegisterOwner("camera");
            s_display = s_allocator.RegisterOwner("display");
            s_space = new Vmalloc(s_allocator, s_memory, Start, VirtualPages, 4, 8);
            s_first = s_space.Alloc(5000, GfpFlags.Kernel, s_camera);
            s_second = s_space.Alloc(PageSize, GfpFlags.Kernel, s_display);
            s_memory.Fill(ZoneStart, 16 * PageSize, 0x33);
            s_buffer = new byte[16 * PageSize];
        }

        /// <summary>Reads, writes, fills and builds a list, each of which must be refused.</summary>
        private static void AssertAccessRefused(uint address, int length, params string[] words)
        {
            var list = new ScatterList(4);
            list.Append(0x1000, 1);
            Refused(() => s_space.Read(address, s_buffer, 0, length), typeof(ArgumentOutOfRangeException), words);
            Refused(() => s_space.Write(address, s_buffer, 0, length), typeof(ArgumentOutOfRangeException), words);
            Refused(() => s_space.Fill(address, length, 0x44), typeof(ArgumentOutOfRangeException), words);
            Refused(() => list.Build(s_space, address, length), typeof(ArgumentOutOfRangeException), words);
            Assert.AreEqual(1, list.Count);
            Exception e = Thrown.By(() => s_space.Read(address, s_buffer, 0, length));
            Assert.Contains(HexText.Of(address), e.Message);
        }

        private static void Refused(Action action, Type exception, params string[] words)
        {
            string before = State();
            Thrown.As(exception, action, words);
            Assert.AreEqual(before, State());
        }

        private static string State()
        {
            var bytes = new byte[16 * PageSize];
            s_memory.Read(ZoneStart, bytes, 0, bytes.Length);
            int changed = 0;
            for (int i = 0; i < bytes.Length; i++)
            {
                changed += bytes[i] == 0x33 ? 0 : 1;
            }
            return ProcText.BuddyInfo(s_allocator) + ProcText.VmStat(s_allocator) + ProcText.TopOwners(s_allocator)
                + VmallocText.VmallocInfo(s_space) + "tlb " + s_space.TlbHits.ToString() + " " + s_space.TlbMisses.ToString()
                + ", failures " + s_space.FailureCount.ToString() + ", bytes changed " + changed.ToString();
        }
    }
}
