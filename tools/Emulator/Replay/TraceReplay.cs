using Carveout.Diagnostics;
using Carveout.Emulator.Reference;

namespace Carveout.Emulator.Replay;

/// <summary>How to replay a trace.</summary>
/// <param name="ArenaSize">Bytes of memory.</param>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Tail">How requests become blocks.</param>
/// <param name="PoolFrom">With <see cref="TailPolicy.Pool"/>: requests of at least so many bytes are buffers and come from the pool.</param>
/// <param name="Allocator">Whose page map.</param>
/// <param name="Grouping">Whether our buddy keeps small blocks apart from large ones.</param>
/// <param name="Through">Which way of allocating serves the requests.</param>
/// <param name="SlabSizes">With <see cref="AllocationPath.Kmalloc"/>: for which sizes there are caches; null for the standard ones.</param>
/// <param name="Movable">Requests in a hundred whose memory may be moved.</param>
/// <param name="Compact">Pages that are moved at most for a request that does not fit.</param>
/// <param name="Pools">With <see cref="TailPolicy.Pool"/>: the trace's pools, where somebody has sized them already.</param>
/// <param name="Zone">What the zone is called.</param>
/// <param name="FramesFrom">With <see cref="TailPolicy.Exact"/>: requests of at least so many bytes are frames, and come from the high end.</param>
internal sealed record ReplayOptions(int ArenaSize, int PageSize, TailPolicy Tail, int PoolFrom, AllocatorKind Allocator, bool Grouping,
    AllocationPath Through = AllocationPath.Pages, SlabSizeSet? SlabSizes = null, int Movable = 0, int Compact = MovablePages.NoLimit,
    PoolSizing? Pools = null, string Zone = ReplayOptions.DefaultZone, int FramesFrom = ReplayOptions.DefaultFramesFrom)
{
    /// <summary>The zone's name, where a trace does not tell the device's.</summary>
    public const string DefaultZone = "DMA";

    /// <summary>Bytes from which a request is a buffer of a pool, where nothing else is said.</summary>
    public const int DefaultPoolFrom = 64 * 1024;

    /// <summary>Bytes from which a request is a frame, where nothing else is said: what small blocks in the shared traces do not reach.</summary>
    public const int DefaultFramesFrom = 32 * 1024;

    /// <summary>Pages that hold so many bytes, 1 or more.</summary>
    public int PagesFor(int size) => ((size - 1) / PageSize) + 1;
}

/// <summary>What a replay found out.</summary>
/// <param name="Allocations">Requests in the trace.</param>
/// <param name="Succeeded">Requests that got memory.</param>
/// <param name="LargestMin">Smallest largest free block, in bytes, over all moments after an operation.</param>
/// <param name="LargestMean">The mean of the same.</param>
/// <param name="LargestLast">The same after the last operation.</param>
/// <param name="FirstFailed">Number, from 1, of the first operation that failed; null where none did.</param>
/// <param name="FirstFailedLoop">The number of the marked loop that was in; null where none is marked.</param>
/// <param name="FailedRequest">That operation.</param>
/// <param name="MetadataSize">Bytes of metadata that zone, slabs and caches need.</param>
/// <param name="Slabs">What the slabs were good for; null where no slab serves the trace.</param>
/// <param name="Moves">What compaction did; null where nothing is movable.</param>
internal sealed record ReplayResult(int Allocations, int Succeeded, long LargestMin, double LargestMean, long LargestLast, int? FirstFailed,
    int? FirstFailedLoop, TraceOperation FailedRequest, int MetadataSize, SlabUse? Slabs, CompactionUse? Moves = null)
{
    /// <summary>The share of requests that got memory, 0 to 1.</summary>
    public double SuccessRate => Allocations == 0 ? 1 : (double)Succeeded / Allocations;
}

/// <summary>Where the memory of the slabs is, after the last operation.</summary>
/// <param name="Caches">How many caches there are.</param>
/// <param name="CacheMetadataSize">Bytes that they are on the device, as objects.</param>
/// <param name="Bytes">Bytes of all slabs.</param>
/// <param name="Asked">Of them, bytes that live requests asked for.</param>
/// <param name="Rounding">Of them, bytes between what was asked for and the cache's size.</param>
internal sealed record SlabUse(int Caches, int CacheMetadataSize, long Bytes, long Asked, long Rounding)
{
    /// <summary>Bytes of free objects, and behind the last object of each slab.</summary>
    public long Free => Bytes - Asked - Rounding;
}

/// <summary>Drives the allocator with a trace and watches what it does.</summary>
internal sealed class TraceReplay
{
    /// <summary>Where the arena lies; a multiple of every block size.</summary>
    private const uint ArenaStart = 0x80000000;

    private readonly ITraceSource _trace;
    private readonly ReplayOptions _options;
    private readonly PageAllocator _allocator;
    /// <summary>The first that takes a request serves it.</summary>
    private readonly List<TraceDoor> _doors = [];

    private readonly ObjectDoor? _objects;

    private readonly Dictionary<string, PageOwner> _owners = [];
    private readonly PageOwner _unnamed;

    /// <summary>By place among the live blocks.</summary>
    private Block[] _blocks = new Block[64];

    /// <summary>Sets the arena up.</summary>
    /// <exception cref="UsageException">The arena or page size is none, or the pool does not fit.</exception>
    public TraceReplay(ITraceSource trace, ReplayOptions options)
        : this(trace, options, pages => options.Allocator == AllocatorKind.Kernel
            ? new KernelBuddy(pages)
            : Create(options.Tail.PageMap(options.Grouping), pages))
    {
    }

    /// <summary>The same over a page map of the caller's.</summary>
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
        if (options.Tail == TailPolicy.Pool)
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
            _objects = new ObjectDoor(_allocator, options.SlabSizes ?? SlabSizeSet.Standard);
            _doors.Insert(0, _objects);
        }
        _doors.Add(new PageDoor(_allocator, options));
    }

    /// <summary>The most pages of an arena under a policy.</summary>
    internal static int MostPages(ReplayOptions options)
    {
        PageMapKind kind = options.Tail.PageMap(options.Grouping);
        return kind == PageMapKind.Runs ? LargeRunMap.MaxRunPages : PageMap.MaxPages(kind);
    }

    /// <summary>A map as the device has it, or of more pages than a device has.</summary>
    private static PageMap Create(PageMapKind kind, int pages) =>
        kind == PageMapKind.Runs && pages > PageMap.MaxPages(kind) ? new LargeRunMap(pages) : PageMap.Create(kind, pages);

    /// <summary>Who watches, or null. It may look at everything and must change nothing.</summary>
    public ITraceObserver? Observer { get; set; }

    /// <summary>The allocator that serves the trace from its one zone.</summary>
    public PageAllocator Allocator => _allocator;

    /// <summary>Frees every block that is still live, and gives back what caches keep aside.</summary>
    internal void FreeAll()
    {
        for (int slot = 0; slot < _blocks.Length; slot++)
        {
            Free(slot);
        }
        _objects?.Shrink();
        _allocator.DrainAllPages();
    }

    /// <summary>Replays all of it.</summary>
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
    /// <param name="slot">Its place among the live blocks.</param>
    /// <param name="size">Its bytes, what it does not use of them included; 0 where it has no memory.</param>
    /// <returns>Its address; 0 where it has no memory.</returns>
    public uint BlockOf(int slot, out int size)
    {
        Block block = slot < _blocks.Length ? _blocks[slot] : default;
        size = block.Size;
        return block.Door is null ? 0 : block.Door.AddressOf(slot, block.Address);
    }

    /// <summary>The number in the trace of a live block.</summary>
    /// <param name="slot">Its place among the live blocks.</param>
    public int IdAt(int slot) => _blocks[slot].Id;

    /// <summary>By page of the arena, from its start, pool included: the id of the block that has it, or -1 where it is free. Only where
    /// pages serve every request.</summary>
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

    /// <summary>A request's owner, as far as the allocator has room for names; those whom the trace does not name are called like it.</summary>
    private PageOwner OwnerOf(TraceOperation request)
    {
        if (request.Owner is not string name)
        {
            return _unnamed;
        }
        if (!_owners.TryGetValue(name, out PageOwner owner))
        {
            owner = _allocator.OwnerCount < PageAllocator.MaxOwners ? _allocator.RegisterOwner(name) : PageOwner.Unknown;
            // Of a trace with a million names only those that have a number are kept.
            if (owner != PageOwner.Unknown)
            {
                _owners.Add(name, owner);
            }
        }
        return owner;
    }

    /// <summary>Replays until a request fails.</summary>
    /// <param name="cancel">Ends the replay with an OperationCanceledException.</param>
    /// <returns>The fewest pages that were free at any time; null where a request failed.</returns>
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

    /// <summary>One operation; false for a request that got nothing.</summary>
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

    /// <summary>What the slabs are good for; null where there are none.</summary>
    private SlabUse? UseOfSlabs()
    {
        if (_objects is null)
        {
            return null;
        }
        Block[] live = Array.FindAll(_blocks, block => block.Door == _objects);
        return _objects.Use(live.Sum(block => (long)block.Asked), live.Sum(block => (long)block.Size));
    }

    /// <summary>What a request got.</summary>
    /// <param name="Door">Through which it got it; null where it has no memory.</param>
    /// <param name="Address">Where it lay when it was allocated.</param>
    /// <param name="Size">Bytes of the block.</param>
    /// <param name="Asked">Of them, bytes that were asked for when it was allocated.</param>
    /// <param name="Id">The block's number in the trace.</param>
    private readonly record struct Block(TraceDoor? Door, uint Address, int Size, int Asked, int Id);
}
