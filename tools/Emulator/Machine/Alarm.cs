namespace Carveout.Emulator.Machine;

/// <summary>One event that a device can set, move and call off; setting it allocates nothing.</summary>
internal sealed class Alarm
{
    private const long Off = -1;

    private readonly EventQueue _events;
    private readonly Action _action;
    private readonly Action _fire;
    private long _due = Off;

    /// <summary>An alarm that is not set.</summary>
    public Alarm(EventQueue events, Action action)
    {
        _events = events;
        _action = action;
        _fire = Fire;
    }

    /// <summary>Whether it is set.</summary>
    public bool IsSet => _due != Off;

    /// <summary>Sets it for a time, now or later; where it was set for another, it is so no longer.</summary>
    public void Set(long time)
    {
        _due = time;
        _events.After(time - _events.Now, _fire);
    }

    /// <summary>Calls it off.</summary>
    public void Cancel() => _due = Off;

    /// <summary>Events cannot be taken out of the queue: one that is no longer wanted comes at a time that is no longer set.</summary>
    private void Fire()
    {
        if (_due == _events.Now)
        {
            _due = Off;
            _action();
        }
    }
}
