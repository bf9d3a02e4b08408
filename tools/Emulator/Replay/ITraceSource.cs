namespace Carveout.Emulator.Replay;

/// <summary>The source of a replay's operations: a trace in memory, or a file that is read meanwhile.</summary>
internal interface ITraceSource
{
    /// <summary>The trace's name.</summary>
    string Name { get; }

    /// <summary>The operations in order; every enumeration begins with the first.</summary>
    IEnumerable<TraceOperation> Operations { get; }

    /// <summary>The number of the marked loop that an operation lies in; null before the first mark.</summary>
    /// <param name="operation">Its index. For a file that is being read, only the latest index is allowed.</param>
    int? LoopOf(int operation);

    /// <summary>The share of the trace before an operation, 0 to 1.</summary>
    /// <param name="operation">Its index. For a file that is being read, only the latest index is allowed.</param>
    double ShareAt(int operation);
}
