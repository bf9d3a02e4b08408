namespace Carveout.Emulator.Machine;

/// <summary>The bus to memory that all devices share: one burst at a time, first come, first served.</summary>
/// <remarks>A device asks for one piece at a time, and for the next one when that has been moved, so devices take turns. It counts
/// nanoseconds. An event is due at the microsecond in which the last burst ends, rounded up.</remarks>
internal sealed class Bus
{
    private const long Micro = 1000;

    private readonly EventQueue _events;
    private readonly int _burstSize, _nanosecondsPerBurst;
    private long _free;

    /// <summary>An idle bus.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="burstSize">Bytes of a burst, above 0. A partial burst takes as long as a whole one.</param>
    /// <param name="nanosecondsPerBurst">Nanoseconds of a burst, above 0.</param>
    public Bus(EventQueue events, int burstSize, int nanosecondsPerBurst)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(burstSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(nanosecondsPerBurst, 1);
        _events = events;
        _burstSize = burstSize;
        _nanosecondsPerBurst = nanosecondsPerBurst;
    }

    /// <summary>How many nanoseconds the bus has been busy, including transfers under way.</summary>
    public long BusyNanoseconds { get; private set; }

    /// <summary>Uses the bus for some bytes, after all earlier requests.</summary>
    /// <returns>The microsecond at which the bytes have been moved.</returns>
    public long Take(int bytes) => Take(bytes, _events.Now * Micro);

    /// <summary>Uses the bus for a device whose last piece ended in this microsecond, without losing the rest of the microsecond.</summary>
    /// <returns>The microsecond at which the bytes have been moved.</returns>
    public long Continue(int bytes) => Take(bytes, _free);

    private long Take(int bytes, long from)
    {
        long took = (long)((bytes + _burstSize - 1) / _burstSize) * _nanosecondsPerBurst;
        BusyNanoseconds += took;
        _free = Math.Max(_free, from) + took;
        return (_free + Micro - 1) / Micro;
    }
}
