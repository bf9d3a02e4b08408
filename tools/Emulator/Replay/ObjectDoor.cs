using Carveout.HeapBudget;

namespace Carveout.Emulator.Replay;

/// <summary>Serves requests with Kmalloc: those of up to a page's alignment.</summary>
internal sealed class ObjectDoor : TraceDoor
{
    private readonly SlabAllocator _slabs;
    private readonly KmallocCaches _kmalloc;
    private readonly int _pageSize;

    /// <summary>Makes the caches over an allocator's pages.</summary>
    /// <exception cref="UsageException">The caches cannot be made.</exception>
    public ObjectDoor(PageAllocator allocator, SlabSizeSet sizes)
    {
        // There cannot be more slabs than pages.
        _slabs = new SlabAllocator(allocator, null, Math.Min(allocator.ZoneAt(0).Pages, SlabAllocator.MaxSlabs), null, null);
        _pageSize = allocator.PageSize;
        try
        {
            _kmalloc = new KmallocCaches(_slabs, sizes.For(_slabs));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new UsageException($"--slab-sizes {sizes.Name}: {e.Message}");
        }
    }

    /// <summary>Bytes of metadata that the slabs and caches need.</summary>
    public int MetadataSize => _slabs.MetadataSize + CacheMetadataSize;

    /// <summary>Bytes of the cache objects, which are the only metadata that grows with the number of sizes.</summary>
    private int CacheMetadataSize => _slabs.CacheCount * (int)DeviceHeap.PriceOf(typeof(KmemCache));

    /// <inheritdoc/>
    public override bool Takes(TraceOperation request) => request.Alignment <= _pageSize;

    /// <inheritdoc/>
    public override uint Alloc(TraceOperation request, PageOwner owner, out int size)
    {
        uint address = _kmalloc.Kmalloc(SizeFor(request), GfpFlags.Dma);
        size = address == 0 ? 0 : _kmalloc.Ksize(address);
        return address;
    }

    /// <inheritdoc/>
    public override void Free(int slot, uint address) => _kmalloc.Kfree(address);

    /// <summary>Frees what the caches keep in reserve.</summary>
    public void Shrink() => _slabs.Shrink(int.MaxValue);

    /// <summary>Whether so many bytes are an object of a slab, and no run of pages.</summary>
    public bool IsObject(int size) => size <= LargestCache;

    /// <summary>How the slabs' memory is used.</summary>
    /// <param name="asked">Bytes that live requests for objects asked for.</param>
    /// <param name="given">Bytes of the objects that they got.</param>
    public SlabUse Use(long asked, long given)
    {
        IEnumerable<KmemCache> caches = Enumerable.Range(0, _slabs.CacheCount).Select(_slabs.CacheAt);
        return new SlabUse(_slabs.CacheCount, CacheMetadataSize, caches.Sum(cache => (long)cache.SlabCount * cache.PagesPerSlab * _pageSize), asked,
            given - asked);
    }

    private int LargestCache => _kmalloc.SizeAt(_kmalloc.SizeCount - 1);

    /// <summary>What has to be asked for: the size of the smallest cache that holds a request with its alignment, or what only pages hold.</summary>
    private int SizeFor(TraceOperation request)
    {
        for (int i = 0; i < _kmalloc.SizeCount; i++)
        {
            int size = _kmalloc.SizeAt(i);
            if (size >= request.Size && size % request.Alignment == 0)
            {
                return size;
            }
        }
        return Math.Max(request.Size, LargestCache + 1);
    }
}
