namespace Carveout.Emulator.Machine;

/// <summary>An event that a device can set, move and cancel. Setting it allocates nothing.</summary>
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

    /// <summary>Sets it to a time, now or later, instead of the time that it was set to before.</summary>
    public void Set(long time)
    {
        _due = time;
        _events.After(time - _events.Now, _fire);
    }

    /// <summary>Cancels it.</summary>
    public void Cancel() => _due = Off;

    /// <summary>Events cannot be taken out of the queue. So an event that is not wanted any more comes, but not at the time that is set
    /// now.</summary>
    private void Fire()
    {
        if (_due == _events.Now)
        {
            _due = Off;
            _action();
        }
    }
}
