namespace Carveout.Board.Boards
{
    /// <summary>STM32F429I-DISCO: 8 MB of SDRAM; DMA does not reach the core-coupled RAM.</summary>
    /// <remarks>Addresses: ST RM0090 and nf-interpreter's STM32F429xI_CLR.ld. That script gives all of SDRAM to the managed heap and puts
    /// graphics_ram behind the end of the chip. Here graphics_ram lies inside the chip; the faulty layout ships as an example of what the
    /// validator catches. The managed heap's share is our choice.</remarks>
    public static class Stm32F429Disco
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "stm32f429-disco";

        /// <inheritdoc cref="Esp32Cam.Create(ZoneLayout, PageMapKind, int)"/>
        public static MemoryMap Create(ZoneLayout layout = ZoneLayout.Single, PageMapKind pages = PageMapKind.Runs, int poolSize = 0)
        {
            var map = new MemoryMap(Name, MemoryMap.DefaultPageSize);
            map.Add(new MemoryRegion("CCM", MemoryKind.CoreCoupled, 0x10000000, 0x10000, DmaEngines.None, 0));
            map.Add(new MemoryRegion("SRAM1", MemoryKind.Sram, 0x20000000, 0x1C000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("SRAM2", MemoryKind.Sram, 0x2001C000, 0x4000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("SRAM3", MemoryKind.Sram, 0x20020000, 0x10000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xD0000000, 0x800000, DmaEngines.General, 0));

            map.Add(new Reservation(BoardCatalog.HeapName, 0xD0000000, 0x200000));
            map.Add(new Reservation("graphics_ram", 0xD05BB000, 2377728));
            MainMemory.Divide(map, 0xD0200000, 0x3BB000, DmaEngines.General, layout, 0x140000, poolSize, pages);
            return map;
        }
    }
}
