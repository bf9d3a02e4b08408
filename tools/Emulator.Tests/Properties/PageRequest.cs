namespace Carveout.Emulator.Tests.Properties;

/// <summary>How far down a request may take a zone.</summary>
internal enum Watermark
{
    Low,
    Min,
    Atomic,
}

/// <summary>A request for pages, in whichever way it was made.</summary>
/// <param name="Alignment">In pages: of a block its own size, counted from the zone's start; of an exact run what was asked for, as an
/// address.</param>
/// <param name="IsExact">A run of just so many pages, not a block.</param>
internal readonly record struct PageRequest(GfpFlags Gfp, int Pages, int Alignment, bool IsExact, PageOwner Owner)
{
    public bool IsAtomic => Gfp.HasFlag(GfpFlags.Atomic);

    /// <summary>The level of the second try, once the shrinkers have run.</summary>
    public Watermark LastLevel => IsAtomic ? Watermark.Atomic : Watermark.Min;
}
