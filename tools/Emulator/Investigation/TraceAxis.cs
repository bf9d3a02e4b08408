using Carveout.Emulator.Machine;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>Along what a trace is looked at: its time where it tells one, or else its operations.</summary>
internal sealed class TraceAxis
{
    /// <summary>A device's clock counts milliseconds: what is over in less than a second has no time worth an axis.</summary>
    private const long LeastMilliseconds = 1000;

    private readonly IReadOnlyList<TraceOperation> _operations;

    /// <summary>The axis of a trace.</summary>
    public TraceAxis(TraceFile trace)
    {
        _operations = trace.Operations;
        Milliseconds = TimeOf(_operations);
        IsTime = Milliseconds >= LeastMilliseconds;
        Start = IsTime ? At(0) : 0;
        End = IsTime ? At(_operations.Count - 1) : _operations.Count;
    }

    /// <summary>Milliseconds from the first operation to the last; null where not every operation tells its time, or one goes back.</summary>
    public long? Milliseconds { get; }

    /// <summary>Whether places are seconds; if not, they are operations.</summary>
    public bool IsTime { get; }

    /// <summary>The first place.</summary>
    public double Start { get; }

    /// <summary>The last place, which lies behind the first one.</summary>
    public double End { get; }

    /// <summary>The place of an operation, by its index.</summary>
    public double At(int operation) => IsTime ? _operations[operation].Time!.Value / 1000.0 : operation;

    /// <summary>Seconds as a clock shows them, or where there are few as a number.</summary>
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
