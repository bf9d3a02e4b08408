namespace Carveout.Emulator.Machine;

/// <summary>The core that the program runs on: its operations take time, in which devices go on, and interrupts come between them.</summary>
/// <remarks>
/// The program is ordinary code that calls the <see cref="CpuView"/> and waits here; there is one such program. While it works or waits the
/// events of devices run, so the queue of a machine whose CPU takes time must hold nothing but devices.
/// </remarks>
internal sealed class Cpu
{
    private const long Micro = 1000;

    private readonly EventQueue _events;
    private readonly InterruptController _interrupts;
    private long _nanoseconds;

    /// <summary>A core that takes no time until told otherwise.</summary>
    public Cpu(EventQueue events, InterruptController interrupts)
    {
        _events = events;
        _interrupts = interrupts;
    }

    /// <summary>What an operation costs beside its bytes, in nanoseconds.</summary>
    public long NanosecondsPerOperation { get; set; }

    /// <summary>What 1024 bytes cost, in nanoseconds.</summary>
    public long NanosecondsPerKilobyte { get; set; }

    /// <summary>Operations so far.</summary>
    public long Operations { get; private set; }

    /// <summary>One operation, on so many bytes: its time passes, then the interrupts that are due are taken.</summary>
    public void Step(int bytes = 0)
    {
        Operations++;
        _nanoseconds += NanosecondsPerOperation + (Math.Max(bytes, 0) * NanosecondsPerKilobyte / 1024);
        if (_nanoseconds >= Micro)
        {
            long passed = _nanoseconds / Micro;
            _nanoseconds -= passed * Micro;
            _events.AdvanceTo(_events.Now + passed);
        }
        _interrupts.Deliver();
    }

    /// <summary>Waits until <paramref name="done"/>, which is asked after every event, or until the time is over.</summary>
    /// <param name="done">What is waited for.</param>
    /// <param name="timeout">Microseconds.</param>
    /// <returns>Whether it came about.</returns>
    /// <exception cref="InterruptContextException">A handler waits, or a program that has masked interrupts.</exception>
    public bool Wait(Func<bool> done, long timeout)
    {
        _interrupts.MustBlock("waits");
        long end = _events.Now + timeout;
        _events.RunUntil(end, done);
        if (done())
        {
            return true;
        }
        _events.AdvanceTo(end);
        return done();
    }

    /// <summary>Sleeps for some microseconds.</summary>
    /// <exception cref="InterruptContextException">A handler sleeps, or a program that has masked interrupts.</exception>
    public void Sleep(long microseconds)
    {
        _interrupts.MustBlock("sleeps");
        _events.AdvanceTo(_events.Now + microseconds);
    }
}
