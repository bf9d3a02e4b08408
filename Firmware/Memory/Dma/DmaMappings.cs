using System;
using System.Diagnostics;
using Carveout.Board;

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
        /// <summary>The most mappings, 32 bytes each.</summary>
        internal const int MaxMappings = 32767;

        /// <summary>In <see cref="Slot"/>: mapped where it lies; and likewise, pages of AllocNoncoherent.</summary>
        internal const int Direct = -1, Noncoherent = -2;

        // By entry. Of a free one CpuFrom and CpuTo are 0.
        internal readonly uint[] Address, Handle;
        internal readonly int[] Size, CpuFrom, CpuTo;

        /// <summary>The first bounce slot, <see cref="Direct"/> or <see cref="Noncoherent"/>.</summary>
        internal readonly short[] Slot;

        /// <summary>Bytes that CPU and device hand over together where the device finds the data: a cache line's, 1 where they are copied and
        /// not cached; 0: both see the same, so nothing is handed over.</summary>
        internal readonly short[] Granule;

        /// <summary>The cache that checks because the mapping holds an object of it, or null. Remembered: pages that were mapped before they
        /// became a slab give no reason to.</summary>
        internal readonly KmemCache?[] Guarded;

        /// <summary>Whose numbers are in the mappings.</summary>
        internal DmaDevices? Devices;

        /// <summary>Set in a use while an unmap copies back, so that a second one finds no mapping.</summary>
        internal const int Leaving = 1 << 10;

        private const int DirectionShift = 8, DeviceBits = 0xFF, DirectionBits = 3;

        private readonly short[] _order;

        /// <summary>By entry: device, direction and <see cref="Leaving"/> as one number, so that a look-up compares once.</summary>
        private readonly short[] _use;

        /// <summary>The length of the longest live mapping: a mapping that reaches an address begins at most so far before it.</summary>
        private int _longest;

        /// <summary>Where in the order the last search ended: the place for a new mapping after <see cref="FindConflict"/>, the mapping's own
        /// after <see cref="FindWhole"/>. It holds for as long as the lock is held, and saves a second search.</summary>
        internal int Place;

        internal DmaMappings(int capacity)
        {
            Misuse.CheckRange("mappings", capacity, " mappings", 1, MaxMappings);
            Address = new uint[capacity];
            Handle = new uint[capacity];
            Size = new int[capacity];
            CpuFrom = new int[capacity];
            CpuTo = new int[capacity];
            _use = new short[capacity];
            Slot = new short[capacity];
            Granule = new short[capacity];
            Guarded = new KmemCache[capacity];
            _order = new short[capacity];
            for (int i = 0; i < capacity; i++)
            {
                _order[i] = (short)i;
            }
        }

        internal int Capacity { get { return _order.Length; } }
        internal int MaxCount { get; private set; }
        internal long Mapped { get; private set; }

        /// <summary>Requests that returned 0: the table full, or no bounce slots that the device can take.</summary>
        internal long FailureCount { get; set; }

        /// <summary>The number of the mapping that is at <paramref name="index"/> by ascending address.</summary>
        internal int EntryAt(int index) => _order[index];

        /// <summary>What distinguishes the mappings of one device and direction: what the finds compare.</summary>
        internal static int UseOf(DmaDevice device, DmaDirection direction) => device.Number | (int)direction << DirectionShift;

        internal int DeviceOf(int entry) => _use[entry] & DeviceBits;

        internal DmaDirection DirectionOf(int entry) => (DmaDirection)(_use[entry] >> DirectionShift & DirectionBits);

        internal bool IsLeaving(int entry) => (_use[entry] & Leaving) != 0;

        internal void Leave(int entry) => _use[entry] |= Leaving;

        internal void Stay(int entry)
        {
            _use[entry] &= ~Leaving;
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
        internal override Exception Refusal(string call, string what, uint address, int size) =>
            new InvalidOperationException(call + " while mapped: " + what + " holds " + DmaMisuse.Describe(this, Find(address, size))
                + ". Expected UnmapSingle first");

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
            int at = Before(address, size);
            // A new mapping will stand behind the last that does not begin after it.
            Place = at + 1;
            for (; at >= 0; at--)
            {
                int entry = _order[at];
                uint start = Address[entry], behind = address - start;
                if (start > address)
                {
                    Place = at;
                }
                if ((start >= address || behind < (uint)Size[entry])
                    && (direction != DmaDirection.ToDevice || DirectionOf(entry) != DmaDirection.ToDevice || Slot[entry] == Noncoherent))
                {
                    return entry;
                }
                if (start < address && behind >= (uint)_longest)
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

        /// <summary>The mapping of just these bytes, mapped where they lie, or -1.</summary>
        internal int FindWhole(uint address, int size, int use)
        {
            for (int at = Before(address, 1); at >= 0; at--)
            {
                int entry = _order[at];
                if (Address[entry] != address)
                {
                    break;
                }
                if (_use[entry] == use && Size[entry] == size && Slot[entry] < 0)
                {
                    Place = at;
                    return entry;
                }
            }
            return -1;
        }

        /// <summary>A mapping that holds these bytes, mapped where they lie, or -1; its parameters are those of <see cref="FindWhole"/>.</summary>
        internal int FindPart(uint address, int size, int use)
        {
            for (int at = Before(address, 1); at >= 0; at--)
            {
                int entry = _order[at];
                uint behind = address - Address[entry];
                if (Slot[entry] < 0 && HasPart(entry, behind, size, use))
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

        /// <summary>Whether a mapping is of such a use and begins and ends with the bytes that begin so far inside it.</summary>
        internal bool IsWhole(int entry, uint inside, int size, int use) => _use[entry] == use && inside == 0 && size == Size[entry];

        /// <summary>Whether a mapping is of such a use and holds the bytes that begin so far inside it.</summary>
        internal bool HasPart(int entry, uint inside, int size, int use) =>
            _use[entry] == use && size > 0 && inside < (uint)Size[entry] && size <= Size[entry] - (int)inside;

        /// <summary>The place in the order for a new mapping that begins at an address.</summary>
        internal int PlaceFor(uint address) => Before(address, 1) + 1;

        /// <summary>Enters a mapping that the device owns; the caller made sure that there is room.</summary>
        /// <param name="at">From <see cref="PlaceFor"/>, or <see cref="Place"/> after <see cref="FindConflict"/> under the same hold of the
        /// lock.</param>
        /// <param name="handle">Where the device finds the first.</param>
        internal int Insert(int at, uint address, int size, uint handle, int use, int slot, int granule)
        {
            short[] order = _order;
            int live = Live;
            int entry = order[live];
            Array.Copy(order, at, order, at + 1, live - at);
            order[at] = (short)entry;
            live++;
            Live = live;
            Mapped++;
            if (live > MaxCount)
            {
                MaxCount = live;
            }
            if (size > _longest)
            {
                _longest = size;
            }
            Address[entry] = address;
            Size[entry] = size;
            Handle[entry] = handle;
            _use[entry] = (short)use;
            Slot[entry] = (short)slot;
            Granule[entry] = (short)granule;
            CheckOrder(at);
            return entry;
        }

        /// <summary>Takes a mapping out. What it was stays readable until the entry is used again, for the message on a second unmap.</summary>
        /// <returns>The cache that checked because of it, or null.</returns>
        internal KmemCache? Remove(int entry)
        {
            short[] order = _order;
            int at = Place, live = Live - 1;
            if (at > live || order[at] != entry)
            {
                // It was found under another hold of the lock, or not by a search for just its bytes.
                at = Before(Address[entry], 1);
                while (order[at] != entry)
                {
                    at--;
                }
            }
            Live = live;
            Array.Copy(order, at + 1, order, at, live - at);
            order[live] = (short)entry;
            if (live == 0)
            {
                _longest = 0;
            }
            if (CpuTo[entry] != 0)
            {
                CpuFrom[entry] = 0;
                CpuTo[entry] = 0;
            }
            KmemCache? cache = Guarded[entry];
            if (cache != null)
            {
                Guarded[entry] = null;
            }
            return cache;
        }

        /// <summary>The part of a mapping that the CPU has must lie in the mapping.</summary>
        [Conditional(Invariant.Checked)]
        internal void CheckCpuPart(int entry)
        {
            if (CpuFrom[entry] < 0 || CpuFrom[entry] > CpuTo[entry] || CpuTo[entry] > Size[entry])
            {
                throw Invariant.Broken("the CPU's part of the mapping at " + HexText.Of(Address[entry]) + " lies in its " + Size[entry].ToString()
                    + " bytes, not from " + CpuFrom[entry].ToString() + " to " + CpuTo[entry].ToString());
            }
        }

        /// <summary>Live mappings must be in order of address, or a search would not find them.</summary>
        [Conditional(Invariant.Checked)]
        private void CheckOrder(int at)
        {
            uint address = Address[_order[at]];
            if ((at > 0 && Address[_order[at - 1]] > address) || (at + 1 < Live && Address[_order[at + 1]] < address))
            {
                throw Invariant.Broken("the mapping at " + HexText.Of(address) + " stands between those before and behind it");
            }
        }

        private bool IsHeld(int entry, uint address, int size, bool writes)
        {
            DmaDirection direction = DirectionOf(entry);
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
