namespace Carveout.Emulator.Machine;

/// <summary>A device's interrupt. It is latched: if it is raised twice before the handler runs, the handler runs once.</summary>
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

    /// <summary>How often the line was raised.</summary>
    public long Raised { get; private set; }

    /// <summary>How often the handler ran.</summary>
    public long Taken { get; internal set; }

    /// <summary>How often the line was raised and lost, as <see cref="Lose"/> ordered.</summary>
    public long Lost { get; private set; }

    internal Action Handler { get; }

    internal bool IsPending { get; set; }

    /// <summary>Loses the <paramref name="number"/>-th interrupt from now on; 1 is the next one.</summary>
    public void Lose(long number) => _lost.Arm(number);

    /// <summary>Asks for the handler, which runs between two operations of the CPU and not inside this call.</summary>
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
