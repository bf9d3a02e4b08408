using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The zones of a page allocator, and which of them a request asks in which order: the kernel's zonelists.</summary>
    internal sealed class Zonelists
    {
        /// <summary>As they were given; those of one kind; and NORMAL ones with those to fall back on.</summary>
        internal readonly Zone[] All, Normal, Dma, NormalThenDma;

        /// <summary>Pages of all zones, of the NORMAL ones and of the largest.</summary>
        internal readonly int Pages, NormalPages, LargestPages;

        /// <param name="zones">At least one.</param>
        /// <param name="pageSize">Bytes of a page, a power of two.</param>
        /// <exception cref="ArgumentException">A zone is not on a page, begins at 0, ends beyond the address space or overlaps
        /// another.</exception>
        internal Zonelists(Zone[] zones, int pageSize)
        {
            for (int i = 0; i < zones.Length; i++)
            {
                CheckPlace(zones, i, pageSize);
                Pages += zones[i].Pages;
                NormalPages += zones[i].Kind == ZoneKind.Normal ? zones[i].Pages : 0;
                LargestPages = zones[i].Pages > LargestPages ? zones[i].Pages : LargestPages;
            }
            All = zones;
            Normal = OfKind(zones, ZoneKind.Normal);
            Dma = OfKind(zones, ZoneKind.Dma);
            NormalThenDma = new Zone[zones.Length];
            Array.Copy(Normal, 0, NormalThenDma, 0, Normal.Length);
            Array.Copy(Dma, 0, NormalThenDma, Normal.Length, Dma.Length);
        }

        private static void CheckPlace(Zone[] zones, int index, int pageSize)
        {
            Zone zone = zones[index];
            string label = "zone " + zone.Name + " at " + HexText.Of(zone.Start);
            if (zone.Start == 0 || (zone.Start & ((uint)pageSize - 1)) != 0)
            {
                throw new ArgumentException(label + ": expected a multiple of " + pageSize.ToString() + ", not 0, which means failure",
                    nameof(zones));
            }
            ulong end = zone.Start + (ulong)zone.Pages * (ulong)pageSize;
            if (end > 0x100000000UL)
            {
                throw new ArgumentException(label + " with " + zone.Pages.ToString() + " pages ends beyond 4 GiB", nameof(zones));
            }
            for (int i = 0; i < index; i++)
            {
                if (zones[i].Start < end && zone.Start < zones[i].Start + (ulong)zones[i].Pages * (ulong)pageSize)
                {
                    throw new ArgumentException(label + " overlaps zone " + zones[i].Name + " at " + HexText.Of(zones[i].Start), nameof(zones));
                }
            }
        }

        private static Zone[] OfKind(Zone[] zones, ZoneKind kind)
        {
            int count = 0;
            for (int i = 0; i < zones.Length; i++)
            {
                count += zones[i].Kind == kind ? 1 : 0;
            }
            var found = new Zone[count];
            count = 0;
            for (int i = 0; i < zones.Length; i++)
            {
                if (zones[i].Kind == kind)
                {
                    found[count++] = zones[i];
                }
            }
            return found;
        }
    }
}
