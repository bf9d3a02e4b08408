using System;

namespace Carveout.Memory
{
    /// <summary>Who may have bytes of taken pages so that nobody can give them back: a device by a mapping. The page allocator, and those who
    /// cut its pages into smaller pieces, ask before they let go of memory; what stands above them implements it.</summary>
    internal abstract class PageHold
    {
        /// <summary>Holds that there are. A field: while it is 0 nothing else is asked, and every free reads it.</summary>
        internal int Live;

        /// <summary>A hold on one of these bytes, or -1. Under the page allocator's lock.</summary>
        internal abstract int Find(uint address, int size);

        /// <summary>Why memory cannot be given back that some hold has.</summary>
        /// <param name="call">What was called: "free".</param>
        /// <param name="what">The memory, and whose it is.</param>
        /// <param name="address">First address of what would go back.</param>
        /// <param name="size">Bytes that would.</param>
        internal abstract Exception Refusal(string call, string what, uint address, int size);
    }
}
