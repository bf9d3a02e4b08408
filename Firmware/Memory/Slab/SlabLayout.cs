namespace Carveout.Memory
{
    /// <summary>How the slabs of a cache are cut: what the kernel's calculate_sizes and calculate_slab_order work out.</summary>
    /// <remarks><code>
    ///   slab of 2^Order pages:  | Front | object | … | object | … |  rest     an object and what follows it: Stride
    /// </code></remarks>
    internal sealed class SlabLayout
    {
        /// <summary>Bytes in front of a slab's first object, a red zone; and from one object to the next.</summary>
        internal readonly int Front, Stride;

        internal readonly int Order, Objects;

        /// <summary>64-bit words of free-object bits that a slab uses.</summary>
        internal readonly int Words;

        /// <summary>The free objects of the last word of an empty slab; the words before it are all ones.</summary>
        internal readonly ulong LastWord;

        /// <param name="slabs">For the size of a page, and the bits that a slab has.</param>
        /// <param name="name">The cache's, for messages.</param>
        /// <param name="objectSize">Bytes, checked here.</param>
        /// <param name="alignment">Bytes, checked here.</param>
        /// <param name="redZones">Whether objects have one.</param>
        internal SlabLayout(SlabAllocator slabs, string name, int objectSize, int alignment, bool redZones)
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
            while (Order < SlabAllocator.MaxSlabOrder && !Suits((page << Order) - Front, Stride))
            {
                Order++;
            }
            int fit = ((page << Order) - Front) / Stride, most = slabs.Words * 64;
            Objects = fit < most ? fit : most;
            Words = (Objects + 63) >> 6;
            LastWord = ulong.MaxValue >> (Words * 64 - Objects);
        }

        /// <summary>Bytes of the largest object that a cache can have.</summary>
        internal static int LargestObject(int page, int alignment, bool redZones)
        {
            int largest = (page << SlabAllocator.MaxSlabOrder) - (redZones ? alignment + ObjectHardening.SmallestZone : 0);
            return largest < KmemCache.MaxObjectSize ? largest : KmemCache.MaxObjectSize;
        }

        /// <summary>At most an eighth of a slab may be left over, as in the kernel's calculate_slab_order.</summary>
        private static bool Suits(int slabSize, int stride)
        {
            return slabSize >= stride && slabSize % stride * 8 <= slabSize;
        }
    }
}
