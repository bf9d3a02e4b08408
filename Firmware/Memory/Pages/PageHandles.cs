using System;

namespace Carveout.Memory
{
    /// <summary>Movable memory: its blocks have handles, are marked in <see cref="Zone.Handles"/>, are not freed by their address, and may be
    /// moved to make room. A room above Pages implements it.</summary>
    internal abstract class PageHandles
    {
        /// <summary>Takes a run in a zone that has marks, as <see cref="PageMap.AllocRunGrouped"/>, which nobody else needs, so that programs without
        /// movable memory do not have it.</summary>
        internal abstract int TakeRun(PageMap map, int pages, int alignment, bool movable);

        /// <summary>Moves blocks out of the zones that a request may use, until one has room.</summary>
        /// <param name="alignmentPages">Of a run, in pages; below 0: a rule, see <see cref="PageAllocator.Rules"/>.</param>
        /// <returns>Whether there is room now.</returns>
        internal abstract bool MakeRoom(Zone[] zones, int order, int pages, int alignmentPages);

        /// <summary>Tells that the request for which room was made has been served.</summary>
        internal abstract void Served();

        /// <summary>A marked block was to be freed or trimmed by its address.</summary>
        /// <param name="mark">As the zone has it.</param>
        internal abstract Exception ByAddress(uint address, short mark);

        /// <summary>Pages of a zone's blocks that are pinned, or that are not. Slow: for reports.</summary>
        internal abstract int PagesIn(Zone zone, bool pinned);

        /// <summary>What moving has cost, as lines of /proc/vmstat that end with \n.</summary>
        internal abstract string Counters();
    }
}
