namespace Carveout.Board.Boards
{
    /// <summary>STM32F746 with nothing but its internal RAM.</summary>
    /// <remarks>Addresses: Zephyr's stm32f746.dtsi and ST RM0385. The managed heap's share is our choice.</remarks>
    public static class Stm32F746
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "stm32f746";

        /// <summary>The map; with every choice at its default one zone, exact runs of pages, no pool. See
        /// <see cref="BoardCatalog.Create(string, ZoneLayout, PageMapKind, int)"/>.</summary>
        /// <param name="layout">One zone or two; always one on a board whose main memory no DMA engine reaches.</param>
        /// <param name="pages">How the zones account for their pages.</param>
        /// <param name="poolSize">Bytes of main memory to reserve for a buffer pool, rounded up to pages; 0 for none.</param>
        /// <returns>A new map, not sealed yet.</returns>
        /// <exception cref="System.ArgumentOutOfRangeException">The pool is negative, or does not leave a page for the zones.</exception>
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
