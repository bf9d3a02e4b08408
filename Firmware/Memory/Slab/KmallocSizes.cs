using System;

namespace Carveout.Memory
{
    /// <summary>Which sizes Kmalloc has caches for.</summary>
    /// <remarks>With more sizes less is lost to rounding, but each size costs a cache, and each cache keeps a slab that is only partly full.
    /// Sizes are multiples of 32: the cache line of these chips, so that no two objects share one, and the distance that the slabs' bitmaps are
    /// made for.</remarks>
    public static class KmallocSizes
    {
        /// <summary>Every size is a multiple of it, in bytes.</summary>
        internal const int Step = 32;

        /// <summary>The largest size must be at least this, in bytes, because up to here Kmalloc finds the cache of a size in a table.</summary>
        internal const int MinLargest = 1024;

        /// <summary>Up to this size, in bytes, <see cref="Fine"/> has steps between the powers of two, and larger requests are best served with pages
        /// if these are smaller: docs/costs.md.</summary>
        private const int LastFine = 8192;

        /// <summary>What <see cref="KmallocCaches"/> has where nothing else is said: <see cref="Fine"/> up to 8 KB or to a page, if that is
        /// more.</summary>
        /// <returns>A new array, ascending; with pages of 4 KB 28 sizes.</returns>
        public static int[] Default(SlabAllocator slabs)
        {
            int largest = KmallocCaches.MaxSizeIn(slabs), page = slabs.Pages.PageSize, most = page < LastFine ? LastFine : page;
            return Fine(most < largest ? most : largest);
        }

        /// <summary>The powers of two: 32, 64, 128 … <paramref name="maxSize"/>. Those of the story, whose device had them.</summary>
        /// <param name="maxSize">Bytes, 32 or more.</param>
        /// <returns>A new array, ascending; no size is above the largest.</returns>
        public static int[] Standard(int maxSize)
        {
            return Steps(maxSize, 1);
        }

        /// <summary>Four sizes to a doubling, as far as they are multiples of 32, up to 8192, and powers of two above: 32, 64, 96, 128, 160, 192,
        /// 224, 256, 320 … 8192, 16384 … <paramref name="maxSize"/>. Up to 8192 bytes at most a fifth of an object above 128 bytes is lost to
        /// rounding, instead of half.</summary>
        /// <remarks>The spacing of jemalloc's size classes (J. Evans, "A Scalable Concurrent malloc(3) Implementation for FreeBSD", 2006, and its
        /// later releases). The kernel has the powers of two, 96 and 192.</remarks>
        /// <param name="maxSize">Bytes, 32 or more.</param>
        /// <returns>A new array, ascending; no size is above the largest.</returns>
        public static int[] Fine(int maxSize)
        {
            return Steps(maxSize, 4);
        }

        /// <summary>A copy of a set, which can be served.</summary>
        /// <param name="sizes">At least one.</param>
        /// <param name="slabs">Where the caches will be.</param>
        /// <exception cref="ArgumentNullException">One is null.</exception>
        /// <exception cref="ArgumentException">There is no size, or one is no multiple of 32 from 32 to what a slab holds, not above the
        /// one before it, leaves out a power of two, or the last is below 1024.</exception>
        internal static int[] Checked(int[] sizes, SlabAllocator slabs)
        {
            int largest = KmallocCaches.MaxSizeIn(slabs);
            Misuse.Given(sizes, nameof(sizes));
            if (sizes.Length == 0)
            {
                throw new ArgumentException("no sizes of Kmalloc's caches: expected at least one");
            }
            for (int i = 0; i < sizes.Length; i++)
            {
                int size = sizes[i];
                if (size < Step || size > largest || size % Step != 0)
                {
                    throw new ArgumentException("a cache of " + size.ToString() + " bytes for Kmalloc: expected a multiple of " + Step.ToString()
                        + " from " + Step.ToString() + " to " + largest.ToString());
                }
                if (i > 0)
                {
                    CheckStep(sizes[i - 1], size);
                }
            }
            if (sizes[sizes.Length - 1] < MinLargest)
            {
                throw new ArgumentException("a largest cache of " + sizes[sizes.Length - 1].ToString() + " bytes for Kmalloc: expected "
                    + MinLargest.ToString() + " or more");
            }
            var copy = new int[sizes.Length];
            Array.Copy(sizes, 0, copy, 0, sizes.Length);
            return copy;
        }

        private static void CheckStep(int previous, int size)
        {
            int power = Step;
            while (power <= previous)
            {
                power <<= 1;
            }
            if (size <= previous || power < size)
            {
                throw new ArgumentException("caches of " + previous.ToString() + " and then " + size.ToString() + " bytes for Kmalloc: expected "
                    + (size <= previous ? "ascending sizes" : power.ToString() + " between them, since powers of two are aligned to themselves"));
            }
        }

        private static int[] Steps(int largest, int steps)
        {
            var sizes = new int[Walk(largest, steps, null)];
            Walk(largest, steps, sizes);
            return sizes;
        }

        /// <summary>Goes through the sizes in order and writes them down where <paramref name="sizes"/> is not null.</summary>
        /// <returns>How many there are.</returns>
        private static int Walk(int largest, int steps, int[]? sizes)
        {
            int count = 0;
            for (int power = Step; power <= largest; power <<= 1)
            {
                int step = power < LastFine ? power / steps : power;
                for (int size = power; size < power << 1 && size <= largest; size += step)
                {
                    if (size % Step != 0)
                    {
                        continue;
                    }
                    if (sizes != null)
                    {
                        sizes[count] = size;
                    }
                    count++;
                }
            }
            return count;
        }
    }
}
