namespace Carveout.Emulator.Replay;

/// <summary>Serves a share of the requests with movable pages.</summary>
internal sealed class MovableDoor : PageDoor
{
    private readonly ReplayOptions _options;
    private readonly MovablePages _movable;

    /// <summary>By slot: the handle; 0 if there is none.</summary>
    private int[] _handles = new int[64];

    /// <summary>Makes the allocator's memory movable.</summary>
    public MovableDoor(PageAllocator allocator, ReplayOptions options)
        : base(allocator, options)
    {
        _options = options;
        _movable = new MovablePages(allocator, Math.Min(allocator.ZoneAt(0).Pages, MovablePages.MaxHandles), options.Compact);
    }

    /// <summary>Whether a request is for movable memory. These requests are the same in every replay, and spread over the trace.</summary>
    public override bool Takes(TraceOperation request) =>
        (GivesWholeBlocks || request.Alignment <= _options.PageSize) && (int)((uint)request.Id * 2654435769u >> 16) % 100 < _options.Movable;

    /// <inheritdoc/>
    public override uint AddressOf(int slot, uint address)
    {
        uint now = _movable.Pin(_handles[slot]);
        _movable.Unpin(_handles[slot]);
        return now;
    }

    /// <inheritdoc/>
    public override void Free(int slot, uint address)
    {
        _movable.Free(_handles[slot]);
        _handles[slot] = 0;
    }

    /// <inheritdoc/>
    protected override uint AllocBlock(TraceOperation request, int order, PageOwner owner) =>
        Keep(request.Slot, _movable.AllocPages(GfpFlags.Dma, order, owner));

    /// <inheritdoc/>
    protected override uint AllocExact(TraceOperation request, PageOwner owner) =>
        Keep(request.Slot, _movable.AllocPagesExact(request.Size, GfpFlags.Dma, owner));

    private uint Keep(int slot, int handle)
    {
        if (slot >= _handles.Length)
        {
            Array.Resize(ref _handles, Math.Max(slot + 1, 2 * _handles.Length));
        }
        _handles[slot] = handle;
        return handle == 0 ? 0 : AddressOf(slot, 0);
    }
}
