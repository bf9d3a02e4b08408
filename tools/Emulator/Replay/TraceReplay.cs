using Carveout.Diagnostics;
using Carveout.Emulator.Reference;

namespace Carveout.Emulator.Replay;

/// <summary>The options of a replay.</summary>
/// <param name="ArenaSize">Bytes of memory.</param>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Tail">How requests become blocks.</param>
/// <param name="PoolFrom">With <see cref="DmaTail.Pool"/>: requests of at least so many bytes are buffers and come from the pool.</param>
/// <param name="Allocator">Whose page map.</param>
/// <param name="Grouping">Whether our buddy keeps small blocks apart from large ones.</param>
/// <param name="Through">Which way of allocating serves the requests.</param>
/// <param name="SlabSizes">With <see cref="AllocationPath.Kmalloc"/>: for which sizes there are caches; null for those that Kmalloc has by default.</param>
/// <param name="Movable">Requests in a hundred whose memory may be moved.</param>
/// <param name="Compact">Pages that are moved at most for a request that does not fit.</param>
/// <param name="Pools">With <see cref="DmaTail.Pool"/>: the trace's pools, if they have been sized already.</param>
/// <param name="Zone">What the zone is called.</param>
/// <param name="FramesFrom">With <see cref="DmaTail.Exact"/>: requests of at least so many bytes are frames, and come from the high end.</param>
internal sealed record ReplayOptions(int ArenaSize, int PageSize, DmaTail Tail, int PoolFrom, AllocatorKind Allocator, bool Grouping,
    AllocationPath Through = AllocationPath.Pages, SlabSizeSet? SlabSizes = null, int Movable = 0, int Compact = MovablePages.NoLimit,
    PoolSizing? Pools = null, string Zone = ReplayOptions.DefaultZone, int FramesFrom = ReplayOptions.DefaultFramesFrom)
{
    /// <summary>The zone's name if the trace does not have the device's.</summary>
    public const string DefaultZone = "DMA";

    /// <summary>The default size, in bytes, from which a request is a buffer of a pool.</summary>
    public const int DefaultPoolFrom = 64 * 1024;

    /// <summary>Bytes from which a request is a frame, where nothing else is said: what small blocks in the shared traces do not reach.</summary>
    public const int DefaultFramesFrom = 32 * 1024;

    /// <summary>Pages that hold so many bytes, 1 or more.</summary>
    public int PagesFor(int size) => BufferLayout.PagesFor(size, DmaTail.Exact, PageSize);
}

/// <summary>The result of a replay.</summary>
/// <param name="Allocations">How many requests the trace has.</param>
/// <param name="Succeeded">How many of them got memory.</param>
/// <param name="LargestMin">The smallest size of the largest free block, in bytes, after any operation.</param>
/// <param name="LargestMean">The mean of that size.</param>
/// <param name="LargestLast">That size after the last operation.</param>
/// <param name="FirstFailed">Number, from 1, of the first operation that failed; null if none did.</param>
/// <param name="FirstFailedLoop">The number of the marked loop that it lies in; null if there are no marks.</param>
/// <param name="FailedRequest">That operation.</param>
/// <param name="MetadataSize">Bytes of metadata of zone, slabs and caches.</param>
/// <param name="Slabs">How the slabs' memory is used; null if no slab serves the trace.</param>
/// <param name="Moves">What compaction did; null if nothing is movable.</param>
internal sealed record ReplayResult(int Allocations, int Succeeded, long LargestMin, double LargestMean, long LargestLast, int? FirstFailed,
    int? FirstFailedLoop, TraceOperation FailedRequest, int MetadataSize, SlabUse? Slabs, CompactionUse? Moves = null)
{
    /// <summary>The share of requests that got memory, 0 to 1.</summary>
    public double SuccessRate => Allocations == 0 ? 1 : (double)Succeeded / Allocations;
}

/// <summary>How the slabs' memory is used after the last operation.</summary>
/// <param name="Caches">How many caches there are.</param>
/// <param name="CacheMetadataSize">Bytes of the cache objects on the device.</param>
/// <param name="Bytes">Bytes of all slabs.</param>
/// <param name="Asked">How many of these live requests asked for.</param>
/// <param name="Rounding">How many of these lie between a request's size and its cache's size.</param>
internal sealed record SlabUse(int Caches, int CacheMetadataSize, long Bytes, long Asked, long Rounding)
{
    /// <summary>How many bytes are in free objects, or behind the last object of a slab.</summary>
    public long Free => Bytes - Asked - Rounding;
}

/// <summary>Serves a trace with an allocator, and measures it.</summary>
internal sealed class TraceReplay
{
    /// <summary>The arena's address, a multiple of every block size.</summary>
    private const uint ArenaStart = 0x80000000;

    private readonly ITraceSource _trace;
    private readonly ReplayOptions _options;
    private readonly PageAllocator _allocator;
    /// <summary>The first door that takes a request serves it.</summary>
    private readonly List<TraceDoor> _doors = [];

    private readonly ObjectDoor? _objects;

    private readonly Dictionary<string, PageOwner> _owners = [];
    private readonly PageOwner _unnamed;

    /// <summary>The live blocks, by slot.</summary>
    private Block[] _blocks = new Block[64];

    /// <summary>Sets up the arena.</summary>
    /// <exception cref="UsageException">The arena or page size is not possible, or the pool does not fit.</exception>
    public TraceReplay(ITraceSource trace, ReplayOptions options)
        : this(trace, options, pages => options.Allocator == AllocatorKind.Kernel
            ? new KernelBuddy(pages)
            : LargeRunMap.Of(options.Tail.PageMap(options.Grouping), pages))
    {
    }

    /// <summary>Sets up the arena with the caller's page map.</summary>
    internal TraceReplay(ITraceSource trace, ReplayOptions options, Func<int, PageMap> createMap)
    {
        _trace = trace;
        _options = options;
        int page = options.PageSize;
        if (page < 256 || page > 65536 || (page & (page - 1)) != 0)
        {
            throw new UsageException($"--page {page}: expected a power of two from 256 to 65536");
        }
        if (options.ArenaSize < page || options.ArenaSize % page != 0)
        {
            throw new UsageException($"--arena {options.ArenaSize}: expected a multiple of the page, {page} bytes");
        }
        int poolSize = 0;
        if (options.Tail == DmaTail.Pool)
        {
            PoolSizing sizing = options.Pools ?? PoolSizing.Of(trace, options.PoolFrom, page);
            if (sizing.Bytes > options.ArenaSize - page)
            {
                throw new UsageException($"the pool does not fit: {sizing.InWords} live at once and need {sizing.Bytes} bytes, the arena has "
                    + $"{options.ArenaSize} and keeps a page for the rest: {sizing.Bytes - options.ArenaSize + page} bytes are missing");
            }
            poolSize = (int)sizing.Bytes;
            foreach (SizedPool pool in sizing.Pools)
            {
                uint start = ArenaStart + (uint)(options.ArenaSize - poolSize + pool.Offset);
                _doors.Add(new PoolDoor(new ReservedPool($"frame-pool-{pool.BufferSize}", start, pool.BufferSize, pool.Count), options));
            }
        }
        int pages = (options.ArenaSize - poolSize) / page;
        try
        {
            _allocator = new PageAllocator([new Zone(options.Zone, ZoneKind.Dma, ArenaStart, createMap(pages))], page,
                options.Movable == 0 ? null : new UnbackedMemory(), null);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException($"--arena {options.ArenaSize} in pages of {page} bytes: {DeviceMessage.Of(e)}");
        }
        _allocator.ExpectFrames(options.FramesFrom);
        _unnamed = _allocator.RegisterOwner(trace.Name);
        if (options.Movable != 0)
        {
            _doors.Add(new MovableDoor(_allocator, options));
        }
        if (options.Through == AllocationPath.Kmalloc)
        {
            _objects = new ObjectDoor(_allocator, options.SlabSizes ?? SlabSizeSet.Fine);
            _doors.Add(_objects);
        }
        _doors.Add(new PageDoor(_allocator, options));
    }

    /// <summary>The most pages of an arena under a policy.</summary>
    internal static int MostPages(ReplayOptions options)
    {
        PageMapKind kind = options.Tail.PageMap(options.Grouping);
        return kind == PageMapKind.Runs ? LargeRunMap.MaxRunPages : PageMap.MaxPages(kind);
    }

    /// <summary>The observer, or null. It may read everything and must change nothing.</summary>
    public ITraceObserver? Observer { get; set; }

    /// <summary>The allocator that serves the trace from its only zone.</summary>
    public PageAllocator Allocator => _allocator;

    /// <summary>Frees every live block, and what the caches keep in reserve.</summary>
    internal void FreeAll()
    {
        for (int slot = 0; slot < _blocks.Length; slot++)
        {
            Free(slot);
        }
        _objects?.Shrink();
        _allocator.DrainAllPages();
    }

    /// <summary>Replays the whole trace.</summary>
    /// <param name="progress">Called now and then with the share that is done, 0 to 1.</param>
    /// <param name="cancel">Ends the replay with an OperationCanceledException.</param>
    public ReplayResult Run(Action<double> progress, CancellationToken cancel)
    {
        int allocations = 0, succeeded = 0, index = 0;
        int? firstFailed = null, firstFailedLoop = null;
        TraceOperation failed = default;
        long min = long.MaxValue, last = 0;
        double sum = 0;
        Zone zone = _allocator.ZoneAt(0);
        foreach (TraceOperation operation in _trace.Operations)
        {
            Observer?.OnOperation(index, operation);
            bool granted = Apply(operation);
            if (operation.IsAllocation)
            {
                allocations++;
                succeeded += granted ? 1 : 0;
            }
            if (!granted)
            {
                if (firstFailed is null)
                {
                    (firstFailed, firstFailedLoop, failed) = (index + 1, _trace.LoopOf(index), operation);
                }
                Observer?.OnRefusal(index, operation);
            }
            Observer?.OnDone(index, operation);
            last = (long)zone.LargestFreePages * _options.PageSize;
            min = Math.Min(min, last);
            sum += last;
            if ((index & 4095) == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress(_trace.ShareAt(index));
            }
            index++;
        }
        return new ReplayResult(allocations, succeeded, min, sum / index, last, firstFailed, firstFailedLoop, failed,
            zone.MetadataSize + (_objects?.MetadataSize ?? 0), UseOfSlabs(), CompactionUse.Of(MovablePages.Of(_allocator)));
    }

    /// <summary>Where a live block lies.</summary>
    /// <param name="slot">Its slot among the live blocks.</param>
    /// <param name="size">Its bytes, including unused ones; 0 if it has no memory.</param>
    /// <returns>Its address; 0 if it has no memory.</returns>
    public uint BlockOf(int slot, out int size)
    {
        Block block = slot < _blocks.Length ? _blocks[slot] : default;
        size = block.Size;
        return block.Door is null ? 0 : block.Door.AddressOf(slot, block.Address);
    }

    /// <summary>The id of a live block.</summary>
    /// <param name="slot">Its slot among the live blocks.</param>
    public int IdAt(int slot) => _blocks[slot].Id;

    /// <summary>By page of the arena, from its start and including the pool: the id of the block that has it, or -1 if it is free. Only for
    /// replays in which pages serve every request.</summary>
    public int[] HoldersByPage()
    {
        int[] holders = new int[_options.ArenaSize / _options.PageSize];
        Array.Fill(holders, -1);
        for (int slot = 0; slot < _blocks.Length; slot++)
        {
            uint address = BlockOf(slot, out int size);
            if (address != 0)
            {
                holders.AsSpan((int)(address - ArenaStart) / _options.PageSize, size / _options.PageSize).Fill(_blocks[slot].Id);
            }
        }
        return holders;
    }

    /// <summary>A request's owner, as far as the allocator has room for names. Requests without a name get the trace's name.</summary>
    private PageOwner OwnerOf(TraceOperation request)
    {
        if (request.Owner is not string name)
        {
            return _unnamed;
        }
        if (!_owners.TryGetValue(name, out PageOwner owner))
        {
            owner = _allocator.OwnerCount < PageAllocator.MaxOwners ? _allocator.RegisterOwner(name) : PageOwner.Unknown;
            // If a trace has a million names, only those with a number are kept.
            if (owner != PageOwner.Unknown)
            {
                _owners.Add(name, owner);
            }
        }
        return owner;
    }

    /// <summary>Replays until a request fails.</summary>
    /// <param name="cancel">Ends the replay with an OperationCanceledException.</param>
    /// <returns>The fewest pages that were free at any time; null if a request failed.</returns>
    public int? RunWithoutFailure(CancellationToken cancel)
    {
        Zone zone = _allocator.ZoneAt(0);
        int least = zone.FreePages;
        int index = 0;
        foreach (TraceOperation operation in _trace.Operations)
        {
            if (!Apply(operation))
            {
                return null;
            }
            least = Math.Min(least, zone.FreePages);
            if ((index++ & 4095) == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }
        }
        return least;
    }

    /// <summary>Executes one operation; false if a request was refused.</summary>
    private bool Apply(TraceOperation operation)
    {
        if (operation.IsAllocation)
        {
            return Allocate(operation);
        }
        if (operation.IsTrim)
        {
            Trim(operation);
        }
        else
        {
            Free(operation.Slot);
        }
        return true;
    }

    private bool Allocate(TraceOperation request)
    {
        int number = 0;
        while (!_doors[number].Takes(request))
        {
            number++;
        }
        TraceDoor door = _doors[number];
        uint address = door.Alloc(request, OwnerOf(request), out int size);
        if (address == 0)
        {
            return false;
        }
        if (request.Slot >= _blocks.Length)
        {
            Array.Resize(ref _blocks, Math.Max(request.Slot + 1, 2 * _blocks.Length));
        }
        _blocks[request.Slot] = new Block(door, address, size, request.Size, request.Id);
        return true;
    }

    private void Free(int slot)
    {
        if (slot < _blocks.Length)
        {
            Block block = _blocks[slot];
            block.Door?.Free(slot, block.Address);
            _blocks[slot] = default;
        }
    }

    private void Trim(TraceOperation operation)
    {
        uint address = BlockOf(operation.Slot, out int held);
        if (address != 0)
        {
            Block block = _blocks[operation.Slot];
            _blocks[operation.Slot] = block with { Size = block.Door!.Trim(address, held, operation.Size) };
        }
    }

    /// <summary>How the slabs' memory is used; null if there are no slabs.</summary>
    private SlabUse? UseOfSlabs()
    {
        if (_objects is null)
        {
            return null;
        }
        Block[] live = Array.FindAll(_blocks, block => block.Door == _objects && _objects.IsObject(block.Size));
        return _objects.Use(live.Sum(block => (long)block.Asked), live.Sum(block => (long)block.Size));
    }

    /// <summary>A live block.</summary>
    /// <param name="Door">The door that served it; null if it was refused.</param>
    /// <param name="Address">The address at which it was allocated.</param>
    /// <param name="Size">Bytes of the block.</param>
    /// <param name="Asked">How many bytes were asked for.</param>
    /// <param name="Id">The block's id in the trace.</param>
    private readonly record struct Block(TraceDoor? Door, uint Address, int Size, int Asked, int Id);
}
