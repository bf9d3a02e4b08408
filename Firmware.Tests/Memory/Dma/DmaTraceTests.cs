using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>What a trace shows of pages that devices and slabs take.</summary>
    [TestClass]
    public class DmaTraceTests
    {
        private static uint s_handle;

        [TestMethod]
        [DataRow((int)DmaTail.Exact, (int)TraceKind.Run, 2)]
        [DataRow((int)DmaTail.Trim, (int)TraceKind.Block, 3)]
        [DataRow((int)DmaTail.Keep, (int)TraceKind.Block, 2)]
        public void Pages_for_devices_and_for_slabs_are_recorded(int tail, int kind, int operations)
        {
            const int Page = DmaTestBoard.PageSize;
            DmaTestBoard.Boot(PageMapKind.FreeBlocks, 4);
            var device = new DmaDevice("device", DmaEngines.General) { MaxSegment = 65536 };
            DmaTestBoard.Dma.Attach(device, (DmaTail)tail, null);
            var ring = new TraceRing(16, null);
            DmaTestBoard.Pages.Trace(ring);
            uint address = DmaTestBoard.Dma.AllocCoherent(device, 2 * Page + 1, GfpFlags.Kernel, out s_handle);
            DmaTestBoard.Dma.FreeCoherent(device, 2 * Page + 1, address, s_handle);
            bool isRun = kind == (int)TraceKind.Run;
            TraceAssert.Recorded(ring, 1, (TraceKind)kind, address, isRun ? 2 * Page + 1 : 4 * Page, isRun ? Page : 4 * Page, device.Owner, 0);
            TraceAssert.Recorded(ring, operations, TraceKind.Free, address, tail == (int)DmaTail.Keep ? 4 * Page : 3 * Page, 0, device.Owner, 0);
            Assert.AreEqual((long)operations, ring.Recorded);

            var cache = new KmemCache(new SlabAllocator(DmaTestBoard.Pages, null, 4, null, null), "frames", 64, 8, GfpFlags.Kernel, null);
            cache.Alloc(GfpFlags.Kernel);
            var record = new TraceRecord();
            Assert.IsTrue(ring.CopyFrom(operations + 1, record));
            Assert.AreEqual((int)TraceKind.Block, (int)record.Kind);
            cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(operations + 1L, ring.Recorded, "the second object is in the same slab");
        }
    }
}
