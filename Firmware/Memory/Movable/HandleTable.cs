namespace Carveout.Memory
{
    /// <summary>What a handle stands for: where its block lies now, and whether it may go elsewhere.</summary>
    /// <remarks>
    /// A handle is a slot and the generation that the slot was in when it was given out, so a freed handle differs from the one
    /// that uses its slot now. Free slots are a queue, not a stack: a slot is used again as late as possible, so that it takes longest until its
    /// <see cref="Generations"/> generations are used up. Nothing is allocated after construction. Not synchronized:
    /// <see cref="MovablePages"/> calls it under the page allocator's lock.
    /// </remarks>
    internal sealed class HandleTable
    {
        /// <summary>A zone notes slots in 16 bits.</summary>
        internal const int MostHandles = 32767;

        /// <summary>From 1 up; a slot that was in the last one begins anew. So no handle is 0 or negative.</summary>
        internal const int Generations = 32767;

        private const int SlotBits = 16, SlotMask = (1 << SlotBits) - 1;

        // By slot. An address of 0 marks a free one.
        internal readonly uint[] Address;
        internal readonly int[] Pages, Pins;

        /// <summary>The alignment in pages, as a power of two: a block keeps it when it moves.</summary>
        internal readonly byte[] AlignmentLog;

        /// <summary>1 while a copy of the block is being made elsewhere, which counts once it is complete. Whoever touches the block
        /// meanwhile sets it to 0, and the copy is thrown away.</summary>
        internal readonly byte[] Moving;

        /// <summary>The slot of the block that is half-way between two places, or <see cref="None"/>: <see cref="InPlaceSlide"/> has it.</summary>
        internal int Sliding = None;

        /// <summary>No slot; a value that <see cref="Find"/> never returns, not even if it finds nothing.</summary>
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

        /// <summary>Handles that are given out.</summary>
        internal int Count { get; private set; }

        /// <summary>Blocks that are pinned, however often.</summary>
        internal int Pinned { get; set; }

        internal int Capacity { get { return Address.Length; } }

        /// <summary>Gives a slot to a block.</summary>
        /// <returns>The slot, or -1 where all are taken.</returns>
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

        /// <summary>Takes a slot back: its handle is stale from now on.</summary>
        internal void Give(int slot)
        {
            Address[slot] = 0;
            Moving[slot] = 0;
            _generation[slot] = (short)(_generation[slot] == Generations ? 1 : _generation[slot] + 1);
            Append(slot);
            Count--;
        }

        /// <summary>The handle of a slot's block.</summary>
        internal int HandleOf(int slot)
        {
            return _generation[slot] << SlotBits | slot;
        }

        /// <summary>The slot of a handle, or -1 unless it is given out now.</summary>
        internal int Find(int handle)
        {
            int slot = handle & SlotMask;
            return slot < Address.Length && Address[slot] != 0 && handle >> SlotBits == _generation[slot] ? slot : -1;
        }

        /// <summary>The slot that a handle has or once had; -1 where it never was a handle.</summary>
        internal int SlotOf(int handle)
        {
            int slot = handle & SlotMask;
            return handle > SlotMask && slot < Address.Length ? slot : -1;
        }

        internal int GenerationOf(int slot)
        {
            return _generation[slot];
        }

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
