namespace Carveout.Board.Boards
{
    /// <summary>STM32H743: internal RAM in three domains, each reached by other DMA engines.</summary>
    /// <remarks>Addresses: Zephyr's stm32h743.dtsi, ST RM0433 and AN4861. The managed heap's share is our choice.</remarks>
    public static class Stm32H743
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "stm32h743";

        /// <inheritdoc cref="Esp32Cam.Create(ZoneLayout, PageMapKind, int)"/>
        public static MemoryMap Create(ZoneLayout layout = ZoneLayout.Single, PageMapKind pages = PageMapKind.Runs, int poolSize = 0)
        {
            var map = new MemoryMap(Name, MemoryMap.DefaultPageSize);
            map.Add(new MemoryRegion("DTCM", MemoryKind.CoreCoupled, 0x20000000, 0x20000, DmaEngines.Mdma, 0));
            map.Add(new MemoryRegion("AXI-SRAM", MemoryKind.Sram, 0x24000000, 0x80000, DmaEngines.General, 32));
            map.Add(new MemoryRegion("D2-SRAM1", MemoryKind.Sram, 0x30000000, 0x20000, DmaEngines.General, 32));
            map.Add(new MemoryRegion("D2-SRAM2", MemoryKind.Sram, 0x30020000, 0x20000, DmaEngines.General, 32));
            map.Add(new MemoryRegion("D2-SRAM3", MemoryKind.Sram, 0x30040000, 0x8000, DmaEngines.General, 32));
            map.Add(new MemoryRegion("D3-SRAM4", MemoryKind.Sram, 0x38000000, 0x10000, DmaEngines.Bdma, 32));

            map.Add(new Reservation(BoardCatalog.HeapName, 0x24000000, 0x20000));
            MainMemory.Divide(map, 0x24020000, 0x60000, DmaEngines.General, layout, 0x30000, poolSize, pages);
            return map;
        }
    }
}
