using System;

namespace Carveout.Memory
{
    /// <summary>The taken runs of virtual pages, by address. Whatever lies between two areas is free, so freeing needs no merging.</summary>
    /// <remarks>First fit at the lowest address, as the kernel's alloc_vmap_area does with an augmented tree (mm/vmalloc.c). A sorted table
    /// is enough for the few dozen areas of a device: one pass finds a place, a binary search finds an address, and making room costs one
    /// native copy for each column. Behind every area lies a guard page that is never mapped.</remarks>
    internal sealed class VmallocAreas
    {
        internal readonly int[] First;

        /// <summary>By area, the bytes that were asked for.</summary>
        internal readonly int[] Size;

        internal readonly byte[] Owner;

        /// <summary>By area, the physical address that ioremap was asked for, which need not be a page's; 0 if the pages come from the page
        /// allocator.</summary>
        internal readonly uint[] Physical;

        internal int Count;
        internal int MaxCount;

        private readonly int _pageCount, _pageShift;
        private readonly uint _offsetMask;

        internal VmallocAreas(int pageCount, int pageShift, int capacity)
        {
            _pageCount = pageCount;
            _pageShift = pageShift;
            _offsetMask = (1u << pageShift) - 1;
            First = new int[capacity];
            Size = new int[capacity];
            Owner = new byte[capacity];
            Physical = new uint[capacity];
        }

        /// <summary>Pages of an area, without its guard page.</summary>
        internal int PagesOf(int index) => PagesFor(Physical[index], Size[index]);

        /// <summary>Pages for <paramref name="size"/> bytes, 1 or more, that begin at the physical address's offset within a page.</summary>
        internal int PagesFor(uint physical, int size) => (int)(((physical & _offsetMask) + (uint)(size - 1)) >> _pageShift) + 1;

        /// <summary>Takes the lowest place that has room for an area and its guard page.</summary>
        /// <param name="size">Bytes, 1 or more.</param>
        /// <param name="physical">The physical address to map; 0 for pages of the page allocator.</param>
        /// <returns>The first page, or -1 if there is no place or the table is full.</returns>
        internal int Insert(int size, PageOwner owner, uint physical)
        {
            int[] first = First;
            if (Count == first.Length)
            {
                return -1;
            }
            int wanted = PagesFor(physical, size) + 1, page = 0, index = 0;
            while (index < Count && first[index] - page < wanted)
            {
                page = first[index] + PagesOf(index) + 1;
                index++;
            }
            if (index == Count && _pageCount - page < wanted)
            {
                return -1;
            }
            Move(index, index + 1);
            first[index] = page;
            Size[index] = size;
            Owner[index] = (byte)owner;
            Physical[index] = physical;
            Count++;
            MaxCount = Count > MaxCount ? Count : MaxCount;
            return page;
        }

        /// <summary>The last area that begins at or before a page, or -1.</summary>
        internal int Find(int page)
        {
            int[] first = First;
            int low = 0, high = Count;
            while (low < high)
            {
                int middle = (low + high) >> 1;
                if (first[middle] <= page)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }
            return low - 1;
        }

        internal void RemoveAt(int index)
        {
            Move(index + 1, index);
            Count--;
        }

        /// <summary>Pages of the largest area for which there is room, without its guard page.</summary>
        internal int LargestFree()
        {
            if (Count == First.Length)
            {
                return 0;
            }
            int page = 0, largest = 1;
            for (int index = 0; index < Count; index++)
            {
                largest = First[index] - page > largest ? First[index] - page : largest;
                page = First[index] + PagesOf(index) + 1;
            }
            return (_pageCount - page > largest ? _pageCount - page : largest) - 1;
        }

        /// <summary>Moves the rows from <paramref name="from"/> to the last one, in their order.</summary>
        private void Move(int from, int to)
        {
            Array.Copy(First, from, First, to, Count - from);
            Array.Copy(Size, from, Size, to, Count - from);
            Array.Copy(Owner, from, Owner, to, Count - from);
            Array.Copy(Physical, from, Physical, to, Count - from);
        }
    }
}
