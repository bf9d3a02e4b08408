namespace Carveout.Board.Boards
{
    /// <summary>The board of the story: a Linux 2.6 handheld with one bank of 128 MB that every device reaches.</summary>
    /// <remarks>This is no nanoFramework board. It reproduces the kernel's failure at the kernel's scale. The kernel's own 8 MB and the 32
    /// MB of a split DMA zone are our choice.</remarks>
    public static class Imx31Reference
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "imx31-reference";

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
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0x80000000, 0x8000000, DmaEngines.General, 32));

            map.Add(new Reservation("kernel", 0x80000000, 0x800000));
            MainMemory.Divide(map, 0x80800000, 0x7800000, DmaEngines.General, layout, 0x2000000, poolSize, pages);
            return map;
        }
    }
}
