namespace Carveout.Emulator.Policies;

/// <summary>What becomes of the pages between a request and the power of two that a buddy allocates.</summary>
public enum TailPolicy
{
    /// <summary>They go back to the buddy at once: ARM's dma_alloc, and the story's culprit.</summary>
    Trim,

    /// <summary>They stay with the block: i386's dma_alloc.</summary>
    Keep,

    /// <summary>There are none: the zone hands out exact runs.</summary>
    Exact,

    /// <summary>Large buffers come from memory that was reserved at boot.</summary>
    Pool,
}

/// <summary>What follows from a tail policy.</summary>
internal static class TailPolicies
{
    /// <summary>Makes sure that an allocator can follow a policy.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void RequireOf(this TailPolicy tail, AllocatorKind allocator)
    {
        if (allocator == AllocatorKind.Kernel && tail == TailPolicy.Exact)
        {
            throw new UsageException("--allocator kernel has no exact runs: expected --tail trim, keep or pool");
        }
    }

    /// <summary>The page map that serves a policy.</summary>
    /// <param name="tail">The policy.</param>
    /// <param name="grouping">Whether a buddy keeps small unmovable blocks apart.</param>
    public static PageMapKind PageMap(this TailPolicy tail, bool grouping) =>
        tail == TailPolicy.Exact ? PageMapKind.Runs : grouping ? PageMapKind.GroupedFreeBlocks : PageMapKind.FreeBlocks;
}
