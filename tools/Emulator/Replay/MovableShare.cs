namespace Carveout.Emulator.Replay;

/// <summary>Those blocks of a replay that may be moved, by their ids.</summary>
internal sealed class MovableShare
{
    private readonly MovablePages _movable;
    private readonly int[] _handles;
    private readonly int _percent;
    private long _followed;

    /// <summary>The handles of a trace's blocks.</summary>
    public MovableShare(PageAllocator allocator, int ids, ReplayOptions options)
    {
        _movable = new MovablePages(allocator, Math.Min(allocator.ZoneAt(0).Pages, MovablePages.MaxHandles), options.Compact);
        _handles = new int[ids];
        _percent = options.Movable;
    }

    /// <summary>Whether a block is one that may be moved: the same ones in every replay, spread over the trace.</summary>
    public bool Chooses(int id) => (int)((uint)id * 2654435769u >> 16) % 100 < _percent;

    /// <summary>Allocates a block of an order, or as many pages as the size needs where the order is negative.</summary>
    public uint Alloc(int id, int order, int size, PageOwner owner)
    {
        int handle = order >= 0 ? _movable.AllocPages(GfpFlags.Dma, order, owner) : _movable.AllocPagesExact(size, GfpFlags.Dma, owner);
        _handles[id] = handle;
        return AddressOf(id) ?? 0;
    }

    /// <summary>Where a block lies now; null for one that has no handle.</summary>
    public uint? AddressOf(int id)
    {
        if (_handles[id] == 0)
        {
            return null;
        }
        uint address = _movable.Pin(_handles[id]);
        _movable.Unpin(_handles[id]);
        return address;
    }

    /// <summary>Frees a block.</summary>
    public void Free(int id)
    {
        _movable.Free(_handles[id]);
        _handles[id] = 0;
    }

    /// <summary>Whether pages were moved since it was asked last.</summary>
    public bool HasMoved()
    {
        bool moved = _movable.PagesMigrated != _followed;
        _followed = _movable.PagesMigrated;
        return moved;
    }
}
