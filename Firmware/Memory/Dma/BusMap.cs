using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>A map's regions as the mapping of buffers reads them: who reaches them, and where on the bus they lie.</summary>
    internal sealed class BusMap
    {
        // By region: fields of a MemoryRegion are properties, which cost the interpreter four times as much.
        internal readonly uint[] Start, Size, BusOffset;
        internal readonly int[] Engines, Line;

        private readonly uint[] _busStart;

        internal BusMap(MemoryMap map)
        {
            // A buffer may cross the border of two adjacent regions that are alike, so they are one region here.
            int count = 0;
            for (int i = 0; i < map.RegionCount; i++)
            {
                count += BeginsRun(map, map.RegionAt(i)) ? 1 : 0;
            }
            Start = new uint[count];
            Size = new uint[count];
            BusOffset = new uint[count];
            _busStart = new uint[count];
            Engines = new int[count];
            Line = new int[count];
            count = 0;
            for (int i = 0; i < map.RegionCount; i++)
            {
                MemoryRegion region = map.RegionAt(i);
                if (!BeginsRun(map, region))
                {
                    continue;
                }
                Start[count] = region.Start;
                Size[count] = (uint)(map.EndOfRun(region) - region.Start);
                // Added to an address it gives the bus address, modulo 2^32: engines may see a region below its CPU addresses.
                BusOffset[count] = region.BusStart - region.Start;
                _busStart[count] = region.BusStart;
                Engines[count] = (int)region.Dma;
                Line[count] = region.CacheLine;
                count++;
            }
        }

        /// <summary>The region that holds a CPU address, or -1.</summary>
        internal int Find(uint address)
        {
            uint[] start = Start, size = Size;
            for (int i = 0; i < start.Length; i++)
            {
                if (address - start[i] < size[i])
                {
                    return i;
                }
            }
            return -1;
        }

        /// <summary>The region that engines see at a bus address, or -1.</summary>
        internal int FindBus(uint handle)
        {
            uint[] start = _busStart, size = Size;
            for (int i = 0; i < start.Length; i++)
            {
                if (handle - start[i] < size[i])
                {
                    return i;
                }
            }
            return -1;
        }

        private static bool BeginsRun(MemoryMap map, MemoryRegion region)
        {
            for (int i = 0; i < map.RegionCount; i++)
            {
                if (map.RegionAt(i).RunsOnInto(region))
                {
                    return false;
                }
            }
            return true;
        }

        internal bool Reaches(DmaDevice device, int region, uint address, uint size)
        {
            uint bus = address + BusOffset[region], mask = device.LastAddress;
            return (Engines[region] & device.EngineBit) != 0 && bus <= mask && size - 1 <= mask - bus;
        }
    }
}
