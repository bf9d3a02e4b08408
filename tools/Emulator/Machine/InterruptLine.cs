namespace Carveout.Emulator.Machine;

/// <summary>What a device pulls to get the CPU's attention. It is latched: pulled twice before the handler ran, it runs once.</summary>
internal sealed class InterruptLine
{
    private readonly InterruptController _controller;
    private readonly FaultCounter _lost = new();

    internal InterruptLine(InterruptController controller, string name, Action handler)
    {
        _controller = controller;
        Name = name;
        Handler = handler;
    }

    /// <summary>The name in reports.</summary>
    public string Name { get; }

    /// <summary>Times that the line was pulled.</summary>
    public long Raised { get; private set; }

    /// <summary>Times that the handler ran.</summary>
    public long Taken { get; internal set; }

    /// <summary>Times that it was pulled and nothing came of it, as ordered by <see cref="Lose"/>.</summary>
    public long Lost { get; private set; }

    internal Action Handler { get; }

    internal bool IsPending { get; set; }

    /// <summary>Loses the <paramref name="number"/>-th interrupt from now on; 1 is the next.</summary>
    public void Lose(long number) => _lost.Arm(number);

    /// <summary>Asks for the handler: between two operations of the CPU, not from within the device's own doing.</summary>
    public void Raise()
    {
        Raised++;
        if (_lost.Strikes())
        {
            Lost++;
            return;
        }
        IsPending = true;
        _controller.Request();
    }
}
