namespace Carveout.Emulator.Reference;

/// <summary>The page allocator of the story's kernel (Linux 2.6), as a page map: a doubly linked LIFO list of free blocks per order.</summary>
/// <remarks>
/// <para>Written from the description of mm/page_alloc.c: <c>__rmqueue</c> takes the block freed last of the smallest sufficient order,
/// <c>expand</c> keeps the lower half and puts the upper one at the head of its list, <c>__free_one_page</c> merges with the buddy
/// (page ^ 1 &lt;&lt; order) for as long as it is free and of the same order.</para>
/// <para>Trimming is ARM's <c>__dma_alloc_buffer</c>: split_page makes single pages of the block, those past the request are freed one by one
/// in ascending order; <c>__dma_free_buffer</c> later frees the rest in the same way.</para>
/// <para>Left out: the per-cpu lists of order 0, whose effect is a short delay in merging, and grouping by mobility, which came in 2.6.24.</para>
/// </remarks>
internal sealed class KernelBuddy : PageMap
{
    private const int None = -1;
    private const byte FreeHead = 0x80, TakenHead = 0x40, SplitHead = 0x20, OrderMask = 0x0F;

    private readonly int[] _next, _previous, _heads;

    /// <summary>By page: a flag and the order of the block that begins here, or 0 inside a block.</summary>
    private readonly byte[] _state;

    /// <summary>By first page: the pages of a block that was split.</summary>
    private readonly int[] _splitLength;

    /// <summary>A map with all pages free.</summary>
    /// <param name="pages">At least 1.</param>
    public KernelBuddy(int pages)
        : base(pages, MaxOrderIn(pages))
    {
        _next = new int[pages];
        _previous = new int[pages];
        _state = new byte[pages];
        _splitLength = new int[pages];
        _heads = new int[MaxPageOrder + 1];
        Array.Fill(_heads, None);
        for (int page = 0; page < pages; page++)
        {
            FreeBlock(page, 0);
        }
    }

    /// <inheritdoc/>
    public override int MetadataSize => (4 * (_next.Length + _previous.Length + _splitLength.Length + _heads.Length)) + _state.Length;

    /// <inheritdoc/>
    public override int Alloc(int order, bool movable)
    {
        int found = order;
        while (found <= MaxOrder && _heads[found] == None)
        {
            found++;
        }
        if (found > MaxOrder)
        {
            return -1;
        }
        int page = _heads[found];
        Unlink(page, found);
        while (found > order)
        {
            found--;
            Push(page + (1 << found), found);
        }
        _state[page] = (byte)(TakenHead | order);
        return page;
    }

    /// <inheritdoc/>
    public override int AllocRun(int pages, int alignment) => AllocAndTrim(pages, alignment, false);

    /// <inheritdoc/>
    public override int Free(int page)
    {
        int length = BlockLength(page);
        if (length == 0)
        {
            return 0;
        }
        byte state = _state[page];
        _state[page] = 0;
        if (state == SplitHead)
        {
            FreeSingly(page, page + length);
        }
        else
        {
            FreeBlock(page, state & OrderMask);
        }
        return length;
    }

    /// <inheritdoc/>
    public override void Trim(int page, int pages)
    {
        int length = BlockLength(page);
        _state[page] = SplitHead;
        _splitLength[page] = pages;
        FreeSingly(page + pages, page + length);
    }

    /// <inheritdoc/>
    public override int BlockLength(int page) => _state[page] switch
    {
        SplitHead => _splitLength[page],
        byte state when (state & TakenHead) != 0 => 1 << (state & OrderMask),
        _ => 0,
    };

    /// <inheritdoc/>
    public override int BlockAt(int page)
    {
        for (int first = page; first >= 0; first--)
        {
            if (_state[first] != 0)
            {
                return page - first < BlockLength(first) ? first : -1;
            }
        }
        return -1;
    }

    /// <inheritdoc/>
    public override int BlockFor(int pages) => 1 << OrderOf(pages);

    /// <inheritdoc/>
    /// <remarks>The kernel of the story moves nothing: to compaction, all of the zone is one taken block.</remarks>
    public override int ExtentAt(int page) => page - Pages;

    /// <inheritdoc/>
    public override bool TakeAt(int page, int pages) => false;

    /// <inheritdoc/>
    public override int LargestFree()
    {
        int order = Array.FindLastIndex(_heads, head => head != None);
        return order < 0 ? 0 : 1 << order;
    }

    /// <inheritdoc/>
    public override void CountFree(int[] counts)
    {
        for (int order = 0; order <= MaxOrder; order++)
        {
            for (int page = _heads[order]; page != None; page = _next[page])
            {
                counts[order]++;
            }
        }
    }

    /// <inheritdoc/>
    public override bool Drain() => false;

    private void FreeSingly(int page, int end)
    {
        for (; page < end; page++)
        {
            FreeBlock(page, 0);
        }
    }

    private void FreeBlock(int page, int order)
    {
        while (order < MaxOrder)
        {
            int buddy = page ^ (1 << order);
            if (buddy >= Pages || _state[buddy] != (FreeHead | order))
            {
                break;
            }
            Unlink(buddy, order);
            _state[buddy] = 0;
            page &= buddy;
            order++;
        }
        Push(page, order);
    }

    private void Push(int page, int order)
    {
        int head = _heads[order];
        _next[page] = head;
        _previous[page] = None;
        if (head != None)
        {
            _previous[head] = page;
        }
        _heads[order] = page;
        _state[page] = (byte)(FreeHead | order);
    }

    private void Unlink(int page, int order)
    {
        int next = _next[page], previous = _previous[page];
        if (next != None)
        {
            _previous[next] = previous;
        }
        if (previous != None)
        {
            _next[previous] = next;
        }
        else
        {
            _heads[order] = next;
        }
    }
}
