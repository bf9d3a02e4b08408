using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Buffers of one size over memory that was reserved at boot. No zone owns it, so no other request can take it.</summary>
    /// <remarks>Constant time, the buffer freed last comes first. Not synchronized: it belongs to one driver.</remarks>
    public sealed class ReservedPool
    {
        private readonly int[] _stack;
        private readonly byte[] _taken;
        private int _free;

        /// <summary>Cuts a reservation into buffers.</summary>
        /// <param name="name">The owner's name in messages.</param>
        /// <param name="start">First address of the reservation; not 0, which means failure.</param>
        /// <param name="bufferSize">Bytes from one buffer to the next, above 0; the caller rounds up to what devices and caches want.</param>
        /// <param name="count">Buffers, above 0.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number or the address is 0, or the pool ends beyond the address space.</exception>
        public ReservedPool(string name, uint start, int bufferSize, int count)
        {
            if (start == 0 || bufferSize <= 0 || count <= 0 || (ulong)start + (ulong)bufferSize * (ulong)count > 0x100000000UL)
            {
                throw new ArgumentOutOfRangeException(nameof(count), "pool '" + name + "': " + count.ToString() + " buffers of "
                    + bufferSize.ToString() + " bytes at " + HexText.Of(start) + ": expected numbers above 0 that end below 4 GiB");
            }
            Name = name;
            Start = start;
            BufferSize = bufferSize;
            _stack = new int[count];
            _taken = new byte[count];
            _free = count;
            for (int i = 0; i < count; i++)
            {
                _stack[i] = count - 1 - i;
            }
        }

        /// <summary>The owner's name in messages.</summary>
        public string Name { get; }

        /// <summary>First address.</summary>
        public uint Start { get; }

        /// <summary>Bytes from one buffer to the next.</summary>
        public int BufferSize { get; }

        /// <summary>Buffers in all.</summary>
        public int Count { get { return _stack.Length; } }

        /// <summary>Buffers that are free.</summary>
        public int FreeCount { get { return _free; } }

        /// <summary>Takes a buffer.</summary>
        /// <returns>Its address, or 0 when all are taken.</returns>
        public uint Alloc()
        {
            if (_free == 0)
            {
                return 0;
            }
            int index = _stack[--_free];
            _taken[index] = 1;
            return Start + (uint)index * (uint)BufferSize;
        }

        /// <summary>Whether a buffer that is taken begins at an address.</summary>
        internal bool IsTaken(uint address)
        {
            uint offset = address - Start, index = offset / (uint)BufferSize;
            return index < (uint)_taken.Length && offset % (uint)BufferSize == 0 && _taken[index] != 0;
        }

        /// <summary>Gives a buffer back.</summary>
        /// <param name="address">What <see cref="Alloc"/> returned.</param>
        /// <exception cref="InvalidOperationException">The address is not that of a taken buffer.</exception>
        public void Free(uint address)
        {
            if (!IsTaken(address))
            {
                throw new InvalidOperationException(HexText.Of(address) + " is not a taken buffer of pool '" + Name + "' "
                    + HexText.Of(Start, (uint)BufferSize * (uint)_taken.Length) + ": expected an address that Alloc returned and that has"
                    + " not been freed since");
            }
            int index = (int)((address - Start) / (uint)BufferSize);
            _taken[index] = 0;
            _stack[_free++] = index;
        }
    }
}
