namespace Carveout.Emulator.Replay;

/// <summary>A set of sizes for Kmalloc's caches.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="UpTo">Returns the sizes, given the largest that a slab holds.</param>
internal sealed record SlabSizeSet(string Name, Func<int, int[]> UpTo)
{
    /// <summary>Powers of two.</summary>
    public static SlabSizeSet Standard { get; } = new("standard", KmallocSizes.Standard);

    /// <summary>Four sizes for each doubling, up to 2048.</summary>
    public static SlabSizeSet Fine { get; } = new("fine", KmallocSizes.Fine);

    /// <summary>A set of exactly these sizes.</summary>
    public static SlabSizeSet Of(string name, int[] sizes) => new(name, _ => sizes);
}
