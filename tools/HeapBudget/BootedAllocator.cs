using Carveout.Board;
using Carveout.Memory;

namespace Carveout.HeapBudget;

/// <summary>A page allocator as <see cref="PageAllocator.Boot"/> makes it over a region that is one zone, and what it costs the device.</summary>
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
        // Map, zone and allocator refer to each other, and the buddies' maps to static tables.
        Zone zone = Pages.ZoneAt(0);
        PageMap pageMap = DeviceHeap.PartsOf(zone).OfType<PageMap>().Single();
        MapOfPages = Without(zone, Pages).Add(pageMap);
        Zone = Without(pageMap, Pages).Add(zone);
        Rest = _heap.Add(Pages) - MapOfPages - Zone;
    }

    /// <summary>The allocator.</summary>
    public PageAllocator Pages { get; }

    /// <summary>The region's bytes, which are not there: nothing here reads them.</summary>
    public PhysicalMemory Memory { get; }

    /// <summary>Bytes of the region.</summary>
    public int Size { get; }

    /// <summary>The libraries' static tables, which are no part of the allocator: every program has them once.</summary>
    public long Tables { get; }

    /// <summary>The memory map, which the allocator keeps for reports and does not allocate by.</summary>
    public long Map { get; }

    /// <summary>The page map.</summary>
    public long MapOfPages { get; }

    /// <summary>The zone, its limits and an owner's byte a page.</summary>
    public long Zone { get; }

    /// <summary>The allocator itself, its lists of zones, and its table of owners with room for four.</summary>
    public long Rest { get; }

    /// <summary>The allocator's own metadata: everything without which it could not allocate.</summary>
    public long Metadata => MapOfPages + Zone + Rest;

    /// <summary>What something that was made over the allocator costs on top, what it hung into zones included.</summary>
    public long PriceOf(object addition)
    {
        long before = _heap.Bytes;
        _heap.Add(addition);
        // Zones and the allocator are known already; what they got since is not.
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
