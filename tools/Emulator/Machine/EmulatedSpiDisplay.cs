using Carveout.Video.Devices;

namespace Carveout.Emulator.Machine;

/// <summary>A display with its own memory on an SPI bus. It reads a frame piece by piece while the bytes are on the wire.</summary>
/// <remarks>It reads a piece when the wire has finished the previous one. If the bus to memory is slower than the wire, the wire waits. If
/// the buffer is written while it is sent, the frame counts as torn.</remarks>
internal sealed class EmulatedSpiDisplay : CommandDisplay
{
    private const long Micro = 1000, BitNanoseconds = 8_000_000_000;

    private readonly EmulatedMachine _machine;
    private readonly SpiDisplaySpec _spec;
    private readonly Alarm _step;
    private readonly MemoryWatch _watch = new();
    private readonly FaultCounter _busFault = new();
    private readonly byte[] _memory;

    private CommandDisplayListener? _listener;
    private uint _buffer;
    private DmaResult _result;
    private long _time, _endTime;
    private int _number, _sent, _size, _transferLeft;
    private bool _present = true, _ended, _fails;

    /// <summary>A display of a machine.</summary>
    public EmulatedSpiDisplay(EmulatedMachine machine, SpiDisplaySpec spec)
        : base(spec.Name, spec.Width, spec.Height, spec.LineSize, spec.Alignment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.ClockHz, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.PieceSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(spec.TransferOverhead);
        _machine = machine;
        _spec = spec;
        _memory = new byte[FrameSize];
        Port = machine.Port(spec.Name, spec.Engine);
        Interrupt = machine.Interrupts.Line(spec.Name, Poll);
        _step = new Alarm(machine.Events, OnPieceSent);
        machine.Memory.Add(_watch);
    }

    /// <summary>Its access to memory.</summary>
    public DmaPort Port { get; }

    /// <summary>Its interrupt.</summary>
    public InterruptLine Interrupt { get; }

    /// <summary>Called when the last byte of a frame has arrived.</summary>
    public Action<EmulatedSpiDisplay>? FrameShown { get; set; }

    /// <summary>The display's memory, which is what the screen shows.</summary>
    public ReadOnlySpan<byte> LastFrame => _memory;

    /// <summary>How many frames arrived whole.</summary>
    public long Frames { get; private set; }

    /// <summary>How many of these were torn.</summary>
    public long TornFrames { get; private set; }

    /// <summary>How many transfers have begun.</summary>
    public long Transfers { get; private set; }

    /// <summary>The most bytes of a transfer so far.</summary>
    public int LargestTransfer { get; private set; }

    /// <inheritdoc/>
    public override bool IsPresent => _present;

    /// <inheritdoc/>
    public override bool IsBusy => _listener is not null;

    /// <summary>Makes the <paramref name="number"/>-th frame from now on end with a bus error in its second piece; 1 is the next
    /// one.</summary>
    public void FailFrame(long number) => _busFault.Arm(number);

    /// <summary>Unplugs the display; a frame on the wire is aborted.</summary>
    public void Unplug()
    {
        _present = false;
        Abort();
    }

    /// <summary>Plugs the display in again; its memory is black.</summary>
    public void Plug()
    {
        _present = true;
        Array.Clear(_memory);
    }

    /// <inheritdoc/>
    public override void Abort()
    {
        if (IsBusy && !_ended)
        {
            End(DmaResult.Aborted);
        }
    }

    /// <inheritdoc/>
    public override void Poll()
    {
        if (_ended)
        {
            CommandDisplayListener listener = _listener!;
            _listener = null;
            _ended = false;
            listener.OnFrameSent(this, _number, _endTime, _result, _sent);
        }
    }

    /// <inheritdoc/>
    protected override bool Begin(uint address, int number, CommandDisplayListener listener)
    {
        _listener = listener;
        _buffer = address;
        _number = number;
        _sent = _transferLeft = 0;
        _time = _machine.Events.Now * Micro;
        _fails = _busFault.Strikes();
        _watch.Arm(address, FrameSize);
        SendPiece();
        return true;
    }

    private void SendPiece()
    {
        if (_transferLeft == 0)
        {
            _transferLeft = Math.Min(MaxTransfer, FrameSize - _sent);
            _time += _spec.TransferOverhead * Micro;
            Transfers++;
            LargestTransfer = Math.Max(LargestTransfer, _transferLeft);
        }
        _size = Math.Min(_transferLeft, _spec.PieceSize);
        if ((_fails && _sent > 0) || !Port.TryRead(_buffer + (uint)_sent, _memory.AsSpan(_sent, _size)))
        {
            End(DmaResult.BusError);
            return;
        }
        _time = Math.Max(_time + (_size * BitNanoseconds / _spec.ClockHz), _machine.Bus.Take(_size) * Micro);
        _step.Set((_time + Micro - 1) / Micro);
    }

    private void OnPieceSent()
    {
        _sent += _size;
        _transferLeft -= _size;
        if (_sent < FrameSize)
        {
            SendPiece();
            return;
        }
        Frames++;
        TornFrames += _watch.Written ? 1 : 0;
        FrameShown?.Invoke(this);
        End(DmaResult.Done);
    }

    private void End(DmaResult result)
    {
        _step.Cancel();
        _watch.Disarm();
        _result = result;
        _endTime = _machine.Events.Now;
        _ended = true;
        Interrupt.Raise();
    }
}
