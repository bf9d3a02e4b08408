using Carveout.Video;

namespace Carveout.Emulator.Machine;

/// <summary>Lets a video program on the machine's core wait: the virtual clock runs from event to event until somebody wakes it.</summary>
internal sealed class MachineWait : VideoWait
{
    private readonly EmulatedMachine _machine;
    private readonly Func<bool> _isWoken;
    private bool _woken;

    /// <summary>Makes a wait that nobody has woken yet.</summary>
    public MachineWait(EmulatedMachine machine)
    {
        _machine = machine;
        _isWoken = () => _woken;
    }

    /// <inheritdoc/>
    public override long Microseconds => _machine.Events.Now;

    /// <inheritdoc/>
    /// <exception cref="InterruptContextException">The caller is an interrupt handler, or has masked interrupts.</exception>
    public override bool WaitUntil(long microseconds)
    {
        bool woken = _machine.Cpu.Wait(_isWoken, Math.Max(0, microseconds - Microseconds));
        _woken = false;
        return woken;
    }

    /// <inheritdoc/>
    public override void Wake() => _woken = true;
}
