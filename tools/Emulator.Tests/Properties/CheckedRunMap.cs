namespace Carveout.Emulator.Tests.Properties;

/// <summary>A <see cref="RunMap"/> or <see cref="LargeRunMap"/>. It refuses only requests without a place, and takes the shortest run that
/// fits; for unmovable blocks beside movable memory it may take one that is not much longer.</summary>
internal sealed class CheckedRunMap : CheckedMap
{
    private const int Bins = 64;

    /// <summary>Runs of 64 pages and more share bins, which hold 2^shift lengths each.</summary>
    private readonly int _shift = 6;

    public CheckedRunMap(int pages, PropertyRun run)
        : this(PageMap.Create(PageMapKind.Runs, pages), run)
    {
    }

    public CheckedRunMap(PageMap map, PropertyRun run)
        : base(map, run)
    {
        int pages = map.Pages;
        while (pages >> _shift >= Bins)
        {
            _shift++;
        }
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
        Run.ExpectEqual(PageModel.AlignUp(first, alignment), page, "the first place in the run");
        int shortest = Model.ShortestRun(pages, alignment);
        if (_stays && shortest < Bins)
        {
            Run.Expect(length <= shortest + (shortest >> 1), "what stays took a run that is more than half as long again as the shortest", length);
            return;
        }
        // The answer is exact with an alignment, and if lengths have bins of their own or the request's bin is searched; otherwise as exact
        // as the bins.
        bool exact = alignment > 1 || shortest < Bins || (pages >= Bins && shortest >> _shift == pages >> _shift);
        Run.ExpectEqual(exact ? shortest : shortest >> _shift, exact ? length : length >> _shift, "the length of the run that was chosen");
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
