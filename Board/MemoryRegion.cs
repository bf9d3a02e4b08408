using System;

namespace Carveout.Board
{
    /// <summary>A range of physical addresses that is memory of one kind.</summary>
    /// <remarks>Immutable.</remarks>
    public sealed class MemoryRegion
    {
        /// <summary>Describes a region. Nothing is checked here: <see cref="MemoryMap.Validate"/> judges a map as a whole.</summary>
        /// <param name="name">Unique in the map.</param>
        /// <param name="start">First physical address.</param>
        /// <param name="size">Bytes.</param>
        /// <param name="cacheLine">Bytes of a line of the CPU's data cache in front of it; 0 if there is none.</param>
        public MemoryRegion(string name, MemoryKind kind, uint start, uint size, DmaEngines engines, int cacheLine)
            : this(name, kind, start, size, engines, cacheLine, start)
        {
        }

        /// <summary>Describes a region that DMA engines see at other addresses than the CPU does.</summary>
        /// <inheritdoc cref="MemoryRegion(string, MemoryKind, uint, uint, DmaEngines, int)"/>
        /// <param name="busStart">The address at which the engines see its first byte, a whole number of pages away from <paramref
        /// name="start"/>.</param>
        public MemoryRegion(string name, MemoryKind kind, uint start, uint size, DmaEngines engines, int cacheLine, uint busStart)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            Name = name;
            Kind = kind;
            Start = start;
            Size = size;
            Dma = engines;
            CacheLine = cacheLine;
            BusStart = busStart;
        }

        /// <summary>The name in reports.</summary>
        public string Name { get; }

        /// <summary>What it is made of.</summary>
        public MemoryKind Kind { get; }

        /// <summary>First physical address.</summary>
        public uint Start { get; }

        /// <summary>Bytes.</summary>
        public uint Size { get; }

        /// <summary>The engines that can read and write it.</summary>
        public DmaEngines Dma { get; }

        /// <summary>Bytes of a cache line; 0: not cached.</summary>
        public int CacheLine { get; }

        /// <summary>The address at which DMA engines see the first byte.</summary>
        public uint BusStart { get; }

        /// <summary>Whether all of [start, start + size) lies in the region.</summary>
        /// <param name="start">The first address.</param>
        /// <param name="size">Bytes, up to the end of the address space.</param>
        /// <returns>False if a byte of it lies outside.</returns>
        public bool Contains(uint start, uint size)
        {
            return start >= Start && (ulong)start + size <= (ulong)Start + Size;
        }

        /// <summary>Whether <paramref name="next"/> begins where this region ends, and users of memory need not notice the border: the same
        /// engines reach both, bus addresses continue across it, and both have the same cache line.</summary>
        /// <param name="next">Another region, or null.</param>
        /// <returns>Whether a reservation, a zone or a buffer may lie across the border.</returns>
        public bool RunsOnInto(MemoryRegion? next)
        {
            return next != null && Size > 0 && next.Size > 0 && (ulong)Start + Size == next.Start && next.Dma == Dma
                && next.CacheLine == CacheLine && next.BusStart - next.Start == BusStart - Start;
        }
    }
}
