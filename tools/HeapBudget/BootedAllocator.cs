using Carveout.Board;
using Carveout.Memory;

namespace Carveout.HeapBudget;

/// <summary>A page allocator as <see cref="PageAllocator.Boot"/> makes it over a region with one zone, and its memory on the
/// device.</summary>
public sealed class BootedAllocator
{
    private const uint Start = 0x20000000;

    private readonly DeviceHeap _heap = new();

    /// <summary>Boots it.</summary>
    /// <param name="size">Bytes of the region, a multiple of the page size.</param>
    /// <param name="pageSize">Bytes of a page.</param>
    /// <param name="kind">How the zone accounts for its pages.</param>
    public BootedAllocator(int size, int pageSize, PageMapKind kind)
    {
        Size = size;
        Memory = new FlatMemory();
        var map = new MemoryMap("region", pageSize);
        map.Add(new MemoryRegion("region", MemoryKind.Psram, Start, (uint)size, DmaEngines.General, 32));
        map.Add(new ZonePlan("DMA", ZoneKind.Dma, Start, (uint)size, DmaEngines.General, kind));
        Pages = PageAllocator.Boot(map, Memory, null);
        foreach (object table in StaticTables.All)
        {
            _heap.Add(table);
        }
        Tables = _heap.Bytes;
        Map = _heap.Add(map);
        _heap.Except(Memory);
        // Map, zone and allocator refer to each other, and a buddy's map refers to static tables.
        Zone zone = Pages.ZoneAt(0);
        PageMap pageMap = DeviceHeap.PartsOf(zone).OfType<PageMap>().Single();
        MapOfPages = Without(zone, Pages).Add(pageMap);
        Zone = Without(pageMap, Pages).Add(zone);
        Rest = _heap.Add(Pages) - MapOfPages - Zone;
    }

    /// <summary>The allocator.</summary>
    public PageAllocator Pages { get; }

    /// <summary>The region's memory, without bytes: nothing here reads them.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>Bytes of the region.</summary>
    public int Size { get; }

    /// <summary>Bytes of the libraries' static tables, which are not part of the allocator: every program has them once.</summary>
    public long Tables { get; }

    /// <summary>Bytes of the memory map, which the allocator keeps for reports and does not need for allocating.</summary>
    public long Map { get; }

    /// <summary>Bytes of the page map.</summary>
    public long MapOfPages { get; }

    /// <summary>Bytes of the zone, its limits and the owner's byte of each page.</summary>
    public long Zone { get; }

    /// <summary>Bytes of the allocator itself, its lists of zones, and its table of owners with room for four.</summary>
    public long Rest { get; }

    /// <summary>Bytes of the allocator's own metadata: everything that it needs for allocating.</summary>
    public long Metadata => MapOfPages + Zone + Rest;

    /// <summary>Bytes of an object that was made over the allocator, including what it has added to zones.</summary>
    public long PriceOf(object addition)
    {
        long before = _heap.Bytes;
        _heap.Add(addition);
        // Zones and the allocator have been counted already, but not what was added to them since.
        for (int i = 0; i < Pages.ZoneCount; i++)
        {
            _heap.AddParts(Pages.ZoneAt(i));
        }
        _heap.AddParts(Pages);
        return _heap.Bytes - before;
    }

    private static DeviceHeap Without(params object[] others)
    {
        var heap = new DeviceHeap();
        foreach (object other in others.Concat(StaticTables.All))
        {
            heap.Except(other);
        }
        return heap;
    }

    private sealed class FlatMemory : PhysicalMemory
    {
        public override void Fill(uint address, int length, byte value)
        {
        }

        public override void Copy(uint source, uint destination, int length)
        {
        }

        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
        }

        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
        }

        public override void CleanCache(uint address, int length)
        {
        }

        public override void InvalidateCache(uint address, int length)
        {
        }
    }
}
