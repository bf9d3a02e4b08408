namespace Carveout.Emulator.Tests.Properties;

/// <summary>A simple model of one zone: its pages, the owners of blocks, and the pages that must stay free.</summary>
internal sealed class ZoneModel(Zone zone, PageMapKind map, int pageSize)
{
    /// <summary>By page: the owner of the block that begins there, or of the last one that did.</summary>
    private readonly int[] _owners = new int[zone.Pages];

    private int _min, _lowmemReserve;

    public Zone Zone => zone;

    public PageModel Pages { get; } = new(zone.Pages);

    public bool IsDma => zone.Kind == ZoneKind.Dma;

    /// <summary>How many pages have been allocated and freed.</summary>
    public long Allocated { get; private set; }

    public long Freed { get; private set; }

    public bool Contains(uint address) => address >= zone.Start && address - zone.Start < (ulong)zone.Pages * (uint)pageSize;

    public int PageOf(uint address) => (int)((address - zone.Start) / (uint)pageSize);

    public uint AddressOf(int page) => zone.Start + ((uint)page * (uint)pageSize);

    public void SetWatermarks(int min, int lowmemReserve) => (_min, _lowmemReserve) = (min, lowmemReserve);

    /// <summary>How many pages a request must leave free: the kernel's watermarks, with low 5/4 and Atomic 3/8 of min.</summary>
    public int MustLeave(Watermark level, bool fallsBack)
    {
        int half = _min - (_min / 2);
        int mark = level switch
        {
            Watermark.Low => _min + (_min / 4),
            Watermark.Min => _min,
            _ => half - (half / 4),
        };
        return mark + (fallsBack ? _lowmemReserve : 0);
    }

    /// <summary>Whether the zone can serve the request and still keep its reserves.</summary>
    public bool Admits(PageRequest request, Watermark level)
    {
        bool fallsBack = IsDma && !request.Gfp.HasFlag(GfpFlags.Dma);
        return Pages.FreePages - request.Pages >= MustLeave(level, fallsBack) && HasPlace(request);
    }

    public void Take(int page, PageRequest request)
    {
        Pages.Take(page, request.Pages);
        _owners[page] = (int)request.Owner;
        Allocated += request.Pages;
    }

    public int Release(int page)
    {
        int pages = Pages.Release(page);
        Freed += pages;
        return pages;
    }

    /// <returns>How many pages were freed.</returns>
    public int Trim(int page, int keep)
    {
        int pages = Pages.BlockLength(page) - keep;
        Pages.Trim(page, keep);
        Freed += pages;
        return pages;
    }

    /// <summary>The owner of the block that the page lies in; for a free page, of the last block that began there.</summary>
    public int OwnerOf(int page) => _owners[Pages.BlockAt(page) < 0 ? page : Pages.BlockAt(page)];

    /// <summary>Pages of the largest free block or run.</summary>
    public int Largest()
    {
        if (map == PageMapKind.Runs)
        {
            return Pages.LongestRun();
        }
        int order = zone.MaxOrder;
        while (order >= 0 && !Pages.HasBlock(order))
        {
            order--;
        }
        return order < 0 ? 0 : 1 << order;
    }

    private bool HasPlace(PageRequest request)
    {
        if (request.IsExact && request.Alignment > 1)
        {
            return HasAlignedPlace(request.Pages, (uint)request.Alignment);
        }
        if (map == PageMapKind.Runs)
        {
            return Pages.ShortestRun(request.Pages, request.Alignment) != 0;
        }
        int order = PageModel.OrderFor(request.Pages, request.Alignment);
        return order <= PageMap.MaxPageOrder && Pages.HasBlock(order);
    }

    /// <summary>Whether a free run, or a free block of a buddy, contains so many pages at an aligned address.</summary>
    private bool HasAlignedPlace(int pages, uint alignment)
    {
        uint origin = zone.Start / (uint)pageSize;
        int order = 0;
        for (int block = 0; map == PageMapKind.Runs ? block < zone.Pages : Pages.NextBlock(ref block, zone.MaxOrder, out order); block += 1 << order)
        {
            long first = ((long)origin + block + alignment - 1) / alignment * alignment - origin;
            bool fits = map == PageMapKind.Runs ? first == block : first + pages <= block + (1 << order);
            if (fits && Pages.IsFree((int)first, pages))
            {
                return true;
            }
        }
        return false;
    }
}
