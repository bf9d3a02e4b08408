using System;

namespace Carveout.Memory
{
    /// <summary>The owner, bytes and sequence number of every live allocation, as the kernel's page_owner keeps them.</summary>
    /// <remarks>A hash table of fixed size, by address, with linear probing. When an entry is removed, a later one moves into its place (D. Knuth,
    /// The Art of Computer Programming, vol. 3, 6.4, algorithm R). So there are no tombstones, and a table that was full is as fast as a new one once
    /// it is empty. If the table has no room for an allocation, it counts it in <see cref="Dropped"/> and does not record it. So what the table holds
    /// is always right, and the count says whether something is missing. An address has one entry, so pages and the objects in them need a table
    /// each. Nothing is allocated after construction. Not synchronized: the allocator that fills it calls it under its own lock.</remarks>
    public sealed class OwnerTable
    {
        /// <summary>The most entries, 13 bytes each.</summary>
        public const int MaxEntries = 65536;

        /// <summary>2^32 / golden ratio (Knuth, 6.4): it spreads addresses, whose low bits are 0.</summary>
        private const uint Spread = 2654435769;

        /// <summary>By slot, for callers in this library that have the slot from <see cref="Find"/>. <see cref="SizeAt"/> and <see
        /// cref="OwnerAt"/> also check the index.</summary>
        internal readonly int[] Sizes;
        internal readonly byte[] Owners;

        // By slot; an address of 0 marks an empty slot.
        private readonly uint[] _addresses;
        private readonly int[] _sequences;
        private readonly int _shift, _mask;
        private int _count;

        /// <summary>An empty table.</summary>
        /// <param name="capacity">Slots: a power of two from 8 to <see cref="MaxEntries"/>. At most seven eighths of them are used, so that
        /// searches stay short.</param>
        /// <exception cref="ArgumentOutOfRangeException">The capacity is not a power of two in this range.</exception>
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

        /// <summary>How many slots there are, used or empty: the range of <see cref="AddressAt"/> and the other calls by index.</summary>
        public int Capacity { get { return _addresses.Length; } }

        /// <summary>How many allocations are recorded now.</summary>
        public int Count { get { return _count; } }

        /// <summary>How many allocations were not recorded because the table was full, since its construction.</summary>
        public long Dropped { get; private set; }

        /// <summary>The number of the latest allocation, recorded or not. Numbers count from 1, in 32 bits, and wrap around: from 2^31 on
        /// they are negative here. To compare two numbers, compare their distances from this one.</summary>
        public int Sequence { get; private set; }

        internal bool IsUsed { get; set; }

        /// <summary>The address recorded in a slot; 0 if the slot is empty.</summary>
        /// <param name="index">0 to <see cref="Capacity"/> - 1.</param>
        /// <returns>Physical.</returns>
        public uint AddressAt(int index)
        {
            Misuse.CheckIndex("slot", index, _addresses.Length);
            return _addresses[index];
        }

        /// <summary>Bytes of the allocation in a slot.</summary>
        /// <inheritdoc cref="AddressAt(int)"/>
        /// <returns>Bytes; meaningless if the slot is empty.</returns>
        public int SizeAt(int index)
        {
            Misuse.CheckIndex("slot", index, _addresses.Length);
            return Sizes[index];
        }

        /// <summary>The sequence number of the allocation in a slot.</summary>
        /// <inheritdoc cref="AddressAt(int)"/>
        /// <returns>Counted in 32 bits, from 1 on; meaningless if the slot is empty.</returns>
        public int SequenceAt(int index)
        {
            Misuse.CheckIndex("slot", index, _addresses.Length);
            return _sequences[index];
        }

        /// <summary>The owner's number of the allocation in a slot.</summary>
        /// <inheritdoc cref="AddressAt(int)"/>
        /// <returns>A number of <see cref="PageAllocator.RegisterOwner"/>; meaningless if the slot is empty.</returns>
        public PageOwner OwnerAt(int index)
        {
            Misuse.CheckIndex("slot", index, _addresses.Length);
            return (PageOwner)Owners[index];
        }

        /// <summary>The slot of the allocation that begins at <paramref name="address"/>, or -1 if it is free, was never recorded or was
        /// dropped.</summary>
        /// <param name="address">The address that the allocation returned.</param>
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

        /// <summary>Changes the size of an allocation; does nothing if it was dropped.</summary>
        internal void Resize(uint address, int size)
        {
            int slot = Find(address);
            if (slot >= 0)
            {
                Sizes[slot] = size;
            }
        }

        /// <summary>Records the new address of an allocation, which keeps its number; does nothing if it was dropped.</summary>
        internal void Move(uint from, uint to)
        {
            int slot = Find(from);
            if (slot >= 0)
            {
                int size = Sizes[slot], sequence = _sequences[slot];
                byte owner = Owners[slot];
                Forget(from);
                slot = (int)(to * Spread >> _shift);
                while (_addresses[slot] != 0)
                {
                    slot = (slot + 1) & _mask;
                }
                _addresses[slot] = to;
                Sizes[slot] = size;
                _sequences[slot] = sequence;
                Owners[slot] = owner;
                _count++;
            }
        }

        /// <summary>Removes an allocation; does nothing if it was dropped.</summary>
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
                // It may move into the hole if its home slot lies at or before the hole, counted around the end of the table.
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
