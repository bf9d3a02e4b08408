namespace Carveout.Emulator.Tests.Properties;

/// <summary>A <see cref="FreeBlockMap"/> whose every answer <see cref="FreeBlockModel"/> predicts.</summary>
internal sealed class CheckedFreeBlockMap(int pages, int hotOrders, PropertyRun run)
    : CheckedBuddyMap(PageMap.Create(PageMapKind.FreeBlocks, pages, hotOrders), hotOrders == 0, run)
{
    private readonly FreeBlockModel _reference = new(pages, hotOrders);

    public override int Alloc(int order, bool movable)
    {
        int expected = _reference.Alloc(order);
        int page = base.Alloc(order, movable);
        Run.ExpectEqual(expected, page, "the page that the policy chooses");
        return page;
    }

    public override int AllocRun(int pages, int alignment)
    {
        int expected = _reference.AllocRun(pages, alignment);
        int page = base.AllocRun(pages, alignment);
        Run.ExpectEqual(expected, page, "the page that the policy chooses");
        return page;
    }

    public override void Free(int page)
    {
        _reference.Free(page);
        base.Free(page);
    }

    public override void Trim(int page, int pages)
    {
        _reference.Trim(page, pages);
        base.Trim(page, pages);
    }

    public override bool Drain()
    {
        bool expected = _reference.Drain();
        bool any = base.Drain();
        Run.Expect(expected == any, "Drain's answer is not whether a slot held a block");
        return any;
    }

    protected override void CheckBlocks(int[] counts)
    {
        int[] expected = new int[counts.Length];
        _reference.CountFree(expected);
        Run.ExpectEqual(expected, counts, "free blocks of each order");
        base.CheckBlocks(counts);
    }
}
