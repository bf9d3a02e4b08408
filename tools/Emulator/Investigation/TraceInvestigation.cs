using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>The options of an investigation of a trace.</summary>
/// <param name="ArenaSize">Bytes of memory; null for the trace's own, or a quarter more than its peak.</param>
/// <param name="PageSize">Bytes of a page; null for the trace's own, or 4096.</param>
/// <param name="PoolFrom">A request of at least so many bytes is a buffer of a pool.</param>
/// <param name="Movable">How many blocks in a hundred may be moved.</param>
/// <param name="Compact">How many pages may be moved for one request.</param>
internal sealed record TraceQuestion(int? ArenaSize, int? PageSize, int PoolFrom, int Movable, int Compact)
{
    /// <summary>The options besides arena and page as they are typed, each with a space before it; empty if there are none.</summary>
    public string Options =>
        (PoolFrom == ReplayOptions.DefaultPoolFrom ? "" : $" --pool-from {PoolFrom}") + (Movable == 0 ? "" : $" --movable {Movable}")
        + (Compact == MovablePages.NoLimit ? "" : $" --compact {Compact}");
}

/// <summary>All policies side by side on one trace.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="Question">The options.</param>
/// <param name="Arena">The memory that serves it.</param>
/// <param name="Ledger">Its ledger.</param>
/// <param name="Findings">The finding of each policy.</param>
internal sealed record TraceInvestigation(TraceFile Trace, TraceQuestion Question, TraceArena Arena, TraceLedger Ledger,
    IReadOnlyList<TraceFinding> Findings)
{
    /// <summary>The finding that is shown in detail: of the first policy that failed, or of the first policy if none failed.</summary>
    public TraceFinding Shown => Findings.FirstOrDefault(finding => finding.Failure is not null) ?? Findings[0];

    /// <summary>Runs every policy, on all cores.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="question">The options.</param>
    /// <param name="wantsMaps">Whether to record memory maps, for a report.</param>
    /// <param name="progress">Receives the share that is done, 0 to 1, from one thread at a time.</param>
    /// <param name="cancel">Ends the runs with an OperationCanceledException.</param>
    /// <exception cref="UsageException">The arena or the page size is not possible.</exception>
    public static TraceInvestigation Run(TraceFile trace, TraceQuestion question, bool wantsMaps, Action<double> progress, CancellationToken cancel)
    {
        int page = TraceArena.PageSizeOf(trace.Name, trace.Header, question.PageSize);
        var ledger = new TraceLedger(trace, page);
        TraceArena arena = TraceArena.Of(trace.Name, trace.Header, page, ledger.PeakBytes, question.ArenaSize);
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
            // The other policies report an arena that is not possible at all.
            return new TraceFinding(setting, e.Message);
        }
        var recorder = new TraceRecorder(trace, ledger, replay, setting.Options.ArenaSize / setting.Options.PageSize, wantsMaps);
        ReplayResult result = replay.Run(progress, cancel);
        recorder.End();
        return new TraceFinding(setting, ledger, result, recorder);
    }
}
