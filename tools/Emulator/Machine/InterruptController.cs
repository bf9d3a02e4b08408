namespace Carveout.Emulator.Machine;

/// <summary>Runs interrupt handlers between operations of the CPU, one at a time. Of several, the line that was made first comes
/// first.</summary>
/// <remarks>A handler runs in Atomic context: calls that may wait use <see cref="MustBlock"/> to refuse. Handlers do not interrupt each
/// other, and none runs while interrupts are masked.</remarks>
internal sealed class InterruptController
{
    private readonly EventQueue _events;
    private readonly List<InterruptLine> _lines = [];
    private readonly Action _deliver;
    private bool _requested;

    /// <summary>A controller without lines.</summary>
    public InterruptController(EventQueue events)
    {
        _events = events;
        _deliver = () =>
        {
            _requested = false;
            Deliver();
        };
    }

    /// <summary>The line whose handler runs now, or null.</summary>
    public InterruptLine? Current { get; private set; }

    /// <summary>Whether interrupts are masked.</summary>
    public bool IsMasked { get; private set; }

    /// <summary>Makes a line.</summary>
    public InterruptLine Line(string name, Action handler)
    {
        var line = new InterruptLine(this, name, handler);
        _lines.Add(line);
        return line;
    }

    /// <summary>Masks interrupts until <see cref="Unmask"/>. Calls do not nest.</summary>
    /// <exception cref="InterruptContextException">Interrupts are masked already.</exception>
    public void Mask()
    {
        if (IsMasked)
        {
            throw new InterruptContextException($"interrupts are masked twice{Place}: on one core the second would wait for ever");
        }
        IsMasked = true;
    }

    /// <summary>Unmasks interrupts, and runs the handlers that are due.</summary>
    public void Unmask()
    {
        if (!IsMasked)
        {
            throw new InterruptContextException($"interrupts are unmasked and were not masked{Place}");
        }
        IsMasked = false;
        Deliver();
    }

    /// <summary>Throws if the caller must not wait.</summary>
    /// <param name="what">The attempt, for the message: "waits for a frame".</param>
    /// <exception cref="InterruptContextException">A handler runs, or interrupts are masked.</exception>
    public void MustBlock(string what)
    {
        if (Current is not null || IsMasked)
        {
            throw new InterruptContextException(Current is null
                ? $"a program that has masked interrupts {what}"
                : $"the handler of interrupt '{Current.Name}' {what}; in interrupt context nothing may block");
        }
    }

    /// <summary>Runs the handlers that are due, unless they are held off.</summary>
    public void Deliver()
    {
        while (Current is null && !IsMasked && _lines.Find(s_pending) is { } line)
        {
            line.IsPending = false;
            line.Taken++;
            Current = line;
            try
            {
                line.Handler();
            }
            finally
            {
                Current = null;
            }
        }
    }

    private static readonly Predicate<InterruptLine> s_pending = line => line.IsPending;

    private string Place => Current is null ? "" : $" in the handler of '{Current.Name}'";

    /// <summary>Called when a line becomes pending. Handlers run after the events that are due already, never inside the device that raised
    /// the line.</summary>
    internal void Request()
    {
        if (!_requested)
        {
            _requested = true;
            _events.After(0, _deliver);
        }
    }
}
