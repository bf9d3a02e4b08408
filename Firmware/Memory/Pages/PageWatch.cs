namespace Carveout.Memory
{
    /// <summary>Sees every call of a page allocator while owners are tracked, pages are hardened or operations are traced: the long way through
    /// the allocator. A room above Pages implements it and sets <see cref="PageAllocator.Watch"/>.</summary>
    internal abstract class PageWatch
    {
        /// <summary>The allocator's own array of pages by owner, which every free has to update.</summary>
        internal int[]? OwnerPageCounts;

        /// <summary>Takes a block or a run; the arguments have been checked.</summary>
        /// <param name="alignmentPages">Of a run, in pages; below 0: a rule, see <see cref="PageAllocator.Rules"/>.</param>
        /// <param name="size">The bytes that were asked for; 0 where whole pages were.</param>
        internal abstract uint Alloc(Zone[] zones, GfpFlags gfp, int order, int pages, int alignmentPages, PageOwner owner, int size);

        internal abstract void Free(uint address, int expectedPages);

        /// <summary>Frees a block; entered with the lock, which it leaves.</summary>
        internal abstract void FreeEntered(uint address, int expectedPages);

        internal abstract void Trim(uint address, int size);

        /// <summary>A block was moved; its owner and length did not change. Called under the lock.</summary>
        internal abstract void Move(uint from, uint to, int pages, PageOwner owner);

        /// <summary>Frees everything that was freed and is held back.</summary>
        /// <returns>Whether there was anything.</returns>
        internal abstract bool ReleaseQuarantine();
    }
}
