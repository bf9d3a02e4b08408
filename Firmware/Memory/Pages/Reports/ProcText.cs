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
        /// <summary>Owners that <see cref="TopOwners"/> names.</summary>
        private const int MaxOwners = 5;

        /// <summary>/proc/buddyinfo: free blocks of order 0, 1, 2 … of each zone.</summary>
        /// <param name="allocator">Whose zones.</param>
        /// <returns>A line for each zone that ends with \n.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="allocator"/> is null.</exception>
        public static string BuddyInfo(PageAllocator allocator)
        {
            Misuse.Given(allocator, nameof(allocator));
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
        /// <exception cref="System.ArgumentNullException"><paramref name="zone"/> is null.</exception>
        public static string BuddyInfo(Zone zone)
        {
            Misuse.Given(zone, nameof(zone));
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
        /// <exception cref="System.ArgumentNullException"><paramref name="allocator"/> is null.</exception>
        public static string ZoneInfo(PageAllocator allocator)
        {
            Misuse.Given(allocator, nameof(allocator));
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
        /// requests. The counters of compaction are there only with movable memory.</summary>
        /// <remarks>alloc_fail is ours: the kernel has no counter for requests that got nothing. pages_migrated is its pgmigrate_success.</remarks>
        /// <param name="allocator">Whose counters.</param>
        /// <returns>Lines of name and number that end with \n.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="allocator"/> is null.</exception>
        public static string VmStat(PageAllocator allocator)
        {
            Misuse.Given(allocator, nameof(allocator));
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

        /// <summary>/proc/iomem: the regions by address, what is reserved or zoned inside each indented below it.</summary>
        /// <param name="map">The board's.</param>
        /// <returns>Lines that end with \n.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="map"/> is null.</exception>
        public static string IoMem(MemoryMap map)
        {
            Misuse.Given(map, nameof(map));
            return new IoMemTree(map, 0).ToText();
        }

        /// <summary>/sys/kernel/debug/extfrag/extfrag_index: the fragmentation index of orders 0 to 10 in each zone.</summary>
        /// <remarks>mm/vmstat.c, extfrag_show_print. Drains the allocator first, as an allocation that needs the pages would. Between -1 and
        /// 0, where a single block is free, the kernel prints "0.-62"; here it is -0.062. See <see cref="FragmentationIndex"/>.</remarks>
        /// <param name="allocator">Whose zones.</param>
        /// <returns>A line for each zone that ends with \n.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="allocator"/> is null.</exception>
        public static string ExtFragIndex(PageAllocator allocator)
        {
            Misuse.Given(allocator, nameof(allocator));
            allocator.DrainAllPages();
            string text = "";
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                Zone zone = allocator.ZoneAt(i);
                text += ZoneLabel(zone) + " ";
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
        /// <param name="allocator">Whose zones.</param>
        /// <returns>Lines that end with \n.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="allocator"/> is null.</exception>
        public static string PageTypeInfo(PageAllocator allocator)
        {
            Misuse.Given(allocator, nameof(allocator));
            string text = "", free = "Free pages count per migrate type at order".PadRight(43) + " ", blocks = "";
            for (int order = 0; order <= PageMap.MaxPageOrder; order++)
            {
                free += order.ToString().PadLeft(6) + " ";
            }
            free += "\n";
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                Zone zone = allocator.ZoneAt(i);
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
                text += ZoneLabel(zone) + "\nPage block order: " + order.ToString() + "\nPages per block:  "
                    + (1 << order).ToString() + "\n\n";
                blocks += ZoneLabel(zone) + " " + zone.UnmovablePageblocks.ToString().PadLeft(12) + " "
                    + (all - zone.UnmovablePageblocks).ToString().PadLeft(12) + " \n";
            }
            return text + free + (blocks == ""
                ? ""
                : "\n" + "Number of blocks type".PadRight(23) + "Unmovable".PadLeft(12) + " " + "Movable".PadLeft(12) + " \n" + blocks)
                + (allocator.Handles == null ? "" : TakenPages(allocator));
        }

        /// <summary>Who has the most pages: "name size, …", at most five. Empty slabs are nobody's: "reclaimable 16 KB" behind the owners is what goes
        /// back to whoever needs it.</summary>
        /// <param name="allocator">Whose pages they have.</param>
        /// <returns>A text without a line's end, most pages first.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="allocator"/> is null.</exception>
        public static string TopOwners(PageAllocator allocator)
        {
            Misuse.Given(allocator, nameof(allocator));
            string text = "";
            int limit = int.MaxValue, last = -1;
            for (int rank = 0; rank < MaxOwners; rank++)
            {
                // Looks for the next owner by (pages descending, number ascending), since sorting would take memory when there is none.
                int best = -1;
                for (int owner = 0; owner < allocator.OwnerCount; owner++)
                {
                    int pages = PagesInUse(allocator, owner);
                    bool behind = pages < limit || (pages == limit && owner > last);
                    if (pages > 0 && behind && (best < 0 || pages > PagesInUse(allocator, best)))
                    {
                        best = owner;
                    }
                }
                if (best < 0)
                {
                    break;
                }
                limit = PagesInUse(allocator, best);
                last = best;
                text += (rank == 0 ? "" : ", ") + allocator.OwnerName((PageOwner)best) + " " + SizeText.Of((long)limit * allocator.PageSize);
            }
            int unused = UnusedPages(allocator, -1);
            text += unused == 0 ? "" : (text == "" ? "" : ", ") + "reclaimable " + SizeText.Of((long)unused * allocator.PageSize);
            return text == "" ? "none" : text;
        }

        private static int PagesInUse(PageAllocator allocator, int owner)
        {
            return allocator.OwnerPages((PageOwner)owner) - UnusedPages(allocator, owner);
        }

        private static int UnusedPages(PageAllocator allocator, int owner)
        {
            return allocator.Slabs == null ? 0 : allocator.Slabs.UnusedPages(owner);
        }

        private static string ZoneLabel(Zone zone)
        {
            return "Node 0, zone " + zone.Name.PadLeft(8);
        }

        /// <summary>The pages that are taken, by whether they may move: ours, since the kernel tells by the page.</summary>
        private static string TakenPages(PageAllocator allocator)
        {
            string text = "\n" + "Number of pages type".PadRight(23) + "Unmovable".PadLeft(12) + " " + "Movable".PadLeft(12) + " "
                + "Pinned".PadLeft(12) + " \n";
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                Zone zone = allocator.ZoneAt(i);
                int movable = allocator.Handles.PagesIn(zone, false), pinned = allocator.Handles.PagesIn(zone, true);
                text += ZoneLabel(zone) + " " + (zone.Pages - zone.FreePages - movable - pinned).ToString().PadLeft(12) + " "
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
