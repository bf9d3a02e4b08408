namespace Carveout.Emulator.Tests.Properties;

/// <summary>The operations of a page map.</summary>
internal enum MapOperationKind
{
    Alloc,
    AllocMovable,
    AllocRun,
    AllocStayingRun,
    AllocMovableRun,
    Free,
    Trim,
    Drain,
}

/// <summary>One call of a page map.</summary>
/// <param name="First">An order, a number of pages, or a page, depending on the call.</param>
/// <param name="Second">An alignment, or the pages to keep; else 0.</param>
internal readonly record struct MapOperation(MapOperationKind Kind, int First, int Second)
{
    public static MapOperation Alloc(int order, bool movable) =>
        new(movable ? MapOperationKind.AllocMovable : MapOperationKind.Alloc, order, 0);

    public static MapOperation AllocRun(int pages, int alignment) => new(MapOperationKind.AllocRun, pages, alignment);

    public static MapOperation AllocRunGrouped(int pages, int alignment, bool movable) =>
        new(movable ? MapOperationKind.AllocMovableRun : MapOperationKind.AllocStayingRun, pages, alignment);

    public static MapOperation Free(int page) => new(MapOperationKind.Free, page, 0);

    public static MapOperation Trim(int page, int pages) => new(MapOperationKind.Trim, page, pages);

    public static MapOperation Drain => new(MapOperationKind.Drain, 0, 0);

    public override string ToString() => Kind switch
    {
        MapOperationKind.Alloc => $"Alloc({First}, movable: false)",
        MapOperationKind.AllocMovable => $"Alloc({First}, movable: true)",
        MapOperationKind.AllocRun => $"AllocRun({First}, {Second})",
        MapOperationKind.AllocStayingRun => $"AllocRunGrouped({First}, {Second}, movable: false)",
        MapOperationKind.AllocMovableRun => $"AllocRunGrouped({First}, {Second}, movable: true)",
        MapOperationKind.Free => $"Free({First})",
        MapOperationKind.Trim => $"Trim({First}, {Second})",
        _ => "Drain()",
    };
}
