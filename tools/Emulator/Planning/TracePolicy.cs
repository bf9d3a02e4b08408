using Carveout.Board;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Planning;

/// <summary>A way to serve a trace.</summary>
/// <param name="Name">As tables and JSON have it.</param>
/// <param name="Tail">How requests become memory.</param>
/// <param name="Through">Pages, or slabs for what is small.</param>
internal sealed record TracePolicy(string Name, TailPolicy Tail, AllocationPath Through)
{
    /// <summary>All that are tried.</summary>
    public static IReadOnlyList<TracePolicy> All { get; } =
    [
        new("keep", TailPolicy.Keep, AllocationPath.Pages), new("trim", TailPolicy.Trim, AllocationPath.Pages),
        new("exact", TailPolicy.Exact, AllocationPath.Pages), new("kmalloc", TailPolicy.Exact, AllocationPath.Kmalloc),
    ];

    /// <summary>The page map that it wants.</summary>
    public PageMapKind Map => Tail.PageMap(grouping: false);
}
