namespace Carveout.Board.Boards
{
    /// <summary>STM32F746 with nothing but its internal RAM.</summary>
    /// <remarks>Addresses: Zephyr's stm32f746.dtsi and ST RM0385. The managed heap's share is our choice.</remarks>
    public static class Stm32F746
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "stm32f746";

        /// <inheritdoc cref="Esp32Cam.Create(ZoneLayout, PageMapKind, int)"/>
        public static MemoryMap Create(ZoneLayout layout = ZoneLayout.Single, PageMapKind pages = PageMapKind.Runs, int poolSize = 0)
        {
            var map = new MemoryMap(Name, MemoryMap.DefaultPageSize);
            map.Add(new MemoryRegion("DTCM", MemoryKind.CoreCoupled, 0x20000000, 0x10000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("SRAM1", MemoryKind.Sram, 0x20010000, 0x3C000, DmaEngines.General, 32));
            map.Add(new MemoryRegion("SRAM2", MemoryKind.Sram, 0x2004C000, 0x4000, DmaEngines.General, 32));

            map.Add(new Reservation(BoardCatalog.HeapName, 0x20010000, 0x14000));
            MainMemory.Divide(map, 0x20024000, 0x28000, DmaEngines.General, layout, 0x20000, poolSize, pages);
            return map;
        }
    }
}
