using Carveout.Memory;

namespace Carveout.Emulator.Tests.Video;

/// <summary>A page map that hands out so many blocks and then refuses, however often it is asked, until it is told otherwise.</summary>
internal sealed class RefusingMap(PageMap map) : PageMap(map.Pages, map.MaxOrder)
{
    /// <summary>Blocks that it still hands out.</summary>
    public int Left { get; set; } = int.MaxValue;

    /// <summary>Blocks that it handed out.</summary>
    public long Given { get; private set; }

    public override int MetadataSize => map.MetadataSize;

    public override int Alloc(int order, bool movable) => Left == 0 ? -1 : Count(map.Alloc(order, movable));

    public override int AllocRun(int pages, int alignment) => Left == 0 ? -1 : Count(map.AllocRun(pages, alignment));

    public override int Free(int page) => map.Free(page);

    public override void Trim(int page, int pages) => map.Trim(page, pages);

    public override int BlockAt(int page) => map.BlockAt(page);

    public override int BlockLength(int page) => map.BlockLength(page);

    public override int BlockFor(int pages) => map.BlockFor(pages);

    public override int LargestFree() => map.LargestFree();

    public override void CountFree(int[] counts) => map.CountFree(counts);

    public override bool Drain() => map.Drain();

    private int Count(int page)
    {
        if (page >= 0)
        {
            Given++;
            Left--;
        }
        return page;
    }
}
