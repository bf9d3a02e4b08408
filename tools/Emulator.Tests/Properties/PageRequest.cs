namespace Carveout.Emulator.Tests.Properties;

/// <summary>The lowest level to which a request may empty a zone.</summary>
internal enum Watermark
{
    Low,
    Min,
    Atomic,
}

/// <summary>A request for pages, by any call.</summary>
/// <param name="Alignment">In pages: for a block its own size, counted from the zone's start; for an exact run the given alignment of its
/// address.</param>
/// <param name="IsExact">Whether it is for a run of exactly so many pages, and not for a block.</param>
internal readonly record struct PageRequest(GfpFlags Gfp, int Pages, int Alignment, bool IsExact, PageOwner Owner)
{
    public bool IsAtomic => Gfp.HasFlag(GfpFlags.Atomic);

    /// <summary>The level of the second try, after the shrinkers have run.</summary>
    public Watermark LastLevel => IsAtomic ? Watermark.Atomic : Watermark.Min;
}
