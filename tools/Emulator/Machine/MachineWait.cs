using Carveout.Video;

namespace Carveout.Emulator.Machine;

/// <summary>A video program on the machine's core waits: the virtual clock goes from event to event until somebody wakes it.</summary>
internal sealed class MachineWait : VideoWait
{
    private readonly EmulatedMachine _machine;
    private readonly Func<bool> _isWoken;
    private bool _woken;

    /// <summary>A wait that nobody has woken.</summary>
    public MachineWait(EmulatedMachine machine)
    {
        _machine = machine;
        _isWoken = () => _woken;
    }

    /// <inheritdoc/>
    public override long Microseconds => _machine.Events.Now;

    /// <inheritdoc/>
    /// <exception cref="InterruptContextException">A handler waits, or a program that has masked interrupts.</exception>
    public override bool WaitUntil(long microseconds)
    {
        bool woken = _machine.Cpu.Wait(_isWoken, Math.Max(0, microseconds - Microseconds));
        _woken = false;
        return woken;
    }

    /// <inheritdoc/>
    public override void Wake() => _woken = true;
}
