namespace Carveout.Board.Boards
{
    /// <summary>AI-Thinker ESP32-CAM: 520 KB of internal RAM and an 8 MB PSRAM chip. 4 MB of the chip are mapped; no DMA engine reaches
    /// them.</summary>
    /// <remarks>Addresses: esp-idf, components/heap/port/esp32/memory_layout.c and soc.h; the mapped half of the chip: esp-idf issue 5137. The
    /// camera's DMA fills a ring in internal RAM. The CPU copies the ring to frames in PSRAM, and the SPI driver sends frames from a staging buffer
    /// in internal RAM. So a DMA zone cannot serve frames on this board: they come from NORMAL, or from a pool. What is reserved for the runtime is
    /// our choice for a plausible application, not a measurement.</remarks>
    public static class Esp32Cam
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "esp32cam";

        /// <summary>esp32-camera's DMA ring in internal RAM, in bytes (cam_hal.c).</summary>
        private const uint CameraRing = 32768;

        /// <summary>The largest SPI transfer of nanoFramework's ESP32 port, in bytes.</summary>
        private const uint SpiStaging = 16384;

        /// <summary>The map; with every choice at its default one zone, exact runs of pages, no pool. See
        /// <see cref="BoardCatalog.Create(string, ZoneLayout, PageMapKind, int)"/>.</summary>
        /// <param name="layout">One zone or two; always one on a board whose main memory no DMA engine reaches.</param>
        /// <param name="poolSize">Bytes of main memory to reserve for a buffer pool, rounded up to pages; 0 for none.</param>
        /// <returns>A new map, not sealed yet.</returns>
        /// <exception cref="System.ArgumentOutOfRangeException">The pool is negative, or does not leave a page for the zones.</exception>
        public static MemoryMap Create(ZoneLayout layout = ZoneLayout.Single, PageMapKind pages = PageMapKind.Runs, int poolSize = 0)
        {
            var map = new MemoryMap(Name, MemoryMap.DefaultPageSize);
            map.Add(new MemoryRegion("DRAM", MemoryKind.Sram, 0x3FFAE000, 0x52000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("IRAM", MemoryKind.InstructionRam, 0x40080000, 0x20000, DmaEngines.None, 0));
            map.Add(new MemoryRegion("PSRAM", MemoryKind.Psram, 0x3F800000, 0x400000, DmaEngines.None, 32));

            map.Add(new Reservation("esp-idf", 0x3FFAE000, 0x32000));
            map.Add(new Reservation("camera-dma-ring", 0x3FFE0000, CameraRing));
            map.Add(new Reservation("spi-staging", 0x3FFE8000, SpiStaging));
            if (layout == ZoneLayout.Split)
            {
                map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0x3FFEC000, 0x14000, DmaEngines.General, pages));
            }
            map.Add(new Reservation(BoardCatalog.HeapName, 0x3F800000, 0xC0000));
            // What nanoFramework leaves to esp-idf after its heap has taken the largest PSRAM block.
            map.Add(new Reservation("esp-idf-psram", 0x3F8C0000, 0x40000));
            MainMemory.Divide(map, 0x3F900000, 0x300000, DmaEngines.None, layout, 0, poolSize, pages);
            return map;
        }
    }
}
