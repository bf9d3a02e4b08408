using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The order in which a page allocator asks its zones: the kernel's zonelists.</summary>
    /// <remarks>Lists that would be equal are one array: on nanoFramework an element costs 12 bytes.</remarks>
    internal static class Zonelists
    {
        /// <summary>The same zones in an array of the allocator's own, so that the caller may change the one that it passed.</summary>
        internal static Zone[] CopyOf(Zone[] zones)
        {
            Misuse.Given(zones, nameof(zones));
            var copy = new Zone[zones.Length];
            Array.Copy(zones, 0, copy, 0, zones.Length);
            return copy;
        }

        /// <summary>Refuses what cannot be the zones of an allocator.</summary>
        /// <param name="zones">At least one.</param>
        /// <param name="pageSize">Bytes of a page, a power of two.</param>
        /// <exception cref="InvalidOperationException">A zone is another allocator's already.</exception>
        /// <exception cref="ArgumentException">A zone is not on a page, begins at 0, ends beyond the address space or overlaps another.</exception>
        internal static void Check(Zone[] zones, int pageSize)
        {
            for (int i = 0; i < zones.Length; i++)
            {
                CheckPlace(zones, i, pageSize);
            }
        }

        internal static int LargestPages(Zone[] zones)
        {
            int largest = 0;
            for (int i = 0; i < zones.Length; i++)
            {
                largest = zones[i].Pages > largest ? zones[i].Pages : largest;
            }
            return largest;
        }

        internal static Zone[] OfKind(Zone[] zones, ZoneKind kind)
        {
            int count = 0;
            for (int i = 0; i < zones.Length; i++)
            {
                count += zones[i].Kind == kind ? 1 : 0;
            }
            if (count == zones.Length)
            {
                return zones;
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

        /// <summary>NORMAL zones, and those to fall back on behind them.</summary>
        internal static Zone[] NormalThenDma(Zone[] normal, Zone[] dma)
        {
            if (normal.Length == 0 || dma.Length == 0)
            {
                return normal.Length == 0 ? dma : normal;
            }
            var all = new Zone[normal.Length + dma.Length];
            Array.Copy(normal, 0, all, 0, normal.Length);
            Array.Copy(dma, 0, all, normal.Length, dma.Length);
            return all;
        }

        private static void CheckPlace(Zone[] zones, int index, int pageSize)
        {
            Zone zone = zones[index];
            Misuse.Given(zone, nameof(zones));
            ulong end = zone.Start + (ulong)zone.Pages * (ulong)pageSize;
            string fault = zone.Start == 0 || (zone.Start & ((uint)pageSize - 1)) != 0
                ? ": expected a multiple of " + pageSize.ToString() + ", not 0, which means failure"
                : end > 0x100000000UL ? " with " + zone.Pages.ToString() + " pages ends beyond 4 GiB" : null;
            if (fault == null && zone.Taker != null)
            {
                throw new InvalidOperationException(Label(zone) + " has its page allocator already: that of " + zone.Taker);
            }
            for (int i = 0; i < index && fault == null; i++)
            {
                if (zones[i].Start < end && zone.Start < zones[i].Start + (ulong)zones[i].Pages * (ulong)pageSize)
                {
                    fault = " overlaps " + Label(zones[i]);
                }
            }
            if (fault != null)
            {
                throw new ArgumentException(Label(zone) + fault, nameof(zones));
            }
        }

        private static string Label(Zone zone)
        {
            return "zone " + zone.Name + " at " + HexText.Of(zone.Start);
        }
    }
}
