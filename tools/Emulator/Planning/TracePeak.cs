using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Planning;

/// <summary>The most memory that is live at once in a trace.</summary>
/// <param name="Bytes">Bytes as they were asked for.</param>
/// <param name="Pages">Pages as a policy rounds them.</param>
internal sealed record TracePeak(long Bytes, long Pages)
{
    /// <summary>The peak under a policy.</summary>
    public static TracePeak Of(TraceFile trace, TracePolicy policy, int pageSize)
    {
        long bytes = 0, rounded = 0, mostBytes = 0, mostRounded = 0;
        var live = new Dictionary<int, (int Size, long Rounded)>();
        foreach (TraceOperation operation in trace.Operations)
        {
            if (live.Remove(operation.Id, out (int Size, long Rounded) old))
            {
                bytes -= old.Size;
                rounded -= old.Rounded;
            }
            if (operation.Size > 0)
            {
                long now = operation.IsTrim && policy.Tail.BesidePool() == DmaTail.Keep ? old.Rounded : Rounded(operation, policy, pageSize);
                live[operation.Id] = (operation.Size, now);
                bytes += operation.Size;
                rounded += now;
                mostBytes = Math.Max(mostBytes, bytes);
                mostRounded = Math.Max(mostRounded, rounded);
            }
        }
        return new TracePeak(mostBytes, BufferLayout.RoundUp(mostRounded, pageSize) / pageSize);
    }

    /// <summary>The largest order of a block that serves a request of the trace.</summary>
    public static int LargestOrder(TraceFile trace, int pageSize) =>
        trace.Operations.Where(operation => operation.IsAllocation).Max(operation => Order(operation, pageSize));

    /// <summary>Bytes that a block has at least in the zone, where buffers of pools are not: objects share pages, so of a slab's no more is known than what was asked for.</summary>
    private static long Rounded(TraceOperation operation, TracePolicy policy, int pageSize) =>
        policy.Through == AllocationPath.Kmalloc ? operation.Size
        : policy.Tail == DmaTail.Pool && operation.Size >= ReplayOptions.DefaultPoolFrom ? 0
        : policy.Tail.BesidePool() == DmaTail.Keep ? (long)pageSize << Order(operation, pageSize)
        : BufferLayout.RoundUp(operation.Size, pageSize);

    private static int Order(TraceOperation operation, int pageSize) =>
        PageMap.OrderOf(BufferLayout.PagesFor(Math.Max(operation.Size, operation.Alignment), DmaTail.Exact, pageSize));
}
