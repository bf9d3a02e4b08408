using Carveout.Board.Devices;

namespace Carveout.Emulator.Machine;

/// <summary>A DMA controller: channels take turns on the bus, a grant each; bytes move when their grant ends.</summary>
internal sealed class EmulatedDmaController : DmaController
{
    private readonly EmulatedMachine _machine;
    private readonly DmaChannel[] _channels;
    private readonly Dictionary<int, DmaPeripheral> _peripherals = [];
    private readonly InterruptLine _interrupt;

    /// <summary>An idle controller of a machine.</summary>
    public EmulatedDmaController(EmulatedMachine machine, DmaControllerSpec spec)
        : base(spec.Name, spec.Engine, spec.Channels, spec.MaxDescriptorLength, spec.Alignment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.GrantSize, 1);
        _machine = machine;
        Port = machine.Port(spec.Name, spec.Engine);
        _interrupt = machine.Interrupts.Line(spec.Name, Poll);
        _channels = new DmaChannel[spec.Channels];
        for (int i = 0; i < _channels.Length; i++)
        {
            _channels[i] = new DmaChannel(this, i, spec.GrantSize);
        }
    }

    /// <summary>Its way to memory.</summary>
    public DmaPort Port { get; }

    /// <summary>Its interrupt.</summary>
    public InterruptLine Interrupt => _interrupt;

    /// <summary>Transfers that were started.</summary>
    public long Transfers { get; private set; }

    /// <summary>Puts a peripheral on a request line.</summary>
    public void Connect(int request, DmaPeripheral peripheral) => _peripherals.Add(request, peripheral);

    /// <summary>Ends the <paramref name="number"/>-th transfer from now on with a bus error, after its first grant; 1 is the next.</summary>
    public void FailTransfer(long number) => Faults.Arm(number);

    /// <inheritdoc/>
    public override void Poll()
    {
        foreach (DmaChannel channel in _channels)
        {
            channel.Report();
        }
    }

    internal FaultCounter Faults { get; } = new();

    internal EventQueue Events => _machine.Events;

    internal Bus Bus => _machine.Bus;

    /// <inheritdoc/>
    protected override void BeginCopy(int channel, uint[] sources, int[] sourceLengths, int sourceCount, uint[] destinations,
        int[] destinationLengths, int destinationCount, int total, DmaCompletion completion)
    {
        Transfers++;
        _channels[channel].Copy(sources, sourceLengths, destinations, destinationLengths, total, completion);
    }

    /// <inheritdoc/>
    protected override void BeginDevice(int channel, int request, bool toDevice, uint[] addresses, int[] lengths, int count, int total,
        DmaCompletion completion)
    {
        Transfers++;
        _channels[channel].Serve(_peripherals[request], toDevice, addresses, lengths, total, completion);
    }

    /// <inheritdoc/>
    protected override bool HasRequest(int request) => _peripherals.ContainsKey(request);

    /// <inheritdoc/>
    protected override void End(int channel) => _channels[channel].Abort();

    /// <inheritdoc/>
    protected override bool Busy(int channel) => _channels[channel].IsBusy;
}
