using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Tells whether an allocation would fail because memory is short, or because free memory lies in pieces.</summary>
    /// <remarks>mm/vmstat.c, __fragmentation_index: 1000 - (1000 + free * 1000 / requested) / blocks. M. Gorman and A. Whitcroft,
    /// "The What, the Why and the Where To of Anti-Fragmentation" (Ottawa Linux Symposium, 2006).</remarks>
    public static class FragmentationIndex
    {
        /// <summary>The index of an order that could be served.</summary>
        public const int WouldSucceed = -1000;

        /// <summary>Thousandths: near 0 short of memory, near 1000 fragmented, -1000 if the request would succeed.</summary>
        /// <param name="order">0 to 10.</param>
        /// <returns>-1000, or -500 to 1000; 0 where nothing is free.</returns>
        public static int Of(Zone zone, int order)
        {
            Misuse.Given(zone, nameof(zone));
            var counts = new int[PageMap.MaxPageOrder + 1];
            zone.CountFree(counts);
            return Of(counts, order);
        }

        /// <summary>The same for free blocks that the caller has counted, with any number of orders.</summary>
        /// <param name="counts">Free blocks of order 0, 1, 2 …</param>
        /// <param name="order">0 or more.</param>
        /// <returns>-1000, or -500 to 1000; 0 where nothing is free.</returns>
        public static int Of(int[] counts, int order)
        {
            Misuse.Given(counts, nameof(counts));
            long blocks = 0;
            long pages = 0;
            for (int o = 0; o < counts.Length; o++)
            {
                if (o >= order && counts[o] != 0)
                {
                    return WouldSucceed;
                }
                blocks += counts[o];
                pages += (long)counts[o] << o;
            }
            return blocks == 0 ? 0 : 1000 - (int)((1000 + pages * 1000 / (1 << order)) / blocks);
        }
    }
}
