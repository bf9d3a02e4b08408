namespace Carveout.Emulator.Replay;

/// <summary>Serves any request with the page allocator.</summary>
/// <param name="allocator">The allocator; it has one zone.</param>
/// <param name="options">They say how a request becomes a block.</param>
internal class PageDoor(PageAllocator allocator, ReplayOptions options) : TraceDoor
{
    /// <summary>Whether a request gets a block of a power of two.</summary>
    protected bool GivesWholeBlocks => options.Tail.BesidePool() == DmaTail.Keep;

    /// <inheritdoc/>
    public override bool Takes(TraceOperation request) => true;

    /// <inheritdoc/>
    public sealed override uint Alloc(TraceOperation request, PageOwner owner, out int size)
    {
        int pages = options.PagesFor(request.Size);
        size = pages * options.PageSize;
        if (pages > allocator.ZoneAt(0).Pages)
        {
            return 0;
        }
        if (!GivesWholeBlocks)
        {
            return AllocExact(request, owner);
        }
        // If the alignment is larger than the block, a larger block provides it.
        int order = PageMap.OrderOf(Math.Max(pages, request.Alignment / options.PageSize));
        if (order > PageMap.MaxPageOrder)
        {
            return 0;
        }
        size = options.PageSize << order;
        return AllocBlock(request, order, owner);
    }

    /// <inheritdoc/>
    public override void Free(int slot, uint address) => allocator.FreePages(address);

    /// <inheritdoc/>
    public sealed override int Trim(uint address, int held, int size)
    {
        if (options.Tail == DmaTail.Keep)
        {
            return held;
        }
        allocator.TrimPages(address, size);
        return options.PagesFor(size) * options.PageSize;
    }

    /// <summary>Allocates a block of an order.</summary>
    protected virtual uint AllocBlock(TraceOperation request, int order, PageOwner owner) => allocator.AllocPages(GfpFlags.Dma, order, owner);

    /// <summary>Allocates as many pages as a request needs.</summary>
    protected virtual uint AllocExact(TraceOperation request, PageOwner owner) =>
        allocator.AllocPagesExact(request.Size, GfpFlags.Dma, owner, Math.Max(request.Alignment, options.PageSize));
}
