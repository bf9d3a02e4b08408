using Carveout.Board;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Maps;
using Carveout.Memory;

namespace Carveout.Emulator.Demo;

/// <summary>A booted board with every allocator on it.</summary>
internal sealed class DemoBoard
{
    /// <summary>Where virtual memory begins: no shipped board has a region from here on.</summary>
    private const uint VirtualStart = 0xE0000000;

    private const int VirtualPages = 1024, VirtualAreas = 16, TlbEntries = 8;

    /// <summary>Boots a board of the catalog.</summary>
    /// <exception cref="UsageException">There is no such board.</exception>
    public DemoBoard(string name)
    {
        Map = ShippedMap.Create(name, ZoneLayout.Split, PageMapKind.FreeBlocks, 0);
        Memory = new EmulatedMemory(Map);
        Pages = PageAllocator.Boot(Map, Memory, null);
        int pages = 0;
        for (int i = 0; i < Pages.ZoneCount; i++)
        {
            pages += Pages.ZoneAt(i).Pages;
        }
        Slabs = new SlabAllocator(Pages, Memory, Math.Min(pages, 256));
        Kmalloc = new KmallocCaches(Slabs);
        Vmalloc = new Vmalloc(Pages, Memory, VirtualStart, VirtualPages, VirtualAreas, TlbEntries);
    }

    public MemoryMap Map { get; }

    public EmulatedMemory Memory { get; }

    public PageAllocator Pages { get; }

    public SlabAllocator Slabs { get; }

    public KmallocCaches Kmalloc { get; }

    public Vmalloc Vmalloc { get; }

    /// <summary>Pages of all zones that are free.</summary>
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
