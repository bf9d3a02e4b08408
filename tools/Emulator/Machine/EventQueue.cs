namespace Carveout.Emulator.Machine;

/// <summary>A virtual clock with a queue of events: it jumps from one event to the next.</summary>
/// <remarks>Events with the same time run in the order in which they were scheduled, so a run depends on nothing but its seed.</remarks>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long Time, long Sequence)> _events = new();
    private static readonly Func<bool> s_never = () => false;
    private long _sequence;

    /// <summary>Virtual microseconds since the start.</summary>
    public long Now { get; private set; }

    /// <summary>Schedules an event <paramref name="delay"/> microseconds from now; with 0, after the events that are due already.</summary>
    public void After(long delay, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delay);
        _events.Enqueue(action, (Now + delay, _sequence++));
    }

    /// <summary>Advances to <paramref name="end"/> and runs the events that are due by then. An event may call it, too: the program on the
    /// CPU takes time, in which devices run.</summary>
    public void AdvanceTo(long end)
    {
        RunUntil(end, s_never);
        Now = Math.Max(Now, end);
    }

    /// <summary>Runs every event up to and including <paramref name="end"/>, or until <paramref name="stop"/> returns true.</summary>
    public void RunUntil(long end, Func<bool> stop)
    {
        while (!stop() && _events.TryPeek(out Action? action, out (long Time, long Sequence) at) && at.Time <= end)
        {
            _events.Dequeue();
            Now = at.Time;
            action();
        }
    }
}
