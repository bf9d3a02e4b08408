namespace Carveout.Memory
{
    /// <summary>By handle: where its block lies now, and whether the block may move.</summary>
    /// <remarks>A handle is a slot and the slot's generation, so a freed handle differs from the one that uses its slot now. Free slots form a
    /// queue, not a stack: each slot rests as long as possible, so that its <see cref="Generations"/> generations last longest. Nothing is allocated
    /// after construction. Not synchronized: <see cref="MovablePages"/> calls it under the page allocator's lock.</remarks>
    internal sealed class HandleTable
    {
        /// <summary>The limit, because a zone notes slots in 16 bits.</summary>
        internal const int MostHandles = 32767;

        /// <summary>Generations count from 1 up to this number, and then from 1 again. So no handle is 0 or negative.</summary>
        internal const int Generations = 32767;

        private const int SlotBits = 16, SlotMask = (1 << SlotBits) - 1;

        // By slot. An address of 0 marks a free slot.
        internal readonly uint[] Address;
        internal readonly int[] Pages, Pins;

        /// <summary>The alignment in pages, as a power of two. A block keeps it when it moves.</summary>
        internal readonly byte[] AlignmentLog;

        /// <summary>1 while a copy of the block is being made elsewhere. Whoever touches the block meanwhile sets it to 0, and then the
        /// copy is thrown away.</summary>
        internal readonly byte[] Moving;

        /// <summary>The slot of the block that <see cref="InPlaceSlide"/> has moved half-way, or <see cref="None"/>.</summary>
        internal int Sliding = None;

        /// <summary>No slot. <see cref="Find"/> never returns this value, not even if it finds nothing.</summary>
        internal const int None = -2;

        private readonly short[] _generation, _next;
        private int _first, _last = -1;

        internal HandleTable(int capacity)
        {
            Address = new uint[capacity];
            Pages = new int[capacity];
            Pins = new int[capacity];
            AlignmentLog = new byte[capacity];
            Moving = new byte[capacity];
            _generation = new short[capacity];
            _next = new short[capacity];
            _first = -1;
            for (int slot = 0; slot < capacity; slot++)
            {
                _generation[slot] = 1;
                Append(slot);
            }
        }

        internal int Count { get; private set; }
        internal int Pinned { get; set; }

        internal int Capacity { get { return Address.Length; } }

        /// <summary>Gives a slot to a block.</summary>
        /// <returns>The slot, or -1 if none is free.</returns>
        internal int Take(uint address, int pages, int alignmentLog)
        {
            int slot = _first;
            if (slot >= 0)
            {
                _first = _next[slot];
                Address[slot] = address;
                Pages[slot] = pages;
                AlignmentLog[slot] = (byte)alignmentLog;
                Count++;
            }
            return slot;
        }

        /// <summary>Frees a slot; its handle is stale from now on.</summary>
        internal void Give(int slot)
        {
            Address[slot] = 0;
            Moving[slot] = 0;
            _generation[slot] = (short)(_generation[slot] == Generations ? 1 : _generation[slot] + 1);
            Append(slot);
            Count--;
        }

        internal int HandleOf(int slot) => _generation[slot] << SlotBits | slot;

        /// <summary>The slot of a handle, or -1 if the handle is not in use.</summary>
        internal int Find(int handle)
        {
            int slot = handle & SlotMask;
            return slot < Address.Length && Address[slot] != 0 && handle >> SlotBits == _generation[slot] ? slot : -1;
        }

        /// <summary>The slot that a handle has or once had, or -1 if it never was a handle.</summary>
        internal int SlotOf(int handle)
        {
            int slot = handle & SlotMask;
            return handle > SlotMask && slot < Address.Length ? slot : -1;
        }

        internal int GenerationOf(int slot) => _generation[slot];

        private void Append(int slot)
        {
            _next[slot] = -1;
            if (_first < 0)
            {
                _first = slot;
            }
            else
            {
                _next[_last] = (short)slot;
            }
            _last = slot;
        }
    }
}
