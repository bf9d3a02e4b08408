namespace Carveout.Emulator.Tests.Properties;

/// <summary>A slow model of the policy in <see cref="FreeBlockMap"/>'s remarks: it predicts every answer of the map.</summary>
/// <remarks>A block in a hot slot counts as taken in the map and as free by its slot. The smallest sufficient free block is taken; among
/// equals the one with the lowest address. A slot keeps the lower of two blocks. An allocation that finds nothing empties the slots, closes
/// them for the next 1024 frees of whole blocks, and tries again.</remarks>
internal sealed class FreeBlockModel
{
    private const int None = -1, Rest = 1024;

    /// <summary>The blocks of the map; those in slots are taken here.</summary>
    private readonly PageModel _map;

    private readonly int[] _slots;
    private readonly int _maxOrder;
    private int _rest;

    public FreeBlockModel(int pages, int hotOrders)
    {
        _map = new PageModel(pages);
        while (_maxOrder < PageMap.MaxPageOrder && 2 << _maxOrder <= pages)
        {
            _maxOrder++;
        }
        _slots = new int[Math.Min(hotOrders, _maxOrder + 1)];
        Array.Fill(_slots, None);
    }

    public int Alloc(int order)
    {
        if (IsParked(order))
        {
            int parked = _slots[order];
            _slots[order] = None;
            return parked;
        }
        int page = Take(order);
        if (page < 0 && _slots.Length != 0)
        {
            Drain();
            _rest = Rest;
            page = Take(order);
        }
        return page;
    }

    public int AllocRun(int pages, int alignment)
    {
        int order = PageModel.OrderFor(pages, alignment);
        int page = order <= _maxOrder ? Alloc(order) : None;
        if (page >= 0)
        {
            _map.Trim(page, pages);
        }
        return page;
    }

    /// <summary>Frees a taken block.</summary>
    public void Free(int page)
    {
        int pages = _map.BlockLength(page), order = PageMap.OrderOf(pages);
        if (1 << order != pages)
        {
            _map.Release(page);
            return;
        }
        if (order < _slots.Length && _rest == 0)
        {
            int parked = _slots[order];
            if (parked == None || page < parked)
            {
                _slots[order] = page;
                page = parked;
            }
            if (page == None)
            {
                return;
            }
        }
        _map.Release(page);
        _rest = Math.Max(0, _rest - 1);
    }

    public void Trim(int page, int pages) => _map.Trim(page, pages);

    /// <summary>Empties the slots, and says whether one had a block.</summary>
    public bool Drain()
    {
        bool any = false;
        for (int order = 0; order < _slots.Length; order++)
        {
            if (IsParked(order))
            {
                _map.Release(_slots[order]);
                _slots[order] = None;
                any = true;
            }
        }
        return any;
    }

    /// <summary>Adds the free blocks of each order; those in slots are counted unmerged.</summary>
    public void CountFree(int[] counts)
    {
        _map.CountBlocks(counts, _maxOrder);
        for (int order = 0; order < _slots.Length; order++)
        {
            counts[order] += IsParked(order) ? 1 : 0;
        }
    }

    private bool IsParked(int order) => order < _slots.Length && _slots[order] != None;

    private int Take(int order)
    {
        int found = None, smallest = int.MaxValue;
        for (int page = 0; _map.NextBlock(ref page, _maxOrder, out int size); page += 1 << size)
        {
            if (size >= order && size < smallest)
            {
                smallest = size;
                found = page;
            }
        }
        if (found >= 0)
        {
            _map.Take(found, 1 << order);
        }
        return found;
    }
}
