namespace Carveout.Board.Boards
{
    /// <summary>STM32F769I-DISCO: 16 MB of SDRAM, which the MPU marks as not cached.</summary>
    /// <remarks>Addresses: nf-interpreter's STM32F76xx_CLR.ld and target_external_memory.c, ST RM0410. Graphics memory and frame buffer are
    /// where that script puts them. How the memory above them is divided between the runtime's heap and Carveout is our choice.</remarks>
    public static class Stm32F769Disco
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "stm32f769-disco";

        /// <inheritdoc cref="Esp32Cam.Create(ZoneLayout, PageMapKind, int)"/>
        public static MemoryMap Create(ZoneLayout layout = ZoneLayout.Single, PageMapKind pages = PageMapKind.Runs, int poolSize = 0)
        {
            var map = new MemoryMap(Name, MemoryMap.DefaultPageSize);
            map.Add(new MemoryRegion("DTCM", MemoryKind.CoreCoupled, 0x20000000, 0x20000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("SRAM1", MemoryKind.Sram, 0x20020000, 0x5C000, DmaEngines.General, 32));
            map.Add(new MemoryRegion("SRAM2", MemoryKind.Sram, 0x2007C000, 0x4000, DmaEngines.General, 32));
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xC0000000, 0x1000000, DmaEngines.General, 0));

            map.Add(new Reservation(BoardCatalog.HeapName, 0xC0000000, 0x400000));
            map.Add(new Reservation("graphics", 0xC0D00000, 2377728));
            map.Add(new Reservation("framebuffer", 0xC0F44800, 768000));
            MainMemory.Divide(map, 0xC0400000, 0x900000, DmaEngines.General, layout, 0x400000, poolSize, pages);
            return map;
        }
    }
}
