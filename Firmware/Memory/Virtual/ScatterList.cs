using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Physical runs, one after the other, that a device takes for one buffer: the kernel's sg_table.</summary>
    /// <remarks>
    /// A run that begins where the one before it ends is merged with it, as sg_alloc_table_from_pages does (lib/scatterlist.c); the order
    /// is that of the data, and never changed. The list holds addresses, not pages: it is good until whoever owns them frees them. Nothing
    /// is allocated after construction. Not synchronized: it belongs to one driver.
    /// </remarks>
    public sealed class ScatterList
    {
        /// <summary>The most entries, 8 bytes each.</summary>
        internal const int MaxEntries = 65536;

        private readonly uint[] _addresses;
        private readonly int[] _lengths;
        private int _count;

        /// <summary>An empty list.</summary>
        /// <param name="capacity">Entries, 1 to 65,536; as many as pages always suffice.</param>
        /// <exception cref="ArgumentOutOfRangeException">The capacity is not 1 to 65,536.</exception>
        public ScatterList(int capacity)
        {
            if (capacity < 1 || capacity > MaxEntries)
            {
                throw new ArgumentOutOfRangeException(nameof(capacity), capacity.ToString() + " scatter list entries: expected 1 to "
                    + MaxEntries.ToString());
            }
            _addresses = new uint[capacity];
            _lengths = new int[capacity];
        }

        /// <summary>Entries that it can hold.</summary>
        public int Capacity { get { return _addresses.Length; } }

        /// <summary>Entries that there are.</summary>
        public int Count { get { return _count; } }

        /// <summary>Bytes of all entries.</summary>
        public long TotalLength { get; private set; }

        /// <summary>Physical address of entry <paramref name="index"/>.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, in the order of the bytes.</param>
        /// <returns>Where the entry's bytes begin.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
        public uint AddressAt(int index)
        {
            CheckIndex(index);
            return _addresses[index];
        }

        /// <summary>Bytes of entry <paramref name="index"/>, 1 or more.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, in the order of the bytes.</param>
        /// <returns>How many there are.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such entry.</exception>
        public int LengthAt(int index)
        {
            CheckIndex(index);
            return _lengths[index];
        }

        /// <summary>Removes all entries.</summary>
        public void Clear()
        {
            _count = 0;
            TotalLength = 0;
        }

        /// <summary>Adds a physical run at the end, into the last entry where it continues that one.</summary>
        /// <param name="address">Physical, not 0.</param>
        /// <param name="length">Bytes, 1 or more, that end within 4 GiB.</param>
        /// <returns>False, with nothing changed, if it needs an entry and all are used.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The address is 0, or the length is out of its range.</exception>
        public bool Append(uint address, int length)
        {
            if (address == 0 || length < 1 || (uint)(length - 1) > 0xFFFFFFFF - address)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length.ToString() + " bytes at " + HexText.Of(address)
                    + ": expected 1 or more that end within 4 GiB, at an address that is not 0, which means failure");
            }
            int last = _count - 1;
            // The sum is kept within int; a run beyond that is an entry of its own.
            if (last >= 0 && _addresses[last] + (uint)_lengths[last] == address && _lengths[last] <= int.MaxValue - length)
            {
                _lengths[last] += length;
            }
            else
            {
                if (_count == _addresses.Length)
                {
                    return false;
                }
                _addresses[_count] = address;
                _lengths[_count++] = length;
            }
            TotalLength += length;
            return true;
        }

        /// <summary>Adds an entry at the end that stays apart: a segment of a device's own length. The caller made sure that there is
        /// room.</summary>
        internal void AppendApart(uint address, int length)
        {
            _addresses[_count] = address;
            _lengths[_count++] = length;
            TotalLength += length;
        }

        /// <summary>Fills the list with the physical runs behind a span of virtual memory, and forgets what it held before. It reads the page table
        /// and leaves the TLB alone, as a driver does that maps a buffer for DMA.</summary>
        /// <param name="source">Where the area is.</param>
        /// <param name="address">Virtual.</param>
        /// <param name="length">Bytes, 1 or more, that lie in one area.</param>
        /// <returns>False, and the list as it was, where the capacity does not suffice.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The span is empty or does not lie in one area.</exception>
        public bool Build(Vmalloc source, uint address, int length)
        {
            if (source == null)
            {
                throw new ArgumentNullException(nameof(source));
            }
            source.CheckSpan(address, length);
            if (length == 0)
            {
                throw new ArgumentOutOfRangeException(nameof(length), "0 bytes at " + HexText.Of(address) + ": expected 1 or more");
            }
            // Counted first, so that a list that does not fit is not half built.
            if (CountRuns(source, address, length) > _addresses.Length)
            {
                return false;
            }
            Clear();
            int pageSize = source.Allocator.PageSize;
            uint offsetMask = (uint)pageSize - 1;
            while (length > 0)
            {
                int step = source.StepAt(address, length);
                Append((uint)source.VmallocToPfn(address) * (uint)pageSize + (address & offsetMask), step);
                address += (uint)step;
                length -= step;
            }
            return true;
        }

        private static int CountRuns(Vmalloc source, uint address, int length)
        {
            int runs = 0, next = -1;
            while (length > 0)
            {
                int step = source.StepAt(address, length), frame = source.VmallocToPfn(address);
                runs += frame == next ? 0 : 1;
                next = frame + 1;
                address += (uint)step;
                length -= step;
            }
            return runs;
        }

        private void CheckIndex(int index)
        {
            if ((uint)index >= (uint)_count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), "entry " + index.ToString() + ": expected 0 to "
                    + (_count - 1).ToString());
            }
        }
    }
}
