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
            uint size = (uint)pageSize, start = zone.First;
            // To the end of the address space there are 2^32 - start bytes.
            if (start == 0 || (start & (size - 1)) != 0 || (0 - start) / size < (uint)zone.PageCount)
            {
                throw Misuse.BadPlace(zone, null, pageSize);
            }
            if (zone.Taker != null)
            {
                throw Misuse.TakenZone(zone);
            }
            for (int i = 0; i < index; i++)
            {
                Zone other = zones[i];
                // One of the two differences goes round, to more than any zone has.
                if ((start - other.First) / size < (uint)other.PageCount || (other.First - start) / size < (uint)zone.PageCount)
                {
                    throw Misuse.BadPlace(zone, other, pageSize);
                }
            }
        }
    }
}
