namespace Carveout.Emulator.Policies;

/// <summary>A map of exact runs like <see cref="PageMapKind.Runs"/>, for more pages than its 16-bit numbers can count: for the memory of a
/// Linux system with CMA, not for a microcontroller's.</summary>
/// <remarks>
/// <para>Users make it themselves and give it to a <see cref="Zone"/>. No microcontroller needs it, so nothing that runs on one refers to
/// it.</para>
/// <para>The pages are cut into parts of 16,384. A run belongs to the part that it begins in, whose bins link it by 16-bit numbers; it may
/// end in any other part. Tags are those of RunMap, a page's length and sign. A length of 32,767 pages or more does not fit into a tag, so
/// the tag only says that, and the part has the length. A part has fewer pages than such a run, so at most one begins in it, and at most
/// one ends. With 2 bytes a page for the tag and 4 for the links it needs no more than RunMap.</para>
/// <para>A request looks at every part, and at one bin of each part that has free runs. It takes the shortest run that fits.</para>
/// </remarks>
internal sealed class LargeRunMap : PageMap
{
    /// <summary>The most pages: 4 GB of pages of 4 KB.</summary>
    public const int MaxRunPages = 1 << 20;

    private const int StandardShift = 14, Bins = RunBins.Bins, NoOrigin = 1 << 30;

    private readonly short[] _tag;
    private readonly RunBins[] _parts;

    /// <summary>A part has 1 &lt;&lt; _partShift pages, and a large bin 1 &lt;&lt; _shift lengths. The tag _long says that the part has the
    /// length.</summary>
    private readonly int _partShift, _shift, _long;

    /// <summary>Makes a page map like the device's, or one for more pages than a device can have.</summary>
    public static PageMap Of(PageMapKind kind, int pages) =>
        kind == PageMapKind.Runs && pages > MaxPages(kind) ? new LargeRunMap(pages) : Create(kind, pages);

    /// <summary>A map with all pages free, in one run.</summary>
    /// <param name="pages">1 to <see cref="MaxRunPages"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pages"/> is out of its range.</exception>
    public LargeRunMap(int pages)
        : this(pages, StandardShift)
    {
    }

    /// <summary>The same with parts of another size, for tests.</summary>
    internal LargeRunMap(int pages, int partShift)
        : base(pages, MaxOrderIn(pages))
    {
        if (pages < 1 || pages > MaxRunPages)
        {
            throw new ArgumentOutOfRangeException(nameof(pages), pages.ToString() + " pages: expected 1 to " + MaxRunPages.ToString());
        }
        _partShift = partShift;
        _long = (2 << partShift) - 1;
        _shift = 6;
        while (pages >> _shift >= Bins)
        {
            _shift++;
        }
        _tag = new short[pages + 2];
        _parts = new RunBins[(pages >> partShift) + 1];
        for (int i = 0; i < _parts.Length; i++)
        {
            int first = i << partShift, left = pages + 1 - first;
            _parts[i] = new RunBins(first - 1, left < 1 << partShift ? left : 1 << partShift);
        }
        Link(1, pages);
    }

    /// <inheritdoc/>
    public override int MetadataSize
    {
        get
        {
            int size = 2 * _tag.Length;
            for (int i = 0; i < _parts.Length; i++)
            {
                size += 2 * (_parts[i].Next.Length + _parts[i].Previous.Length) + 32;
            }
            return size;
        }
    }

    /// <inheritdoc/>
    public override bool FitsExactly { get { return true; } }

    /// <inheritdoc/>
    public override int Alloc(int order, bool movable)
    {
        return AllocRun(1 << order, 1 << order);
    }

    /// <inheritdoc/>
    public override int AllocRun(int pages, int alignment)
    {
        return AllocRunAt(pages, NoOrigin, alignment, 0, Pages);
    }

    /// <inheritdoc/>
    /// <remarks>An unmovable block comes from the first part with a run that is at most half as long again as the shortest that
    /// fits.</remarks>
    public override int AllocRunGrouped(int pages, int alignment, bool movable)
    {
        ulong bins = 0;
        for (int i = 0; i < _parts.Length && pages < Bins && !movable && alignment == 1; i++)
        {
            bins |= _parts[i].Small & ulong.MaxValue << pages;
        }
        if (bins == 0)
        {
            return AllocRun(pages, alignment);
        }
        int least = pages;
        while ((bins >> least & 1) == 0)
        {
            least++;
        }
        for (int i = 0; ; i++)
        {
            for (int bin = least; bin <= least + (least >> 1) && bin < Bins; bin++)
            {
                int run = _parts[i].First(bin);
                if (run != 0)
                {
                    return Carve(run, run, pages);
                }
            }
        }
    }

    /// <inheritdoc/>
    public override int AllocRunAt(int pages, int origin, int alignment, int boundary, int end)
    {
        ulong small = 0, large = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            small |= _parts[i].Small;
            large |= _parts[i].Large;
        }
        int best = int.MaxValue, run = 0, place = 0;
        for (int bin = BinOf(pages); bin < 2 * Bins && run == 0; bin++)
        {
            if (((bin < Bins ? small : large) & 1UL << bin) == 0)
            {
                continue;
            }
            for (int i = 0; i < _parts.Length && (run == 0 || bin >= Bins); i++)
            {
                RunBins part = _parts[i];
                for (int q = part.First(bin); q != 0; q = part.Behind(q))
                {
                    int length = LengthAt(q), first = length < pages || length >= best ? -1 : FirstPlace(q - 1, pages, origin, alignment, boundary);
                    if (first >= 0 && first + pages < q + length && first + pages <= end)
                    {
                        best = length;
                        run = q;
                        place = first;
                    }
                }
            }
        }
        return run == 0 ? -1 : Carve(run, place + 1, pages);
    }

    /// <inheritdoc/>
    public override int Free(int page)
    {
        int run = page + 1, length = -LengthAt(run);
        if (length <= 0)
        {
            return 0;
        }
        int end = run + length, behind = LengthAt(end), before = _tag[run - 1];
        if (behind > 0)
        {
            PartOf(end).Unlink(end);
            _tag[end] = 0;
            end += behind;
        }
        if (before > 0)
        {
            before = before == _long ? PartOf(run - 1).Ending : before;
            _tag[run - 1] = 0;
            _tag[run] = 0;
            run -= before;
            PartOf(run).Unlink(run);
        }
        Link(run, end - run);
        return length;
    }

    /// <inheritdoc/>
    public override void Trim(int page, int pages)
    {
        int run = page + 1, length = -LengthAt(run);
        if (pages != length)
        {
            Hold(run, pages);
            Hold(run + pages, length - pages);
            Free(page + pages);
        }
    }

    /// <inheritdoc/>
    public override int BlockLength(int page)
    {
        int length = -LengthAt(page + 1);
        return length > 0 ? length : 0;
    }

    /// <inheritdoc/>
    public override int ExtentAt(int page)
    {
        return LengthAt(page + 1);
    }

    /// <inheritdoc/>
    public override bool TakeAt(int page, int pages)
    {
        if (pages > LengthAt(page + 1))
        {
            return false;
        }
        Carve(page + 1, page + 1, pages);
        return true;
    }

    /// <inheritdoc/>
    public override void Join(int page)
    {
        int run = page + 1, length = -LengthAt(run), behind = run + length;
        length -= LengthAt(behind);
        _tag[behind] = 0;
        Hold(run, length);
    }

    /// <inheritdoc/>
    public override int BlockAt(int page)
    {
        int first = page;
        while (_tag[first + 1] == 0 && first > 0)
        {
            first--;
        }
        return page - first < BlockLength(first) ? first : -1;
    }

    /// <inheritdoc/>
    public override int BlockFor(int pages)
    {
        return pages;
    }

    /// <inheritdoc/>
    public override int LargestFree()
    {
        int longest = 0;
        for (int bin = 2 * Bins - 1; bin >= 0 && longest == 0; bin--)
        {
            for (int i = 0; i < _parts.Length; i++)
            {
                for (int run = _parts[i].First(bin); run != 0; run = _parts[i].Behind(run))
                {
                    int length = LengthAt(run);
                    longest = length > longest ? length : longest;
                }
            }
        }
        return longest;
    }

    /// <inheritdoc/>
    public override void CountFree(int[] counts)
    {
        for (int page = 1; page <= Pages;)
        {
            int length = LengthAt(page);
            if (length < 0)
            {
                page -= length;
                continue;
            }
            for (int end = page + length; page < end;)
            {
                int order = 0;
                while (order < MaxOrder && ((page - 1) & ((2 << order) - 1)) == 0 && page + (2 << order) <= end)
                {
                    order++;
                }
                counts[order]++;
                page += 1 << order;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>A run is merged when it is freed, so there is never anything to drain.</remarks>
    public override bool Drain()
    {
        return false;
    }

    /// <summary>Takes pages from a free run; what lies on both sides stays free.</summary>
    private int Carve(int run, int first, int pages)
    {
        int end = run + LengthAt(run);
        PartOf(run).Unlink(run);
        _tag[run] = 0;
        _tag[end - 1] = 0;
        if (first > run)
        {
            Link(run, first - run);
        }
        if (first + pages < end)
        {
            Link(first + pages, end - first - pages);
        }
        Hold(first, pages);
        return first - 1;
    }

    private void Link(int run, int length)
    {
        int end = run + length - 1, tag = length < _long ? length : _long;
        if (tag == _long)
        {
            PartOf(run).Beginning = length;
            PartOf(end).Ending = length;
        }
        _tag[run] = (short)tag;
        _tag[end] = (short)tag;
        PartOf(run).Link(run, BinOf(length));
    }

    /// <summary>Marks a block as taken.</summary>
    private void Hold(int run, int length)
    {
        _tag[run] = (short)(length < _long ? -length : -_long);
        if (length >= _long)
        {
            PartOf(run).Beginning = length;
        }
    }

    /// <summary>Pages of the run or block that begins at a page: above 0 if free, below 0 if taken, 0 if none begins there.</summary>
    private int LengthAt(int run)
    {
        int tag = _tag[run];
        return tag == _long ? PartOf(run).Beginning : tag == -_long ? -PartOf(run).Beginning : tag;
    }

    private int BinOf(int length)
    {
        return length < Bins ? length : Bins + (length >> _shift);
    }

    private RunBins PartOf(int page)
    {
        return _parts[page >> _partShift];
    }
}
