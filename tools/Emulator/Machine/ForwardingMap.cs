namespace Carveout.Emulator.Machine;

/// <summary>A page map that forwards every call to another one; a base class for maps that change one call.</summary>
/// <param name="map">The other map, which has the pages.</param>
internal abstract class ForwardingMap(PageMap map) : PageMap(map.Pages, map.MaxOrder)
{
    /// <inheritdoc/>
    public override int MetadataSize => map.MetadataSize;

    /// <inheritdoc/>
    public override int PageblockOrder => map.PageblockOrder;

    /// <inheritdoc/>
    public override int UnmovablePageblocks => map.UnmovablePageblocks;

    /// <inheritdoc/>
    public override bool FitsExactly => map.FitsExactly;

    /// <inheritdoc/>
    public override int Alloc(int order, bool movable) => map.Alloc(order, movable);

    /// <inheritdoc/>
    public override int AllocRun(int pages, int alignment) => map.AllocRun(pages, alignment);

    /// <inheritdoc/>
    public override int AllocRunGrouped(int pages, int alignment, bool movable) => map.AllocRunGrouped(pages, alignment, movable);

    /// <inheritdoc/>
    public override int AllocRunAt(int pages, int origin, int alignment, int boundary, int end) =>
        map.AllocRunAt(pages, origin, alignment, boundary, end);

    /// <inheritdoc/>
    public override int Free(int page) => map.Free(page);

    /// <inheritdoc/>
    public override void Trim(int page, int pages) => map.Trim(page, pages);

    /// <inheritdoc/>
    public override int BlockAt(int page) => map.BlockAt(page);

    /// <inheritdoc/>
    public override int BlockLength(int page) => map.BlockLength(page);

    /// <inheritdoc/>
    public override int BlockFor(int pages) => map.BlockFor(pages);

    /// <inheritdoc/>
    public override int LargestFree() => map.LargestFree();

    /// <inheritdoc/>
    public override void CountFree(int[] counts) => map.CountFree(counts);

    /// <inheritdoc/>
    public override void CountFreeUnmovable(int[] counts) => map.CountFreeUnmovable(counts);

    /// <inheritdoc/>
    public override int ExtentAt(int page) => map.ExtentAt(page);

    /// <inheritdoc/>
    public override bool TakeAt(int page, int pages) => map.TakeAt(page, pages);

    /// <inheritdoc/>
    public override void Join(int page) => map.Join(page);

    /// <inheritdoc/>
    public override bool Drain() => map.Drain();
}
