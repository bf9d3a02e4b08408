using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Memory that every device reaches, cut into slots. Data that a device cannot take where they lie are copied through it: the
    /// kernel's swiotlb.</summary>
    /// <remarks>A mapping takes as many slots in a row as it needs, best fit (<see cref="RunMap"/>), and gives them back when it is unmapped; the
    /// kernel's slots (kernel/dma/swiotlb.c, IO_TLB_SIZE) have 2 KB and runs of at most 128. Slots begin and end on cache lines, so no line is
    /// shared. Filled by one <see cref="DmaAllocator"/>, under the page allocator's lock.</remarks>
    public sealed class BounceBuffers
    {
        /// <summary>The kernel's slot size in bytes.</summary>
        public const int DefaultSlotSize = 2048;

        private readonly RunMap _runs;
        private readonly int _slotShift;

        /// <summary>By slot, the mapping whose run begins there; -1: none does.</summary>
        private readonly short[] _mapping;

        private uint _busStart;
        private int _used;

        /// <summary>Slots over memory that was reserved at boot.</summary>
        /// <param name="start">First address: a multiple of <paramref name="slotSize"/>, not 0.</param>
        /// <param name="slotSize">Bytes of a slot: a power of two from 256, the longest cache line, to 65,536.</param>
        /// <param name="slots">1 to 32,000; 8.2 bytes of table each.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the slots end beyond 4 GiB.</exception>
        public BounceBuffers(string name, uint start, int slotSize, int slots)
        {
            Misuse.Given(name, nameof(name));
            if (slotSize < 256 || slotSize > 65536 || (slotSize & (slotSize - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(slotSize), "bounce buffers '" + name + "': slots of " + slotSize.ToString()
                    + " bytes: expected a power of two from 256 to 65536");
            }
            if (start == 0 || (start & (uint)(slotSize - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(start), "bounce buffers '" + name + "' at " + HexText.Of(start)
                    + ": expected a multiple of " + slotSize.ToString() + ", not 0");
            }
            if (slots < 1 || slots > PageMap.MaxPages(PageMapKind.Runs) || (ulong)start + (ulong)slots * (ulong)slotSize > 0x100000000UL)
            {
                throw new ArgumentOutOfRangeException(nameof(slots), "bounce buffers '" + name + "' at " + HexText.Of(start) + ": "
                    + slots.ToString() + " slots: expected 1 to " + PageMap.MaxPages(PageMapKind.Runs).ToString() + " that end below 4 GiB");
            }
            Name = name;
            Start = start;
            SlotSize = slotSize;
            SlotCount = slots;
            while (1 << _slotShift < slotSize)
            {
                _slotShift++;
            }
            _runs = new RunMap(slots);
            _mapping = new short[slots];
            for (int i = 0; i < slots; i++)
            {
                _mapping[i] = -1;
            }
        }

        /// <summary>Slots over pages of a DMA zone, taken at boot and never given back.</summary>
        /// <param name="slotSize">As for the constructor.</param>
        /// <param name="slots">As for the constructor.</param>
        /// <returns>Null where no DMA zone has as many pages in a row.</returns>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or no zone could ever hold the slots.</exception>
        public static BounceBuffers? FromPages(PageAllocator pages, string name, int slotSize, int slots)
        {
            Misuse.Given(pages, nameof(pages));
            // Checked before anything is taken, at a nominal place, since the result does not depend on where the pages lie.
            var judged = new BounceBuffers(name, 65536, slotSize, slots);
            long size = (long)judged.SlotCount * slotSize;
            if (size > int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(slots), "bounce buffers '" + name + "': " + slots.ToString() + " slots of "
                    + slotSize.ToString() + " bytes: expected less than 2 GiB");
            }
            int alignment = slotSize < pages.PageSize ? pages.PageSize : slotSize;
            uint start = pages.AllocPagesExact((int)size, GfpFlags.Dma, pages.RegisterOwner(name), alignment);
            return start == 0 ? null : new BounceBuffers(name, start, slotSize, slots);
        }

        /// <summary>The owner's name in messages.</summary>
        public string Name { get; }

        /// <summary>First address.</summary>
        public uint Start { get; }

        /// <summary>Bytes of a slot.</summary>
        public int SlotSize { get; }

        /// <summary>Slots in all.</summary>
        public int SlotCount { get; }

        /// <summary>Slots that mappings have now.</summary>
        public int LiveCount { get { return _used; } }

        /// <summary>The most slots that were ever taken at once: the kernel's io_tlb_used_hiwater.</summary>
        public int MaxLiveCount { get; private set; }

        /// <summary>Mappings that went through slots.</summary>
        public long Bounced { get; private set; }

        /// <summary>Bytes copied into slots and out of them.</summary>
        public long BytesCopied { get; internal set; }

        /// <summary>Mappings that needed slots and got none: not enough free in a row, or not where the device can take them.</summary>
        public long FailureCount { get; private set; }

        internal uint Size { get { return (uint)SlotCount << _slotShift; } }

        /// <summary>Where engines see the slots: known once an allocator has them.</summary>
        internal void SetBus(uint busStart) => _busStart = busStart;

        internal uint AddressOf(int slot) => Start + ((uint)slot << _slotShift);

        internal uint BusOf(int slot) => _busStart + ((uint)slot << _slotShift);

        /// <summary>Takes slots in a row for a mapping; -1 where there are none that the device can take.</summary>
        internal int Take(DmaDevice device, int size)
        {
            int wanted = ((size - 1) >> _slotShift) + 1, slot = wanted > SlotCount ? -1 : _runs.AllocRun(wanted, 1);
            if (slot >= 0 && !device.Fits(BusOf(slot), size))
            {
                _runs.Free(slot);
                slot = TakeFitting(device, size, wanted);
            }
            if (slot < 0)
            {
                FailureCount++;
                return -1;
            }
            Bounced++;
            _used += wanted;
            MaxLiveCount = _used > MaxLiveCount ? _used : MaxLiveCount;
            return slot;
        }

        internal void Assign(int slot, int mapping) => _mapping[slot] = (short)mapping;

        internal void Give(int slot)
        {
            _mapping[slot] = -1;
            _used -= _runs.Free(slot);
        }

        /// <summary>The mapping whose slots hold an address of the slots, or -1.</summary>
        internal int MappingAt(uint address)
        {
            int slot = _runs.BlockAt((int)((address - Start) >> _slotShift));
            return slot < 0 ? -1 : _mapping[slot];
        }

        /// <summary>Looks for slots that the device can take: at every place, if a slot's bus address is a multiple of its size.</summary>
        private int TakeFitting(DmaDevice device, int size, int wanted)
        {
            int alignment = device.Alignment >> _slotShift, boundary = (int)(device.Boundary >> _slotShift);
            // A buffer that starts at a slot and is no longer than a boundary smaller than the slot does not cross that boundary.
            int slot = _runs.AllocRunAt(wanted, (int)(_busStart >> _slotShift), alignment == 0 ? 1 : alignment, boundary, SlotCount);
            if (slot >= 0 && !device.Fits(BusOf(slot), size))
            {
                _runs.Free(slot);
                return -1;
            }
            return slot;
        }
    }
}
