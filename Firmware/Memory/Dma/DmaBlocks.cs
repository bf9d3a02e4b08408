using System;

namespace Carveout.Memory
{
    /// <summary>The blocks of coherent and noncoherent memory, by address: the device of each and the bytes that it asked for.</summary>
    /// <remarks>A hash table with a chain of blocks in each slot (D. Knuth, The Art of Computer Programming, vol. 3, 6.4, algorithm C), since
    /// nothing has to move when a block goes. Nothing is allocated after construction. Not synchronized: every call is made under the page
    /// allocator's lock.</remarks>
    internal sealed class DmaBlocks
    {
        /// <summary>In place of a block: there is none.</summary>
        internal const int None = 0;

        private const int LeastSlots = 8, MostSlots = 65536;

        /// <summary>2^32 / golden ratio (Knuth, 6.4): it spreads addresses, whose low bits are 0.</summary>
        private const uint Spread = 2654435769;

        // By block, from 1 on.
        internal readonly int[] Sizes;
        internal readonly byte[] Devices;
        private readonly uint[] _addresses;

        /// <summary>By block, the next one in its chain or among those that are unused.</summary>
        private readonly ushort[] _next;

        /// <summary>By slot, the first block of its chain.</summary>
        private readonly ushort[] _first;

        private readonly int _shift = 32;
        private int _unused = 1;

        /// <summary>No block.</summary>
        /// <param name="slots">A power of two from 8 to 65,536. There are seven eighths as many blocks at most, so that chains stay short.</param>
        /// <exception cref="ArgumentOutOfRangeException">It is no such number.</exception>
        internal DmaBlocks(int slots)
        {
            if (slots < LeastSlots || slots > MostSlots || (slots & (slots - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException("blocks", slots.ToString() + " slots: expected a power of two from " + LeastSlots.ToString()
                    + " to " + MostSlots.ToString());
            }
            int most = slots - (slots >> 3);
            Sizes = new int[most + 1];
            Devices = new byte[most + 1];
            _addresses = new uint[most + 1];
            _next = new ushort[most + 1];
            _first = new ushort[slots];
            for (int i = 1; i < most; i++)
            {
                _next[i] = (ushort)(i + 1);
            }
            while (1 << (32 - _shift) < slots)
            {
                _shift--;
            }
        }

        internal int Capacity { get { return Sizes.Length - 1; } }
        internal int Count { get; private set; }

        /// <summary>Bytes of all of them, as they were asked for.</summary>
        internal long Bytes { get; private set; }

        /// <summary>The block that begins at an address, or <see cref="None"/>.</summary>
        internal int Find(uint address)
        {
            uint[] addresses = _addresses;
            int block = _first[(int)(address * Spread >> _shift)];
            while (block != None && addresses[block] != address)
            {
                block = _next[block];
            }
            return block;
        }

        /// <summary>Enters a block.</summary>
        /// <returns>False if there is no room.</returns>
        internal bool Add(uint address, int size, int device)
        {
            int block = _unused;
            if (block == None)
            {
                return false;
            }
            ushort[] next = _next, first = _first;
            int slot = (int)(address * Spread >> _shift);
            _unused = next[block];
            next[block] = first[slot];
            first[slot] = (ushort)block;
            _addresses[block] = address;
            Sizes[block] = size;
            Devices[block] = (byte)device;
            Count++;
            Bytes += size;
            return true;
        }

        /// <summary>Takes a block out.</summary>
        /// <returns>False, and nothing changed, if no such block of the device begins there.</returns>
        internal bool Remove(uint address, int size, int device)
        {
            uint[] addresses = _addresses;
            ushort[] next = _next, first = _first;
            int slot = (int)(address * Spread >> _shift), before = None, block = first[slot];
            while (block != None && addresses[block] != address)
            {
                before = block;
                block = next[block];
            }
            if (block == None || Sizes[block] != size || Devices[block] != device)
            {
                return false;
            }
            if (before == None)
            {
                first[slot] = next[block];
            }
            else
            {
                next[before] = next[block];
            }
            next[block] = (ushort)_unused;
            _unused = block;
            Count--;
            Bytes -= size;
            return true;
        }
    }
}
