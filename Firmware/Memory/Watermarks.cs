using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>How many pages zones keep back, and from whom.</summary>
    internal static class Watermarks
    {
        /// <summary>See <see cref="PageAllocator.DefaultMinFree"/>.</summary>
        internal static int DefaultMinFree(Zonelists zones, int pageShift)
        {
            int pages = zones.Pages;
            long kilobytes = ((long)pages << pageShift) >> 10;
            int root = 0;
            while ((long)(root + 1) * (root + 1) <= kilobytes)
            {
                root++;
            }
            int kernel = (int)((4L * root << 10) >> pageShift);
            return kernel < pages >> 6 ? kernel : pages >> 6;
        }

        /// <summary>See <see cref="PageAllocator.SetReserves"/>.</summary>
        internal static void Set(Zonelists zones, int minFree, int lowmemReserveRatio)
        {
            int total = zones.Pages;
            if (minFree < 0 || minFree > total)
            {
                throw new ArgumentOutOfRangeException(nameof(minFree), minFree.ToString() + " pages to keep free: expected 0 to " + total.ToString());
            }
            if (lowmemReserveRatio < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(lowmemReserveRatio), lowmemReserveRatio.ToString() + ": expected 0 or more");
            }
            for (int i = 0; i < zones.All.Length; i++)
            {
                Zone zone = zones.All[i];
                int reserve = zone.Kind == ZoneKind.Dma && lowmemReserveRatio != 0 ? zones.NormalPages / lowmemReserveRatio : 0;
                zone.SetLimits((int)((long)minFree * zone.Pages / total), reserve);
            }
        }
    }
}
