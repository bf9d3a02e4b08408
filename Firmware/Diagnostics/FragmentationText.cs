using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>How the free pages lie, as the kernel shows it. Lines end with \n.</summary>
    public static class FragmentationText
    {
        /// <summary>/sys/kernel/debug/extfrag/extfrag_index: the fragmentation index of orders 0 to 10 in each zone.</summary>
        /// <remarks>mm/vmstat.c, extfrag_show_print. Drains the allocator first, as an allocation that needs the pages would. Between -1 and
        /// 0, where a single block is free, the kernel prints "0.-62"; here it is -0.062. See <see cref="FragmentationIndex"/>.</remarks>
        /// <param name="allocator">Whose zones.</param>
        /// <returns>A line for each zone that ends with \n.</returns>
        public static string ExtFragIndex(PageAllocator allocator)
        {
            allocator.DrainAllPages();
            string text = "";
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                Zone zone = allocator.ZoneAt(i);
                text += ProcText.ZoneLabel(zone) + " ";
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
        /// unmovable pageblocks are those lent for small unmovable blocks, whoever else had to be put there; all others are movable. A zone
        /// that does not group knows of no mobility: its blocks are "Ungrouped", and it has no pageblocks to count. Where there is
        /// movable memory, the pages taken follow, by whether they may move now.</remarks>
        /// <param name="allocator">Whose zones.</param>
        /// <returns>Lines that end with \n.</returns>
        public static string PageTypeInfo(PageAllocator allocator)
        {
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
                text += ProcText.ZoneLabel(zone) + "\nPage block order: " + order.ToString() + "\nPages per block:  "
                    + (1 << order).ToString() + "\n\n";
                blocks += ProcText.ZoneLabel(zone) + " " + zone.UnmovablePageblocks.ToString().PadLeft(12) + " "
                    + (all - zone.UnmovablePageblocks).ToString().PadLeft(12) + " \n";
            }
            return text + free + (blocks == ""
                ? ""
                : "\n" + "Number of blocks type".PadRight(23) + "Unmovable".PadLeft(12) + " " + "Movable".PadLeft(12) + " \n" + blocks)
                + (allocator.Handles == null ? "" : TakenPages(allocator));
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
                text += ProcText.ZoneLabel(zone) + " " + (zone.Pages - zone.FreePages - movable - pinned).ToString().PadLeft(12) + " "
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
