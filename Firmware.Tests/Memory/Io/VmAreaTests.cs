using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>An application's window on reserved memory: mappings, protection and refusals.</summary>
    [TestClass]
    public class VmAreaTests
    {
        private const int PageSize = 4096;
        private const uint Sdram = 0xC0000000, Buffer = 0xC0010000, Window = 0x40000, Start = 0xE0000000;
        private const VmFlags Both = VmFlags.Read | VmFlags.Write;

        private static VmallocTestMemory s_memory;
        private static IoMemory s_io;
        private static VmArea s_area;
        private static PageOwner s_display;

        [TestMethod]
        public void Bytes_cross_pages_that_are_mapped_in_any_order()
        {
            Boot(Both);
            s_io.RemapPfnRange(s_area, Window, 0xC0013, PageSize, s_display);
            s_io.RemapPfnRange(s_area, Window + PageSize, 0xC0010, PageSize + 1, s_display);
            Assert.AreEqual(3, s_area.MappedPages, "a page and a byte are two pages");
            Assert.AreEqual(0xC0013123u, s_area.Translate(Window + 0x123, VmFlags.Read));
            Assert.AreEqual(0xC0011FFFu, s_area.Translate(Window + 0x2FFF, Both));
            var bytes = new byte[2 * PageSize];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(i * 3 + (i >> 8));
            }
            s_area.Write(Window + 0xF00, bytes, 1, 0x1200);
            var back = new byte[2 * PageSize];
            s_memory.Read(0xC0013F00, back, 0, 0x100);
            s_memory.Read(0xC0010000, back, 0x100, 0x1000);
            s_memory.Read(0xC0011000, back, 0x1100, 0x100);
            Same(bytes, 1, back, 0, 0x1200);
            back = new byte[2 * PageSize];
            s_area.Read(Window + 0xF00, back, 2, 0x1200);
            Same(bytes, 1, back, 2, 0x1200);
            Assert.AreEqual((byte)0, back[1]);
            Assert.AreEqual((byte)0, back[0x1202]);
            s_area.Read(Window + 0x8000, back, 0, 0);
        }

        [TestMethod]
        public void The_driver_sees_through_ioremap_what_the_application_writes()
        {
            Boot(Both);
            uint driver = s_io.Ioremap(Buffer, 2 * PageSize, s_display);
            Assert.IsTrue(s_io.RequestRegion(Buffer, 2 * PageSize, s_display));
            s_io.RemapPfnRange(s_area, Window, 0xC0010, 2 * PageSize, s_display);
            var other = new VmArea(s_io, "viewer", Window, 2, VmFlags.Read);
            s_io.RemapPfnRange(other, Window, 0xC0010, 2 * PageSize, s_display);
            s_area.Write(Window + 0xFFE, new byte[] { 1, 2, 3, 4 }, 0, 4);
            var bytes = new byte[4];
            s_io.Iounmap(driver);
            other.Read(Window + 0xFFE, bytes, 0, 4);
            Same(new byte[] { 1, 2, 3, 4 }, 0, bytes, 0, 4);
        }

        [TestMethod]
        public void What_is_unmapped_can_be_mapped_again()
        {
            Boot(Both);
            s_io.RemapPfnRange(s_area, Window, 0xC0010, 4 * PageSize, s_display);
            s_area.Unmap(Window + PageSize, PageSize + 1);
            Assert.AreEqual(2, s_area.MappedPages);
            Refused(() => s_area.Translate(Window + PageSize, VmFlags.Read), typeof(ArgumentOutOfRangeException), "page fault");
            Assert.AreEqual(0xC0013000u, s_area.Translate(Window + 3 * PageSize, VmFlags.Read));
            s_io.RemapPfnRange(s_area, Window + PageSize, 0x40016, 2 * PageSize, s_display);
            Assert.AreEqual(0x40017000u, s_area.Translate(Window + 2 * PageSize, VmFlags.Read), "registers");
            s_area.Unmap(Window, 4 * PageSize);
            Assert.AreEqual(0, s_area.MappedPages);
        }

        [TestMethod]
        public void Pages_that_are_mapped_are_not_mapped_over()
        {
            Boot(Both);
            s_io.RemapPfnRange(s_area, Window + 2 * PageSize, 0xC0010, PageSize, s_display);
            Refused(() => s_io.RemapPfnRange(s_area, Window + 2 * PageSize, 0xC0010, 1, s_display), typeof(InvalidOperationException),
                "window 'player' 0x00040000-0x00047fff", "0x00042000 is mapped already, to 0xc0010000", "not mapped");
            Refused(() => s_io.RemapPfnRange(s_area, Window, 0xC0010, 3 * PageSize, s_display), typeof(InvalidOperationException),
                "0x00042000 is mapped already");
            Refused(() => s_io.RemapPfnRange(s_area, Window + PageSize, 0xC0010, PageSize + 1, s_display), typeof(InvalidOperationException),
                "0x00042000");
        }

        [TestMethod]
        [DataRow(0x3F000u, 4096)]
        [DataRow(0x40001u, 1)]
        [DataRow(0x40800u, 4096)]
        [DataRow(0x47000u, 4097)]
        [DataRow(0x48000u, 1)]
        [DataRow(0x40000u, 32769)]
        [DataRow(0x40000u, int.MaxValue)]
        [DataRow(0x40000u, 0)]
        [DataRow(0x40000u, -4096)]
        [DataRow(0u, 4096)]
        [DataRow(0xFFFFF000u, 4096)]
        public void Pages_that_do_not_lie_in_the_window(uint address, int size)
        {
            Boot(Both);
            s_io.RemapPfnRange(s_area, Window + 2 * PageSize, 0xC0010, PageSize, s_display);
            string place = size.ToString() + " bytes at " + HexText.Of(address);
            Refused(() => s_io.RemapPfnRange(s_area, address, 0xC0010, size, s_display), typeof(ArgumentOutOfRangeException),
                "remap_pfn_range in window 'player' 0x00040000-0x00047fff", place, "4096");
            Refused(() => s_area.Unmap(address, size), typeof(ArgumentOutOfRangeException), "unmap in window 'player'", place);
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(0x100000)]
        [DataRow(int.MinValue)]
        [DataRow(int.MaxValue)]
        public void A_frame_that_is_none(int pfn)
        {
            Boot(Both);
            Refused(() => s_io.RemapPfnRange(s_area, Window, pfn, 1, s_display), typeof(ArgumentOutOfRangeException), "frame " + pfn.ToString(),
                "0 to 1048575", "player");
        }

        [TestMethod]
        public void A_page_that_a_neighbour_shares()
        {
            Boot(Both);
            Refused(() => s_io.RemapPfnRange(s_area, Window, 0xC0017, 0x800, s_display), typeof(ArgumentOutOfRangeException),
                "0xc0017000-0xc0017fff", "crosses the edge of reservation buffer 0xc0010000-0xc00177ff");
            s_io.RemapPfnRange(s_area, Window, 0xC0016, PageSize, s_display);
        }

        [TestMethod]
        public void A_window_for_other_memory_and_none()
        {
            Boot(Both);
            VmArea area = s_area;
            Boot(Both);
            Refused(() => s_io.RemapPfnRange(area, Window, 0xC0010, 1, s_display), typeof(InvalidOperationException), "player",
                "other device memory");
            Assert.AreEqual(0, area.MappedPages);
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_io.RemapPfnRange(null, Window, 0xC0010, 1, s_display));
        }

        [TestMethod]
        public void An_unmap_of_what_is_not_mapped()
        {
            Boot(Both);
            s_io.RemapPfnRange(s_area, Window, 0xC0010, 2 * PageSize, s_display);
            Refused(() => s_area.Unmap(Window, 3 * PageSize), typeof(InvalidOperationException), "unmap in window 'player'",
                "0x00042000 is not mapped");
            s_area.Unmap(Window, 2 * PageSize);
            Refused(() => s_area.Unmap(Window, PageSize), typeof(InvalidOperationException), "0x00040000 is not mapped");
        }

        [TestMethod]
        public void An_access_against_the_protection()
        {
            Boot(VmFlags.Read);
            s_io.RemapPfnRange(s_area, Window, 0xC0010, PageSize, s_display);
            var bytes = new byte[8];
            s_area.Read(Window, bytes, 0, 8);
            Refused(() => s_area.Write(Window + 4, bytes, 0, 4), typeof(InvalidOperationException), "write of 4 bytes at 0x00040004",
                "window 'player'", "read only");
            Refused(() => s_area.Translate(Window, Both), typeof(InvalidOperationException), "0x00040000", "read only");
            Refused(() => s_area.Translate(Window, 0), typeof(InvalidOperationException), "0x00040000", "player");

            Boot(VmFlags.Write);
            s_io.RemapPfnRange(s_area, Window, 0xC0010, PageSize, s_display);
            s_area.Write(Window, bytes, 0, 8);
            Refused(() => s_area.Read(Window, bytes, 0, 8), typeof(InvalidOperationException), "read of 8 bytes at 0x00040000", "written only");
        }

        [TestMethod]
        public void An_access_that_reaches_an_unmapped_page_moves_no_byte()
        {
            Boot(Both);
            s_io.RemapPfnRange(s_area, Window, 0xC0010, PageSize, s_display);
            s_memory.Fill(Buffer, PageSize, 0x33);
            var bytes = new byte[16];
            Refused(() => s_area.Write(Window + 0xFF8, bytes, 0, 16), typeof(ArgumentOutOfRangeException), "page fault",
                "write of 16 bytes at 0x00040ff8", "nothing is mapped at 0x00041000 of window 'player'", "Expected mapped pages");
            Refused(() => s_area.Read(Window + 0xFF8, bytes, 0, 16), typeof(ArgumentOutOfRangeException), "read of 16 bytes", "0x00041000");
            Assert.AreEqual((byte)0, bytes[0]);
            s_memory.Read(Buffer + 0xFF8, bytes, 0, 8);
            Assert.AreEqual((byte)0x33, bytes[7]);
        }

        [TestMethod]
        [DataRow(0x3FFFFu, 1)]
        [DataRow(0x47FFFu, 2)]
        [DataRow(0x48001u, 0)]
        [DataRow(0x40000u, -1)]
        [DataRow(0x40000u, int.MinValue)]
        [DataRow(0x40000u, int.MaxValue)]
        [DataRow(0xC0010000u, 4)]
        public void An_access_outside_the_window(uint address, int length)
        {
            Boot(Both);
            s_io.RemapPfnRange(s_area, Window, 0xC0010, 7 * PageSize, s_display);
            var bytes = new byte[4];
            Refused(() => s_area.Read(address, bytes, 0, length), typeof(ArgumentOutOfRangeException),
                "read of " + length.ToString() + " bytes at " + HexText.Of(address), "window 'player' 0x00040000-0x00047fff does not hold");
            Refused(() => s_area.Write(address, bytes, 0, length), typeof(ArgumentOutOfRangeException), "write of " + length.ToString());
        }

        [TestMethod]
        public void A_buffer_that_does_not_hold_the_span()
        {
            Boot(Both);
            s_io.RemapPfnRange(s_area, Window, 0xC0010, PageSize, s_display);
            Refused(() => s_area.Read(Window, null, 0, 0), typeof(ArgumentNullException), "0x00040000", "player");
            Refused(() => s_area.Write(Window, null, 0, 0), typeof(ArgumentNullException), "0x00040000", "player");
            int[] offsets = { -1, 1, int.MaxValue, int.MinValue };
            for (int i = 0; i < offsets.Length; i++)
            {
                int offset = offsets[i];
                Refused(() => s_area.Read(Window, new byte[8], offset, 8), typeof(ArgumentOutOfRangeException), "offset " + offset.ToString(),
                    "its 8 bytes");
                Refused(() => s_area.Write(Window, new byte[8], offset, 8), typeof(ArgumentOutOfRangeException), "offset " + offset.ToString(),
                    "its 8 bytes");
            }
        }

        [TestMethod]
        [DataRow(0u, 1, 3, "0x00000000")]
        [DataRow(0x800u, 1, 3, "multiple of 4096")]
        [DataRow(0x1000u, 0, 3, "0 pages")]
        [DataRow(0x1000u, -1, 3, "-1 pages")]
        [DataRow(0xFFFFE000u, 2, 3, "2 pages")]
        [DataRow(0x1000u, 0x80000, 3, "524288 pages")]
        [DataRow(0x1000u, 1, 0, "protection 0")]
        [DataRow(0x1000u, 1, 7, "protection 7")]
        public void A_window_that_cannot_be(uint start, int pages, int protection, string word)
        {
            Boot(Both);
            Exception e = Thrown.By(() => new VmArea(s_io, "odd", start, pages, (VmFlags)protection));
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains("'odd'", e.Message);
            Assert.Contains(word, e.Message);
        }

        [TestMethod]
        public void A_window_says_what_it_is()
        {
            Boot(VmFlags.Read);
            Assert.AreEqual("player", s_area.Name);
            Assert.AreEqual(Window, s_area.Start);
            Assert.AreEqual(8, s_area.Pages);
            Assert.IsTrue(s_area.Protection == VmFlags.Read);
            Assert.AreEqual(0xFFFFE000u, new VmArea(s_io, "top", 0xFFFFE000, 1, Both).Start);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VmArea(null, "odd", Window, 1, Both));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new VmArea(s_io, null, Window, 1, Both));
        }

        private static void Boot(VmFlags protection)
        {
            var map = new MemoryMap("test", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Sdram, 0x40000, DmaEngines.General, 0));
            map.Add(new Reservation("buffer", Buffer, 0x7800));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, Sdram, 0x10000, DmaEngines.General, PageMapKind.FreeBlocks));
            s_memory = new VmallocTestMemory(Sdram, 0x40000);
            PageAllocator allocator = PageAllocator.Boot(map, s_memory, null);
            s_display = allocator.RegisterOwner("display");
            s_io = new IoMemory(new Vmalloc(allocator, s_memory, Start, 32, 8, 8), 4);
            s_area = new VmArea(s_io, "player", Window, 8, protection);
        }

        private static void Refused(Action action, Type exception, params string[] words)
        {
            int mapped = s_area.MappedPages;
            Exception e = Thrown.By(action);
            Assert.IsNotNull(e);
            Assert.IsTrue(e.GetType() == exception, e.GetType().Name + ": " + e.Message);
            for (int i = 0; i < words.Length; i++)
            {
                Assert.Contains(words[i], e.Message);
            }
            Assert.AreEqual(mapped, s_area.MappedPages);
        }

        private static void Same(byte[] expected, int from, byte[] actual, int at, int length)
        {
            for (int i = 0; i < length; i++)
            {
                if (expected[from + i] != actual[at + i])
                {
                    Assert.AreEqual(expected[from + i], actual[at + i], "at " + i.ToString());
                }
            }
        }
    }
}
