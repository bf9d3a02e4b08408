using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Computes how many pages each zone keeps free, and from which requests.</summary>
    internal static class Watermarks
    {
        internal static int DefaultMinFree(Zone[] zones, int pageShift)
        {
            int pages = Pages(zones, true);
            long kilobytes = ((long)pages << pageShift) >> 10;
            int root = 0;
            while ((long)(root + 1) * (root + 1) <= kilobytes)
            {
                root++;
            }
            int kernel = (int)((4L * root << 10) >> pageShift);
            return kernel < pages >> 6 ? kernel : pages >> 6;
        }

        internal static void Set(Zone[] zones, int minFree, int lowmemReserveRatio)
        {
            int total = Pages(zones, true), normal = Pages(zones, false);
            Misuse.CheckRange(nameof(minFree), minFree, " pages to keep free", 0, total);
            if (lowmemReserveRatio < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(lowmemReserveRatio), lowmemReserveRatio.ToString() + ": expected 0 or more");
            }
            for (int i = 0; i < zones.Length; i++)
            {
                Zone zone = zones[i];
                int reserve = zone.Kind == ZoneKind.Dma && lowmemReserveRatio != 0 ? normal / lowmemReserveRatio : 0;
                zone.SetLimits((int)((long)minFree * zone.Pages / total), reserve);
            }
        }

        private static int Pages(Zone[] zones, bool all)
        {
            int pages = 0;
            for (int i = 0; i < zones.Length; i++)
            {
                pages += all || zones[i].Kind == ZoneKind.Normal ? zones[i].Pages : 0;
            }
            return pages;
        }
    }
}
