using Carveout.Emulator.Replay;
using Carveout.Memory;

namespace Carveout.Emulator.Planning;

/// <summary>What a trace needs under a policy, found by simulation.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Pages">The fewest pages in which no request of it fails; null where it fails in every arena that the policy's map can be.</param>
/// <param name="LivePages">The most pages that its live blocks have at one time, as the policy rounds them: no arena is smaller.</param>
/// <param name="Tried">Arenas that were tried in vain.</param>
/// <param name="FailsAbove">Of the <see cref="Beyond"/> next larger arenas, those in which a request fails, in pages.</param>
internal sealed record TraceNeed(TracePolicy Policy, long? Pages, long LivePages, int Tried, IReadOnlyList<int> FailsAbove)
{
    /// <summary>Larger arenas that are tried as well: need is not monotonic.</summary>
    public const int Beyond = 32;

    /// <summary>Pages from which on, as far as was looked, no arena fails; null as for <see cref="Pages"/>.</summary>
    public long? SafePages => FailsAbove.Count == 0 ? Pages : FailsAbove[^1] + 1;

    /// <summary>Searches the smallest arena.</summary>
    /// <remarks>More memory may serve a trace worse: every placement changes with the arena. So halving would find some arena that suffices next
    /// to one that does not, and not the smallest. Each number of pages is tried from the fewest that could do on, and the first that serves
    /// the trace is the smallest because all smaller ones were seen to fail; a failed replay ends at its first refusal.</remarks>
    /// <param name="trace">The trace.</param>
    /// <param name="policy">How it is served.</param>
    /// <param name="pageSize">Bytes of a page.</param>
    /// <param name="tried">Told the pages of each arena before it is tried.</param>
    /// <param name="cancel">Ends the search with an OperationCanceledException.</param>
    public static TraceNeed Of(TraceFile trace, TracePolicy policy, int pageSize, Action<int> tried, CancellationToken cancel)
    {
        long live = TracePeak.Of(trace, policy, pageSize).Pages;
        int most = MostPages(policy, pageSize), vain = 0;
        if (TracePeak.LargestOrder(trace, pageSize) > PageMap.LargestOrder && policy.Tail != TailPolicy.Exact)
        {
            return new TraceNeed(policy, null, live, 0, []);
        }
        for (long pages = Math.Max(1, live); pages <= most; pages++)
        {
            tried((int)pages);
            if (RunsIn(trace, policy, (int)pages, pageSize, cancel) is null)
            {
                vain++;
                continue;
            }
            int first = (int)pages;
            return new TraceNeed(policy, pages, live, vain,
                [.. Enumerable.Range(first + 1, Math.Min(Beyond, most - first)).Where(more => RunsIn(trace, policy, more, pageSize, cancel) is null)]);
        }
        return new TraceNeed(policy, null, live, vain, []);
    }

    /// <summary>Replays a trace in an arena until a request fails.</summary>
    /// <returns>The fewest pages that were free; null where a request failed.</returns>
    public static int? RunsIn(TraceFile trace, TracePolicy policy, int pages, int pageSize, CancellationToken cancel) =>
        new TraceReplay(trace, new ReplayOptions(pages * pageSize, pageSize, policy.Tail, int.MaxValue, AllocatorKind.Carveout, false, policy.Through))
            .RunWithoutFailure(cancel);

    private static int MostPages(TracePolicy policy, int pageSize) =>
        Math.Min(policy.Map == Board.PageMapKind.Runs ? RunMap.MostPages : FreeBlockMap.MostPages, int.MaxValue / pageSize);
}
