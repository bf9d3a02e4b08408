namespace Carveout.Emulator.Replay;

/// <summary>A choice of sizes for Kmalloc's caches.</summary>
/// <param name="Name">As it is typed.</param>
/// <param name="UpTo">The sizes, given the largest that a slab holds.</param>
internal sealed record SlabSizeSet(string Name, Func<int, int[]> UpTo)
{
    /// <summary>Powers of two.</summary>
    public static SlabSizeSet Standard { get; } = new("standard", KmallocSizes.Standard);

    /// <summary>Four sizes to a doubling, up to 2048.</summary>
    public static SlabSizeSet Fine { get; } = new("fine", KmallocSizes.Fine);

    /// <summary>These and no others.</summary>
    public static SlabSizeSet Of(string name, int[] sizes) => new(name, _ => sizes);
}
