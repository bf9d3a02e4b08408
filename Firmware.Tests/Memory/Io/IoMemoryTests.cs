using System;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Reserving, claiming and mapping memory that no zone owns.</summary>
    [TestClass]
    public class IoMemoryTests
    {
        private const int PageSize = 4096;
        private const uint Sdram = 0xC0000000, Buffer = 0xC0010000, Registers = 0x40016800, Start = 0xE0000000;

        private static VmallocTestMemory s_memory;
        private static PageAllocator s_allocator;
        private static Vmalloc s_space;
        private static IoMemory s_io;
        private static PageOwner s_camera, s_display;

        [TestMethod]
        public void A_mapping_reaches_the_bytes_of_a_reservation()
        {
            Boot(32, 8);
            uint address = s_io.Ioremap(Buffer, 3 * PageSize, s_display);
            Assert.AreEqual(Start, address);
            Assert.AreEqual(Buffer + 0x1234u, s_space.Translate(address + 0x1234));
            var bytes = new byte[2 * PageSize];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(i * 7 + (i >> 8));
            }
            s_space.Write(address + 100, bytes, 0, bytes.Length);
            var back = new byte[bytes.Length];
            s_memory.Read(Buffer + 100, back, 0, back.Length);
            Same(bytes, back);
            s_memory.Fill(Buffer + 2 * PageSize, 8, 0x5A);
            s_space.Read(address + 2 * PageSize, back, 0, 8);
            Assert.AreEqual((byte)0x5A, back[7]);
            s_io.Iounmap(address);
            Assert.AreEqual(0, s_space.AreaCount);
            Assert.AreEqual(Start, s_io.Ioremap(Buffer, 1, s_camera), "its addresses are free again");
            Assert.AreEqual(16, s_allocator.ZoneAt(0).FreePages, "no page of a zone was touched");
        }

        [TestMethod]
        public void An_address_inside_a_page_keeps_its_place_there()
        {
            Boot(32, 8);
            uint address = s_io.Ioremap(Buffer + 0x800, PageSize, s_display);
            Assert.AreEqual(Start + 0x800u, address);
            Assert.AreEqual(2, s_space.AreaPagesAt(0), "0x800 bytes of each of two pages");
            Assert.AreEqual(PageSize, s_space.AreaSizeAt(0));
            Assert.AreEqual(Start, s_space.AreaStartAt(0));
            Assert.AreEqual(Buffer + 0x800u, s_space.AreaPhysicalAt(0));
            s_space.Fill(address, PageSize, 0x77);
            var bytes = new byte[PageSize + 2];
            s_memory.Read(Buffer + 0x7FF, bytes, 0, bytes.Length);
            Assert.AreEqual((byte)0, bytes[0]);
            Assert.AreEqual((byte)0x77, bytes[1]);
            Assert.AreEqual((byte)0x77, bytes[PageSize]);
            Assert.AreEqual((byte)0, bytes[PageSize + 1]);
            Assert.AreEqual(Start + 0x3000u, s_space.Alloc(1, GfpFlags.Kernel, s_camera), "two pages and their guard come first");
            s_io.Iounmap(address);
            Assert.AreEqual(Start, s_space.Alloc(1, GfpFlags.Kernel, s_camera));
        }

        [TestMethod]
        public void Mappings_and_areas_share_range_table_TLB_and_vmallocinfo()
        {
            Boot(32, 3);
            s_space.Alloc(2 * PageSize, GfpFlags.Kernel, s_camera);
            uint address = s_io.Ioremap(Buffer + 0x10, PageSize, s_display);
            s_space.Alloc(1, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(
                "0xe0000000-0xe0003000   12288 camera pages=2 vmalloc\n"
                + "0xe0003000-0xe0006000   12288 display phys=0xc0010000 ioremap\n"
                + "0xe0006000-0xe0008000    8192 camera pages=1 vmalloc\n",
                VmallocText.VmallocInfo(s_space));
            s_space.Fill(address, PageSize, 1);
            s_space.Fill(address, 1, 1);
            Assert.AreEqual(2L, s_space.TlbMisses);
            Assert.AreEqual(1L, s_space.TlbHits);
            s_io.Iounmap(address);
            address = s_io.Ioremap(Buffer + 0x2010, PageSize, s_display);
            Assert.AreEqual(Buffer + 0x2010u, s_space.Translate(address), "nothing of the mapping before stays in the TLB");
            Assert.AreEqual(0u, s_io.Ioremap(Buffer, 1, s_display), "the table is full");
            Assert.AreEqual(1, s_space.FailureCount);
            Assert.AreEqual(0u, s_space.AreaPhysicalAt(0));
        }

        [TestMethod]
        public void A_scatter_list_covers_a_mapping()
        {
            Boot(32, 8);
            uint address = s_io.Ioremap(Buffer + 0x800, 2 * PageSize, s_display);
            var list = new ScatterList(4);
            Assert.IsTrue(list.Build(s_space, address, 2 * PageSize));
            Assert.AreEqual(1, list.Count, "contiguous, so one run");
            Assert.AreEqual(Buffer + 0x800u, list.AddressAt(0));
            Assert.AreEqual(2 * PageSize, list.LengthAt(0));
        }

        [TestMethod]
        public void A_full_range_returns_0_and_takes_nothing()
        {
            Boot(8, 4);
            uint first = s_io.Ioremap(Buffer, 5 * PageSize, s_display);
            Assert.AreEqual(0u, s_io.Ioremap(Buffer, 2 * PageSize, s_display), "one page and a guard are left");
            Assert.AreEqual(1, s_space.FailureCount);
            Assert.AreEqual(1, s_space.AreaCount);
            Assert.AreNotEqual(0u, s_io.Ioremap(Buffer, PageSize, s_display));
            s_io.Iounmap(first);
            Assert.AreEqual(Start, s_io.Ioremap(Buffer, 5 * PageSize, s_display));
        }

        [TestMethod]
        public void The_same_memory_can_be_mapped_twice_and_unmapped_one_by_one()
        {
            Boot(32, 8);
            uint a = s_io.Ioremap(Buffer, 2 * PageSize, s_display), b = s_io.Ioremap(Buffer, 2 * PageSize, s_display);
            uint c = s_io.Ioremap(Buffer + PageSize, 2 * PageSize, s_camera);
            Assert.AreNotEqual(a, b);
            var bytes = new byte[1];
            s_space.Fill(a + PageSize, 1, 0x42);
            s_space.Read(c, bytes, 0, 1);
            Assert.AreEqual((byte)0x42, bytes[0]);
            s_io.Iounmap(a);
            s_space.Read(b + PageSize, bytes, 0, 1);
            Assert.AreEqual((byte)0x42, bytes[0], "the other mapping is its own");
            Assert.IsTrue(Thrown.By(() => s_io.Iounmap(a)) is InvalidOperationException);
            s_io.Iounmap(b);
            s_io.Iounmap(c);
            Assert.AreEqual(0, s_space.AreaCount);
        }

        [TestMethod]
        public void Registers_outside_all_regions_can_be_requested_and_mapped()
        {
            Boot(32, 8);
            Assert.IsTrue(s_io.RequestRegion(Registers, 0x400, s_display));
            uint ltdc = s_io.Ioremap(Registers, 0x400, s_display);
            Assert.AreEqual(Start + 0x800u, ltdc);
            Assert.AreEqual(Registers + 0x18u, s_space.Translate(ltdc + 0x18));
            uint neighbour = s_io.Ioremap(Registers + 0x400, 0x400, s_camera);
            Assert.AreEqual(Registers + 0x400u, s_space.Translate(neighbour), "a device of another owner in the same page");
            Assert.AreNotEqual(0u, s_io.Ioremap(0xFFFFFC00, 0x400, s_camera), "up to the last byte there is");
        }

        [TestMethod]
        public void Requests_are_exclusive_sorted_and_counted()
        {
            Boot(32, 8);
            Assert.IsTrue(s_io.RequestRegion(Buffer + 0x4000, 0x1000, s_display));
            Assert.IsTrue(s_io.RequestRegion(Registers, 0x400, s_display));
            Assert.IsTrue(s_io.RequestRegion(Buffer, 0x4000, s_camera), "up to its neighbour");
            Assert.AreEqual(3, s_io.RequestCount);
            Assert.AreEqual(Registers, s_io.RequestStartAt(0));
            Assert.AreEqual(Buffer, s_io.RequestStartAt(1));
            Assert.AreEqual(0x4000, s_io.RequestSizeAt(1));
            Assert.AreEqual((int)s_camera, (int)s_io.RequestOwnerAt(1));
            Assert.IsTrue(s_io.RequestRegion(Buffer + 0x5000, 1, s_camera));
            Assert.IsFalse(s_io.RequestRegion(Buffer + 0x5001, 1, s_camera), "four are all that the table holds");
            Assert.AreEqual(1, s_io.FailureCount);
            s_io.ReleaseRegion(Buffer, 0x4000);
            Assert.AreEqual(3, s_io.RequestCount);
            Assert.AreEqual(Buffer + 0x4000u, s_io.RequestStartAt(1));
            Assert.IsTrue(s_io.RequestRegion(Buffer + 0x2000, 0x2000, s_display));
        }

        [TestMethod]
        public void An_owner_maps_what_he_has_requested_and_requests_what_he_has_mapped()
        {
            Boot(32, 8);
            Assert.IsTrue(s_io.RequestRegion(Buffer, 0x2000, s_display));
            Assert.AreNotEqual(0u, s_io.Ioremap(Buffer + 0x1000, 0x3000, s_display));
            Assert.IsTrue(s_io.RequestRegion(Buffer + 0x2000, 0x2000, s_display));
            s_io.ReleaseRegion(Buffer, 0x2000);
            Assert.AreNotEqual(0u, s_io.Ioremap(Buffer, 0x1000, s_camera));
        }

        [TestMethod]
        public void Reserve_takes_memory_off_the_beginning_and_the_end_of_a_zone()
        {
            MemoryMap map = BoardCatalog.Create(Stm32F769Disco.Name, ZoneLayout.Single, PageMapKind.FreeBlocks, 0);
            map.Reserve("dma-ring", 0xC0400000, 0x1800);
            map.Reserve("jpeg", 0xC0CFF000, 0x1000);
            PageAllocator allocator = PageAllocator.Boot(map, null, null);
            Assert.AreEqual(0xC0402000u, allocator.ZoneAt(0).Start, "rounded up to pages");
            Assert.AreEqual(0xC0CFF000u, allocator.ZoneAt(0).Start + (uint)allocator.ZoneAt(0).Pages * PageSize);
            var io = new IoMemory(new Vmalloc(allocator, new VmallocTestMemory(Sdram, PageSize), Start, 16, 4, 4), 4);
            Assert.AreEqual(0xC0400000u, map.FindReservation("dma-ring").Start);
            Assert.AreEqual(0x1800u, map.FindReservation("dma-ring").Size);
            Assert.AreNotEqual(0u, io.Ioremap(0xC0400000, 0x1800, 0));
        }

        [TestMethod]
        public void Reserve_keeps_a_zones_kind_engines_and_page_map()
        {
            var map = new MemoryMap("test", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Sdram, 0x20000, DmaEngines.General, 0));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, Sdram, 0x20000, DmaEngines.General, PageMapKind.Runs));
            map.Reserve("top", Sdram + 0x1F000, 0x1000);
            ZonePlan zone = map.ZoneAt(0);
            Assert.AreEqual("DMA", zone.Name);
            Assert.IsTrue(zone.Kind == ZoneKind.Dma && zone.Engines == DmaEngines.General && zone.Map == PageMapKind.Runs);
            Assert.AreEqual(Sdram, zone.Start);
            Assert.AreEqual(0x1F000u, zone.Size);
        }

        [TestMethod]
        public void A_frame_buffer_painted_line_by_line()
        {
            const int Width = 800, Height = 480, Line = Width * 2;
            MemoryMap map = BoardCatalog.Create(Stm32F769Disco.Name, ZoneLayout.Split, PageMapKind.FreeBlocks, 0);
            PageAllocator allocator = PageAllocator.Boot(map, null, null);
            PageOwner display = allocator.RegisterOwner("display");
            Reservation buffer = map.FindReservation("framebuffer");
            // There is memory for the frame buffer's pages only, since a device has no room for 16 MB of managed banks.
            uint first = buffer.Start & ~(uint)(PageSize - 1);
            var memory = new VmallocTestMemory(first, (int)(buffer.Start - first) + Line * Height);
            var space = new Vmalloc(allocator, memory, Start, 256, 4, 16);
            var io = new IoMemory(space, 8);

            Assert.IsTrue(io.RequestRegion(buffer, display));
            uint screen = io.Ioremap(buffer, display);
            Assert.AreEqual(Start + 0x800u, screen, "it begins inside a page");
            var line = new byte[Line];
            for (int y = 0; y < Height; y++)
            {
                line[0] = (byte)y;
                line[1] = (byte)(y >> 8);
                space.Write(screen + (uint)(y * Line), line, 0, Line);
            }
            for (int y = 0; y < Height; y++)
            {
                memory.Read(buffer.Start + (uint)(y * Line), line, 0, 2);
                Assert.AreEqual((byte)y, line[0]);
                Assert.AreEqual((byte)(y >> 8), line[1]);
            }
            Assert.IsTrue(Thrown.By(() => space.Fill(screen + (uint)(Height * Line), 1, 0)) is ArgumentOutOfRangeException, "no line 480");
            Assert.Contains(
                "  c0d00000-c0f447ff : graphics\n"
                + "  c0f44800-c0ffffff : framebuffer\n"
                + "    c0f44800-c0ffffff : display\n"
                + "      c0f44800-c0ffffff : ioremap display\n",
                IoText.IoMem(io));
            io.Iounmap(screen);
            io.ReleaseRegion(buffer);
            Assert.AreEqual(ProcText.IoMem(map), IoText.IoMem(io));
        }

        [TestMethod]
        public void IoMem_nests_requests_and_mappings_by_address()
        {
            Boot(64, 8);
            s_io.RequestRegion(Registers, 0x400, s_display);
            s_io.Ioremap(Registers, 0x400, s_display);
            s_io.Ioremap(Registers + 0x400, 0x400, s_camera);
            s_io.RequestRegion(Buffer + 0x1000, 0x2000, s_camera);
            s_io.Ioremap(Buffer + 0x1000, 0x1000, s_camera);
            s_io.Ioremap(Buffer + 0x1000, 0x1000, s_camera);
            s_io.Ioremap(Buffer, 0x3000, s_camera);
            s_io.Ioremap(Buffer + 0x2000, 0x2000, s_camera);
            s_space.Alloc(1, GfpFlags.Kernel, s_display);
            s_io.Ioremap(0xF0000000, 0x1000, s_display);
            Assert.AreEqual(
                "40016800-40016bff : display\n"
                + "  40016800-40016bff : ioremap display\n"
                + "40016c00-40016fff : ioremap camera\n"
                + "c0000000-c003ffff : SDRAM\n"
                + "  c0000000-c000ffff : zone NORMAL\n"
                + "  c0010000-c0017fff : buffer\n"
                + "    c0010000-c0012fff : ioremap camera\n"
                + "    c0011000-c0012fff : camera\n"
                + "      c0011000-c0011fff : ioremap camera\n"
                + "      c0011000-c0011fff : ioremap camera\n"
                + "    c0012000-c0013fff : ioremap camera\n"
                + "  c0018000-c001ffff : ring\n"
                + "f0000000-f0000fff : ioremap display\n",
                IoText.IoMem(s_io));
        }

        private static void Boot(int virtualPages, int areas)
        {
            var map = new MemoryMap("test", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Sdram, 0x40000, DmaEngines.General, 0));
            map.Add(new Reservation("ring", Buffer + 0x8000, 0x8000));
            map.Add(new Reservation("buffer", Buffer, 0x8000));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, Sdram, 0x10000, DmaEngines.General, PageMapKind.FreeBlocks));
            s_memory = new VmallocTestMemory(Sdram, 0x40000);
            s_allocator = PageAllocator.Boot(map, s_memory, null);
            s_camera = s_allocator.RegisterOwner("camera");
            s_display = s_allocator.RegisterOwner("display");
            s_space = new Vmalloc(s_allocator, s_memory, Start, virtualPages, areas, 8);
            s_io = new IoMemory(s_space, 4);
        }

        private static void Same(byte[] expected, byte[] actual)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i] != actual[i])
                {
                    Assert.AreEqual(expected[i], actual[i], "at " + i.ToString());
                }
            }
        }
    }
}
