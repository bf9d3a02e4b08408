namespace Carveout.Emulator.Machine;

/// <summary>The core that the program runs on. Its operations take time, in which devices run, and interrupts come between
/// operations.</summary>
/// <remarks>
/// The program is ordinary code that calls the <see cref="CpuView"/> and waits here; a machine has one program. While it works or waits,
/// the events of devices run. So if the CPU takes time, the machine's queue may hold events of devices only.
/// </remarks>
internal sealed class Cpu
{
    private const long Micro = 1000;

    private readonly EventQueue _events;
    private readonly InterruptController _interrupts;
    private long _nanoseconds;

    /// <summary>Makes a core whose operations take no time yet.</summary>
    public Cpu(EventQueue events, InterruptController interrupts)
    {
        _events = events;
        _interrupts = interrupts;
    }

    /// <summary>The time of an operation without its bytes, in nanoseconds.</summary>
    public long NanosecondsPerOperation { get; set; }

    /// <summary>The time of 1024 bytes, in nanoseconds.</summary>
    public long NanosecondsPerKilobyte { get; set; }

    /// <summary>How many operations there have been.</summary>
    public long Operations { get; private set; }

    /// <summary>Lets the time of one operation on so many bytes pass, and then takes the interrupts that are due.</summary>
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

    /// <summary>Waits until <paramref name="done"/> is true, which is checked after every event, or until the time is over.</summary>
    /// <param name="done">The condition.</param>
    /// <param name="timeout">The longest wait, in microseconds.</param>
    /// <returns>Whether the condition became true.</returns>
    /// <exception cref="InterruptContextException">The caller is an interrupt handler, or has masked interrupts.</exception>
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
    /// <exception cref="InterruptContextException">The caller is an interrupt handler, or has masked interrupts.</exception>
    public void Sleep(long microseconds)
    {
        _interrupts.MustBlock("sleeps");
        _events.AdvanceTo(_events.Now + microseconds);
    }
}
