namespace Carveout.Board.Boards
{
    /// <summary>The board of the story: a Linux 2.6 handheld with one bank of 128 MB that every device reaches.</summary>
    /// <remarks>This is no nanoFramework board. It reproduces the kernel's failure at the kernel's scale. The kernel's own 8 MB and the 32
    /// MB of a split DMA zone are our choice.</remarks>
    public static class Imx31Reference
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "imx31-reference";

        /// <inheritdoc cref="Esp32Cam.Create(ZoneLayout, PageMapKind, int)"/>
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
