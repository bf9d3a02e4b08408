using Carveout.Emulator.Machine;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>The axis of a trace: its time if it has times, otherwise its operations.</summary>
internal sealed class TraceAxis
{
    /// <summary>A device's clock counts milliseconds, so the time of a trace that is shorter than a second is no useful axis.</summary>
    private const long LeastMilliseconds = 1000;

    private readonly IReadOnlyList<TraceOperation> _operations;

    /// <summary>Finds the axis of a trace.</summary>
    public TraceAxis(TraceFile trace)
    {
        _operations = trace.Operations;
        Milliseconds = TimeOf(_operations);
        IsTime = Milliseconds >= LeastMilliseconds;
        Start = IsTime ? At(0) : 0;
        End = IsTime ? At(_operations.Count - 1) : _operations.Count;
    }

    /// <summary>Milliseconds from the first operation to the last; null if an operation has no time, or times go back.</summary>
    public long? Milliseconds { get; }

    /// <summary>Whether places are seconds; otherwise they are operations.</summary>
    public bool IsTime { get; }

    /// <summary>The first place.</summary>
    public double Start { get; }

    /// <summary>The last place, which is greater than the first.</summary>
    public double End { get; }

    /// <summary>The place of an operation with this index.</summary>
    public double At(int operation) => IsTime ? _operations[operation].Time!.Value / 1000.0 : operation;

    /// <summary>Seconds as a clock shows them; less than a minute as a number.</summary>
    public static string Seconds(double seconds) => seconds >= 60
        ? ClockText.Of(seconds)
        : string.Create(CultureInfo.InvariantCulture, $"{(seconds < 1 ? 1000 * seconds : seconds):0.#} {(seconds < 1 ? "ms" : "s")}");

    private static long? TimeOf(IReadOnlyList<TraceOperation> operations)
    {
        long? last = operations[0].Time;
        foreach (TraceOperation operation in operations)
        {
            if (last is null || operation.Time is null || operation.Time < last)
            {
                return null;
            }
            last = operation.Time;
        }
        return last - operations[0].Time;
    }
}
