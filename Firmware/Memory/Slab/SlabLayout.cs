namespace Carveout.Memory
{
    /// <summary>How the slabs of a cache are cut: what the kernel's calculate_sizes and calculate_slab_order work out.</summary>
    /// <remarks><code>
    ///   slab of so many Pages:  | Front | object | … | object | … |  rest     an object and what follows it: Stride
    /// </code></remarks>
    internal sealed class SlabLayout
    {
        internal const int MostPages = 32;

        /// <summary>Pages that a slab may have so that hardly anything is left over. Kmalloc's sizes are 4 to 7 times a power of two, and five or three
        /// pages hold those of 5 and 6 without a rest.</summary>
        private const int FewPages = 5;

        /// <summary>Bytes in front of a slab's first object, a red zone; and from one object to the next.</summary>
        internal readonly int Front, Stride;

        internal readonly int Pages, Objects;

        /// <summary>32-bit words of free-object bits that a slab uses.</summary>
        internal readonly int Words;

        /// <summary>The free objects of the last word of an empty slab; the words before it are all ones.</summary>
        internal readonly uint LastWord;

        /// <param name="slabs">For the size of a page, and the bits that a slab has.</param>
        /// <param name="redZones">Whether objects have one.</param>
        /// <param name="gfp">Which zones slabs come from: where all of them have runs, slabs may have any number of pages.</param>
        internal SlabLayout(SlabAllocator slabs, string name, int objectSize, int alignment, bool redZones, GfpFlags gfp)
        {
            Misuse.Given(slabs, nameof(slabs));
            Misuse.Given(name, nameof(name));
            int page = slabs.Pages.PageSize;
            if (alignment < SlabAllocator.MinObjectSize || alignment > page || (alignment & (alignment - 1)) != 0)
            {
                throw SlabMisuse.BadAlignment(name, alignment, page);
            }
            int largest = LargestObject(page, alignment, redZones);
            if (objectSize < 1 || objectSize > largest)
            {
                throw SlabMisuse.BadSize(name, objectSize, largest, redZones);
            }
            Front = redZones ? alignment : 0;
            Stride = (objectSize + (redZones ? ObjectHardening.SmallestZone : 0) + alignment - 1) & ~(alignment - 1);
            Pages = PagesFor(page, slabs.Pages.GivesRuns(gfp));
            int fit = (Pages * page - Front) / Stride, most = slabs.Words * 32;
            Objects = fit < most ? fit : most;
            Words = (Objects + 31) >> 5;
            LastWord = uint.MaxValue >> (Words * 32 - Objects);
        }

        /// <summary>Bytes of the largest object that a cache can have.</summary>
        internal static int LargestObject(int page, int alignment, bool redZones)
        {
            int largest = MostPages * page - (redZones ? alignment + ObjectHardening.SmallestZone : 0);
            return largest < KmemCache.MaxObjectSize ? largest : KmemCache.MaxObjectSize;
        }

        /// <summary>Pages of a slab: the fewest that leave at most so much over as is worth a larger slab. At most an eighth is left over where that can
        /// be, as in the kernel's calculate_slab_order.</summary>
        private int PagesFor(int page, bool runs)
        {
            for (int pages = 1; pages <= FewPages; pages = Next(pages, runs))
            {
                if (LeavesAtMost(page * pages - Front, 32))
                {
                    return pages;
                }
            }
            int fewest = 1;
            while (fewest < MostPages && !LeavesAtMost(page * fewest - Front, 8))
            {
                fewest = Next(fewest, runs);
            }
            return fewest;
        }

        private static int Next(int pages, bool runs)
        {
            return runs ? pages + 1 : pages << 1;
        }

        /// <summary>Whether objects fill so many bytes but for one part in <paramref name="parts"/>.</summary>
        private bool LeavesAtMost(int size, int parts)
        {
            return size >= Stride && size % Stride * parts <= size;
        }
    }
}
