using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>What a device that moves data by itself can reach, and how it wants its buffers.</summary>
    /// <remarks>Described at boot, then attached to one <see cref="DmaAllocator"/>. It reaches memory if the region's engines include its
    /// own and the last byte's bus address is not above its mask.</remarks>
    public sealed class DmaDevice
    {
        // Fields beside the properties: a property costs the interpreter four times as much, and every mapping reads these.
        internal readonly int EngineBit;
        internal readonly uint LastAddress;
        internal readonly uint AlignMask;
        internal readonly uint CrossMask;
        internal readonly bool IsCoherent;

        /// <summary>Its place in the allocator's list; -1 until it is attached.</summary>
        internal int Number = -1;

        /// <summary>The alignment that its requests for pages pass: 1 if every page of its zones suits it, otherwise the number of its
        /// rule.</summary>
        internal int Place = 1;

        internal PageOwner OwnerNumber;
        internal DmaTail TailPolicy;
        internal ReservedPool TailPool;

        /// <summary>Whether it reaches the bounce buffers.</summary>
        internal bool CanBounce;

        /// <summary>Zones that it reaches, DMA zones first: all of them, and those that are coherent for it.</summary>
        internal Zone[] Zones, CoherentZones;

        /// <summary>Describes a device.</summary>
        /// <param name="name">The owner's name in reports.</param>
        /// <param name="engine">The one engine that moves its data.</param>
        /// <param name="mask">The highest bus address that it can put out: the kernel's DMA mask.</param>
        /// <param name="alignment">Bytes, a power of two: every buffer's bus address is a multiple of it.</param>
        /// <param name="boundary">Bytes, a power of two from <paramref name="alignment"/> on, that no buffer crosses a multiple of;
        /// 0: none.</param>
        /// <param name="maxSegment">The most bytes of one entry of a scatter list, above 0.</param>
        /// <param name="snoops">Whether it sees what the CPU's cache holds, so that nobody has to clean or invalidate.</param>
        /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the engine is none or several.</exception>
        public DmaDevice(string name, DmaEngines engine, uint mask, int alignment, uint boundary, int maxSegment, bool snoops)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            int bit = (int)engine;
            if (bit <= 0 || (bit & (bit - 1)) != 0)
            {
                throw Bad(nameof(engine), name, "engines " + bit.ToString() + ": expected one engine");
            }
            if (mask == 0)
            {
                throw Bad(nameof(mask), name, "a mask of 0: expected the highest bus address that the device puts out");
            }
            if (alignment < 1 || (alignment & (alignment - 1)) != 0)
            {
                throw Bad(nameof(alignment), name, "alignment " + alignment.ToString() + ": expected a power of two");
            }
            if (boundary != 0 && (boundary < (uint)alignment || (boundary & (boundary - 1)) != 0))
            {
                throw Bad(nameof(boundary), name, "boundary " + boundary.ToString() + ": expected 0, or a power of two from the alignment of "
                    + alignment.ToString() + " on");
            }
            if (maxSegment < 1)
            {
                throw Bad(nameof(maxSegment), name, "segments of " + maxSegment.ToString() + " bytes: expected 1 or more");
            }
            Name = name;
            Engine = engine;
            EngineBit = bit;
            LastAddress = mask;
            Alignment = alignment;
            AlignMask = (uint)alignment - 1;
            Boundary = boundary;
            CrossMask = boundary == 0 ? 0 : ~(boundary - 1);
            MaxSegment = maxSegment;
            IsCoherent = snoops;
        }

        /// <summary>The owner's name in reports.</summary>
        public string Name { get; }

        /// <summary>The engine that moves its data.</summary>
        public DmaEngines Engine { get; }

        /// <summary>The highest bus address that it can put out.</summary>
        public uint Mask { get { return LastAddress; } }

        /// <summary>Bytes: every buffer's bus address is a multiple of it.</summary>
        public int Alignment { get; }

        /// <summary>Bytes that no buffer crosses a multiple of; 0: none.</summary>
        public uint Boundary { get; }

        /// <summary>The most bytes of one entry of a scatter list.</summary>
        public int MaxSegment { get; }

        /// <summary>Whether it sees what the CPU's cache holds.</summary>
        public bool Snoops { get { return IsCoherent; } }

        /// <summary>Its number as an owner of pages; <see cref="PageOwner.Unknown"/> until it is attached.</summary>
        public PageOwner Owner { get { return OwnerNumber; } }

        /// <summary>What its coherent blocks' tails become.</summary>
        public DmaTail Tail { get { return TailPolicy; } }

        /// <summary>Whether the device can take a buffer where it lies on the bus. Bus address 0 is no handle: it means failure.</summary>
        internal bool Fits(uint bus, int size)
        {
            return bus != 0 && (bus & AlignMask) == 0 && ((bus ^ (bus + (uint)(size - 1))) & CrossMask) == 0;
        }

        private static Exception Bad(string parameter, string name, string what)
        {
            return new ArgumentOutOfRangeException(parameter, "DMA device '" + name + "': " + what);
        }
    }
}
