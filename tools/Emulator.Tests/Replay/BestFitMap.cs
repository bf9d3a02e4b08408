namespace Carveout.Emulator.Tests.Replay;

/// <summary>What a map of runs is measured against: the shortest run of all that will do, the lowest among equals, with the two ends that RunMap
/// has. It knows no order and no alignment.</summary>
internal sealed class BestFitMap : PageMap
{
    /// <summary>By length, where free runs of it begin; by first page, how long a free run or, below 0, a taken block is; by the page behind a free
    /// run, how long that is.</summary>
    private readonly List<int>[] _runs;
    private readonly int[] _length, _before;

    public BestFitMap(int pages)
        : base(pages, MaxOrderIn(pages))
    {
        _runs = [.. Enumerable.Range(0, pages + 1).Select(_ => new List<int>())];
        _length = new int[pages + 1];
        _before = new int[pages + 1];
        Add(0, pages);
    }

    public override int MetadataSize => 0;

    public override int Alloc(int order, bool movable) => AllocRun(1 << order, 1);

    public override int AllocRun(int pages, int alignment)
    {
        int length = pages;
        while (length <= Pages && _runs[length].Count == 0)
        {
            length++;
        }
        if (length > Pages)
        {
            return -1;
        }
        int first = _runs[length].Min();
        Remove(first);
        bool isLong = pages >= LongRunPages;
        if (length != pages)
        {
            Add(isLong ? first : first + pages, length - pages);
        }
        first += isLong ? length - pages : 0;
        _length[first] = -pages;
        return first;
    }

    public override int Free(int page)
    {
        int freed = -_length[page], first = page, end = page + freed;
        _length[page] = 0;
        if (end < Pages && _length[end] > 0)
        {
            int behind = _length[end];
            Remove(end);
            end += behind;
        }
        if (_before[page] != 0)
        {
            first -= _before[page];
            Remove(first);
        }
        Add(first, end - first);
        return freed;
    }

    public override void Trim(int page, int pages) => throw new NotSupportedException();

    public override int BlockAt(int page) => throw new NotSupportedException();

    public override int BlockLength(int page) => Math.Max(0, -_length[page]);

    public override int BlockFor(int pages) => pages;

    public override int ExtentAt(int page) => throw new NotSupportedException();

    public override bool TakeAt(int page, int pages) => throw new NotSupportedException();

    public override int LargestFree() => throw new NotSupportedException();

    public override void CountFree(int[] counts) => throw new NotSupportedException();

    public override bool Drain() => false;

    private void Add(int first, int length)
    {
        _runs[length].Add(first);
        _length[first] = length;
        _before[first + length] = length;
    }

    private void Remove(int first)
    {
        int length = _length[first];
        _runs[length].Remove(first);
        _length[first] = 0;
        _before[first + length] = 0;
    }
}
