namespace Carveout.Emulator.Replay;

/// <summary>A pool of equal buffers, for the large requests.</summary>
/// <param name="pool">The buffers.</param>
/// <param name="from">Bytes from which on a request is large.</param>
internal sealed class PoolDoor(ReservedPool pool, int from) : TraceDoor
{
    /// <inheritdoc/>
    public override bool Takes(TraceOperation request) => request.Size >= from;

    /// <inheritdoc/>
    public override uint Alloc(TraceOperation request, PageOwner owner, out int size)
    {
        size = pool.BufferSize;
        return pool.Alloc();
    }

    /// <inheritdoc/>
    public override void Free(int slot, uint address) => pool.Free(address);
}
