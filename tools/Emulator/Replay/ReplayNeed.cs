namespace Carveout.Emulator.Replay;

/// <summary>How much memory a trace needs when it is replayed in one way: the smallest arena without a refusal, over the most bytes that ever live at
/// once.</summary>
/// <param name="PeakLive">The most bytes that requests asked for and had at one time.</param>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Arenas">The arenas that were tried.</param>
internal sealed record ReplayNeed(long PeakLive, int PageSize, ArenaSearch Arenas)
{
    /// <summary>Arenas in a row that must serve the trace: around the threshold those that do and those that do not alternate over some 100 pages.</summary>
    public const int InARow = 48;

    /// <summary>No policy needs as many times what lives.</summary>
    private const int MostTimes = 8;

    /// <summary>The smallest arena, the threshold in the mean, and the arena from which on nothing fails, in times of what lives.</summary>
    public (double Least, double Mean, double Sure) Times => (Of(Arenas.Least), Of(Arenas.Mean), Of(Arenas.Safe));

    /// <summary>Searches it.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="options">How it is replayed; the arena's size is not looked at.</param>
    /// <param name="createMap">The page map; null for that which the options choose.</param>
    /// <param name="progress">Told the pages of arenas before they are tried.</param>
    /// <param name="cancel">Ends the search with an OperationCanceledException.</param>
    /// <exception cref="UsageException">There is no arena in which no request fails.</exception>
    public static ReplayNeed Of(TraceFile trace, ReplayOptions options, Func<int, PageMap>? createMap, Action<long> progress, CancellationToken cancel)
    {
        long peak = PeakOf(trace), page = options.PageSize;
        PoolSizing? pools = options.Tail == DmaTail.Pool ? PoolSizing.Of(trace, options.PoolFrom, options.PageSize) : null;
        long start = Math.Max(Math.Max(1, (peak + page - 1) / page), pools is null ? 1 : (pools.Bytes / page) + 1);
        long most = Math.Min(MostTimes * start, Math.Min(int.MaxValue / page, TraceReplay.MostPages(options)));
        ArenaSearch arenas = ArenaSearch.Of(start, most, InARow, Serves, progress, cancel);
        return arenas.Safe is null || peak == 0
            ? throw new UsageException($"{trace.Name}: of the {arenas.Tried} arenas from {start} to {most} pages no {InARow} in a row serve it, and "
                + $"{arenas.Tried - arenas.Failed} at all")
            : new ReplayNeed(peak, options.PageSize, arenas);

        bool Serves(int pages)
        {
            ReplayOptions sized = options with { ArenaSize = pages * options.PageSize, Pools = pools };
            TraceReplay replay = createMap is null ? new TraceReplay(trace, sized) : new TraceReplay(trace, sized, createMap);
            return replay.RunWithoutFailure(cancel) is not null;
        }
    }

    private double Of(long? pages) => (double)pages.GetValueOrDefault() * PageSize / PeakLive;

    /// <summary>The most bytes that requests asked for and had at one time.</summary>
    internal static long PeakOf(TraceFile trace)
    {
        long live = 0, peak = 0;
        int[] sizes = new int[trace.SlotCount];
        foreach (TraceOperation operation in trace.Operations)
        {
            live += operation.Size - sizes[operation.Slot];
            sizes[operation.Slot] = operation.Size;
            peak = Math.Max(peak, live);
        }
        return peak;
    }
}
