using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Firmware.Tests.Memory;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Diagnostics
{
    [TestClass]
    public class TraceDumpTests
    {
        private const int PageSize = 4096;

        /// <summary>After so many records, header and names are repeated.</summary>
        private const int HeaderInterval = 128;

        [TestMethod]
        public void The_checksum_is_the_published_one()
        {
            // The check value of CRC-16/IBM-3740 in Greg Cook's catalogue.
            Assert.AreEqual(0x29b1, TraceText.Checksum("123456789"));
            Assert.AreEqual(0xffff, TraceText.Checksum(""));
        }

        [TestMethod]
        public void An_empty_ring_has_a_header_and_no_more()
        {
            PageAllocator allocator = TraceRingTests.Traced(64, 16, out TraceRing ring, out _);
            var dump = new TraceDump(allocator, ring);
            Says(dump, "h 1 4096 16 0 0");
            Assert.IsNull(dump.Next());
            Assert.IsNull(dump.Next());
        }

        [TestMethod]
        public void Lines_are_as_documented()
        {
            PageAllocator allocator = TraceRingTests.Traced(64, 16, out TraceRing ring, out TraceRingTests.TestClock clock);
            PageOwner camera = allocator.RegisterOwner("front camera*1");
            uint first = allocator.ZoneAt(0).Start;
            clock.Time = 1200;
            allocator.AllocPages(GfpFlags.Dma, 2, camera);
            clock.Time = -3;
            allocator.TrimPages(first, PageSize + 1);
            ring.MarkLoop(5);
            allocator.AllocPages(GfpFlags.Dma, 6, camera);
            allocator.FreePages(first);
            allocator.AllocPagesExact(5000, GfpFlags.Dma, camera);
            string address = HexText.Of(first).Substring(2);
            var dump = new TraceDump(allocator, ring);
            Says(dump, "h 1 4096 16 6 0");
            Says(dump, "o 1 front_camera_1");
            Says(dump, "b 1 0 1200 " + address + " 16384 16384 1");
            Says(dump, "t 2 0 -3 " + address + " 4097 0 1");
            Says(dump, "o 0 unknown");
            Says(dump, "l 3 0 -3 00000000 5 0 0");
            Says(dump, "x 4 0 -3 00000000 262144 262144 1");
            Says(dump, "f 5 0 -3 " + address + " 8192 0 1");
            Says(dump, "r 6 0 -3 " + address + " 5000 4096 1");
            Says(dump, "h 1 4096 16 6 0");
            Assert.IsNull(dump.Next());
        }

        [TestMethod]
        public void One_line_to_the_letter()
        {
            Assert.AreEqual("~ct o 0 unknown*80de", TraceText.Owner(0, "unknown"));
            Assert.AreEqual("~ct o 7 _*", TraceText.Owner((PageOwner)7, "").Substring(0, 10));
        }

        [TestMethod]
        public void It_goes_on_where_it_stopped_and_says_what_it_missed()
        {
            PageAllocator allocator = TraceRingTests.Traced(64, 4, out TraceRing ring, out _);
            var dump = new TraceDump(allocator, ring);
            string at = " 0 " + HexText.Of(allocator.ZoneAt(0).Start).Substring(2) + " 4096 ";
            Again(allocator, 3);
            Says(dump, "h 1 4096 4 6 0");
            Says(dump, "o 0 unknown");
            Assert.AreEqual(2L, dump.Lost);
            Says(dump, "b 3 2" + at + "4096 0");
            Says(dump, "f 4 2" + at + "0 0");
            Again(allocator, 3);
            Says(dump, "b 9 6" + at + "4096 0");
            Says(dump, "f 10 6" + at + "0 0");
            Says(dump, "b 11 6" + at + "4096 0");
            Says(dump, "f 12 6" + at + "0 0");
            Says(dump, "h 1 4096 4 12 6");
            Assert.IsNull(dump.Next());
            Again(allocator, 1);
            Says(dump, "b 13 6" + at + "4096 0");
            Says(dump, "f 14 6" + at + "0 0");
            Says(dump, "h 1 4096 4 14 6");
            Assert.IsNull(dump.Next());
        }

        [TestMethod]
        public void Header_and_names_are_said_again_now_and_then()
        {
            PageAllocator allocator = TraceRingTests.Traced(64, 1024, out TraceRing ring, out _);
            Again(allocator, HeaderInterval);
            var dump = new TraceDump(allocator, ring);
            int lines = 0, headers = 0, owners = 0, last = 0;
            for (string line = dump.Next(); line != null; line = dump.Next())
            {
                lines++;
                headers += line[4] == 'h' ? 1 : 0;
                owners += line[4] == 'o' ? 1 : 0;
                last = line[4];
            }
            Assert.AreEqual(2 * HeaderInterval + 3 + 2, lines);
            Assert.AreEqual(3, headers, "at the start, in the middle, at the end");
            Assert.AreEqual(2, owners);
            Assert.AreEqual((int)'h', last);
        }

        private static void Again(PageAllocator allocator, int times)
        {
            for (int i = 0; i < times; i++)
            {
                allocator.FreePages(allocator.AllocPages(GfpFlags.Dma, 0, 0));
            }
        }

        private static void Says(TraceDump dump, string text)
        {
            string line = dump.Next();
            Assert.IsNotNull(line, text);
            Assert.AreEqual("~ct " + text + "*" + HexText.Of((uint)TraceText.Checksum(text)).Substring(6), line);
        }
    }
}
