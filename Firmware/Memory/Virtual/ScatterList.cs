using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Physical runs that a device uses as one buffer, one after the other: the kernel's sg_table.</summary>
    /// <remarks>A run that begins where the last one ends is merged with it, as sg_alloc_table_from_pages does (lib/scatterlist.c). The order is
    /// that of the data and never changes. The list holds addresses, not pages: it is valid until the owner of the pages frees them. Nothing is
    /// allocated after construction. Not synchronized: it belongs to one driver.</remarks>
    public sealed class ScatterList
    {
        /// <summary>The most entries, 8 bytes each.</summary>
        internal const int MaxEntries = 65536;

        private readonly uint[] _addresses;
        private readonly int[] _lengths;
        private int _count;

        /// <summary>An empty list.</summary>
        /// <param name="capacity">Entries, 1 to 65,536. One for each page is always enough.</param>
        /// <exception cref="ArgumentOutOfRangeException">The capacity is not 1 to 65,536.</exception>
        public ScatterList(int capacity)
        {
            Misuse.CheckRange(nameof(capacity), capacity, " scatter list entries", 1, MaxEntries);
            _addresses = new uint[capacity];
            _lengths = new int[capacity];
        }

        /// <summary>How many entries it can hold.</summary>
        public int Capacity { get { return _addresses.Length; } }

        /// <summary>How many entries there are.</summary>
        public int Count { get { return _count; } }

        /// <summary>Bytes of all entries.</summary>
        public long TotalLength { get; private set; }

        /// <summary>Physical address of entry <paramref name="index"/>.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, in the order of the bytes.</param>
        /// <returns>The address of the entry's first byte.</returns>
        public uint AddressAt(int index)
        {
            Misuse.CheckIndex("entry", index, _count);
            return _addresses[index];
        }

        /// <summary>Bytes of entry <paramref name="index"/>, 1 or more.</summary>
        /// <param name="index">0 to <see cref="Count"/> - 1, in the order of the bytes.</param>
        /// <returns>The number of bytes.</returns>
        public int LengthAt(int index)
        {
            Misuse.CheckIndex("entry", index, _count);
            return _lengths[index];
        }

        /// <summary>Removes all entries.</summary>
        public void Clear()
        {
            _count = 0;
            TotalLength = 0;
        }

        /// <summary>Adds a physical run at the end. If it continues the last entry, it becomes part of that.</summary>
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
            // The sum must fit in an int; otherwise the run gets an entry of its own.
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

        /// <summary>Adds an entry at the end that is not merged: a segment of the length that a device wants. The caller made sure that
        /// there is room.</summary>
        internal void AppendApart(uint address, int length)
        {
            _addresses[_count] = address;
            _lengths[_count++] = length;
            TotalLength += length;
        }

        /// <summary>Fills the list with the physical runs behind a span of virtual memory, and forgets what it held before. It reads the
        /// page table and not the TLB, like a driver that maps a buffer for DMA.</summary>
        /// <param name="address">Virtual.</param>
        /// <param name="length">Bytes, 1 or more, that lie in one area.</param>
        /// <returns>False, with the list unchanged, if the capacity is too small.</returns>
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
            // Count first, so that a list that does not fit is not half built.
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
    }
}
