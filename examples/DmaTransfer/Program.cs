using System;
using Carveout;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Memory;

namespace DmaTransfer
{
    /// <summary>Memory for an SPI device that does DMA: a ring that CPU and device may access at any time, and a buffer that is handed over.</summary>
    public static class Program
    {
        /// <summary>SRAM1 of the STM32F429. Here an array stands for it; with Carveout.Native in the firmware, call <c>NativeRegion.Open()</c>.</summary>
        private const uint Start = 0x20000000;
        private const int Size = 0x1C000;

        public static void Main()
        {
            CarveoutMemory memory = CarveoutMemory.Reserve(Stm32F429Disco.Create(), new ManagedMemory(Start, Size), Start, Size);
            var dma = new DmaAllocator(memory.Pages, 16, 16);
            var streaming = new DmaStreaming(dma);
            var spi = new DmaDevice("spi", DmaEngines.General) { Alignment = 4, MaxSegment = 4092 };
            dma.Attach(spi);
            uint ring = dma.AllocCoherent(spi, 1024, GfpFlags.Zero, out uint ringBus);
            uint buffer = memory.Pages.AllocPagesExact(8192, GfpFlags.Dma, memory.Pages.RegisterOwner("lcd"));
            uint bus = buffer == 0 ? 0 : streaming.MapSingle(spi, buffer, 8192, DmaDirection.ToDevice);
            if (ring == 0 || bus == 0)
            {
                Console.WriteLine(FailureReport.ToText(memory.Pages));
                return;
            }
            // Here the device is told ringBus and bus, and works. Until the buffer is unmapped, nobody can free it.
            Console.WriteLine(memory.Owners() + DmaText.Dump(dma));
            streaming.UnmapSingle(spi, bus, 8192, DmaDirection.ToDevice);
            memory.Pages.FreePages(buffer);
            dma.FreeCoherent(spi, 1024, ring, ringBus);
            Console.WriteLine(memory.Owners());
        }
    }
}
