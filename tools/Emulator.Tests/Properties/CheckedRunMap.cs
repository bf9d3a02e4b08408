namespace Carveout.Emulator.Tests.Properties;

/// <summary>A <see cref="RunMap"/> or <see cref="LargeRunMap"/>. It refuses only requests without a place, and takes the shortest run that
/// fits; for unmovable blocks beside movable memory it may take one that is not much longer.</summary>
internal sealed class CheckedRunMap : CheckedMap
{
    private const int Bins = 64, Looks = 6, Alike = 4, Page = 4096;

    /// <summary>The bin of a length: those of 64 pages and more share bins.</summary>
    private readonly Func<int, int> _binOf;

    /// <summary>Runs of a shared bin that are compared.</summary>
    private readonly int _looks;

    /// <summary>Pages from which on a run comes from the high end.</summary>
    private readonly int _longFrom = int.MaxValue;

    public CheckedRunMap(int pages, PropertyRun run, int longFrom = int.MaxValue)
        : base(PageMap.Create(PageMapKind.Runs, pages), run)
    {
        _longFrom = longFrom;
        if (longFrom != int.MaxValue)
        {
            new PageAllocator([new Zone("ZONE", ZoneKind.Normal, 0x10000000, Map)], Page, null, null).ExpectFrames(longFrom * Page);
        }
        _binOf = EighthOf;
        _looks = Looks;
    }

    public CheckedRunMap(LargeRunMap map, PropertyRun run)
        : base(map, run)
    {
        int shift = 6;
        while (map.Pages >> shift >= Bins)
        {
            shift++;
        }
        _binOf = length => length < Bins ? length : Bins + (length >> shift);
        _looks = int.MaxValue;
    }

    /// <summary>Whether the block that is placed now is unmovable, in a zone with movable memory.</summary>
    private bool _stays;

    public override int AllocRunGrouped(int pages, int alignment, bool movable)
    {
        _stays = !movable && alignment == 1;
        int page = base.AllocRunGrouped(pages, alignment, movable);
        _stays = false;
        return page;
    }

    public override bool HasPlace(int pages, int alignment) => Model.ShortestRun(pages, alignment) != 0;

    protected override void CheckPlacement(int page, int pages, int alignment)
    {
        (int first, int length) = Model.RunAround(page);
        int shortest = Model.ShortestRun(pages, alignment);
        bool isLow = _stays && shortest < Bins, isLong = alignment == 1 && pages >= _longFrom && !isLow;
        Run.ExpectEqual(isLong ? first + length - pages : PageModel.AlignUp(first, alignment), page, "the place in the run");
        if (isLow)
        {
            Run.Expect(length <= shortest + (shortest >> 1), "what stays took a run that is more than half as long again as the shortest", length);
            return;
        }
        int[] own = pages < Bins ? [] : [.. Model.Runs().Select(run => run.Length).Where(run => _binOf(run) == _binOf(pages))];
        if (own.Length > _looks && alignment == 1)
        {
            int[] longer = [.. Model.Runs().Select(run => run.Length).Where(run => _binOf(run) > _binOf(pages))];
            Run.Expect(_binOf(length) == _binOf(pages) || _binOf(length) == _binOf(longer.Min()), "neither the own bin nor the next one", length);
            return;
        }
        // Exact with an alignment, and wherever lengths have bins of their own or the request's bin is searched; else as exact as the bins.
        bool exact = alignment > 1 || shortest < Bins || own.Contains(shortest);
        Run.ExpectEqual(exact ? shortest : _binOf(shortest), exact ? length : _binOf(length), "the length of the run that was chosen");
        if (_longFrom != int.MaxValue && alignment == 1 && shortest < Bins)
        {
            int[] places = [.. Model.Runs().Where(run => run.Length == shortest).Select(run => run.First)];
            Run.Expect(places.Count(place => place > first) >= Math.Min(places.Length, Alike) - 1, "too few runs of that length lie higher", first);
        }
    }

    /// <summary>Eight bins to a doubling, the first of them 16 pages; what is beyond the last is in it.</summary>
    private static int EighthOf(int length)
    {
        if (length < Bins)
        {
            return length;
        }
        int sixteenths = length / 16, doublings = int.Log2(sixteenths);
        return Bins + Math.Min(Bins - 1, sixteenths < 16 ? sixteenths - 4 : 12 + ((doublings - 4) * 8) + ((sixteenths >> (doublings - 3)) & 7));
    }

    protected override void CheckBlocks(int[] counts) => Run.ExpectEqual(MergedCounts(), counts, "free blocks of each order");

    protected override void CheckLargest(int largest, int[] counts) =>
        Run.ExpectEqual(Model.LongestRun(), largest, "the longest free run");

    protected override void Probe()
    {
        base.Probe();
        int longest = Model.LongestRun();
        if (longest != 0)
        {
            ProbeAlloc(longest, 1, ObjectGraph.Copy(Map).AllocRun(longest, 1));
        }
        if (longest != Map.Pages)
        {
            ProbeAlloc(longest + 1, 1, ObjectGraph.Copy(Map).AllocRun(longest + 1, 1));
        }
        int pages = 1 + Run.Random.Below(Map.Pages), alignment = 1 << Run.Random.Below(6);
        ProbeAlloc(pages, alignment, ObjectGraph.Copy(Map).AllocRun(pages, alignment));
    }

    protected override void TakeWholeZone()
    {
        Run.ExpectEqual(0, AllocRun(Map.Pages, 1), "all pages of an empty zone as one run");
        Run.ExpectEqual(-1, AllocRun(1, 1), "a page more than there is");
        Free(0);
        Run.ExpectEqual(0, Alloc(Map.MaxOrder, false), "the largest order in an empty zone");
        Free(0);
    }
}
