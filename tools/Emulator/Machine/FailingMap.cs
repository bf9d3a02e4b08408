namespace Carveout.Emulator.Machine;

/// <summary>A zone's page map that refuses allocations when a fault is armed.</summary>
internal sealed class FailingMap(PageMap map, AllocationFault fault) : ForwardingMap(map)
{
    /// <inheritdoc/>
    public override int Alloc(int order, bool movable) => fault.Refuses() ? -1 : Counted(base.Alloc(order, movable));

    /// <inheritdoc/>
    public override int AllocRun(int pages, int alignment) => fault.Refuses() ? -1 : Counted(base.AllocRun(pages, alignment));

    /// <inheritdoc/>
    public override int AllocRunGrouped(int pages, int alignment, bool movable) =>
        fault.Refuses() ? -1 : Counted(base.AllocRunGrouped(pages, alignment, movable));

    private int Counted(int page)
    {
        if (page >= 0)
        {
            fault.Count();
        }
        return page;
    }
}
