namespace Carveout.Emulator.Tests.Movable;

/// <summary>A buddy that takes what stays for ever from the low end of the zone and what can be moved from the high end.</summary>
internal sealed class PlacedBlocks : PageMap
{
    private readonly SortedSet<int>[] _free = [.. Enumerable.Range(0, MaxPageOrder + 1).Select(_ => new SortedSet<int>())];
    private readonly int[] _taken;
    private readonly Placement _placement;
    private readonly Func<bool> _moves;

    /// <param name="pages">Of the zone.</param>
    /// <param name="placement"><see cref="Placement.OppositeEnds"/>, or <see cref="Placement.OppositeEndsBestFit"/>.</param>
    /// <param name="moves">Whether what is asked for now can be moved.</param>
    public PlacedBlocks(int pages, Placement placement, Func<bool> moves)
        : base(pages, MaxOrderIn(pages))
    {
        _taken = new int[pages];
        _placement = placement;
        _moves = moves;
        PutRange(0, pages);
    }

    public override int MetadataSize => 0;

    public override int Alloc(int order, bool movable)
    {
        int from = -1, at = -1;
        for (int o = order; o <= MaxOrder; o++)
        {
            if (_free[o].Count == 0)
            {
                continue;
            }
            int candidate = movable ? _free[o].Max : _free[o].Min;
            if (from < 0 || (movable ? candidate > at : candidate < at))
            {
                from = o;
                at = candidate;
            }
            if (_placement == Placement.OppositeEndsBestFit)
            {
                break;
            }
        }
        if (from < 0)
        {
            return -1;
        }
        _free[from].Remove(at);
        while (from > order)
        {
            from--;
            if (movable)
            {
                _free[from].Add(at);
                at += 1 << from;
            }
            else
            {
                _free[from].Add(at + (1 << from));
            }
        }
        _taken[at] = 1 << order;
        return at;
    }

    public override int AllocRun(int pages, int alignment)
    {
        int order = OrderOf(Math.Max(pages, alignment));
        int page = order > MaxOrder ? -1 : Alloc(order, _moves());
        if (page >= 0)
        {
            Trim(page, pages);
        }
        return page;
    }

    public override int Free(int page)
    {
        int count = _taken[page];
        _taken[page] = 0;
        PutRange(page, page + count);
        return count;
    }

    public override void Trim(int page, int pages)
    {
        int end = page + _taken[page];
        _taken[page] = pages;
        PutRange(page + pages, end);
    }

    public override int BlockAt(int page) => throw new NotSupportedException();

    public override int BlockLength(int page) => _taken[page];

    public override int BlockFor(int pages) => 1 << OrderOf(pages);

    public override int ExtentAt(int page)
    {
        if (_taken[page] != 0)
        {
            return -_taken[page];
        }
        for (int order = 0; order <= MaxOrder; order++)
        {
            if (_free[order].Contains(page))
            {
                return 1 << order;
            }
        }
        return 0;
    }

    public override bool TakeAt(int page, int pages)
    {
        if (ExtentAt(page) != pages)
        {
            return false;
        }
        _free[OrderOf(pages)].Remove(page);
        _taken[page] = pages;
        return true;
    }

    public override int LargestFree()
    {
        for (int order = MaxOrder; order >= 0; order--)
        {
            if (_free[order].Count != 0)
            {
                return 1 << order;
            }
        }
        return 0;
    }

    public override void CountFree(int[] counts)
    {
        for (int order = 0; order <= MaxOrder; order++)
        {
            counts[order] += _free[order].Count;
        }
    }

    public override bool Drain() => false;

    private void PutRange(int page, int end)
    {
        while (page < end)
        {
            int order = 0;
            while (order < MaxOrder && (page & ((2 << order) - 1)) == 0 && page + (2 << order) <= end)
            {
                order++;
            }
            int at = page, o = order;
            while (o < MaxOrder && _free[o].Remove(at ^ (1 << o)))
            {
                at &= ~(1 << o);
                o++;
            }
            _free[o].Add(at);
            page += 1 << order;
        }
    }
}
