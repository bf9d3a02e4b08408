using System;

namespace Carveout.Memory
{
    /// <summary>The live streaming mappings: which bytes, for which device, in which direction, and who may touch them now.</summary>
    /// <remarks>
    /// <para>What the kernel keeps only for debugging (kernel/dma/debug.c) is kept always: with it a second unmap, a free of mapped memory
    /// and an access to what the device owns have a name instead of ruining a frame. A mapping belongs to the device but for one span that
    /// SyncForCpu gave to the CPU (<c>CpuFrom</c> to <c>CpuTo</c>; none where they are equal).</para>
    /// <para>Entries are numbered; <c>_order</c> lists the live ones by address and behind them the free ones, so that a binary
    /// search finds one, and inserting moves 2 bytes for each mapping behind, by a native copy. Two mappings share bytes only if both are ToDevice.
    /// Nothing is allocated after construction. Not synchronized: every call is made under the page allocator's lock, the free of
    /// pages, which asks <see cref="Find"/>, included.</para>
    /// </remarks>
    internal sealed class DmaMappings : PageHold
    {
        /// <summary>The most mappings, 33 bytes each.</summary>
        internal const int MaxMappings = 32767;

        /// <summary>In <see cref="Slot"/>: mapped where it lies; and likewise, pages of AllocNoncoherent.</summary>
        internal const int Direct = -1, Noncoherent = -2;

        // By entry.
        internal readonly uint[] Address, Handle;
        internal readonly int[] Size, CpuFrom, CpuTo;
        internal readonly byte[] Device, Direction;

        /// <summary>The first bounce slot, <see cref="Direct"/> or <see cref="Noncoherent"/>.</summary>
        internal readonly short[] Slot;

        /// <summary>Bytes of a cache line between CPU and device where the device finds the data; 0: they see the same.</summary>
        internal readonly short[] Line;

        /// <summary>1 while an unmap is copying back, so that a second one is refused.</summary>
        internal readonly byte[] Leaving;

        /// <summary>The cache that checks because the mapping holds an object of it, or null. Remembered: pages that were mapped before they
        /// became a slab give no reason to.</summary>
        internal readonly KmemCache[] Guarded;

        /// <summary>Whose numbers are in <see cref="Device"/>.</summary>
        internal DmaDevices Devices;

        private readonly short[] _order;

        /// <summary>The length of the longest live mapping: a mapping that reaches an address begins at most so far before it.</summary>
        private int _longest;

        internal DmaMappings(int capacity)
        {
            if (capacity < 1 || capacity > MaxMappings)
            {
                throw new ArgumentOutOfRangeException("mappings", capacity.ToString() + " mappings: expected 1 to " + MaxMappings.ToString());
            }
            Address = new uint[capacity];
            Handle = new uint[capacity];
            Size = new int[capacity];
            CpuFrom = new int[capacity];
            CpuTo = new int[capacity];
            Device = new byte[capacity];
            Direction = new byte[capacity];
            Slot = new short[capacity];
            Line = new short[capacity];
            Leaving = new byte[capacity];
            Guarded = new KmemCache[capacity];
            _order = new short[capacity];
            for (int i = 0; i < capacity; i++)
            {
                _order[i] = (short)i;
            }
        }

        /// <summary>Mappings that there can be at once.</summary>
        internal int Capacity { get { return _order.Length; } }

        /// <summary>The most there ever were at once.</summary>
        internal int MaxCount { get; private set; }

        /// <summary>Mappings ever made.</summary>
        internal long Mapped { get; private set; }

        /// <summary>Requests that returned 0: the table full, or no bounce slots that the device can take.</summary>
        internal long FailureCount { get; set; }

        /// <summary>The number of the mapping that is at <paramref name="index"/> by ascending address.</summary>
        internal int EntryAt(int index)
        {
            return _order[index];
        }

        /// <summary>A mapping that shares a byte with a span, or -1.</summary>
        internal override int Find(uint address, int size)
        {
            for (int at = Before(address, size); at >= 0; at--)
            {
                int entry = _order[at];
                uint behind = address - Address[entry];
                if (Address[entry] >= address || behind < (uint)Size[entry])
                {
                    return entry;
                }
                if (behind >= (uint)_longest)
                {
                    break;
                }
            }
            return -1;
        }

        /// <inheritdoc/>
        internal override Exception Refusal(string call, string what, uint address, int size)
        {
            return new InvalidOperationException(call + " while mapped: " + what + " holds " + DmaMisuse.Describe(this, Find(address, size))
                + ". Expected UnmapSingle first");
        }

        /// <inheritdoc/>
        internal override string WhyNotAsked(PageOwner owner, Zone zone)
        {
            for (int i = 0; i < Devices.Count; i++)
            {
                DmaDevice device = Devices.At(i);
                if (device.OwnerNumber != owner)
                {
                    continue;
                }
                for (int z = 0; z < device.Zones.Length; z++)
                {
                    if (device.Zones[z] == zone)
                    {
                        return "the CPU caches it, and DMA device '" + device.Name + "' does not snoop: it is no coherent memory";
                    }
                }
                return "DMA device '" + device.Name + "' reaches no page of it";
            }
            return "no DMA device reaches it";
        }

        /// <summary>A mapping that shares a byte with a new one although not both are ToDevice and streaming, or -1.</summary>
        /// <remarks>Bytes that devices only read cannot become stale, so such overlaps are allowed. The kernel allows them too and warns of all
        /// others (kernel/dma/debug.c, active_cacheline_insert).</remarks>
        internal int FindConflict(uint address, int size, DmaDirection direction)
        {
            for (int at = Before(address, size); at >= 0; at--)
            {
                int entry = _order[at];
                uint behind = address - Address[entry];
                if ((Address[entry] >= address || behind < (uint)Size[entry])
                    && (direction != DmaDirection.ToDevice || Direction[entry] != (byte)DmaDirection.ToDevice || Slot[entry] == Noncoherent))
                {
                    return entry;
                }
                if (Address[entry] < address && behind >= (uint)_longest)
                {
                    break;
                }
            }
            return -1;
        }

        /// <summary>A mapping that forbids the CPU to touch a span, or -1.</summary>
        internal int FindHeld(uint address, int size, bool writes)
        {
            for (int at = Before(address, size); at >= 0; at--)
            {
                int entry = _order[at];
                uint behind = address - Address[entry];
                if (Address[entry] < address && behind >= (uint)_longest)
                {
                    break;
                }
                if ((Address[entry] >= address || behind < (uint)Size[entry]) && IsHeld(entry, address, size, writes))
                {
                    return entry;
                }
            }
            return -1;
        }

        /// <summary>The mapping of bytes that lie at a CPU address, mapped where they lie, or -1.</summary>
        /// <param name="address">The first byte.</param>
        /// <param name="size">Bytes, which the mapping has, or, unless <paramref name="whole"/>, holds.</param>
        /// <param name="device">For whom.</param>
        /// <param name="direction">Which way.</param>
        /// <param name="whole">Whether it must begin and end with the bytes.</param>
        /// <param name="leaving">1 for one that is being unmapped, otherwise 0.</param>
        internal int FindDirect(uint address, int size, int device, DmaDirection direction, bool whole, int leaving)
        {
            for (int at = Before(address, 1); at >= 0; at--)
            {
                int entry = _order[at];
                uint behind = address - Address[entry];
                if (Slot[entry] < 0 && Matches(entry, behind, size, device, direction, whole, leaving))
                {
                    return entry;
                }
                if (behind >= (uint)_longest)
                {
                    break;
                }
            }
            return -1;
        }

        internal bool Matches(int entry, uint inside, int size, int device, DmaDirection direction, bool whole, int leaving)
        {
            return Device[entry] == device && Direction[entry] == (byte)direction && Leaving[entry] == leaving && size > 0
                && (whole ? inside == 0 && size == Size[entry] : inside < (uint)Size[entry] && size <= Size[entry] - (int)inside);
        }

        /// <summary>Enters a mapping that the device owns; the caller made sure that there is room.</summary>
        internal int Insert(uint address, int size, uint handle, int device, DmaDirection direction, int slot, int line)
        {
            int at = Before(address, 1) + 1, entry = _order[Live];
            Array.Copy(_order, at, _order, at + 1, Live - at);
            _order[at] = (short)entry;
            Live++;
            Mapped++;
            MaxCount = Live > MaxCount ? Live : MaxCount;
            _longest = size > _longest ? size : _longest;
            Address[entry] = address;
            Size[entry] = size;
            Handle[entry] = handle;
            Device[entry] = (byte)device;
            Direction[entry] = (byte)direction;
            Slot[entry] = (short)slot;
            Line[entry] = (short)line;
            CpuFrom[entry] = 0;
            CpuTo[entry] = 0;
            Leaving[entry] = 0;
            return entry;
        }

        /// <summary>Takes a mapping out. What it was stays readable until the entry is used again, for the message on a second
        /// unmap.</summary>
        internal void Remove(int entry)
        {
            int at = Before(Address[entry], 1);
            while (_order[at] != entry)
            {
                at--;
            }
            Live--;
            Array.Copy(_order, at + 1, _order, at, Live - at);
            _order[Live] = (short)entry;
            if (Live == 0)
            {
                _longest = 0;
            }
        }

        private bool IsHeld(int entry, uint address, int size, bool writes)
        {
            DmaDirection direction = (DmaDirection)Direction[entry];
            if (direction == DmaDirection.ToDevice && !writes)
            {
                return false;
            }
            if (direction == DmaDirection.FromDevice && writes)
            {
                return true;
            }
            // Of the span, what lies in the mapping, in bytes from the mapping's start.
            uint start = Address[entry];
            int from = address <= start ? 0 : (int)(address - start);
            uint left = start + (uint)from - address;
            int length = size - (int)left, rest = Size[entry] - from;
            int to = from + (length < rest ? length : rest);
            return from < CpuFrom[entry] || to > CpuTo[entry];
        }

        /// <summary>The last place in the order whose mapping begins at or before the last byte of a span; -1 where none does.</summary>
        private int Before(uint address, int size)
        {
            uint last = address + (uint)(size - 1);
            short[] order = _order;
            uint[] addresses = Address;
            int low = 0, high = Live;
            while (low < high)
            {
                int middle = (low + high) >> 1;
                if (addresses[order[middle]] <= last)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }
            return low - 1;
        }
    }
}
