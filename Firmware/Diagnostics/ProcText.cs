using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>The allocator's state as the kernel's /proc files show it, column for column. Lines end with \n.</summary>
    /// <remarks>Sources: mm/vmstat.c (frag_show_print, zoneinfo_show_print), kernel/resource.c (r_show). What the kernel has and a device
    /// without processes has not is left out, never invented.</remarks>
    public static class ProcText
    {
        /// <summary>/proc/buddyinfo: free blocks of order 0, 1, 2 … of each zone.</summary>
        /// <param name="allocator">Whose zones.</param>
        /// <returns>A line for each zone that ends with \n.</returns>
        public static string BuddyInfo(PageAllocator allocator)
        {
            string text = "";
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                text += BuddyInfo(allocator.ZoneAt(i));
            }
            return text;
        }

        /// <summary>One zone's line of /proc/buddyinfo.</summary>
        /// <param name="zone">Whose blocks.</param>
        /// <returns>The line, without its end.</returns>
        public static string BuddyInfo(Zone zone)
        {
            var counts = new int[PageMap.MaxPageOrder + 1];
            zone.CountFree(counts);
            string text = ZoneLabel(zone) + " ";
            for (int order = 0; order < counts.Length; order++)
            {
                text += counts[order].ToString().PadLeft(6) + " ";
            }
            return text + "\n";
        }

        /// <summary>/proc/zoneinfo: free pages, watermarks, size and lowmem_reserve ("protection", for requests of class DMA and NORMAL).</summary>
        /// <param name="allocator">Whose zones.</param>
        /// <returns>Lines that end with \n.</returns>
        public static string ZoneInfo(PageAllocator allocator)
        {
            string text = "";
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                Zone zone = allocator.ZoneAt(i);
                string pages = zone.Pages.ToString();
                text += ZoneLabel(zone) + "\n"
                    + "  pages free     " + zone.FreePages.ToString() + "\n"
                    + "        min      " + zone.MinWatermark.ToString() + "\n"
                    + "        low      " + zone.LowWatermark.ToString() + "\n"
                    + "        high     " + zone.HighWatermark.ToString() + "\n"
                    + "        spanned  " + pages + "\n"
                    + "        present  " + pages + "\n"
                    + "        managed  " + pages + "\n"
                    + "        protection: (0, " + zone.LowmemReservePages.ToString() + ")\n"
                    + "  start_pfn:           " + (zone.Start / (uint)allocator.PageSize).ToString() + "\n";
            }
            return text;
        }

        /// <summary>/proc/vmstat: one counter a line, in pages but for allocstall, alloc_fail and compact_, which count
        /// requests. Those of compaction come where there is movable memory.</summary>
        /// <remarks>alloc_fail is ours: the kernel has no counter for requests that got nothing. pages_migrated is its pgmigrate_success.</remarks>
        /// <param name="allocator">Whose counters.</param>
        /// <returns>Lines of name and number that end with \n.</returns>
        public static string VmStat(PageAllocator allocator)
        {
            long free = 0, dma = 0, normal = 0, freed = 0;
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                Zone zone = allocator.ZoneAt(i);
                free += zone.FreePages;
                freed += zone.PagesFreed;
                if (zone.Kind == ZoneKind.Dma)
                {
                    dma += zone.PagesAllocated;
                }
                else
                {
                    normal += zone.PagesAllocated;
                }
            }
            return "nr_free_pages " + free.ToString() + "\n"
                + "pgalloc_dma " + dma.ToString() + "\n"
                + "pgalloc_normal " + normal.ToString() + "\n"
                + "pgfree " + freed.ToString() + "\n"
                + "allocstall " + allocator.StallCount.ToString() + "\n"
                + "alloc_fail " + allocator.FailureCount.ToString() + "\n"
                + (allocator.Handles == null ? "" : allocator.Handles.Counters());
        }

        /// <summary>/proc/vmstat with the counters of DMA behind it.</summary>
        /// <param name="allocator">Whose counters.</param>
        /// <param name="dma">Whose counters follow.</param>
        /// <returns>Lines of name and number that end with \n.</returns>
        public static string VmStat(PageAllocator allocator, DmaAllocator dma)
        {
            return VmStat(allocator) + DmaText.Counters(dma);
        }

        /// <summary>/proc/iomem: the regions by address, what is reserved or zoned inside each indented below it.</summary>
        /// <param name="map">The board's.</param>
        /// <returns>Lines that end with \n.</returns>
        public static string IoMem(MemoryMap map)
        {
            return new IoMemTree(map, null).ToText();
        }

        /// <summary>/proc/iomem with what drivers have requested and mapped: each line is indented below the smallest thing of another
        /// kind that holds all of it. Registers outside all regions stand between these, by address.</summary>
        /// <remarks>The kernel's lists requests alone; here mappings follow, as "ioremap OWNER", since both are to be compared.</remarks>
        /// <param name="io">Its map, its requests and its mappings.</param>
        /// <returns>Lines that end with \n.</returns>
        public static string IoMem(IoMemory io)
        {
            return new IoMemTree(io.Map, io).ToText();
        }

        internal static string ZoneLabel(Zone zone)
        {
            return "Node 0, zone " + zone.Name.PadLeft(8);
        }
    }
}
