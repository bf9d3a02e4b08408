using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>The caches as the kernel shows them.</summary>
    public static class SlabText
    {
        /// <summary>/proc/slabinfo: objects in use and in all, their size, how slabs are cut, slabs in use and in all. Lines end with \n.</summary>
        /// <remarks>mm/slab_common.c, cache_show. Object size is the distance between two objects, as there; tunables are 0, as in SLUB.</remarks>
        /// <param name="slabs">Whose caches.</param>
        /// <returns>Two lines of heading, then one for each cache.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="slabs"/> is null.</exception>
        public static string SlabInfo(SlabAllocator slabs)
        {
            Misuse.Given(slabs, nameof(slabs));
            string text = "slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
                + " : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>\n";
            for (int i = 0; i < slabs.CacheCount; i++)
            {
                KmemCache cache = slabs.CacheAt(i);
                text += cache.Name.PadRight(17) + " " + Number(cache.LiveCount, 6) + " " + Number(cache.SlabCount * cache.ObjectsPerSlab, 6) + " "
                    + Number(cache.Stride, 6) + " " + Number(cache.ObjectsPerSlab, 4) + " " + Number(cache.PagesPerSlab, 4)
                    + " : tunables    0    0    0 : slabdata " + Number(cache.ActiveSlabCount, 6) + " " + Number(cache.SlabCount, 6) + "      0\n";
            }
            return text;
        }

        private static string Number(int value, int width)
        {
            return value.ToString().PadLeft(width);
        }
    }
}
