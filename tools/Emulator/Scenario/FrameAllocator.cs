namespace Carveout.Emulator.Scenario;

/// <summary>Allocates a driver's frame buffers, with one of the four policies for the tail.</summary>
internal sealed class FrameAllocator
{
    private readonly PageAllocator? _allocator;
    private readonly DmaTail _tail;
    private readonly GfpFlags _gfp;
    private readonly PageOwner _owner;
    private readonly ReservedPool[] _pools;

    /// <summary>Makes the buffers of one driver.</summary>
    /// <param name="allocator">Used by every policy but the pool.</param>
    /// <param name="tail">The policy.</param>
    /// <param name="gfp">The memory that the driver's device needs.</param>
    /// <param name="owner">The driver's owner number.</param>
    /// <param name="pool">Used by <see cref="DmaTail.Pool"/>.</param>
    public FrameAllocator(PageAllocator allocator, DmaTail tail, GfpFlags gfp, PageOwner owner, ReservedPool? pool)
    {
        _allocator = allocator;
        _tail = tail;
        _gfp = gfp;
        _owner = owner;
        _pools = pool is null ? [] : [pool];
    }

    /// <summary>Makes the buffers of a driver whose pool lies in several places.</summary>
    public FrameAllocator(ReservedPool[] pools)
    {
        _tail = DmaTail.Pool;
        _pools = pools;
    }

    /// <summary>Allocates a buffer of <paramref name="size"/> bytes; 0 if there is none.</summary>
    public uint Alloc(int size) => _tail switch
    {
        DmaTail.Keep => _allocator!.AllocBlock(size, _gfp, _owner),
        DmaTail.Pool => (Array.Find(_pools, pool => pool.FreeCount > 0) ?? _pools[0]).Alloc(),
        _ => _allocator!.AllocPagesExact(size, _gfp, _owner, _allocator.PageSize),
    };

    /// <summary>Frees a buffer.</summary>
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
