namespace Carveout.Emulator.Tests.Video;

/// <summary>A page map that allocates so many blocks and then refuses, however often it is asked, until it is told otherwise.</summary>
internal sealed class RefusingMap(PageMap map) : ForwardingMap(map)
{
    /// <summary>How many more blocks it allocates.</summary>
    public int Left { get; set; } = int.MaxValue;

    /// <summary>How many blocks it has allocated.</summary>
    public long Given { get; private set; }

    public override int Alloc(int order, bool movable) => Left == 0 ? -1 : Count(base.Alloc(order, movable));

    public override int AllocRun(int pages, int alignment) => Left == 0 ? -1 : Count(base.AllocRun(pages, alignment));

    public override int AllocRunGrouped(int pages, int alignment, bool movable) =>
        Left == 0 ? -1 : Count(base.AllocRunGrouped(pages, alignment, movable));

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
