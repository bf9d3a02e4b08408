using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>The page allocator's state as the kernel's /proc files show it, column for column. Lines end with \n.</summary>
    /// <remarks>What stands above the pages has texts of its own: SlabText, VmallocText, IoText, DmaText, OwnerText. Sources: mm/vmstat.c
    /// (frag_show_print, zoneinfo_show_print), kernel/resource.c (r_show). What the kernel has and a device without processes has not is left out,
    /// never invented.</remarks>
    public static class ProcText
    {
        /// <summary>/proc/buddyinfo: free blocks of order 0, 1, 2 … of each zone.</summary>
        /// <returns>A line for each zone that ends with \n.</returns>
        public static string BuddyInfo(PageAllocator pages)
        {
            Misuse.Given(pages);
            return BuddyText.BuddyInfo(pages);
        }

        /// <summary>One zone's line of /proc/buddyinfo.</summary>
        /// <returns>The line, without its end.</returns>
        public static string BuddyInfo(Zone zone)
        {
            Misuse.Given(zone, nameof(zone));
            return BuddyText.BuddyInfo(zone);
        }

        /// <summary>/proc/zoneinfo: free pages, watermarks, size and lowmem_reserve ("protection", for requests of class DMA and NORMAL).</summary>
        /// <returns>Lines that end with \n.</returns>
        public static string ZoneInfo(PageAllocator pages)
        {
            Misuse.Given(pages);
            string text = "";
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                Zone zone = pages.ZoneAt(i);
                string size = zone.Pages.ToString();
                text += BuddyText.ZoneLabel(zone) + "\n"
                    + "  pages free     " + zone.FreePages.ToString() + "\n"
                    + "        min      " + zone.MinWatermark.ToString() + "\n"
                    + "        low      " + zone.LowWatermark.ToString() + "\n"
                    + "        high     " + zone.HighWatermark.ToString() + "\n"
                    + "        spanned  " + size + "\n"
                    + "        present  " + size + "\n"
                    + "        managed  " + size + "\n"
                    + "        protection: (0, " + zone.LowmemReservePages.ToString() + ")\n"
                    + "  start_pfn:           " + (zone.Start / (uint)pages.PageSize).ToString() + "\n";
            }
            return text;
        }

        /// <summary>/proc/vmstat: one counter a line, in pages but for allocstall, alloc_fail and compact_, which count
        /// requests. The counters of compaction are there only with movable memory.</summary>
        /// <remarks>alloc_fail is ours: the kernel has no counter for requests that got nothing. pages_migrated is its pgmigrate_success.</remarks>
        /// <returns>Lines of name and number that end with \n.</returns>
        public static string VmStat(PageAllocator pages)
        {
            Misuse.Given(pages);
            long free = 0, dma = 0, normal = 0, freed = 0;
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                Zone zone = pages.ZoneAt(i);
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
                + "allocstall " + pages.StallCount.ToString() + "\n"
                + "alloc_fail " + pages.FailureCount.ToString() + "\n"
                + (pages.Handles == null ? "" : pages.Handles.Counters());
        }

        /// <summary>/proc/iomem: the regions by address, what is reserved or zoned inside each indented below it.</summary>
        /// <param name="map">The board's.</param>
        /// <returns>Lines that end with \n.</returns>
        public static string IoMem(MemoryMap map)
        {
            Misuse.Given(map, nameof(map));
            return new IoMemTree(map, 0).ToText();
        }

        /// <summary>/sys/kernel/debug/extfrag/extfrag_index: the fragmentation index of orders 0 to 10 in each zone.</summary>
        /// <remarks>mm/vmstat.c, extfrag_show_print. Drains the allocator first, as an allocation that needs the pages would. Between -1 and
        /// 0, where a single block is free, the kernel prints "0.-62"; here it is -0.062. See <see cref="FragmentationIndex"/>.</remarks>
        /// <returns>A line for each zone that ends with \n.</returns>
        public static string ExtFragIndex(PageAllocator pages)
        {
            Misuse.Given(pages);
            pages.DrainAllPages();
            string text = "";
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                Zone zone = pages.ZoneAt(i);
                text += BuddyText.ZoneLabel(zone) + " ";
                for (int order = 0; order <= PageMap.MaxPageOrder; order++)
                {
                    text += Thousandths(FragmentationIndex.Of(zone, order)) + " ";
                }
                text += "\n";
            }
            return text;
        }

        /// <summary>/proc/pagetypeinfo: free blocks of each order by the mobility that their pageblock is kept for, and pageblocks of each
        /// kind.</summary>
        /// <remarks>mm/vmstat.c, pagetypeinfo_show. The kernel has one pageblock order, here each zone that groups has its own. A zone's
        /// unmovable pageblocks are those kept for small unmovable blocks, even if other blocks had to go there too; all others are movable. A zone
        /// that does not group knows of no mobility: its blocks are "Ungrouped", and it has no pageblocks to count. Where there is
        /// movable memory, the pages taken follow, by whether they may move now.</remarks>
        /// <returns>Lines that end with \n.</returns>
        public static string PageTypeInfo(PageAllocator pages)
        {
            Misuse.Given(pages);
            string text = "", free = "Free pages count per migrate type at order".PadRight(43) + " ", blocks = "";
            for (int order = 0; order <= PageMap.MaxPageOrder; order++)
            {
                free += order.ToString().PadLeft(6) + " ";
            }
            free += "\n";
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                Zone zone = pages.ZoneAt(i);
                int order = zone.PageblockOrder;
                var counts = new int[PageMap.MaxPageOrder + 1];
                var unmovable = new int[PageMap.MaxPageOrder + 1];
                zone.CountFree(counts);
                if (order < 0)
                {
                    free += TypeLine(zone, "Ungrouped", counts);
                    continue;
                }
                zone.CountFreeUnmovable(unmovable);
                for (int o = 0; o < counts.Length; o++)
                {
                    counts[o] -= unmovable[o];
                }
                free += TypeLine(zone, "Unmovable", unmovable) + TypeLine(zone, "Movable", counts);
                int all = (zone.Pages + (1 << order) - 1) >> order;
                text += BuddyText.ZoneLabel(zone) + "\nPage block order: " + order.ToString() + "\nPages per block:  "
                    + (1 << order).ToString() + "\n\n";
                blocks += BuddyText.ZoneLabel(zone) + " " + zone.UnmovablePageblocks.ToString().PadLeft(12) + " "
                    + (all - zone.UnmovablePageblocks).ToString().PadLeft(12) + " \n";
            }
            return text + free + (blocks == ""
                ? ""
                : "\n" + "Number of blocks type".PadRight(23) + "Unmovable".PadLeft(12) + " " + "Movable".PadLeft(12) + " \n" + blocks)
                + (pages.Handles == null ? "" : TakenPages(pages));
        }

        /// <summary>Who has the most pages: "name size, …", at most five. Empty slabs belong to no owner: "reclaimable 16 KB" behind the
        /// owners is memory that goes back when somebody needs it.</summary>
        /// <returns>A text without a line's end, most pages first.</returns>
        public static string TopOwners(PageAllocator pages)
        {
            Misuse.Given(pages);
            return BuddyText.TopOwners(pages);
        }

        /// <summary>Lines for the taken pages, by whether they may move now. These lines are Carveout's own; the kernel tells this only for
        /// each page.</summary>
        private static string TakenPages(PageAllocator pages)
        {
            string text = "\n" + "Number of pages type".PadRight(23) + "Unmovable".PadLeft(12) + " " + "Movable".PadLeft(12) + " "
                + "Pinned".PadLeft(12) + " \n";
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                Zone zone = pages.ZoneAt(i);
                int movable = pages.Handles.PagesIn(zone, false), pinned = pages.Handles.PagesIn(zone, true);
                text += BuddyText.ZoneLabel(zone) + " " + (zone.Pages - zone.FreePages - movable - pinned).ToString().PadLeft(12) + " "
                    + movable.ToString().PadLeft(12) + " " + pinned.ToString().PadLeft(12) + " \n";
            }
            return text;
        }

        private static string TypeLine(Zone zone, string type, int[] counts)
        {
            string text = "Node    0, zone " + zone.Name.PadLeft(8) + ", type " + type.PadLeft(12) + " ";
            for (int order = 0; order < counts.Length; order++)
            {
                text += counts[order].ToString().PadLeft(6) + " ";
            }
            return text + "\n";
        }

        /// <summary>With three decimals, as wide as -1.000.</summary>
        private static string Thousandths(int value)
        {
            int size = value < 0 ? -value : value;
            return (value < 0 ? "-" : " ") + (size / 1000).ToString() + "." + (size % 1000).ToString().PadLeft(3, '0');
        }
    }
}
