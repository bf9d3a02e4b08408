using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Each wrong call names addresses, owners and what was expected; requests, mappings, zones and bytes stay as they
    /// were.</summary>
    [TestClass]
    public class IoMemoryMisuseTests
    {
        private const int PageSize = 4096;
        private const uint Sdram = 0xC0000000, Zone = 0xC0008000, Buffer = 0xC0010000, Ring = 0xC0018000, Start = 0xE0000000;

        private static VmallocTestMemory s_memory;
        private static MemoryMap s_map;
        private static PageAllocator s_allocator;
        private static Vmalloc s_space;
        private static IoMemory s_io;
        private static VmArea s_window;
        private static PageOwner s_camera, s_display;
        private static uint s_area, s_mapping;

        [TestMethod]
        public void A_page_of_a_zone_that_somebody_has()
        {
            Boot();
            uint taken = s_space.Translate(s_area);
            AssertRefusedEverywhere(taken, PageSize, HexText.Of(taken) + " belongs to zone NORMAL 0xc0008000-0xc000ffff, where owner 'camera' has it",
                "by 'display'");
            AssertRefusedEverywhere(taken + 0x1000, 0x100, "belongs to zone NORMAL", "where it is free");
        }

        [TestMethod]
        public void A_span_that_only_touches_a_zone()
        {
            Boot();
            AssertRefusedEverywhere(Buffer - PageSize, 2 * PageSize, "0xc000f000 belongs to zone NORMAL", "free");
            AssertRefusedEverywhere(Zone - PageSize, 2 * PageSize, "0xc0008000 belongs to zone NORMAL", "'camera' has it");
            AssertRefusedEverywhere(Sdram, 0x40000, "0xc0008000 belongs to zone NORMAL");
            Refused(() => s_io.Ioremap(Buffer - 1, 2, s_display), typeof(ArgumentOutOfRangeException), "0xc000ffff belongs to zone NORMAL");
        }

        [TestMethod]
        public void Memory_of_the_runtime()
        {
            Boot();
            AssertRefusedEverywhere(Sdram + 0x20000, PageSize, "region SDRAM 0xc0000000-0xc003ffff is the runtime's", "Expected a span in one reservation");
        }

        [TestMethod]
        public void A_span_over_the_edge_of_a_reservation_or_region()
        {
            Boot();
            AssertRefusedEverywhere(Ring - PageSize, 2 * PageSize, "crosses the edge of reservation", "0xc0017fff");
            AssertRefusedEverywhere(Ring + 0x7000, 0x2000, "crosses the edge of reservation ring 0xc0018000-0xc001ffff");
            AssertRefusedEverywhere(Sdram - PageSize, 2 * PageSize, "crosses the edge of region SDRAM");
            AssertRefusedEverywhere(Sdram + 0x3F000, 2 * PageSize, "crosses the edge of region SDRAM 0xc0000000-0xc003ffff");
            AssertRefusedEverywhere(Sdram - PageSize, 0x42000, "belongs to zone NORMAL");
        }

        [TestMethod]
        public void Virtual_addresses()
        {
            Boot();
            AssertRefusedEverywhere(s_area, PageSize, "the addresses are virtual, of the range 0xe0000000-0xe001ffff");
            AssertRefusedEverywhere(Start - PageSize, 2 * PageSize, "virtual");
            AssertRefusedEverywhere(Start + 0x1F000, 2 * PageSize, "virtual");
        }

        [TestMethod]
        public void Page_zero()
        {
            Boot();
            AssertRefusedEverywhere(0, PageSize, "page 0 cannot be mapped");
            Refused(() => s_io.Ioremap(0xFFF, 1, s_display), typeof(ArgumentOutOfRangeException), "page 0 cannot be mapped", "'display'");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(int.MinValue)]
        public void Size_that_is_none(int size)
        {
            Boot();
            Refused(() => s_io.Ioremap(Buffer, size, s_display), typeof(ArgumentOutOfRangeException), size.ToString() + " bytes at 0xc0010000",
                "'display'", "1 or more");
            Refused(() => s_io.RequestRegion(Buffer, size, s_display), typeof(ArgumentOutOfRangeException), size.ToString() + " bytes");
            Refused(() => s_io.RemapPfnRange(s_window, 0x10000, 0xC0010, size, s_display), typeof(ArgumentOutOfRangeException),
                size.ToString() + " bytes", "player");
        }

        [TestMethod]
        public void Size_beyond_the_address_space_or_the_virtual_range()
        {
            Boot();
            Refused(() => s_io.Ioremap(0xFFFFFFFF, 2, s_display), typeof(ArgumentOutOfRangeException), "within 4 GiB");
            Refused(() => s_io.RequestRegion(0xF0000000, int.MaxValue, s_display), typeof(ArgumentOutOfRangeException), "within 4 GiB");
            Refused(() => s_io.Ioremap(0x40000800, 32 * PageSize, s_display), typeof(ArgumentOutOfRangeException), "'display'",
                "1 to 124928");
            Refused(() => s_io.Ioremap(0x10000000, int.MaxValue, s_display), typeof(ArgumentOutOfRangeException), "1 to 126976");
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(3)]
        public void Owner_that_is_not_registered(int number)
        {
            Boot();
            var owner = (PageOwner)number;
            Refused(() => s_io.Ioremap(Buffer, 1, owner), typeof(ArgumentOutOfRangeException), number.ToString(), "0 to 2");
            Refused(() => s_io.RequestRegion(Buffer, 1, owner), typeof(ArgumentOutOfRangeException), number.ToString(), "0 to 2");
            Refused(() => s_io.RemapPfnRange(s_window, 0x10000, 0xC0010, 1, owner), typeof(ArgumentOutOfRangeException), number.ToString(),
                "0 to 2");
        }

        [TestMethod]
        public void A_request_over_another()
        {
            Boot();
            Assert.IsTrue(s_io.RequestRegion(Ring + 0x1000, 0x1000, s_camera));
            string[] words = { "request of ", "by 'display'", "0xc0019000-0xc0019fff is requested by 'camera'", "Expected what nobody has" };
            Refused(() => s_io.RequestRegion(Ring + 0x1000, 0x1000, s_display), typeof(InvalidOperationException), words);
            Refused(() => s_io.RequestRegion(Ring, 0x1001, s_display), typeof(InvalidOperationException), words);
            Refused(() => s_io.RequestRegion(Ring + 0x1FFF, 2, s_display), typeof(InvalidOperationException), words);
            Refused(() => s_io.RequestRegion(Ring, 0x8000, s_display), typeof(InvalidOperationException), words);
            Refused(() => s_io.RequestRegion(Ring + 0x1800, 1, s_camera), typeof(InvalidOperationException), "is requested by 'camera'");
        }

        [TestMethod]
        public void A_mapping_of_what_another_has_requested()
        {
            Boot();
            Assert.IsTrue(s_io.RequestRegion(Ring + 0x1000, 0x1000, s_camera));
            Refused(() => s_io.Ioremap(Ring, 0x1001, s_display), typeof(InvalidOperationException), "ioremap of 0xc0018000-0xc0019000",
                "by 'display'", "0xc0019000-0xc0019fff is requested by 'camera'", "nobody else");
            Refused(() => s_io.RemapPfnRange(s_window, 0x10000, 0xC0018, 2 * PageSize, s_display), typeof(InvalidOperationException),
                "remap_pfn_range of", "is requested by 'camera'");
            Assert.AreNotEqual(0u, s_io.Ioremap(Ring, 0x1000, s_display), "up to its edge");
        }

        [TestMethod]
        public void A_request_of_what_another_has_mapped()
        {
            Boot();
            Refused(() => s_io.RequestRegion(Buffer + 0x1FFF, 2, s_camera), typeof(InvalidOperationException), "request of", "by 'camera'",
                "0xc0010800-0xc00127ff is mapped by 'display'", "Expected what nobody else has mapped");
            Assert.IsTrue(s_io.RequestRegion(Buffer + 0x2800, 1, s_camera), "behind its last byte");
            Assert.IsTrue(s_io.RequestRegion(Buffer, 0x800, s_camera), "before its first");
        }

        [TestMethod]
        public void A_wrong_release()
        {
            Boot();
            Assert.IsTrue(s_io.RequestRegion(Ring, 0x1000, s_camera));
            Refused(() => s_io.ReleaseRegion(Ring, 0x800), typeof(InvalidOperationException), "2048 bytes at 0xc0018000",
                "'camera' has requested 4096 bytes at 0xc0018000", "as they were requested");
            Refused(() => s_io.ReleaseRegion(Ring + 0x10, 0x1000), typeof(InvalidOperationException), "'camera' has requested 4096 bytes");
            Refused(() => s_io.ReleaseRegion(Buffer, 1), typeof(InvalidOperationException), "0xc0010000", "no owner");
            s_io.ReleaseRegion(Ring, 0x1000);
            Refused(() => s_io.ReleaseRegion(Ring, 0x1000), typeof(InvalidOperationException), "0xc0018000", "no owner");
        }

        [TestMethod]
        public void A_double_unmap()
        {
            Boot();
            s_io.Iounmap(s_mapping);
            Refused(() => s_io.Iounmap(s_mapping), typeof(InvalidOperationException), "wrong iounmap: " + HexText.Of(s_mapping) + " is free",
                "last owner was 'display'", "Expected an address that Ioremap returned");
        }

        [TestMethod]
        public void An_unmap_inside_before_and_behind_a_mapping()
        {
            Boot();
            Refused(() => s_io.Iounmap(s_mapping + 0x1000), typeof(InvalidOperationException),
                "lies 4096 bytes inside the ioremap area at 0xe0002800 (8192 bytes, phys 0xc0010800, owner 'display')", "Ioremap returned");
            Refused(() => s_io.Iounmap(s_mapping - 0x800), typeof(InvalidOperationException), "0xe0002000 lies 2048 bytes before the ioremap");
            Refused(() => s_io.Iounmap(s_mapping + 0x2800), typeof(InvalidOperationException), "guard page of the ioremap area");
        }

        [TestMethod]
        public void An_unmap_of_what_is_none()
        {
            Boot();
            Refused(() => s_io.Iounmap(s_area), typeof(InvalidOperationException),
                "wrong iounmap: 0xe0000000 lies 0 bytes inside the area at 0xe0000000 (4096 bytes, owner 'camera')", "Expected Vmalloc.Free");
            Refused(() => s_io.Iounmap(Start + 0x10000), typeof(InvalidOperationException), "0xe0010000 is free and has no owner",
                "Ioremap returned");
            Refused(() => s_io.Iounmap(0), typeof(InvalidOperationException), "outside the virtual range");
            Refused(() => s_io.Iounmap(Buffer), typeof(InvalidOperationException), "0xc0010000 is outside the virtual range");
        }

        [TestMethod]
        public void A_vfree_of_a_mapping()
        {
            Boot();
            Refused(() => s_space.Free(s_mapping), typeof(InvalidOperationException), "wrong vfree: 0xe0002800 lies 0 bytes inside the ioremap",
                "'display'", "Expected Iounmap");
            Refused(() => s_space.Free(s_mapping - 0x800), typeof(InvalidOperationException), "Expected Iounmap");
            uint whole = s_io.Ioremap(Ring, PageSize, s_display);
            Refused(() => s_space.Free(whole), typeof(InvalidOperationException), "ioremap area at " + HexText.Of(whole), "Expected Iounmap");
        }

        [TestMethod]
        public void An_access_beside_a_mapping_in_its_own_pages()
        {
            Boot();
            var byteBuffer = new byte[1];
            Refused(() => s_space.Read(s_mapping - 1, byteBuffer, 0, 1), typeof(ArgumentOutOfRangeException), "1 bytes before the ioremap area");
            Refused(() => s_space.Fill(s_mapping + 0x2000, 1, 0), typeof(ArgumentOutOfRangeException), "8192 bytes inside the ioremap area");
            Refused(() => s_space.Fill(s_mapping - 0x800, 0x900, 0), typeof(ArgumentOutOfRangeException), "2048 bytes before");
            Refused(() => s_space.Translate(s_mapping + 0x2800), typeof(ArgumentOutOfRangeException), "page fault", "guard page");
        }

        [TestMethod]
        public void A_reservation_that_is_none()
        {
            Boot();
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_io.RequestRegion(s_map.FindReservation("framebuffer"), s_display));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_io.ReleaseRegion(null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_io.Ioremap(null, s_display));
            var foreign = new Reservation("foreign", Zone, PageSize);
            Refused(() => s_io.RequestRegion(foreign, s_display), typeof(ArgumentOutOfRangeException), "0xc0008000 belongs to zone NORMAL");
            Refused(() => s_io.Ioremap(new Reservation("huge", Buffer, 0x80000000), s_display), typeof(ArgumentOutOfRangeException), "'display'");
        }

        [TestMethod]
        [DataRow(0u, "size 0")]
        [DataRow(0xFFFFFFFFu, "32-bit")]
        [DataRow(0x21000u, "region SDRAM")]
        [DataRow(0x8020u, "overlaps reservation buffer")]
        [DataRow(0x10u, "cache line")]
        public void A_reservation_of_a_wrong_size(uint size, string word)
        {
            MemoryMap map = Plan();
            Exception e = Thrown.By(() => map.Reserve("late", Sdram + (size == 0x8020 ? 0xFFE0u : 0x20000u), size));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains("memory map test: ", e.Message);
            Assert.Contains("late", e.Message);
            Assert.Contains(word, e.Message);
            Assert.AreEqual(ProcText.IoMem(Plan()), ProcText.IoMem(map));
        }

        [TestMethod]
        public void A_reservation_whose_name_is_taken_or_whose_place_is()
        {
            MemoryMap map = Plan();
            Unreserved(map, "ring", Sdram + 0x20000, 0x1000, "two entries are called reservation ring");
            Unreserved(map, "late", Ring + 0x1000, 0x1000, "overlaps reservation ring");
            Unreserved(map, "late", 0x40000000, 0x1000, "no memory");
            Unreserved(map, "late", Zone + 0x2000, 0x1000, "in the middle of zone NORMAL 0xc0008000-0xc000ffff. Expected its beginning or end");
            Unreserved(map, "late", Zone, 0x8000, "leaves nothing of zone NORMAL");
            Unreserved(map, "late", Zone + 0x20, 0x7F00, "leaves nothing of zone NORMAL");
            Assert.ThrowsException(typeof(ArgumentNullException), () => map.Reserve(null, Zone, 1));
        }

        [TestMethod]
        public void A_reservation_after_boot()
        {
            Boot();
            Refused(() => s_map.Reserve("late", Sdram + 0x20000, 0x1000), typeof(InvalidOperationException), "reservation 'late'",
                "too late", "memory map test is sealed");
            Refused(() => s_map.Reserve("late", Zone, 0), typeof(InvalidOperationException), "too late");
        }

        [TestMethod]
        public void Nothing_to_map_in_and_no_map_to_ask()
        {
            Boot();
            Assert.ThrowsException(typeof(ArgumentNullException), () => new IoMemory(null, 4));
            Refused(() => new IoMemory(s_space, 0), typeof(ArgumentOutOfRangeException), "0 requests", "1 to 256");
            Refused(() => new IoMemory(s_space, 257), typeof(ArgumentOutOfRangeException), "257 requests");
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, Zone, PageMap.Create(PageMapKind.FreeBlocks, 8, 0)) };
            var space = new Vmalloc(new PageAllocator(zones, PageSize, null, null), s_memory, Start, 8, 2, 4);
            Refused(() => new IoMemory(space, 4), typeof(ArgumentException), "no memory map", "PageAllocator.Boot");
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(0)]
        public void A_request_that_is_none(int index)
        {
            Boot();
            Refused(() => s_io.RequestStartAt(index), typeof(ArgumentOutOfRangeException), "request " + index.ToString());
            Refused(() => s_io.RequestSizeAt(index), typeof(ArgumentOutOfRangeException), "request " + index.ToString());
            Refused(() => s_io.RequestOwnerAt(index), typeof(ArgumentOutOfRangeException), "request " + index.ToString());
            Refused(() => s_space.AreaPhysicalAt(index * -3 - 1), typeof(ArgumentOutOfRangeException), "expected 0 to 1");
        }

        private static MemoryMap Plan()
        {
            var map = new MemoryMap("test", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Sdram, 0x40000, DmaEngines.General, 32));
            map.Add(new Reservation("buffer", Buffer, 0x8000));
            map.Add(new Reservation("ring", Ring, 0x8000));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, Zone, 0x8000, DmaEngines.General, PageMapKind.FreeBlocks));
            return map;
        }

        private static void Boot()
        {
            s_map = Plan();
            s_memory = new VmallocTestMemory(Sdram, 0x40000);
            s_allocator = PageAllocator.Boot(s_map, s_memory, null);
            s_camera = s_allocator.RegisterOwner("camera");
            s_display = s_allocator.RegisterOwner("display");
            s_space = new Vmalloc(s_allocator, s_memory, Start, 32, 6, 8);
            s_io = new IoMemory(s_space, 4);
            s_window = new VmArea(s_io, "player", 0x10000, 80, VmFlags.Read | VmFlags.Write);
            s_area = s_space.Alloc(PageSize, GfpFlags.Kernel, s_camera);
            s_mapping = s_io.Ioremap(Buffer + 0x800, 2 * PageSize, s_display);
        }

        /// <summary>A span that no call may request or map.</summary>
        private static void AssertRefusedEverywhere(uint start, int size, params string[] words)
        {
            Refused(() => s_io.RequestRegion(start, size, s_display), typeof(ArgumentOutOfRangeException), words);
            Refused(() => s_io.Ioremap(start, size, s_display), typeof(ArgumentOutOfRangeException), words);
            Refused(() => s_io.RemapPfnRange(s_window, 0x10000, (int)(start / PageSize), size, s_display),
                typeof(ArgumentOutOfRangeException), words);
        }

        private static void Unreserved(MemoryMap map, string name, uint start, uint size, string word)
        {
            Exception e = Thrown.By(() => map.Reserve(name, start, size));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains(word, e.Message);
            Assert.Contains(name, e.Message);
            Assert.AreEqual(ProcText.IoMem(Plan()), ProcText.IoMem(map));
        }

        private static void Refused(Action action, Type exception, params string[] words)
        {
            string before = State();
            Thrown.As(exception, action, words);
            Assert.AreEqual(before, State());
        }

        private static string State()
        {
            return IoText.IoMem(s_io) + ProcText.BuddyInfo(s_allocator) + VmallocText.VmallocInfo(s_space) + s_window.MappedPages.ToString()
                + " " + s_io.FailureCount.ToString() + " " + s_space.FailureCount.ToString() + " " + s_space.TlbHits.ToString() + " "
                + s_space.TlbMisses.ToString();
        }
    }
}
