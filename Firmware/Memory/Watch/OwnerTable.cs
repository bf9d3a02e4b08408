using System;

namespace Carveout.Memory
{
    /// <summary>Who took what, and when: owner, bytes and sequence number of every live allocation, the kernel's page_owner.</summary>
    /// <remarks>
    /// A hash table of fixed size, by address: linear probing, an entry that goes is filled by the one behind it (D. Knuth, The Art of
    /// Computer Programming, vol. 3, 6.4, algorithm R), so that there are no tombstones and a table that was full is as fast as a new
    /// one once emptied. An allocation that finds no room is counted in <see cref="Dropped"/> and not recorded, so what the table
    /// holds is always right, and the count says when something is missing. An address has one entry, so pages and the objects in them need a table
    /// each. Nothing is allocated after construction. Not synchronized: the allocator that fills it calls it under its own lock.
    /// </remarks>
    public sealed class OwnerTable
    {
        /// <summary>The most entries, 13 bytes each.</summary>
        public const int MaxEntries = 65536;

        /// <summary>2^32 / golden ratio (Knuth, 6.4): spreads addresses, which end in zeros.</summary>
        private const uint Spread = 2654435769;

        /// <summary>By slot, for those who found it by <see cref="Find"/>; <see cref="SizeAt"/> and <see cref="OwnerAt"/> look at their
        /// index.</summary>
        internal readonly int[] Sizes;
        internal readonly byte[] Owners;

        // By slot; an address of 0 marks an empty one.
        private readonly uint[] _addresses;
        private readonly int[] _sequences;
        private readonly int _shift, _mask;
        private int _count;

        /// <summary>An empty table.</summary>
        /// <param name="capacity">Slots: a power of two from 8 to <see cref="MaxEntries"/>. Seven eighths of them are used, so that a
        /// search stays short.</param>
        /// <exception cref="ArgumentOutOfRangeException">The capacity is not such a power of two.</exception>
        public OwnerTable(int capacity)
        {
            if (capacity < 8 || capacity > MaxEntries || (capacity & (capacity - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(capacity), capacity.ToString() + " slots: expected a power of two from 8 to "
                    + MaxEntries.ToString());
            }
            _addresses = new uint[capacity];
            Sizes = new int[capacity];
            _sequences = new int[capacity];
            Owners = new byte[capacity];
            _mask = capacity - 1;
            _shift = 32;
            while (1 << (32 - _shift) < capacity)
            {
                _shift--;
            }
        }

        /// <summary>Slots, taken or not: what <see cref="AddressAt"/> and its like are asked for.</summary>
        public int Capacity { get { return _addresses.Length; } }

        /// <summary>Allocations that are recorded now.</summary>
        public int Count { get { return _count; } }

        /// <summary>Allocations that could not be recorded because the table was full, since its construction.</summary>
        public long Dropped { get; private set; }

        /// <summary>The number that the latest allocation got, recorded or not: they count from 1, in 32 bits, and begin anew after that.
        /// From 2^31 on they are negative here. To compare two numbers, compare their distances from this one.</summary>
        public int Sequence { get; private set; }

        /// <summary>Whether an allocator uses this table now.</summary>
        internal bool IsUsed { get; set; }

        /// <summary>The address recorded in a slot; 0 where the slot is empty.</summary>
        /// <param name="index">0 to <see cref="Capacity"/> - 1.</param>
        /// <returns>Physical.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
        public uint AddressAt(int index)
        {
            Misuse.CheckIndex("slot", index, _addresses.Length);
            return _addresses[index];
        }

        /// <summary>Bytes of the allocation in a slot.</summary>
        /// <param name="index">0 to <see cref="Capacity"/> - 1.</param>
        /// <returns>Meaningless where the slot is empty.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
        public int SizeAt(int index)
        {
            Misuse.CheckIndex("slot", index, _addresses.Length);
            return Sizes[index];
        }

        /// <summary>When the allocation in a slot was made: the number it got.</summary>
        /// <param name="index">0 to <see cref="Capacity"/> - 1.</param>
        /// <returns>Counted in 32 bits, from 1 on; meaningless where the slot is empty.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
        public int SequenceAt(int index)
        {
            Misuse.CheckIndex("slot", index, _addresses.Length);
            return _sequences[index];
        }

        /// <summary>The owner's number of the allocation in a slot.</summary>
        /// <param name="index">0 to <see cref="Capacity"/> - 1.</param>
        /// <returns>A number of <see cref="PageAllocator.RegisterOwner"/>; meaningless where the slot is empty.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
        public PageOwner OwnerAt(int index)
        {
            Misuse.CheckIndex("slot", index, _addresses.Length);
            return (PageOwner)Owners[index];
        }

        /// <summary>The slot of the allocation that begins at <paramref name="address"/>, or -1: free, never recorded, or dropped.</summary>
        /// <param name="address">What the allocation returned.</param>
        /// <returns>0 to <see cref="Capacity"/> - 1, or -1.</returns>
        public int Find(uint address)
        {
            uint[] addresses = _addresses;
            int slot = (int)(address * Spread >> _shift);
            while (addresses[slot] != address)
            {
                if (addresses[slot] == 0)
                {
                    return -1;
                }
                slot = (slot + 1) & _mask;
            }
            return address == 0 ? -1 : slot;
        }

        /// <summary>Records an allocation, or counts it as dropped.</summary>
        internal void Record(uint address, int size, PageOwner owner)
        {
            Sequence++;
            if (_count >= _addresses.Length - (_addresses.Length >> 3))
            {
                Dropped++;
                return;
            }
            int slot = (int)(address * Spread >> _shift);
            while (_addresses[slot] != 0)
            {
                slot = (slot + 1) & _mask;
            }
            _addresses[slot] = address;
            Sizes[slot] = size;
            _sequences[slot] = Sequence;
            Owners[slot] = (byte)owner;
            _count++;
        }

        /// <summary>Changes the size of a recorded allocation; of one that was dropped there is nothing to change.</summary>
        internal void Resize(uint address, int size)
        {
            int slot = Find(address);
            if (slot >= 0)
            {
                Sizes[slot] = size;
            }
        }

        /// <summary>Records that an allocation lies elsewhere now; it keeps its number. Of one that was dropped there is nothing to do.</summary>
        internal void Move(uint from, uint to)
        {
            int slot = Find(from);
            if (slot >= 0)
            {
                int size = Sizes[slot], sequence = _sequences[slot], latest = Sequence;
                PageOwner owner = (PageOwner)Owners[slot];
                Forget(from);
                Sequence = sequence - 1;
                Record(to, size, owner);
                Sequence = latest;
            }
        }

        /// <summary>Takes an allocation out; of one that was dropped there is nothing to take.</summary>
        internal void Forget(uint address)
        {
            int hole = Find(address);
            if (hole < 0)
            {
                return;
            }
            _count--;
            for (int slot = (hole + 1) & _mask; _addresses[slot] != 0; slot = (slot + 1) & _mask)
            {
                int home = (int)(_addresses[slot] * Spread >> _shift);
                // It may move into the hole if its home lies at or before the hole, going round.
                if (((slot - home) & _mask) >= ((slot - hole) & _mask))
                {
                    _addresses[hole] = _addresses[slot];
                    Sizes[hole] = Sizes[slot];
                    _sequences[hole] = _sequences[slot];
                    Owners[hole] = Owners[slot];
                    hole = slot;
                }
            }
            _addresses[hole] = 0;
        }
    }
}
