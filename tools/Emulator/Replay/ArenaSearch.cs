namespace Carveout.Emulator.Replay;

/// <summary>The smallest memory in which a trace runs, found by trying every size.</summary>
/// <remarks>Need is not monotonic: every placement changes with the arena, so a trace may fail in a larger one, and around the threshold arenas that
/// serve it and arenas that do not alternate. Halving would find some arena that suffices next to one that does not. Here each number of pages is
/// tried from the fewest that could do on: the first that serves the trace is the smallest, because all smaller ones were seen to fail. A failed
/// replay ends at its first refusal.</remarks>
/// <param name="Least">The fewest pages that serve it; null where none that was tried does.</param>
/// <param name="Safe">The fewest pages from which on as many arenas in a row serve it as were asked for; null where there were not as many.</param>
/// <param name="Tried">Arenas that were tried.</param>
/// <param name="Failed">Of them, those in which a request failed.</param>
/// <param name="FailedBeyond">Of these, those larger than the smallest that serves it.</param>
internal sealed record ArenaSearch(long? Least, long? Safe, int Tried, int Failed, int FailedBeyond)
{
    /// <summary>Arenas that are tried at once.</summary>
    private const int Batch = 16;

    /// <summary>Where the threshold lies in the mean: as many arenas above it fail as below it serve.</summary>
    public long? Mean => Least + FailedBeyond;

    /// <summary>Tries arenas, each a page larger, until so many in a row serve.</summary>
    /// <param name="start">Pages of the first.</param>
    /// <param name="most">Pages of the largest that is tried; below the first where none is.</param>
    /// <param name="inARow">Arenas in a row that count as a sign that more memory does no harm any more.</param>
    /// <param name="serves">Whether no request fails in so many pages; called from several threads.</param>
    /// <param name="progress">Told the pages of arenas before they are tried.</param>
    /// <param name="cancel">Ends the search with an OperationCanceledException.</param>
    public static ArenaSearch Of(long start, long most, int inARow, Func<int, bool> serves, Action<long> progress, CancellationToken cancel)
    {
        long? least = null;
        int tried = 0, failed = 0, beyond = 0, row = 0;
        for (long first = start; first <= most && row < inARow; first += Batch)
        {
            progress(first);
            bool[] runs = new bool[(int)Math.Min(Batch, most - first + 1)];
            Parallel.For(0, runs.Length, new ParallelOptions { CancellationToken = cancel }, i => runs[i] = serves((int)first + i));
            for (int i = 0; i < runs.Length && row < inARow; i++)
            {
                tried++;
                failed += runs[i] ? 0 : 1;
                beyond += runs[i] || least is null ? 0 : 1;
                row = runs[i] ? row + 1 : 0;
                least ??= runs[i] ? first + i : null;
            }
        }
        return new ArenaSearch(least, row == inARow ? start + tried - inARow : null, tried, failed, beyond);
    }
}
