using Carveout.Diagnostics;
using Carveout.Firmware.Tests.Memory;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Diagnostics
{
    [TestClass]
    public class OwnerTextTests
    {
        private const string Head = "owner               allocs      bytes     oldest     newest\n";

        [TestMethod]
        public void Nothing_recorded_is_said()
        {
            PageAllocator allocator = OwnerTableTests.Tracked(64, 16, out OwnerTable table);
            Assert.AreEqual(Head + "all                      0          0\nnothing dropped: of 0 allocations, all that live are above\n",
                OwnerText.PageOwner(table, allocator));
        }

        [TestMethod]
        public void Owners_stand_by_bytes_with_their_oldest_and_newest()
        {
            PageAllocator allocator = OwnerTableTests.Tracked(64, 16, out OwnerTable table);
            PageOwner camera = allocator.RegisterOwner("camera"), display = allocator.RegisterOwner("display");
            PageOwner leak = allocator.RegisterOwner("leak");
            allocator.AllocPages(GfpFlags.Dma, 0, camera);
            uint gone = allocator.AllocPages(GfpFlags.Dma, 0, leak);
            allocator.AllocPages(GfpFlags.Dma, 3, display);
            allocator.AllocPages(GfpFlags.Dma, 0, leak);
            allocator.AllocPagesExact(3 * 4096, GfpFlags.Dma, camera, 4096);
            allocator.AllocPages(GfpFlags.Dma, 1, leak);
            allocator.AllocPages(GfpFlags.Dma, 0, leak);
            allocator.FreePages(gone);
            Assert.AreEqual(Head
                + "display                  1      32768          3          3\n"
                + "camera                   2      16384          1          5\n"
                + "leak                     3      16384          4          7\n"
                + "all                      6      65536\n"
                + "nothing dropped: of 7 allocations, all that live are above\n",
                OwnerText.PageOwner(table, allocator));
        }

        [TestMethod]
        public void What_was_dropped_is_the_last_word()
        {
            PageAllocator allocator = OwnerTableTests.Tracked(64, 8, out OwnerTable table);
            for (int i = 0; i < 9; i++)
            {
                allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            string text = OwnerText.PageOwner(table, allocator);
            Assert.Contains("unknown                  7      28672          1          7\n", text);
            Assert.EndsWith("\n2 of 9 allocations dropped, the table was full: those of them that live are missing above\n", text);
        }
    }
}
