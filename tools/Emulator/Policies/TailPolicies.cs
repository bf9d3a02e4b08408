namespace Carveout.Emulator.Policies;

/// <summary>What follows from a tail policy.</summary>
internal static class TailPolicies
{
    /// <summary>Makes sure that an allocator can follow a policy.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void RequireOf(this DmaTail tail, AllocatorKind allocator)
    {
        if (allocator == AllocatorKind.Kernel && tail == DmaTail.Exact)
        {
            throw new UsageException("--allocator kernel has no exact runs: expected --tail trim, keep or pool");
        }
    }

    /// <summary>The page map that serves a policy.</summary>
    /// <param name="tail">The policy.</param>
    /// <param name="grouping">Whether a buddy keeps small unmovable blocks apart.</param>
    public static PageMapKind PageMap(this DmaTail tail, bool grouping) =>
        tail == DmaTail.Exact ? PageMapKind.Runs : grouping ? PageMapKind.GroupedFreeBlocks : PageMapKind.FreeBlocks;

    /// <summary>The policy for requests that are too small for a pool: blocks of a power of two pages, kept whole.</summary>
    public static DmaTail BesidePool(this DmaTail tail) => tail == DmaTail.Pool ? DmaTail.Keep : tail;
}
