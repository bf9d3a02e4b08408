namespace Carveout.Emulator.Replay;

/// <summary>A set of sizes for Kmalloc's caches.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="For">Returns the sizes of caches of a slab allocator.</param>
internal sealed record SlabSizeSet(string Name, Func<SlabAllocator, int[]> For)
{
    /// <summary>Four sizes for each doubling, up to 8 KB, and pages above: what Kmalloc has by default.</summary>
    public static SlabSizeSet Fine { get; } = new("fine", KmallocSizes.Default);

    /// <summary>Powers of two.</summary>
    public static SlabSizeSet Standard { get; } = new("standard", slabs => KmallocSizes.Standard(KmallocCaches.MaxSizeIn(slabs)));

    /// <summary>A set of exactly these sizes.</summary>
    public static SlabSizeSet Of(string name, int[] sizes) => new(name, _ => sizes);
}
