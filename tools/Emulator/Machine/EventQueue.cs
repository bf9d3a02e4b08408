namespace Carveout.Emulator.Machine;

/// <summary>A virtual clock with a queue of events: it jumps from one event to the next.</summary>
/// <remarks>Events with the same time run in the order in which they were scheduled, so a run depends on nothing but its seed.</remarks>
internal sealed class EventQueue
{
    /// <summary>By time and, below its 64 bits, by the order in which they were scheduled: one number is compared faster than a pair.</summary>
    private readonly PriorityQueue<Action, UInt128> _events = new();
    private static readonly Func<bool> s_never = () => false;
    private ulong _sequence;

    /// <summary>Virtual microseconds since the start.</summary>
    public long Now { get; private set; }

    /// <summary>Schedules an event <paramref name="delay"/> microseconds from now; with 0, after the events that are due already.</summary>
    public void After(long delay, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delay);
        _events.Enqueue(action, new UInt128((ulong)(Now + delay), _sequence++));
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
        while (!stop() && _events.TryPeek(out Action? action, out UInt128 at) && (long)(at >> 64) <= end)
        {
            _events.Dequeue();
            Now = (long)(at >> 64);
            action();
        }
    }
}
