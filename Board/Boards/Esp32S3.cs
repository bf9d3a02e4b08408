namespace Carveout.Board.Boards
{
    /// <summary>ESP32-S3 with PSRAM that its general DMA engine (GDMA) reaches through the cache.</summary>
    /// <remarks>Addresses: esp-idf, components/heap/port/esp32s3/memory_layout.c, soc.h and ext_mem_defs.h. PSRAM shares the window
    /// 0x3C000000-0x3DFFFFFF with flash. Where PSRAM begins depends on the size of the firmware, so it is a parameter.</remarks>
    public static class Esp32S3
    {
        /// <summary>The board's name in the catalog.</summary>
        public const string Name = "esp32s3";

        /// <summary>Where PSRAM begins when the catalog makes the map: the upper half of the window.</summary>
        public const uint DefaultPsramStart = 0x3D000000;

        /// <summary>8 MB, as on the N8R8 and N16R8 modules.</summary>
        public const uint DefaultPsramSize = 0x800000;

        private const uint ClrHeap = 0x200000, IdfReserve = 0x40000, DmaZone = 0x200000;

        /// <summary>The map; with every choice at its default one zone, exact runs of pages, no pool. See
        /// <see cref="BoardCatalog.Create(string, ZoneLayout, PageMapKind, int)"/>.</summary>
        /// <param name="layout">One zone or two.</param>
        /// <param name="poolSize">Bytes to reserve for buffers.</param>
        /// <param name="psramStart">First address of PSRAM, a multiple of 64 KB (a page of the chip's MMU).</param>
        /// <param name="psramSize">Bytes of PSRAM mapped, at least 4 MB.</param>
        /// <returns>A new map, not sealed yet.</returns>
        /// <exception cref="System.ArgumentOutOfRangeException">The pool is negative, or does not leave a page for the zones.</exception>
        public static MemoryMap Create(ZoneLayout layout = ZoneLayout.Single, PageMapKind pages = PageMapKind.Runs, int poolSize = 0,
            uint psramStart = DefaultPsramStart, uint psramSize = DefaultPsramSize)
        {
            var map = new MemoryMap(Name, MemoryMap.DefaultPageSize);
            map.Add(new MemoryRegion("DRAM", MemoryKind.Sram, 0x3FC88000, 0x78000, DmaEngines.Gdma, 0));
            map.Add(new MemoryRegion("PSRAM", MemoryKind.Psram, psramStart, psramSize, DmaEngines.Gdma, 32));

            // When the runtime's heap is in PSRAM, internal RAM is left to esp-idf, its stacks and its drivers.
            map.Add(new Reservation("esp-idf", 0x3FC88000, 0x78000));
            map.Add(new Reservation(BoardCatalog.HeapName, psramStart, ClrHeap));
            map.Add(new Reservation("esp-idf-psram", psramStart + ClrHeap, IdfReserve));
            MainMemory.Divide(map, psramStart + ClrHeap + IdfReserve, psramSize - ClrHeap - IdfReserve, DmaEngines.Gdma, layout, DmaZone,
                poolSize, pages);
            return map;
        }
    }
}
