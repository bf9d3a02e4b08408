using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Those texts of ProcText that the report on a failure has too. They stand here, and the others in Carveout.Watch, so that whoever
    /// prints no others needs no others on the device.</summary>
    internal static class BuddyText
    {
        /// <summary>Owners that <see cref="TopOwners"/> names.</summary>
        private const int MaxOwners = 5;

        /// <summary>/proc/buddyinfo: free blocks of order 0, 1, 2 … of each zone.</summary>
        internal static string BuddyInfo(PageAllocator pages)
        {
            string text = "";
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                text += BuddyInfo(pages.ZoneAt(i));
            }
            return text;
        }

        /// <summary>One zone's line of /proc/buddyinfo.</summary>
        internal static string BuddyInfo(Zone zone)
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

        /// <summary>Who has the most pages, and what is reclaimable.</summary>
        internal static string TopOwners(PageAllocator pages)
        {
            string text = "";
            int limit = int.MaxValue, last = -1;
            for (int rank = 0; rank < MaxOwners; rank++)
            {
                // Looks for the next owner by (pages descending, number ascending), since sorting would take memory when there is none.
                int best = -1;
                for (int owner = 0; owner < pages.OwnerCount; owner++)
                {
                    int count = PagesInUse(pages, owner);
                    bool behind = count < limit || (count == limit && owner > last);
                    if (count > 0 && behind && (best < 0 || count > PagesInUse(pages, best)))
                    {
                        best = owner;
                    }
                }
                if (best < 0)
                {
                    break;
                }
                limit = PagesInUse(pages, best);
                last = best;
                text += (rank == 0 ? "" : ", ") + pages.OwnerName((PageOwner)best) + " " + SizeText.Of((long)limit * pages.PageSize);
            }
            int unused = UnusedPages(pages, -1);
            text += unused == 0 ? "" : (text == "" ? "" : ", ") + "reclaimable " + SizeText.Of((long)unused * pages.PageSize);
            return text == "" ? "none" : text;
        }

        /// <summary>What the kernel begins a zone's line with.</summary>
        internal static string ZoneLabel(Zone zone)
        {
            return "Node 0, zone " + zone.Name.PadLeft(8);
        }

        private static int PagesInUse(PageAllocator pages, int owner)
        {
            return pages.OwnerPages((PageOwner)owner) - UnusedPages(pages, owner);
        }

        private static int UnusedPages(PageAllocator pages, int owner)
        {
            return pages.Slabs == null ? 0 : pages.Slabs.UnusedPages(owner);
        }
    }
}
