using System;
using Carveout.Board;

namespace Carveout.App
{
    /// <summary>Takes the memory that stock firmware can give, before anything else does, and describes it as a board.</summary>
    internal static class BankReservation
    {
        /// <summary>Nominal: managed code cannot learn where its arrays lie.</summary>
        private const uint Start = 0x10000000;

        /// <summary>Below this there is no room for a frame of any size and an application.</summary>
        private const int Least = 65536;

        /// <summary>Takes up to <paramref name="size"/> bytes: half as many, and half again, for as long as the heap says no.</summary>
        /// <exception cref="OutOfMemoryException">Not even 64 KB are free in a row.</exception>
        internal static ManagedMemory Take(int size)
        {
            while (size > Least)
            {
                try
                {
                    return new ManagedMemory(Start, size);
                }
                catch (OutOfMemoryException)
                {
                    size /= 2;
                }
            }
            return new ManagedMemory(Start, Least);
        }

        /// <summary>A region for every bank; a pool at the end of the first one, and zones over the rest.</summary>
        /// <param name="memory">The banks.</param>
        /// <param name="poolSize">Bytes, a multiple of the page size; 0 for none.</param>
        internal static MemoryMap Describe(ManagedMemory memory, int poolSize)
        {
            var map = new MemoryMap("managed banks", MemoryMap.DefaultPageSize);
            for (int i = 0; i < memory.BankCount; i++)
            {
                uint start = memory.BankStart(i);
                int size = memory.BankSize(i) / map.PageSize * map.PageSize, pool = i == 0 ? poolSize : 0;
                map.Add(new MemoryRegion("bank" + i.ToString(), MemoryKind.Sram, start, (uint)memory.BankSize(i), DmaEngines.None, 0));
                if (pool > 0)
                {
                    map.Reserve("frame-pool", start + (uint)(size - pool), (uint)pool);
                }
                if (size > pool)
                {
                    map.Add(new ZonePlan("NORMAL" + (i == 0 ? "" : i.ToString()), ZoneKind.Normal, start, (uint)(size - pool), DmaEngines.None,
                        PageMapKind.FreeBlocks));
                }
            }
            return map;
        }
    }
}
