using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Buffers of one size in memory that was reserved at boot. No zone owns the memory, so no other request can take it.</summary>
    /// <remarks>Alloc and Free take constant time; the buffer that was freed last is taken first. Not synchronized: it belongs to one
    /// driver.</remarks>
    public sealed class ReservedPool
    {
        private readonly int[] _stack;
        private readonly byte[] _taken;
        private int _free, _leastFree;

        /// <summary>Cuts a reservation into as many buffers as fit, and claims all of it.</summary>
        /// <param name="reservation">A reservation that nobody has claimed; its name becomes the pool's.</param>
        /// <param name="bufferSize">Bytes from one buffer to the next, 1 to the reservation's size. The caller rounds up to what devices
        /// and caches need.</param>
        /// <exception cref="ArgumentOutOfRangeException">No buffer of that size lies in the reservation, or it begins at 0.</exception>
        /// <exception cref="InvalidOperationException">Somebody has claimed the reservation already; the message says who.</exception>
        public ReservedPool(Reservation reservation, int bufferSize)
            : this(NameOf(reservation), reservation.Start, bufferSize, CountIn(reservation, bufferSize))
        {
            reservation.Claim("pool '" + Name + "'");
        }

        /// <summary>Cuts memory that is not in a map into buffers. Nothing checks whether somebody else uses it.</summary>
        /// <param name="start">First address; not 0, which means failure.</param>
        /// <param name="bufferSize">Bytes from one buffer to the next, above 0. The caller rounds up to what devices and caches need.</param>
        /// <param name="count">How many buffers, above 0.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number or the address is 0, or the pool ends beyond the address space.</exception>
        public ReservedPool(string name, uint start, int bufferSize, int count)
        {
            Misuse.Given(name, nameof(name));
            if (start == 0)
            {
                throw Bad(nameof(start), name, "begins at 0, which means failure: expected another address");
            }
            if (bufferSize <= 0)
            {
                throw Bad(nameof(bufferSize), name, "buffers of " + bufferSize.ToString() + " bytes: expected 1 or more");
            }
            if (count <= 0 || (ulong)start + (ulong)bufferSize * (ulong)count > 0x100000000UL)
            {
                throw Bad(nameof(count), name, count.ToString() + " buffers of " + bufferSize.ToString() + " bytes at " + HexText.Of(start)
                    + ": expected 1 or more that end below 4 GiB");
            }
            Name = name;
            Start = start;
            BufferSize = bufferSize;
            _stack = new int[count];
            _taken = new byte[count];
            _free = count;
            _leastFree = count;
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

        /// <summary>How many buffers there are.</summary>
        public int Count { get { return _stack.Length; } }

        /// <summary>How many buffers are free.</summary>
        public int FreeCount { get { return _free; } }

        /// <summary>How many buffers are taken.</summary>
        public int LiveCount { get { return _stack.Length - _free; } }

        /// <summary>The most buffers that have been taken at once.</summary>
        public int MaxLiveCount { get { return _stack.Length - _leastFree; } }

        /// <summary>How many requests returned 0.</summary>
        public long FailureCount { get; private set; }

        /// <summary>Takes a buffer.</summary>
        /// <returns>Its address, or 0 if all are taken.</returns>
        public uint Alloc()
        {
            if (_free == 0)
            {
                FailureCount++;
                return 0;
            }
            int index = _stack[--_free];
            if (_free < _leastFree)
            {
                _leastFree = _free;
            }
            _taken[index] = 1;
            return Start + (uint)index * (uint)BufferSize;
        }

        internal bool IsTaken(uint address)
        {
            uint offset = address - Start, index = offset / (uint)BufferSize;
            return index < (uint)_taken.Length && offset % (uint)BufferSize == 0 && _taken[index] != 0;
        }

        /// <summary>Gives a buffer back.</summary>
        /// <param name="address">The result of <see cref="Alloc"/>.</param>
        /// <exception cref="InvalidOperationException">No taken buffer begins at the address.</exception>
        public void Free(uint address)
        {
            if (!IsTaken(address))
            {
                throw new InvalidOperationException(HexText.Of(address) + " is not a taken buffer of pool '" + Name + "' "
                    + HexText.OfSpan(Start, (uint)BufferSize * (uint)_taken.Length) + ": expected an address that Alloc returned and that has"
                    + " not been freed since");
            }
            int index = (int)((address - Start) / (uint)BufferSize);
            _taken[index] = 0;
            _stack[_free++] = index;
        }

        private static string NameOf(Reservation reservation)
        {
            Misuse.Given(reservation, nameof(reservation));
            return reservation.Name;
        }

        private static int CountIn(Reservation reservation, int bufferSize)
        {
            if (bufferSize < 1 || (uint)bufferSize > reservation.Size)
            {
                throw Bad(nameof(bufferSize), reservation.Name, "buffers of " + bufferSize.ToString() + " bytes: expected 1 to "
                    + reservation.Size.ToString());
            }
            uint count = reservation.Size / (uint)bufferSize;
            return count > int.MaxValue ? int.MaxValue : (int)count;
        }

        private static Exception Bad(string parameter, string name, string what) =>
            new ArgumentOutOfRangeException(parameter, "pool '" + name + "': " + what);
    }
}
