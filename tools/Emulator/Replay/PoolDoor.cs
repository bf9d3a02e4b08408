namespace Carveout.Emulator.Replay;

/// <summary>Serves large requests that fit into a buffer from a pool.</summary>
/// <param name="pool">The pool.</param>
/// <param name="options">They say which requests are large, and how large a page is.</param>
internal sealed class PoolDoor(ReservedPool pool, ReplayOptions options) : TraceDoor
{
    /// <inheritdoc/>
    public override bool Takes(TraceOperation request) =>
        request.Size >= options.PoolFrom && PoolSizing.SizeFor(request, options.PageSize) <= pool.BufferSize;

    /// <inheritdoc/>
    public override uint Alloc(TraceOperation request, PageOwner owner, out int size)
    {
        size = pool.BufferSize;
        return pool.Alloc();
    }

    /// <inheritdoc/>
    public override void Free(int slot, uint address) => pool.Free(address);
}
