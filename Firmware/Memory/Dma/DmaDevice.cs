using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>What a device that moves data by itself can reach, and how it wants its buffers.</summary>
    /// <remarks>Described at boot, then attached to one <see cref="DmaAllocator"/>. It reaches memory if the region's engines include its own and the
    /// last byte's bus address is not above its mask. Not synchronized: one thread describes and attaches it. Attached, it does not change.</remarks>
    /// <exception cref="InvalidOperationException">A property is set when the device is attached.</exception>
    public sealed class DmaDevice
    {
        // Fields beside the properties: a property costs the interpreter four times as much, and every mapping reads these.
        internal readonly int EngineBit;
        internal uint LastAddress = uint.MaxValue;
        internal uint AlignMask, CrossMask;
        internal bool IsCoherent;

        /// <summary>Its place in the allocator's list; -1 until it is attached.</summary>
        internal int Number = -1;

        /// <summary>The list of the allocator that it is attached to, or null.</summary>
        internal DmaDevices? Home;

        /// <summary>The alignment that its requests for pages pass: 1 if every page of its zones suits it, otherwise the number of its
        /// rule.</summary>
        internal int Place = 1;

        internal PageOwner OwnerNumber;
        internal DmaTail TailPolicy;
        internal ReservedPool? TailPool;
        internal int MostCoherent;

        /// <summary>Whether it reaches the bounce buffers.</summary>
        internal bool CanBounce;

        /// <summary>Zones that it reaches, DMA zones first: all of them, and those that are coherent for it.</summary>
        internal Zone[]? Zones, CoherentZones;

        private int _alignment = 1, _maxSegment = int.MaxValue;
        private uint _boundary;

        /// <summary>Describes a device that puts out any address, wants no alignment, knows no boundary, takes segments of any length and does not
        /// see what the CPU's cache holds. What is different is set before it is attached.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The engine is none or several.</exception>
        public DmaDevice(string name, DmaEngines engine)
        {
            Misuse.Given(name, nameof(name));
            int bit = (int)engine;
            if (bit <= 0 || (bit & (bit - 1)) != 0)
            {
                throw Bad(nameof(engine), name, "engines " + bit.ToString() + ": expected one engine");
            }
            Name = name;
            Engine = engine;
            EngineBit = bit;
        }

        /// <summary>The owner's name in reports.</summary>
        public string Name { get; }

        /// <summary>The engine that moves its data.</summary>
        public DmaEngines Engine { get; }

        /// <summary>The highest bus address that it can put out, above 0: the kernel's DMA mask. At first 0xFFFFFFFF.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is set to 0.</exception>
        public uint Mask
        {
            get { return LastAddress; }
            set
            {
                CheckDetached(nameof(Mask));
                if (value == 0)
                {
                    throw Bad(nameof(Mask), Name, "a mask of 0: expected the highest bus address that the device puts out");
                }
                LastAddress = value;
            }
        }

        /// <summary>Bytes, a power of two: every buffer's bus address is a multiple of it. At first 1.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is set to another number, or beyond the boundary.</exception>
        public int Alignment
        {
            get { return _alignment; }
            set
            {
                CheckDetached(nameof(Alignment));
                if (value < 1 || (value & (value - 1)) != 0 || (_boundary != 0 && _boundary < (uint)value))
                {
                    throw Bad(nameof(Alignment), Name, "alignment " + value.ToString() + ": expected a power of two"
                        + (_boundary == 0 ? "" : " to the boundary of " + _boundary.ToString()));
                }
                _alignment = value;
                AlignMask = (uint)value - 1;
            }
        }

        /// <summary>Bytes, a power of two from <see cref="Alignment"/> on, that no buffer crosses a multiple of; 0, as at first: none.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is set to another number.</exception>
        public uint Boundary
        {
            get { return _boundary; }
            set
            {
                CheckDetached(nameof(Boundary));
                if (value != 0 && (value < (uint)_alignment || (value & (value - 1)) != 0))
                {
                    throw Bad(nameof(Boundary), Name, "boundary " + value.ToString() + ": expected 0, or a power of two from the alignment of "
                        + _alignment.ToString() + " on");
                }
                _boundary = value;
                CrossMask = value == 0 ? 0 : ~(value - 1);
            }
        }

        /// <summary>The most bytes of one entry of a scatter list, above 0. At first 2,147,483,647.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is set to another number.</exception>
        public int MaxSegment
        {
            get { return _maxSegment; }
            set
            {
                CheckDetached(nameof(MaxSegment));
                if (value < 1)
                {
                    throw Bad(nameof(MaxSegment), Name, "segments of " + value.ToString() + " bytes: expected 1 or more");
                }
                _maxSegment = value;
            }
        }

        /// <summary>Whether it sees what the CPU's cache holds, so that nobody has to clean or invalidate. At first false.</summary>
        public bool Snoops
        {
            get { return IsCoherent; }
            set
            {
                CheckDetached(nameof(Snoops));
                IsCoherent = value;
            }
        }

        /// <summary>Its number as an owner of pages; <see cref="PageOwner.Unknown"/> until it is attached.</summary>
        public PageOwner Owner { get { return OwnerNumber; } }

        /// <summary>What happens to the tails of its coherent blocks.</summary>
        public DmaTail Tail { get { return TailPolicy; } }

        /// <summary>Whether the device can take a buffer where it lies on the bus. Bus address 0 is no handle: it means failure.</summary>
        internal bool Fits(uint bus, int size) => bus != 0 && (bus & AlignMask) == 0 && ((bus ^ (bus + (uint)(size - 1))) & CrossMask) == 0;

        /// <summary>Whether its buffers are coherent memory. Otherwise they must be synced.</summary>
        internal bool HasCoherent { get { return TailPolicy == DmaTail.Pool || CoherentZones.Length != 0; } }

        /// <summary>The zones that its buffers come from; those of a pool come from none.</summary>
        internal Zone[] BufferZones { get { return HasCoherent ? CoherentZones! : Zones!; } }

        private void CheckDetached(string property)
        {
            if (Number >= 0)
            {
                throw new InvalidOperationException("DMA device '" + Name + "' is attached: expected " + property + " before that");
            }
        }

        private static Exception Bad(string parameter, string name, string what) =>
            new ArgumentOutOfRangeException(parameter, "DMA device '" + name + "': " + what);
    }
}
