using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>A map belongs to one zone, and a zone to one allocator. A second one is refused: otherwise both would allocate the same
    /// pages.</summary>
    [TestClass]
    public class SecondTakerTests
    {
        [TestMethod]
        public void A_map_belongs_to_one_zone()
        {
            PageMap map = PageMap.Create(PageMapKind.Runs, 16);
            var first = new Zone("DMA", ZoneKind.Dma, 0x80000000, map);
            Thrown.As(typeof(InvalidOperationException), () => new Zone("NORMAL", ZoneKind.Normal, 0xC0000000, map),
                new[] { "zone NORMAL", "zone DMA", "already" });
            Assert.AreEqual(16, first.FreePages);
        }

        [TestMethod]
        public void A_zone_belongs_to_one_allocator()
        {
            var zone = new Zone("DMA", ZoneKind.Dma, 0x80000000, PageMap.Create(PageMapKind.Runs, 16));
            var other = new Zone("NORMAL", ZoneKind.Normal, 0xC0000000, PageMap.Create(PageMapKind.Runs, 16));
            var first = new PageAllocator(new[] { zone }, 4096, null, null);
            PageOwner camera = first.RegisterOwner("camera");
            uint address = first.AllocPages(GfpFlags.Dma, 2, camera);
            Thrown.As(typeof(InvalidOperationException), () => new PageAllocator(new[] { other, zone }, 4096, null, null),
                new[] { "zone DMA at 0x80000000", "has its page allocator already" });
            Assert.AreEqual((int)camera, (int)first.OwnerAt(address), "its account is as it was");
            // A zone that was not the reason for the refusal can still be given to another allocator.
            Assert.AreEqual(16, new PageAllocator(new[] { other }, 4096, null, null).ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void A_zone_of_a_booted_allocator_says_whose_it_is()
        {
            var map = new MemoryMap("my-board", 4096);
            map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, 0x20000000, 0x10000, DmaEngines.General, 0));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0x20000000, 0x10000, DmaEngines.General, PageMapKind.Runs));
            PageAllocator booted = PageAllocator.Boot(map, null, null);
            Thrown.As(typeof(InvalidOperationException), () => new PageAllocator(new[] { booted.ZoneAt(0) }, 4096, null, null),
                new[] { "zone DMA", "already: that of my-board" });
        }

        [TestMethod]
        public void What_becomes_of_the_callers_array_is_nothing_to_the_allocator()
        {
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, 0x80000000, PageMap.Create(PageMapKind.Runs, 16)) };
            var pages = new PageAllocator(zones, 4096, null, null);
            zones[0] = null;
            Assert.AreEqual(0x80000000u, pages.AllocPages(GfpFlags.Dma, 0, PageOwner.Unknown));
            Assert.AreEqual("DMA", pages.ZoneAt(0).Name);
        }
    }
}
