namespace Carveout.Emulator.Replay;

/// <summary>Pages that may be moved, for a share of the requests.</summary>
internal sealed class MovableDoor : PageDoor
{
    private readonly ReplayOptions _options;
    private readonly MovablePages _movable;

    /// <summary>By id of the trace; 0: none.</summary>
    private readonly int[] _handles;

    /// <summary>Makes the allocator's memory movable.</summary>
    public MovableDoor(PageAllocator allocator, ReplayOptions options, PageOwner[] owners)
        : base(allocator, options, owners)
    {
        _options = options;
        _movable = new MovablePages(allocator, Math.Min(allocator.ZoneAt(0).Pages, MovablePages.MaxHandles), options.Compact);
        _handles = new int[owners.Length];
    }

    /// <summary>Whether a block is one that may be moved: the same ones in every replay, spread over the trace.</summary>
    public override bool Takes(TraceOperation request) =>
        (GivesWholeBlocks || request.Alignment <= _options.PageSize) && (int)((uint)request.Id * 2654435769u >> 16) % 100 < _options.Movable;

    /// <inheritdoc/>
    public override uint AddressOf(int id, uint address)
    {
        uint now = _movable.Pin(_handles[id]);
        _movable.Unpin(_handles[id]);
        return now;
    }

    /// <inheritdoc/>
    public override void Free(int id, uint address)
    {
        _movable.Free(_handles[id]);
        _handles[id] = 0;
    }

    /// <inheritdoc/>
    protected override uint AllocBlock(TraceOperation request, int order, PageOwner owner) =>
        Keep(request.Id, _movable.AllocPages(GfpFlags.Dma, order, owner));

    /// <inheritdoc/>
    protected override uint AllocExact(TraceOperation request, PageOwner owner) =>
        Keep(request.Id, _movable.AllocPagesExact(request.Size, GfpFlags.Dma, owner));

    private uint Keep(int id, int handle)
    {
        _handles[id] = handle;
        return handle == 0 ? 0 : AddressOf(id, 0);
    }
}
