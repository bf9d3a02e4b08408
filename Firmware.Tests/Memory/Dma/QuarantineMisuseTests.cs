using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Somebody freed pages without telling their owner, and they are in quarantine. The owner's own free is refused before it has
    /// changed anything, as it would be without quarantine.</summary>
    [TestClass]
    public class QuarantineMisuseTests
    {
        private const int PageSize = 4096;
        private const uint Start = 0x10000000;

        private static MemoryMap s_map;
        private static ManagedMemory s_memory;
        private static PageAllocator s_pages;
        private static DmaAllocator s_dma;
        private static DmaDevice s_camera;
        private static uint s_address, s_handle;

        [TestMethod]
        public void FreeCoherent_keeps_its_record()
        {
            Boot();
            s_address = s_dma.AllocCoherent(s_camera, 5000, GfpFlags.Kernel, out s_handle);
            s_pages.FreePages(s_address);
            Exception e = Thrown.By(() => s_dma.FreeCoherent(s_camera, 5000, s_address, s_handle));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("nobody else to free its pages", e.Message);
            Assert.AreEqual(1, s_dma.BlockCount);
            Assert.AreEqual(5000L, s_dma.BlockBytes);
        }

        [TestMethod]
        public void A_mempool_does_not_take_the_element_into_its_reserve()
        {
            Boot();
            var pool = new Mempool("rescue", s_pages, 0, GfpFlags.Dma, 1, 1, null);
            while (s_pages.AllocPages(GfpFlags.Dma, 0, 0) != 0)
            {
            }
            s_address = pool.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(0, pool.ReserveCount, "it would take the next element that comes back");
            s_pages.FreePages(s_address);
            Exception e = Thrown.By(() => pool.Free(s_address));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("mempool 'rescue': double free: 0x", e.Message);
            Assert.Contains("held in quarantine", e.Message);
            Assert.AreEqual(1, pool.LiveCount);
            Assert.AreEqual(0, pool.ReserveCount);
        }

        [TestMethod]
        public void Vfree_leaves_the_whole_area()
        {
            Boot();
            var space = new Vmalloc(s_pages, s_memory, 0xE0000000, 16, 4, 4);
            s_address = space.Alloc(3 * PageSize, GfpFlags.Dma, 0);
            s_pages.FreePages(space.Translate(s_address + PageSize));
            int free = s_pages.ZoneAt(0).FreePages;
            Exception e = Thrown.By(() => space.Free(s_address));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("wrong vfree: page 0x", e.Message);
            Assert.AreEqual(1, space.AreaCount);
            Assert.AreEqual(free, s_pages.ZoneAt(0).FreePages, "no page has gone");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(PageSize + 100)]
        public void What_is_held_back_is_not_mapped(int offset)
        {
            Boot();
            var streaming = new DmaStreaming(s_dma);
            s_address = s_pages.AllocPages(GfpFlags.Dma, 1, s_pages.RegisterOwner("sensor"));
            s_pages.FreePages(s_address);
            Exception e = Thrown.By(() => streaming.MapSingle(s_camera, s_address + (uint)offset, 64, DmaDirection.FromDevice));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("64 bytes at 0x1000", e.Message);
            Assert.Contains("DMA device 'camera'", e.Message);
            Assert.Contains("freed", e.Message);
            Assert.Contains("owner 'sensor'", e.Message);
            Assert.AreEqual(0, s_dma.MappingCount);
            s_pages.DrainAllPages();
            Assert.AreEqual(s_pages.ZoneAt(0).Pages, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void What_ends_in_a_block_that_is_held_back_is_not_mapped_either()
        {
            Boot();
            var streaming = new DmaStreaming(s_dma);
            uint live = s_pages.AllocPages(GfpFlags.Dma, 0, 0);
            s_address = s_pages.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.AreEqual(live + PageSize, s_address);
            s_pages.FreePages(s_address);
            Exception e = Thrown.By(() => streaming.MapSingle(s_camera, live, PageSize + 1, DmaDirection.ToDevice));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("held in quarantine", e.Message);
            Assert.IsTrue(streaming.MapSingle(s_camera, live, PageSize, DmaDirection.ToDevice) != 0);
        }

        private static void Boot()
        {
            s_map = new MemoryMap("quarantine", PageSize);
            s_map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Start, 16 * PageSize, DmaEngines.General, 0));
            s_map.Add(new ZonePlan("DMA", ZoneKind.Dma, Start, 16 * PageSize, DmaEngines.General, PageMapKind.Runs));
            s_memory = new ManagedMemory(Start, 16 * PageSize);
            s_pages = PageAllocator.Boot(s_map, s_memory, null);
            s_pages.Harden(new PageHardening(new FindingLog(8), true, true, 8));
            s_dma = new DmaAllocator(s_pages, s_map, s_memory, null, 4, 8);
            s_camera = new DmaDevice("camera", DmaEngines.General) { MaxSegment = 65536 };
            s_dma.Attach(s_camera);
        }
    }
}
