using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Planning;

/// <summary>What a trace needs under a policy, found by simulation.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Pages">The fewest pages in which no request of it fails; null where a request failed in every arena that was tried.</param>
/// <param name="LivePages">The most pages that its live blocks have at once, as the policy rounds them: no smaller arena is enough.</param>
/// <param name="SafePages">The fewest pages from which on <see cref="InARow"/> arenas in a row serve it; null if there were none.</param>
/// <param name="Tried">How many arenas were tried.</param>
/// <param name="Failed">In how many of them a request failed.</param>
/// <param name="MostPages">The largest arena that would have been tried; 0 if a request is larger than any block of the policy.</param>
internal sealed record TraceNeed(TracePolicy Policy, long? Pages, long LivePages, long? SafePages, int Tried, int Failed, long MostPages)
{
    /// <summary>Arenas in a row, each a page larger, that count as a sign that more memory does no harm any more.</summary>
    public const int InARow = 32;

    /// <summary>Finds the smallest arena that serves the trace, and the smallest from which on no request fails.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="policy">How it is served.</param>
    /// <param name="pageSize">Bytes of a page.</param>
    /// <param name="most">The largest arena to try, in pages.</param>
    /// <param name="progress">Gets the pages of arenas before they are tried.</param>
    /// <param name="cancel">Ends the search with an OperationCanceledException.</param>
    public static TraceNeed Of(TraceFile trace, TracePolicy policy, int pageSize, long most, Action<long> progress, CancellationToken cancel)
    {
        PoolSizing? pools = PoolsOf(trace, policy, pageSize);
        long live = Math.Max(1, TracePeak.Of(trace, policy, pageSize).Pages) + ((pools?.Bytes ?? 0) / pageSize);
        bool hopeless = policy.Tail is not (DmaTail.Exact or DmaTail.Pool) && TracePeak.LargestOrder(trace, pageSize) > PageMap.MaxPageOrder;
        most = hopeless ? 0 : Math.Min(most, MostPagesOf(policy, pageSize));
        ArenaSearch arenas = ArenaSearch.Of(live, most, InARow, pages => RunsIn(trace, policy, pools, pages, pageSize, cancel) is not null, progress, cancel);
        return new TraceNeed(policy, arenas.Least, live, arenas.Safe, arenas.Tried, arenas.Failed, most);
    }

    /// <summary>Replays a trace in an arena until a request fails.</summary>
    /// <returns>The fewest pages that were free; null if a request failed.</returns>
    public static int? RunsIn(TraceFile trace, TracePolicy policy, int pages, int pageSize, CancellationToken cancel) =>
        RunsIn(trace, policy, PoolsOf(trace, policy, pageSize), pages, pageSize, cancel);

    private static int? RunsIn(TraceFile trace, TracePolicy policy, PoolSizing? pools, int pages, int pageSize, CancellationToken cancel) =>
        // Pools that leave no page serve nothing.
        pools is not null && pools.Bytes >= (long)pages * pageSize ? null
            : new TraceReplay(trace, new ReplayOptions(pages * pageSize, pageSize, policy.Tail, ReplayOptions.DefaultPoolFrom, AllocatorKind.Carveout,
                false, policy.Through, Pools: pools)).RunWithoutFailure(cancel);

    private static PoolSizing? PoolsOf(TraceFile trace, TracePolicy policy, int pageSize) =>
        policy.Tail == DmaTail.Pool ? PoolSizing.Of(trace, ReplayOptions.DefaultPoolFrom, pageSize) : null;

    private static long MostPagesOf(TracePolicy policy, int pageSize) =>
        Math.Min(PageMap.MaxPages(policy.Map), int.MaxValue / pageSize);
}
