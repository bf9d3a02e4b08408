using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Planning;

/// <summary>A way to serve a trace.</summary>
/// <param name="Name">Its name in tables and JSON.</param>
/// <param name="Tail">How requests become memory.</param>
/// <param name="Through">Pages, or slabs for what is small.</param>
internal sealed record TracePolicy(string Name, DmaTail Tail, AllocationPath Through)
{
    /// <summary>All policies that are tried; exact runs first, because they usually need least.</summary>
    public static IReadOnlyList<TracePolicy> All { get; } =
    [
        new("exact", DmaTail.Exact, AllocationPath.Pages), new("keep", DmaTail.Keep, AllocationPath.Pages),
        new("kmalloc", DmaTail.Exact, AllocationPath.Kmalloc), new("trim", DmaTail.Trim, AllocationPath.Pages),
        new("pool", DmaTail.Pool, AllocationPath.Pages),
    ];

    /// <summary>Powers of two pages, the policy that the bound is proven for.</summary>
    public static TracePolicy Blocks => All[1];

    /// <summary>Whether it differs from the others for a trace: slabs are for what is smaller than a page, pools for what is large.</summary>
    public bool Serves(TraceFile trace, int pageSize) => Tail == DmaTail.Pool
        ? trace.Operations.Any(operation => operation.IsAllocation && operation.Size >= ReplayOptions.DefaultPoolFrom)
        : Through == AllocationPath.Pages || trace.Operations.Any(operation => operation.IsAllocation && operation.Size < pageSize);

    /// <summary>The page map that it needs.</summary>
    public PageMapKind Map => Tail.PageMap(grouping: false);
}
