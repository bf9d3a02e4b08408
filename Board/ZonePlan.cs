using System;

namespace Carveout.Board
{
    /// <summary>The plan of a zone in a map. The firmware makes the zone from it at boot.</summary>
    /// <remarks>Immutable.</remarks>
    public sealed class ZonePlan
    {
        /// <summary>Plans a zone. Nothing is checked here: <see cref="MemoryMap.Validate"/> judges a map as a whole.</summary>
        /// <param name="name">Unique in the map; the kernel's are DMA and NORMAL.</param>
        /// <param name="start">First physical address, a multiple of the page size.</param>
        /// <param name="size">Bytes, a multiple of the page size.</param>
        /// <param name="engines">The DMA engines that must be able to reach all of it; <see cref="DmaEngines.None"/> for a Normal zone.</param>
        public ZonePlan(string name, ZoneKind kind, uint start, uint size, DmaEngines engines, PageMapKind map)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            Name = name;
            Kind = kind;
            Start = start;
            Size = size;
            Engines = engines;
            Map = map;
        }

        /// <summary>The name in reports.</summary>
        public string Name { get; }

        /// <summary>Whom it serves.</summary>
        public ZoneKind Kind { get; }

        /// <summary>First physical address.</summary>
        public uint Start { get; }

        /// <summary>Bytes.</summary>
        public uint Size { get; }

        /// <summary>The DMA engines that must reach all of it.</summary>
        public DmaEngines Engines { get; }

        /// <summary>How its pages are accounted for.</summary>
        public PageMapKind Map { get; }
    }
}
