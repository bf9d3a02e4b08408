namespace Carveout.Emulator.Replay;

/// <summary>Where a replay gets its operations from: a trace in memory, or a file as it is read.</summary>
internal interface ITraceSource
{
    /// <summary>The trace's name.</summary>
    string Name { get; }

    /// <summary>The operations in order; each time from the first one on.</summary>
    IEnumerable<TraceOperation> Operations { get; }

    /// <summary>The number of the marked loop in which an operation falls; null before the first mark.</summary>
    /// <param name="operation">Its index; of a file that is being read, only that of the latest.</param>
    int? LoopOf(int operation);

    /// <summary>The share of the trace that is behind an operation, 0 to 1.</summary>
    /// <param name="operation">Its index; of a file that is being read, only that of the latest.</param>
    double ShareAt(int operation);
}
