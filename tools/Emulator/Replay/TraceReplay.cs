using Carveout.Diagnostics;
using Carveout.Emulator.Reference;
using Carveout.HeapBudget;

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
internal sealed record ReplayOptions(int ArenaSize, int PageSize, TailPolicy Tail, int PoolFrom, AllocatorKind Allocator, bool Grouping,
    AllocationPath Through = AllocationPath.Pages, SlabSizeSet? SlabSizes = null, int Movable = 0, int Compact = MovablePages.NoLimit);

/// <summary>What a replay found out.</summary>
/// <param name="Allocations">Requests in the trace.</param>
/// <param name="Succeeded">Requests that got memory.</param>
/// <param name="LargestMin">Smallest largest free block, in bytes, over all moments after an operation.</param>
/// <param name="LargestMean">The mean of the same.</param>
/// <param name="LargestLast">The same after the last operation.</param>
/// <param name="FirstFailed">Number, from 1, of the first operation that failed; null where none did.</param>
/// <param name="FirstFailedLoop">The number of the marked loop that was in; null where none is marked.</param>
/// <param name="MetadataSize">Bytes of metadata that zone, slabs and caches need.</param>
/// <param name="Slabs">What the slabs were good for; null where no slab serves the trace.</param>
/// <param name="Moves">What compaction did; null where nothing is movable.</param>
internal sealed record ReplayResult(int Allocations, int Succeeded, long LargestMin, double LargestMean, long LargestLast, int? FirstFailed,
    int? FirstFailedLoop, int MetadataSize, SlabUse? Slabs, CompactionUse? Moves = null)
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

/// <summary>Two live blocks share a page, or a block leaves the arena: a defect of the allocator, never of the trace.</summary>
internal sealed class OverlapException(string message) : Exception(message);

/// <summary>Drives the allocator with a trace and watches what it does.</summary>
internal sealed class TraceReplay
{
    /// <summary>Where the arena lies; a multiple of every block size.</summary>
    private const uint ArenaStart = 0x80000000;

    private readonly TraceFile _trace;
    private readonly ReplayOptions _options;
    private readonly PageAllocator _allocator;
    private readonly ReservedPool? _pool;
    private readonly SlabAllocator? _slabs;
    private readonly KmallocCaches? _kmalloc;
    private readonly MovableShare? _movable;
    /// <summary>By id: the allocator's number of its owner.</summary>
    private readonly byte[] _owners;

    /// <summary>Bytes of the smallest piece that a block can consist of.</summary>
    private readonly int _unit;

    /// <summary>By unit of the arena: the id that holds it, plus 1.</summary>
    private readonly int[] _holders;

    /// <summary>Bytes of the live requests that slabs serve: as asked for, and of the objects that they got.</summary>
    private long _asked, _given;

    /// <summary>By id: where it lies, 0 where it has no memory, and how many bytes it holds.</summary>
    private readonly uint[] _addresses;
    private readonly int[] _sizes;

    /// <summary>By id: the bytes that were asked for.</summary>
    private readonly int[] _askedSizes;

    /// <summary>Sets the arena up.</summary>
    /// <exception cref="UsageException">The arena or page size is none, or the pool does not fit.</exception>
    public TraceReplay(TraceFile trace, ReplayOptions options)
        : this(trace, options, pages => options.Allocator == AllocatorKind.Kernel
            ? new KernelBuddy(pages)
            : PageAllocator.CreateMap(options.Tail.PageMap(options.Grouping), pages))
    {
    }

    /// <summary>The same over a page map of the caller's.</summary>
    internal TraceReplay(TraceFile trace, ReplayOptions options, Func<int, PageMap> createMap)
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
            (int size, int count) = PoolNeeds(trace, options);
            if (count > 0)
            {
                long need = (long)size * count;
                if (need > options.ArenaSize - page)
                {
                    throw new UsageException($"the pool does not fit: {count} buffers of {size} bytes live at once need {need} bytes, the arena has "
                        + $"{options.ArenaSize} and keeps a page for the rest: {need - options.ArenaSize + page} bytes are missing");
                }
                poolSize = (int)need;
                _pool = new ReservedPool("frame-pool", ArenaStart + (uint)(options.ArenaSize - poolSize), size, count);
            }
        }
        int pages = (options.ArenaSize - poolSize) / page;
        try
        {
            _allocator = new PageAllocator([new Zone("DMA", ZoneKind.Dma, ArenaStart, createMap(pages))], page,
                options.Movable == 0 ? null : new UnbackedMemory(), null);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new UsageException($"--arena {options.ArenaSize} in pages of {page} bytes: {DeviceMessage.Of(e)}");
        }
        _owners = RegisterOwners(trace, _allocator);
        _unit = page;
        if (options.Movable != 0)
        {
            _movable = new MovableShare(_allocator, trace.IdCount, options);
        }
        if (options.Through == AllocationPath.Kmalloc)
        {
            // A slab for every page is more than there can be.
            _slabs = new SlabAllocator(_allocator, null, Math.Min(pages, SlabAllocator.MaxSlabs));
            _kmalloc = CreateCaches(_slabs, options.SlabSizes ?? SlabSizeSet.Standard);
            _unit = KmallocCaches.MinSize;
        }
        _holders = new int[options.ArenaSize / _unit];
        _addresses = new uint[trace.IdCount];
        _sizes = new int[trace.IdCount];
        _askedSizes = new int[trace.IdCount];
    }

    /// <summary>Who watches, or null. It may look at everything and must change nothing.</summary>
    public ITraceObserver? Observer { get; set; }

    /// <summary>The allocator that serves the trace from its one zone.</summary>
    public PageAllocator Allocator => _allocator;

    /// <summary>Frees every block that is still live, and gives back what caches keep aside.</summary>
    internal void FreeAll()
    {
        for (int id = 0; id < _addresses.Length; id++)
        {
            Free(id);
        }
        _slabs?.Shrink(int.MaxValue);
        _allocator.DrainAllPages();
    }

    /// <summary>Replays all of it.</summary>
    /// <param name="progress">Called now and then with the share that is done, 0 to 1.</param>
    /// <param name="cancel">Ends the replay with an OperationCanceledException.</param>
    /// <exception cref="OverlapException">The allocator handed out memory that is taken or none of its own.</exception>
    public ReplayResult Run(Action<double> progress, CancellationToken cancel)
    {
        IReadOnlyList<TraceOperation> operations = _trace.Operations;
        int allocations = 0, succeeded = 0;
        int? firstFailed = null;
        long min = long.MaxValue, last = 0;
        double sum = 0;
        Zone zone = _allocator.ZoneAt(0);
        for (int i = 0; i < operations.Count; i++)
        {
            TraceOperation operation = operations[i];
            Observer?.OnOperation(i);
            bool granted = Apply(operation);
            if (operation.IsAllocation)
            {
                allocations++;
                succeeded += granted ? 1 : 0;
            }
            if (!granted)
            {
                firstFailed ??= i + 1;
                Observer?.OnRefusal(i);
            }
            last = (long)zone.LargestFreePages * _options.PageSize;
            min = Math.Min(min, last);
            sum += last;
            if ((i & 4095) == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress((double)i / operations.Count);
            }
        }
        return new ReplayResult(allocations, succeeded, min, sum / operations.Count, last, firstFailed,
            firstFailed is int number ? _trace.LoopOf(number - 1) : null,
            zone.MetadataSize + (_slabs is null ? 0 : _slabs.MetadataSize + CacheMetadataSize(_slabs)), _slabs is null ? null : UseOf(_slabs),
            CompactionUse.Of(MovablePages.Of(_allocator)));
    }

    /// <summary>By page of the arena, from its start, pool included: the id of the block that has it, or -1 where it is free. Only where
    /// pages serve every request.</summary>
    public int[] HoldersByPage() => [.. _holders.Select(holder => holder - 1)];

    /// <summary>The owners of a trace as far as the allocator has room for names; those whom the trace does not name are called like it.</summary>
    private static byte[] RegisterOwners(TraceFile trace, PageAllocator allocator)
    {
        byte[] owners = new byte[trace.IdCount];
        PageOwner unnamed = allocator.RegisterOwner(trace.Name);
        var known = new Dictionary<string, PageOwner>();
        foreach (TraceOperation operation in trace.Operations)
        {
            if (!operation.IsAllocation)
            {
                continue;
            }
            PageOwner owner = unnamed;
            if (operation.Owner is string name && !known.TryGetValue(name, out owner))
            {
                owner = allocator.OwnerCount < PageAllocator.MaxOwners ? allocator.RegisterOwner(name) : PageOwner.Unknown;
                known.Add(name, owner);
            }
            owners[operation.Id] = (byte)owner;
        }
        return owners;
    }

    /// <summary>Replays until a request fails.</summary>
    /// <param name="cancel">Ends the replay with an OperationCanceledException.</param>
    /// <returns>The fewest pages that were free at any time; null where a request failed.</returns>
    /// <exception cref="OverlapException">The allocator handed out memory that is taken or none of its own.</exception>
    public int? RunWithoutFailure(CancellationToken cancel)
    {
        Zone zone = _allocator.ZoneAt(0);
        int least = zone.FreePages;
        for (int i = 0; i < _trace.Operations.Count; i++)
        {
            if (!Apply(_trace.Operations[i]))
            {
                return null;
            }
            least = Math.Min(least, zone.FreePages);
            if ((i & 4095) == 0)
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
            Free(operation.Id);
        }
        return true;
    }

    private SlabUse UseOf(SlabAllocator slabs)
    {
        IEnumerable<KmemCache> caches = Enumerable.Range(0, slabs.CacheCount).Select(slabs.CacheAt);
        return new SlabUse(slabs.CacheCount, CacheMetadataSize(slabs),
            caches.Sum(cache => (long)cache.SlabCount * cache.PagesPerSlab * _options.PageSize), _asked, _given - _asked);
    }

    /// <summary>The caches are the only metadata that grows with the number of sizes: objects, not arrays.</summary>
    private static int CacheMetadataSize(SlabAllocator slabs) => slabs.CacheCount * (int)DeviceHeap.PriceOf(typeof(KmemCache));

    private static KmallocCaches CreateCaches(SlabAllocator slabs, SlabSizeSet sizes)
    {
        try
        {
            return new KmallocCaches(slabs, sizes.UpTo(KmallocCaches.MaxSizeIn(slabs)));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new UsageException($"--slab-sizes {sizes.Name}: {e.Message}");
        }
    }

    private bool Allocate(TraceOperation operation)
    {
        int page = _options.PageSize, pages = PagesFor(operation.Size, page);
        // A coarser alignment than the block has by itself makes a larger block of it.
        int alignment = Math.Max(operation.Alignment, page);
        uint address;
        int size = KmallocSizeOf(operation);
        if (_kmalloc is not null && size > 0)
        {
            address = _kmalloc.Kmalloc(size, GfpFlags.Dma);
            return address != 0 && Claim(operation, address, _kmalloc.Ksize(address));
        }
        bool whole = _options.Tail is not (TailPolicy.Exact or TailPolicy.Trim);
        if (_pool is not null && operation.Size >= _options.PoolFrom)
        {
            address = _pool.Alloc();
            pages = _pool.BufferSize / page;
        }
        else if (pages > _allocator.ZoneAt(0).Pages)
        {
            return false;
        }
        else if (_movable is not null && (whole || alignment == page) && _movable.Chooses(operation.Id))
        {
            int order = PageMap.OrderOf(Math.Max(pages, alignment / page));
            pages = whole ? 1 << order : pages;
            address = !whole || order <= PageMap.MaxPageOrder
                ? _movable.Alloc(operation.Id, whole ? order : -1, operation.Size, (PageOwner)_owners[operation.Id])
                : 0;
        }
        else if (!whole)
        {
            address = _allocator.AllocPagesExact(operation.Size, GfpFlags.Dma, (PageOwner)_owners[operation.Id], alignment);
        }
        else
        {
            int order = PageMap.OrderOf(Math.Max(pages, alignment / page));
            address = order <= PageMap.MaxPageOrder ? _allocator.AllocPages(GfpFlags.Dma, order, (PageOwner)_owners[operation.Id]) : 0;
            pages = 1 << order;
        }
        Follow();
        if (address == 0)
        {
            return false;
        }
        return Claim(operation, address, pages * page);
    }

    /// <summary>Notes where blocks lie that compaction moved.</summary>
    private void Follow()
    {
        if (_movable is null || !_movable.HasMoved())
        {
            return;
        }
        Array.Clear(_holders);
        for (int id = 0; id < _addresses.Length; id++)
        {
            if (_addresses[id] == 0)
            {
                continue;
            }
            _addresses[id] = _movable.AddressOf(id) ?? _addresses[id];
            foreach (ref int holder in _holders.AsSpan(UnitOf(_addresses[id]), _sizes[id] / _unit))
            {
                if (holder != 0)
                {
                    throw new OverlapException($"block {id} was moved to {HexText.Of(_addresses[id])}, onto block {holder - 1}");
                }
                holder = id + 1;
            }
        }
    }

    private void Free(int id)
    {
        uint address = _addresses[id];
        if (address == 0)
        {
            return;
        }
        Count(id, -1);
        _holders.AsSpan(UnitOf(address), _sizes[id] / _unit).Clear();
        _addresses[id] = 0;
        if (_pool is not null && address >= _pool.Start)
        {
            _pool.Free(address);
        }
        else if (_slabs?.FindCache(address) is not null)
        {
            _kmalloc!.Kfree(address);
        }
        else if (_movable is not null && _movable.AddressOf(id) is not null)
        {
            _movable.Free(id);
        }
        else
        {
            _allocator.FreePages(address);
        }
    }

    /// <summary>Gives the tail of a block back, where the policy gives tails back; an object and a buffer of the pool have none.</summary>
    private void Trim(TraceOperation operation)
    {
        uint address = _addresses[operation.Id];
        if (address == 0 || _options.Tail == TailPolicy.Keep || (_pool is not null && address >= _pool.Start)
            || _slabs?.FindCache(address) is not null)
        {
            return;
        }
        _allocator.TrimPages(address, operation.Size);
        int kept = PagesFor(operation.Size, _options.PageSize) * _options.PageSize, held = _sizes[operation.Id];
        _holders.AsSpan(UnitOf(address) + (kept / _unit), (held - kept) / _unit).Clear();
        _sizes[operation.Id] = kept;
        _askedSizes[operation.Id] = operation.Size;
    }

    private bool Claim(TraceOperation operation, uint address, int size)
    {
        int first = UnitOf(address), units = size / _unit;
        if (address % (uint)_unit != 0 || address % (uint)operation.Alignment != 0 || first < 0 || units > _holders.Length - first)
        {
            throw new OverlapException($"line {operation.Line}: block {operation.Id} at {HexText.Of(address)} is misaligned or outside the arena");
        }
        for (int unit = first; unit < first + units; unit++)
        {
            if (_holders[unit] != 0)
            {
                throw new OverlapException(
                    $"line {operation.Line}: block {operation.Id} at {HexText.Of(address)} overlaps block {_holders[unit] - 1}");
            }
            _holders[unit] = operation.Id + 1;
        }
        _addresses[operation.Id] = address;
        _sizes[operation.Id] = size;
        _askedSizes[operation.Id] = operation.Size;
        Count(operation.Id, 1);
        return true;
    }

    /// <summary>Adds a block that a slab serves to the sums, or takes it off.</summary>
    private void Count(int id, int sign)
    {
        if (_slabs?.FindCache(_addresses[id]) is not null)
        {
            _asked += sign * _askedSizes[id];
            _given += sign * _sizes[id];
        }
    }

    /// <summary>The size of the smallest cache that holds a request and aligns as it wants, or 0: then pages serve it.</summary>
    private int KmallocSizeOf(TraceOperation operation)
    {
        for (int i = 0; i < _kmalloc?.SizeCount; i++)
        {
            int size = _kmalloc.SizeAt(i);
            if (size >= operation.Size && size % operation.Alignment == 0 && operation.Alignment <= _options.PageSize)
            {
                return size;
            }
        }
        return 0;
    }

    private int UnitOf(uint address) => address < ArenaStart ? -1 : (int)((address - ArenaStart) / (uint)_unit);

    private static int PagesFor(int size, int page) => ((size - 1) / page) + 1;

    /// <summary>The contract of a trace: how many buffers are ever live at once, and the size of the largest.</summary>
    private static (int Size, int Count) PoolNeeds(TraceFile trace, ReplayOptions options)
    {
        var live = new HashSet<int>();
        int largest = 0, most = 0;
        foreach (TraceOperation operation in trace.Operations)
        {
            if (operation.IsTrim)
            {
                continue;
            }
            if (!operation.IsAllocation)
            {
                live.Remove(operation.Id);
            }
            else if (operation.Size >= options.PoolFrom)
            {
                live.Add(operation.Id);
                largest = Math.Max(largest, Math.Max(operation.Size, operation.Alignment));
                most = Math.Max(most, live.Count);
            }
        }
        return (PagesFor(Math.Max(largest, 1), options.PageSize) * options.PageSize, most);
    }
}
