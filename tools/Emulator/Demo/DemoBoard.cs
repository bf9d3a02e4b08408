using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Demo;

/// <summary>A booted board with every allocator on it.</summary>
internal sealed class DemoBoard
{
    /// <summary>Where virtual memory begins; no shipped board has a region there or above.</summary>
    private const uint VirtualStart = 0xE0000000;

    private const int VirtualPages = 1024, VirtualAreas = 16, TlbEntries = 8;

    /// <summary>Bytes reserved for a pool of frame buffers.</summary>
    private const int PoolSize = 16384;

    private const int BounceSlotSize = 512, BounceSlots = 16, Mappings = 16, CoherentBlocks = 16, Requests = 8, MostFindings = 16;

    /// <summary>Boots a board.</summary>
    /// <exception cref="UsageException">The board has no DMA zone, or no room for a pool.</exception>
    public DemoBoard(EmulatedBoard board)
    {
        Map = board.CreateMap(ZoneLayout.Split, PageMapKind.FreeBlocks, PoolSize);
        if (!Enumerable.Range(0, Map.ZoneCount).Select(Map.ZoneAt).Any(zone => zone.Kind == ZoneKind.Dma))
        {
            throw new UsageException($"{board.Word}: the tour shows DMA memory, too: expected a board with a DMA zone");
        }
        Memory = new EmulatedMemory(Map);
        Pages = PageAllocator.Boot(Map, Memory, null);
        int pages = 0;
        for (int i = 0; i < Pages.ZoneCount; i++)
        {
            pages += Pages.ZoneAt(i).Pages;
        }
        Findings = new FindingLog(MostFindings);
        Slabs = new SlabAllocator(Pages, Memory, Math.Min(pages, 256), null, Findings);
        Kmalloc = new KmallocCaches(Slabs, KmallocSizes.Standard(KmallocCaches.MaxSizeIn(Slabs)));
        Vmalloc = new Vmalloc(Pages, Memory, VirtualStart, VirtualPages, VirtualAreas, TlbEntries);
        Io = new IoMemory(Vmalloc, Requests);
        Pool = Map.FindReservation(BoardCatalog.PoolName)!;
        BounceBuffers? bounce = BounceBuffers.FromPages(Pages, "swiotlb", BounceSlotSize, BounceSlots);
        Dma = new DmaAllocator(Pages, Map, Memory, bounce, Mappings, CoherentBlocks);
        Streaming = new DmaStreaming(Dma);
    }

    public MemoryMap Map { get; }

    public EmulatedMemory Memory { get; }

    public PageAllocator Pages { get; }

    public SlabAllocator Slabs { get; }

    public KmallocCaches Kmalloc { get; }

    public Vmalloc Vmalloc { get; }

    public IoMemory Io { get; }

    public DmaAllocator Dma { get; }

    public DmaStreaming Streaming { get; }

    public FindingLog Findings { get; }

    /// <summary>The memory that no zone owns.</summary>
    public Reservation Pool { get; }

    /// <summary>The region that the DMA zone lies in.</summary>
    public MemoryRegion DmaRegion
    {
        get
        {
            int zone = 0;
            while (Pages.ZoneAt(zone).Kind != ZoneKind.Dma)
            {
                zone++;
            }
            return Map.FindRegion(Pages.ZoneAt(zone).Start)!;
        }
    }

    /// <summary>How many pages of all zones are free.</summary>
    public int FreePages
    {
        get
        {
            int free = 0;
            for (int i = 0; i < Pages.ZoneCount; i++)
            {
                free += Pages.ZoneAt(i).FreePages;
            }
            return free;
        }
    }
}
