using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Writes an owner table as text, grouped by owner, as the kernel's page_owner shows it.</summary>
    public static class OwnerText
    {
        /// <summary>One line for each owner: its live allocations, their bytes, and the sequence numbers of the oldest and the newest; the owner with
        /// most bytes comes first. Then a line for all owners, and one for what the table could not record. Lines end with \n.</summary>
        /// <remarks>The result is right only while nobody allocates: the table is read without a lock. Sequence numbers have 32 bits and
        /// wrap around, so age is the distance from the latest number.</remarks>
        /// <param name="table">A table of pages or of slab objects.</param>
        public static string PageOwner(OwnerTable table, PageAllocator pages)
        {
            Misuse.Given(table, nameof(table));
            Misuse.Given(pages);
            int owners = PageAllocator.MaxOwners, total = 0;
            var counts = new int[owners];
            var bytes = new long[owners];
            var oldest = new uint[owners];
            var newest = new uint[owners];
            long all = 0;
            uint now = (uint)table.Sequence;
            for (int slot = 0; slot < table.Capacity; slot++)
            {
                if (table.AddressAt(slot) == 0)
                {
                    continue;
                }
                int owner = (int)table.OwnerAt(slot);
                uint age = now - (uint)table.SequenceAt(slot);
                oldest[owner] = counts[owner] == 0 || age > oldest[owner] ? age : oldest[owner];
                newest[owner] = counts[owner] == 0 || age < newest[owner] ? age : newest[owner];
                counts[owner]++;
                total++;
                bytes[owner] += table.SizeAt(slot);
                all += table.SizeAt(slot);
            }
            string text = "owner               allocs      bytes     oldest     newest\n";
            while (true)
            {
                // Finds the next owner by (bytes descending, number ascending). The counts of owners that have been written already are 0.
                int best = -1;
                for (int owner = 0; owner < owners; owner++)
                {
                    if (counts[owner] != 0 && (best < 0 || bytes[owner] > bytes[best]))
                    {
                        best = owner;
                    }
                }
                if (best < 0)
                {
                    break;
                }
                text += pages.OwnerName((PageOwner)best).PadRight(17) + " " + counts[best].ToString().PadLeft(8) + " "
                    + bytes[best].ToString().PadLeft(10)
                    + " " + (now - oldest[best]).ToString().PadLeft(10) + " " + (now - newest[best]).ToString().PadLeft(10) + "\n";
                counts[best] = 0;
            }
            return text + "all".PadRight(17) + " " + total.ToString().PadLeft(8) + " " + all.ToString().PadLeft(10) + "\n" + Dropped(table, now);
        }

        private static string Dropped(OwnerTable table, uint allocations) =>
            table.Dropped == 0
                ? "nothing dropped: of " + allocations.ToString() + " allocations, all that live are above\n"
                : table.Dropped.ToString() + " of " + allocations.ToString() + " allocations dropped, the table was full: those of them that live"
                    + " are missing above\n";
    }
}
