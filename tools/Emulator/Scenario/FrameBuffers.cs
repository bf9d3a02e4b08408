namespace Carveout.Emulator.Scenario;

/// <summary>Where a driver's frame buffers come from: the four answers to the question what to do with the tail.</summary>
internal sealed class FrameBuffers
{
    private readonly PageAllocator? _allocator;
    private readonly DmaTail _tail;
    private readonly GfpFlags _gfp;
    private readonly PageOwner _owner;
    private readonly ReservedPool[] _pools;

    /// <summary>Buffers of one driver.</summary>
    /// <param name="allocator">For every policy but the pool.</param>
    /// <param name="tail">The policy.</param>
    /// <param name="gfp">Which memory the driver's device needs.</param>
    /// <param name="owner">The driver.</param>
    /// <param name="pool">For <see cref="DmaTail.Pool"/>.</param>
    public FrameBuffers(PageAllocator allocator, DmaTail tail, GfpFlags gfp, PageOwner owner, ReservedPool? pool)
    {
        _allocator = allocator;
        _tail = tail;
        _gfp = gfp;
        _owner = owner;
        _pools = pool is null ? [] : [pool];
    }

    /// <summary>Buffers of a driver whose pool lies in several places.</summary>
    public FrameBuffers(ReservedPool[] pools)
    {
        _tail = DmaTail.Pool;
        _pools = pools;
    }

    /// <summary>Takes a buffer of <paramref name="size"/> bytes; 0 where there is none.</summary>
    public uint Alloc(int size) => _tail switch
    {
        DmaTail.Keep => _allocator!.AllocBlock(size, _gfp, _owner),
        DmaTail.Pool => (Array.Find(_pools, pool => pool.FreeCount > 0) ?? _pools[0]).Alloc(),
        _ => _allocator!.AllocPagesExact(size, _gfp, _owner, _allocator.PageSize),
    };

    /// <summary>Gives a buffer back.</summary>
    public void Free(uint address)
    {
        if (_tail == DmaTail.Pool)
        {
            Array.Find(_pools, pool => address - pool.Start < (uint)pool.Count * (uint)pool.BufferSize)!.Free(address);
        }
        else
        {
            _allocator!.FreePages(address);
        }
    }
}
