using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>What to judge a trace with, where it is not left to the trace.</summary>
/// <param name="ArenaSize">Bytes of memory; null: what the trace says, or a quarter more than is ever live.</param>
/// <param name="PageSize">Bytes of a page; null: what the trace says, or 4096.</param>
/// <param name="PoolFrom">Bytes from which a request is a buffer of a pool.</param>
/// <param name="Movable">Blocks in a hundred that may be moved.</param>
/// <param name="Compact">Pages that one request may have moved.</param>
internal sealed record TraceQuestion(int? ArenaSize, int? PageSize, int PoolFrom, int Movable, int Compact)
{
    /// <summary>What is asked beyond arena and page, as it is typed, with a space before it; empty where nothing is.</summary>
    public string Options =>
        (PoolFrom == ReplayOptions.DefaultPoolFrom ? "" : $" --pool-from {PoolFrom}") + (Movable == 0 ? "" : $" --movable {Movable}")
        + (Compact == MovablePages.NoLimit ? "" : $" --compact {Compact}");
}

/// <summary>The policies side by side on one trace.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="Question">What it is judged with.</param>
/// <param name="Arena">The memory that serves it.</param>
/// <param name="Ledger">What it says by itself.</param>
/// <param name="Findings">What each policy made of it.</param>
internal sealed record TraceInvestigation(TraceFile Trace, TraceQuestion Question, TraceArena Arena, TraceLedger Ledger,
    IReadOnlyList<TraceFinding> Findings)
{
    /// <summary>The finding that is looked at most closely: of the first policy that failed, or of the first one where none did.</summary>
    public TraceFinding Shown => Findings.FirstOrDefault(finding => finding.Failure is not null) ?? Findings[0];

    /// <summary>Runs everything, on all cores.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="question">What to judge it with.</param>
    /// <param name="wantsMaps">Whether memory maps are kept, for a report.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, by one thread at a time.</param>
    /// <param name="cancel">Ends it with an OperationCanceledException.</param>
    /// <exception cref="UsageException">Arena or page are none.</exception>
    public static TraceInvestigation Run(TraceFile trace, TraceQuestion question, bool wantsMaps, Action<double> progress, CancellationToken cancel)
    {
        int page = TraceArena.PageSizeOf(trace, question.PageSize);
        var ledger = new TraceLedger(trace, page);
        TraceArena arena = TraceArena.Of(trace, page, ledger.PeakBytes, question.ArenaSize);
        IReadOnlyList<TraceSetting> settings = TraceSetting.For(trace, arena, question.PoolFrom, question.Movable, question.Compact);
        TraceFinding[] findings = ParallelRuns.Of(settings.Count, (i, report) => RunOne(trace, ledger, settings[i], wantsMaps, report, cancel),
            progress, e => e is UsageException, cancel);
        return new TraceInvestigation(trace, question, arena, ledger, findings);
    }

    private static TraceFinding RunOne(TraceFile trace, TraceLedger ledger, TraceSetting setting, bool wantsMaps, Action<double> progress,
        CancellationToken cancel)
    {
        TraceReplay replay;
        try
        {
            replay = new TraceReplay(trace, setting.Options);
        }
        catch (UsageException e) when (setting.Options.Tail == DmaTail.Pool)
        {
            // An arena that is none the other policies refuse.
            return new TraceFinding(setting, e.Message);
        }
        var recorder = new TraceRecorder(trace, ledger, replay, setting.Options.ArenaSize / setting.Options.PageSize, wantsMaps);
        ReplayResult result = replay.Run(progress, cancel);
        recorder.End();
        return new TraceFinding(setting, ledger, result, recorder);
    }
}
