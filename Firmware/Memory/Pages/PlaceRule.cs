namespace Carveout.Memory
{
    /// <summary>Where on the bus a run for a device may lie. Made at boot; a request names it by the number that
    /// <see cref="PageAllocator.Rules"/> gave, in the place of an alignment.</summary>
    internal sealed class PlaceRule
    {
        /// <summary>Pages, a power of two: the first page's bus address is a multiple of it.</summary>
        internal readonly int Alignment;

        /// <summary>Pages, a power of two, that no run crosses a multiple of; 0: none.</summary>
        internal readonly int Boundary;

        /// <summary>The highest bus address that the last byte may have.</summary>
        internal readonly uint Mask;

        internal PlaceRule(int alignment, int boundary, uint mask)
        {
            Alignment = alignment;
            Boundary = boundary;
            Mask = mask;
        }

        /// <summary>Takes a run that keeps the rule. Called under the lock.</summary>
        /// <returns>The first page, or -1.</returns>
        internal int Take(Zone zone, int pages, int pageShift)
        {
            long reached = ((long)Mask - zone.BusFirst + 1) >> pageShift;
            return zone.Map.AllocRunAt(pages, (int)(zone.BusFirst >> pageShift), Alignment, Boundary,
                reached < zone.PageCount ? (int)reached : zone.PageCount);
        }
    }
}
