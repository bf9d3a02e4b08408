using Carveout.Board.Devices;

namespace Carveout.Emulator.Machine;

/// <summary>One channel: asks for the bus, moves what was granted, waits for its peripheral, asks again.</summary>
internal sealed class DmaChannel
{
    private readonly EmulatedDmaController _controller;
    private readonly int _number;
    private readonly Alarm _granted, _paced;
    private readonly byte[] _piece;
    private ChainCursor _source, _destination;
    private DmaPeripheral? _peripheral;
    private DmaCompletion? _completion;
    private bool _readsMemory, _writesMemory, _fails, _ended;
    private DmaResult _result;
    private int _total, _moved, _size;

    /// <summary>An idle channel.</summary>
    public DmaChannel(EmulatedDmaController controller, int number, int grantSize)
    {
        _controller = controller;
        _number = number;
        _piece = new byte[grantSize];
        _granted = new Alarm(controller.Events, Move);
        _paced = new Alarm(controller.Events, Next);
    }

    /// <summary>Whether a transfer was started and not reported yet.</summary>
    public bool IsBusy => _completion is not null;

    /// <summary>Starts memory to memory.</summary>
    public void Copy(uint[] sources, int[] sourceLengths, uint[] destinations, int[] destinationLengths, int total, DmaCompletion completion)
    {
        _source.Start(sources, sourceLengths);
        _destination.Start(destinations, destinationLengths);
        _readsMemory = _writesMemory = true;
        _peripheral = null;
        Start(total, completion);
    }

    /// <summary>Starts between memory and a peripheral.</summary>
    public void Serve(DmaPeripheral peripheral, bool toDevice, uint[] addresses, int[] lengths, int total, DmaCompletion completion)
    {
        if (toDevice)
        {
            _source.Start(addresses, lengths);
        }
        else
        {
            _destination.Start(addresses, lengths);
        }
        _readsMemory = toDevice;
        _writesMemory = !toDevice;
        _peripheral = peripheral;
        Start(total, completion);
    }

    /// <summary>Ends what runs.</summary>
    public void Abort()
    {
        if (IsBusy && !_ended)
        {
            End(DmaResult.Aborted);
        }
    }

    /// <summary>Tells of a transfer that is over.</summary>
    public void Report()
    {
        if (_ended)
        {
            DmaCompletion completion = _completion!;
            _completion = null;
            _ended = false;
            completion.OnTransferEnd(_controller, _number, _result, _moved);
        }
    }

    private void Start(int total, DmaCompletion completion)
    {
        _total = total;
        _moved = 0;
        _completion = completion;
        _fails = _controller.Faults.Strikes();
        Next();
    }

    private void Next()
    {
        if (_moved == _total)
        {
            End(DmaResult.Done);
            return;
        }
        _size = Math.Min(_piece.Length, _total - _moved);
        _size = _readsMemory ? Math.Min(_size, _source.Left) : _size;
        _size = _writesMemory ? Math.Min(_size, _destination.Left) : _size;
        bool copies = _readsMemory && _writesMemory;
        // A copy has each byte on the bus twice.
        _granted.Set(copies && _moved > 0 ? _controller.Bus.Continue(2 * _size) : _controller.Bus.Take(copies ? 2 * _size : _size));
    }

    private void Move()
    {
        Span<byte> piece = _piece.AsSpan(0, _size);
        bool answered = !(_fails && _moved > 0);
        if (answered && _readsMemory)
        {
            answered = _source.Read(_controller.Port, piece);
        }
        else if (answered)
        {
            _peripheral!.Supply(piece);
        }
        if (answered && _writesMemory)
        {
            answered = _destination.Write(_controller.Port, piece);
        }
        else if (answered)
        {
            _peripheral!.Accept(piece);
        }
        if (!answered)
        {
            End(DmaResult.BusError);
            return;
        }
        _moved += _size;
        if (_fails && _moved == _total)
        {
            End(DmaResult.BusError);
        }
        else if (_peripheral is null)
        {
            Next();
        }
        else
        {
            _paced.Set(_controller.Events.Now + _peripheral.TimeOf(_size));
        }
    }

    private void End(DmaResult result)
    {
        _granted.Cancel();
        _paced.Cancel();
        _result = result;
        _ended = true;
        _controller.Interrupt.Raise();
    }
}
