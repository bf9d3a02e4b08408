namespace Carveout.Emulator.Policies;

/// <summary>What happens to the tail: the pages between a request and the power of two that a buddy allocates.</summary>
public enum TailPolicy
{
    /// <summary>The tail is given back to the buddy at once, as ARM's dma_alloc does; this is the story's culprit.</summary>
    Trim,

    /// <summary>The tail stays with the block, as i386's dma_alloc does.</summary>
    Keep,

    /// <summary>There is no tail: the zone allocates exact runs.</summary>
    Exact,

    /// <summary>Large buffers come from memory that was reserved at boot.</summary>
    Pool,
}

/// <summary>The rules of tail policies.</summary>
internal static class TailPolicies
{
    /// <summary>Throws unless an allocator can follow a policy.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void RequireOf(this TailPolicy tail, AllocatorKind allocator)
    {
        if (allocator == AllocatorKind.Kernel && tail == TailPolicy.Exact)
        {
            throw new UsageException("--allocator kernel has no exact runs: expected --tail trim, keep or pool");
        }
    }

    /// <summary>The kind of page map that a policy needs.</summary>
    /// <param name="tail">The policy.</param>
    /// <param name="grouping">Whether a buddy keeps small unmovable blocks apart.</param>
    public static PageMapKind PageMap(this TailPolicy tail, bool grouping) =>
        tail == TailPolicy.Exact ? PageMapKind.Runs : grouping ? PageMapKind.GroupedFreeBlocks : PageMapKind.FreeBlocks;
}
