using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>The caches as the kernel shows them.</summary>
    public static class SlabText
    {
        /// <summary>/proc/slabinfo: objects in use and in all, their size, how slabs are cut, slabs in use and in all. Lines end with \n.</summary>
        /// <remarks>mm/slab_common.c, cache_show. Object size is the distance between two objects, as there; tunables are 0, as in SLUB.</remarks>
        /// <returns>Two lines of heading, then one for each cache.</returns>
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

        /// <summary>/proc/meminfo: what there is, what is free, and what of the slabs goes back when it is needed. Lines end with \n.</summary>
        /// <remarks>fs/proc/meminfo.c. Empty slabs are the reclaimable ones. MemAvailable is what is free or reclaimable, less the zones' min
        /// watermarks.</remarks>
        /// <returns>Lines of name and kilobytes.</returns>
        public static string MemInfo(SlabAllocator slabs)
        {
            Misuse.Given(slabs, nameof(slabs));
            int all = 0, free = 0, available = 0, cut = 0, unused = slabs.UnusedPages(-1), size = slabs.Pages.PageSize;
            for (int i = 0; i < slabs.Pages.ZoneCount; i++)
            {
                Zone zone = slabs.Pages.ZoneAt(i);
                all += zone.Pages;
                free += zone.FreePages;
                available -= zone.MinWatermark;
            }
            for (int i = 0; i < slabs.CacheCount; i++)
            {
                cut += slabs.CacheAt(i).SlabCount * slabs.CacheAt(i).PagesPerSlab;
            }
            available += free + unused;
            return Kilobytes("MemTotal:", all, size) + Kilobytes("MemFree:", free, size)
                + Kilobytes("MemAvailable:", available < 0 ? 0 : available, size) + Kilobytes("Slab:", cut, size)
                + Kilobytes("SReclaimable:", unused, size) + Kilobytes("SUnreclaim:", cut - unused, size);
        }

        private static string Kilobytes(string name, int pages, int pageSize)
        {
            return name.PadRight(16) + Number((int)((long)pages * pageSize / 1024), 8) + " kB\n";
        }

        private static string Number(int value, int width)
        {
            return value.ToString().PadLeft(width);
        }
    }
}
