namespace Carveout.Emulator.Tests.Properties;

/// <summary>The naive account of one zone: its pages, who began a block where, and what must stay free.</summary>
internal sealed class ZoneModel(Zone zone, PageMapKind map, int pageSize)
{
    /// <summary>By page, the owner of the block that begins there or did last.</summary>
    private readonly int[] _owners = new int[zone.Pages];

    private int _min, _lowmemReserve;

    public Zone Zone => zone;

    public PageModel Pages { get; } = new(zone.Pages);

    public bool IsDma => zone.Kind == ZoneKind.Dma;

    /// <summary>Pages ever allocated and freed.</summary>
    public long Allocated { get; private set; }

    public long Freed { get; private set; }

    public bool Contains(uint address) => address >= zone.Start && address - zone.Start < (ulong)zone.Pages * (uint)pageSize;

    public int PageOf(uint address) => (int)((address - zone.Start) / (uint)pageSize);

    public uint AddressOf(int page) => zone.Start + ((uint)page * (uint)pageSize);

    public void SetWatermarks(int min, int lowmemReserve) => (_min, _lowmemReserve) = (min, lowmemReserve);

    /// <summary>Pages that a request must leave free: the kernel's watermarks, low 5/4 of min, Atomic 3/8 of it.</summary>
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

    /// <returns>How many pages went back.</returns>
    public int Trim(int page, int keep)
    {
        int pages = Pages.BlockLength(page) - keep;
        Pages.Trim(page, keep);
        Freed += pages;
        return pages;
    }

    /// <summary>The owner of the block that the page lies in; of a free page, of the last that began there.</summary>
    public int OwnerOf(int page) => _owners[Pages.BlockAt(page) < 0 ? page : Pages.BlockAt(page)];

    /// <summary>Pages of the largest block, or run, that is free.</summary>
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

    /// <summary>Whether a free run, or a free block of a buddy, holds so many pages from an address on that is a multiple.</summary>
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
