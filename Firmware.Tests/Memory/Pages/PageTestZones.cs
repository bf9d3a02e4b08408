using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Small allocators over zones without memory behind them.</summary>
    internal static class PageTestZones
    {
        internal const uint DmaStart = 0x80000000, NormalStart = 0xC0000000;

        internal const int PageSize = 4096;

        internal static PageAllocator OneZone(int pages)
        {
            return new PageAllocator(new[] { new Zone("DMA", ZoneKind.Dma, DmaStart, PageMap.Create(PageMapKind.FreeBlocks, pages, 0)) }, PageSize, null, null);
        }

        internal static PageAllocator TwoZones(int dmaPages, int normalPages)
        {
            return new PageAllocator(
                new[]
                {
                    new Zone("DMA", ZoneKind.Dma, DmaStart, PageMap.Create(PageMapKind.FreeBlocks, dmaPages, 0)),
                    new Zone("NORMAL", ZoneKind.Normal, NormalStart, PageMap.Create(PageMapKind.FreeBlocks, normalPages, 0)),
                },
                PageSize, null, null);
        }

        /// <summary>The zones of a map that has two regions and a pool.</summary>
        internal static PageAllocator Mapped()
        {
            var map = new MemoryMap("test", 4096);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xD0000000, 0x200000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("CCM", MemoryKind.CoreCoupled, 0x20000000, 0x10000, DmaEngines.None, 0));
            map.Add(new Reservation("frame-pool", 0xD0100000, 0x100000));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xD0000000, 0x40000, DmaEngines.General, PageMapKind.FreeBlocks));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, 0xD0040000, 0xC0000, DmaEngines.None, PageMapKind.FreeBlocks));
            return PageAllocator.Boot(map, null, null);
        }
    }
}
