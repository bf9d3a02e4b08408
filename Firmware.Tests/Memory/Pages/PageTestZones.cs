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
    }
}
