using System;

namespace Carveout.Memory
{
    /// <summary>Knows which bytes of taken pages cannot be given back now, because a device has them mapped. The page allocator, and whatever
    /// cuts its pages into smaller pieces, ask before they free memory. A room above implements it.</summary>
    internal abstract class PageHold
    {
        /// <summary>How many holds there are. A field, because every free reads it; while it is 0, a free asks nothing else.</summary>
        internal int Live;

        /// <summary>A hold on one of these bytes, or -1. Under the page allocator's lock.</summary>
        internal abstract int Find(uint address, int size);

        /// <summary>Why a device's request did not ask a zone.</summary>
        /// <param name="zone">Not among those that were asked.</param>
        internal abstract string WhyNotAsked(PageOwner owner, Zone zone);

        /// <summary>Says why memory under a hold cannot be given back.</summary>
        /// <param name="what">The memory, and whose it is.</param>
        internal abstract Exception Refusal(string call, string what, uint address, int size);
    }
}
