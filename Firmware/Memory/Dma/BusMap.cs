using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>A map's regions as the mapping of buffers reads them: who reaches them, and where on the bus they lie.</summary>
    internal sealed class BusMap
    {
        // By region: fields of a MemoryRegion are properties, which cost the interpreter four times as much.
        internal readonly uint[] Start, Size, BusOffset;
        internal readonly int[] Engines, Line;

        internal BusMap(MemoryMap map)
        {
            int count = map.RegionCount;
            Start = new uint[count];
            Size = new uint[count];
            BusOffset = new uint[count];
            Engines = new int[count];
            Line = new int[count];
            for (int i = 0; i < count; i++)
            {
                MemoryRegion region = map.RegionAt(i);
                Start[i] = region.Start;
                Size[i] = region.Size;
                // Added to an address it gives the bus address, modulo 2^32: engines may see a region below its CPU addresses.
                BusOffset[i] = region.BusStart - region.Start;
                Engines[i] = (int)region.Dma;
                Line[i] = region.CacheLine;
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
            for (int i = 0; i < Start.Length; i++)
            {
                if (handle - BusOffset[i] - Start[i] < Size[i])
                {
                    return i;
                }
            }
            return -1;
        }

        /// <summary>Whether a span that begins in a region ends in it too.</summary>
        internal bool Holds(int region, uint address, int size)
        {
            return (uint)(size - 1) < Size[region] - (address - Start[region]);
        }

        /// <summary>Whether a device reaches a span of a region.</summary>
        internal bool Reaches(DmaDevice device, int region, uint address, uint size)
        {
            uint bus = address + BusOffset[region], mask = device.LastAddress;
            return (Engines[region] & device.EngineBit) != 0 && bus <= mask && size - 1 <= mask - bus;
        }
    }
}
