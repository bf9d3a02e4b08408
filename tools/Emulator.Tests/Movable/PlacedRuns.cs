namespace Carveout.Emulator.Tests.Movable;

/// <summary>Exact runs, placed by a rule that looks at every one of them: what a rule is worth, not what it costs.</summary>
/// <param name="pages">Of the zone.</param>
/// <param name="placement">The rule.</param>
/// <param name="moves">Whether what is asked for now can be moved.</param>
internal sealed class PlacedRuns(int pages, Placement placement, Func<bool> moves) : PageMap(pages, MaxOrderIn(pages))
{
    /// <summary>Pages of a pageblock: a 32nd of 2048, as GroupedBlockMap has them.</summary>
    private const int Pageblock = 64;

    /// <summary>As RunMap's, at every page: no run ends where its length is looked for.</summary>
    private readonly int[] _tag = [pages, .. new int[pages - 1]];

    private readonly bool[] _stays = new bool[pages];

    /// <summary>By pageblock: pages that stay for ever.</summary>
    private readonly int[] _staying = new int[(pages / Pageblock) + 1];

    public override int MetadataSize => 0;

    public override bool FitsExactly => true;

    public override int Alloc(int order, bool movable) => Place(1 << order, 1 << order, movable);

    public override int AllocRun(int pages, int alignment) => Place(pages, alignment, moves());

    public override int Free(int page)
    {
        int length = BlockLength(page);
        if (length == 0)
        {
            return 0;
        }
        if (_stays[page])
        {
            _stays[page] = false;
            Count(page, length, -1);
        }
        int end = page + length, start = page;
        if (end < Pages && _tag[end] > 0)
        {
            end += _tag[end];
        }
        for (int before = page - 1; before >= 0; before--)
        {
            if (_tag[before] != 0)
            {
                start = _tag[before] > 0 ? before : page;
                break;
            }
        }
        Array.Clear(_tag, start, end - start);
        _tag[start] = end - start;
        return length;
    }

    public override void Trim(int page, int pages)
    {
        int length = BlockLength(page);
        if (pages < length)
        {
            _tag[page] = -pages;
            _tag[page + pages] = pages - length;
            Free(page + pages);
        }
    }

    public override int BlockAt(int page) => throw new NotSupportedException();

    public override int BlockLength(int page) => Math.Max(0, -_tag[page]);

    public override int BlockFor(int pages) => pages;

    public override int ExtentAt(int page) => _tag[page];

    public override bool TakeAt(int page, int pages)
    {
        if (_tag[page] < pages)
        {
            return false;
        }
        Carve(page, page, pages);
        return true;
    }

    public override void Join(int page)
    {
        int next = page - _tag[page];
        _tag[page] += _tag[next];
        _tag[next] = 0;
    }

    public override int LargestFree() => Math.Max(0, _tag.Max());

    public override void CountFree(int[] counts) => throw new NotSupportedException();

    public override bool Drain() => false;

    private int Place(int count, int alignment, bool movable)
    {
        (long Cost, int Run, int At) best = (long.MaxValue, -1, -1);
        for (int run = 0; run < Pages; run += Math.Abs(_tag[run]))
        {
            int end = run + _tag[run], low = (run + alignment - 1) & -alignment, high = (end - count) & -alignment;
            if (_tag[run] < count || low + count > end)
            {
                continue;
            }
            long length = (long)_tag[run] << 20;
            if (placement == Placement.Pageblocks)
            {
                int whole = (low + Pageblock - 1) & -Pageblock;
                foreach (int at in (int[])[low, high, whole + count <= end ? whole : low])
                {
                    best = Less(best, ((Mixed(at, count, movable) << 40) + length + at, run, at));
                }
                continue;
            }
            int place = movable ? high : low, far = movable ? Pages - high : low;
            best = Less(best, ((placement == Placement.OppositeEnds ? 0 : length) + far, run, place));
        }
        if (best.Run >= 0)
        {
            Carve(best.Run, best.At, count);
            _stays[best.At] = !movable;
            Count(best.At, movable ? 0 : count, 1);
        }
        return best.At;
    }

    private static (long Cost, int Run, int At) Less((long Cost, int Run, int At) one, (long Cost, int Run, int At) other) =>
        other.Cost < one.Cost ? other : one;

    /// <summary>Pageblocks of a place that hold the other kind, or, for what stays, nothing that stays yet.</summary>
    private long Mixed(int at, int count, bool movable)
    {
        long mixed = 0;
        for (int block = at / Pageblock; block <= (at + count - 1) / Pageblock; block++)
        {
            mixed += movable == (_staying[block] != 0) ? 1 : 0;
        }
        return mixed;
    }

    private void Count(int at, int count, int sign)
    {
        for (int page = at; page < at + count; page++)
        {
            _staying[page / Pageblock] += sign;
        }
    }

    private void Carve(int run, int at, int count)
    {
        int end = run + _tag[run];
        _tag[run] = at - run;
        _tag[at] = -count;
        if (at + count < end)
        {
            _tag[at + count] = end - at - count;
        }
    }
}
