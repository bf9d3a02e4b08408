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

    /// <summary>How many arenas are tried at once.</summary>
    private const int Batch = 16;

    /// <summary>Finds the smallest arena that serves the trace, and the smallest from which on no request fails.</summary>
    /// <remarks>The need is not monotonic: placements change with the arena's size, so a trace may fail in a larger arena. A binary search
    /// would find some arena that is enough next to one that is not. So this tries every number of pages, from the fewest that are
    /// possible. The first arena that serves the trace is the smallest, because all smaller ones failed. A failed replay ends at its first
    /// refusal.</remarks>
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
        long? first = null;
        int tried = 0, failed = 0, row = 0;
        for (long start = live; start <= most && row < InARow; start += Batch)
        {
            progress(start);
            bool[] runs = new bool[(int)Math.Min(Batch, most - start + 1)];
            Parallel.For(0, runs.Length, new ParallelOptions { CancellationToken = cancel },
                i => runs[i] = RunsIn(trace, policy, pools, (int)start + i, pageSize, cancel) is not null);
            for (int i = 0; i < runs.Length && row < InARow; i++)
            {
                tried++;
                failed += runs[i] ? 0 : 1;
                row = runs[i] ? row + 1 : 0;
                first ??= runs[i] ? start + i : null;
            }
        }
        return new TraceNeed(policy, first, live, row == InARow ? live + tried - InARow : null, tried, failed, most);
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
