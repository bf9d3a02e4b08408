using Carveout.Video.Devices;

namespace Carveout.Emulator.Machine;

/// <summary>A camera whose lines enter a FIFO at the sensor's pace and leave it at the bus's.</summary>
/// <remarks>A line is in the FIFO from its last pixel until the bus has taken it. If a line ends while the FIFO is full, the frame has an
/// overrun: the rest of it is lost, and its buffer comes back when the frame would have ended.</remarks>
internal sealed class EmulatedCamera : Camera
{
    private enum Event
    {
        FrameStart,
        FrameDone,
        FrameDropped,
        Removed,
    }

    private readonly record struct Notice(Event Event, int Number, int Sequence, long Timestamp, int Bytes, FrameResult Result);

    private readonly EmulatedMachine _machine;
    private readonly LineSource _source;
    private readonly FrameClock _clock;
    private readonly Alarm _vsync, _lineEnd, _granted;
    private readonly byte[] _fifo;
    private readonly int _fifoLines;
    private readonly Queue<(uint Address, int Length, int Number)> _queue = new();
    private readonly Func<int, int>? _bytesOfFrame;
    private readonly Queue<Notice> _notices = new();
    private readonly FaultCounter _busFault = new();

    private CameraListener? _listener;
    private long _origin, _tick, _timestamp;
    private int _sequence, _stalled;
    private bool _present = true;

    // The frame that is under way while _filling is true.
    private uint _buffer;
    private int _length, _number, _bytes, _lines, _arrived;
    private FrameResult _result;
    private bool _filling;
    private int _ended, _written, _failAt;

    /// <summary>Makes a camera that sees <paramref name="source"/>.</summary>
    public EmulatedCamera(EmulatedMachine machine, CameraSpec spec, LineSource source)
        : base(spec.Name, spec.Width, spec.Height, spec.LineSize, ClockOf(spec).Period, spec.Alignment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.FifoLines, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.QueueDepth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.BlankLines, 1);
        _machine = machine;
        _source = source;
        _clock = ClockOf(spec);
        _fifoLines = spec.FifoLines;
        _bytesOfFrame = spec.BytesOfFrame;
        _fifo = new byte[spec.FifoLines * spec.LineSize];
        QueueDepth = spec.QueueDepth;
        Port = machine.Port(spec.Name, spec.Engine);
        Interrupt = machine.Interrupts.Line(spec.Name, Poll);
        _vsync = new Alarm(machine.Events, OnVsync);
        _lineEnd = new Alarm(machine.Events, OnLineEnd);
        _granted = new Alarm(machine.Events, OnGranted);
    }

    /// <summary>Its access to memory.</summary>
    public DmaPort Port { get; }

    /// <summary>Its interrupt.</summary>
    public InterruptLine Interrupt { get; }

    /// <summary>How many frames the sensor has made, over all starts.</summary>
    public long Frames { get; private set; }

    /// <summary>How many frames arrived whole.</summary>
    public long Completed { get; private set; }

    /// <summary>How many frames found no buffer.</summary>
    public long Dropped { get; private set; }

    /// <summary>How many frames overran the FIFO.</summary>
    public long Overruns { get; private set; }

    /// <summary>How many compressed frames had more bytes than their buffer.</summary>
    public long Overflows { get; private set; }

    /// <summary>How many frames the bus refused.</summary>
    public long BusErrors { get; private set; }

    /// <summary>Called for every frame that a buffer took, whole or not, with the microsecond at which the frame began.</summary>
    public Action<long>? FrameTaken { get; set; }

    /// <inheritdoc/>
    public override bool IsCompressed => _bytesOfFrame is not null;

    /// <inheritdoc/>
    public override int QueueDepth { get; }

    /// <inheritdoc/>
    public override int QueuedCount => _queue.Count;

    /// <inheritdoc/>
    public override bool IsPresent => _present;

    /// <inheritdoc/>
    public override bool IsStreaming => _listener is not null;

    /// <summary>Makes the sensor send nothing, not even a vsync, for so many frames from the next one on.</summary>
    public void Stall(int frames)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        _stalled = frames;
    }

    /// <summary>Makes the bus refuse the middle line of the <paramref name="number"/>-th frame with a buffer from now on; 1 is the next
    /// one.</summary>
    public void FailFrame(long number) => _busFault.Arm(number);

    /// <summary>Unplugs the camera.</summary>
    public void Unplug()
    {
        _present = false;
        if (IsStreaming)
        {
            Halt();
            Notify(new Notice(Event.Removed, 0, _sequence, _machine.Events.Now, 0, FrameResult.Complete));
        }
        _queue.Clear();
    }

    /// <summary>Plugs the camera in again; a driver has to start it.</summary>
    public void Plug() => _present = true;

    /// <inheritdoc/>
    public override void Stop()
    {
        Halt();
        _queue.Clear();
        _notices.Clear();
        _listener = null;
    }

    /// <inheritdoc/>
    public override void Poll()
    {
        while (_notices.TryDequeue(out Notice notice))
        {
            CameraListener listener = _listener!;
            switch (notice.Event)
            {
                case Event.FrameStart:
                    listener.OnFrameStart(this, notice.Sequence, notice.Timestamp);
                    break;
                case Event.FrameDone:
                    listener.OnFrameDone(this, notice.Number, notice.Sequence, notice.Timestamp, notice.Bytes, notice.Result);
                    break;
                case Event.FrameDropped:
                    listener.OnFrameDropped(this, notice.Sequence, notice.Timestamp);
                    break;
                default:
                    _listener = null;
                    listener.OnRemoved(this);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override bool Begin(CameraListener listener)
    {
        _listener = listener;
        _origin = _machine.Events.Now;
        _tick = _sequence = 0;
        _vsync.Set(_origin);
        return true;
    }

    /// <inheritdoc/>
    protected override bool Append(uint address, int length, int number)
    {
        _queue.Enqueue((address, length, number));
        return true;
    }

    private static FrameClock ClockOf(CameraSpec spec) => new(spec.FramesPerSecond, spec.Seconds, spec.Height + spec.BlankLines);

    private void OnVsync()
    {
        if (_filling)
        {
            // The bus is so slow that the frame is still in the FIFO when the next one begins.
            Overrun();
            Finish();
        }
        long frame = _tick++;
        _vsync.Set(_origin + _clock.TimeOf(_tick, 0));
        if (_stalled > 0)
        {
            _stalled--;
            return;
        }
        _timestamp = _machine.Events.Now;
        int sequence = _sequence++;
        Frames++;
        Notify(new Notice(Event.FrameStart, 0, sequence, _timestamp, 0, FrameResult.Complete));
        if (!_queue.TryDequeue(out (uint Address, int Length, int Number) buffer))
        {
            Dropped++;
            Notify(new Notice(Event.FrameDropped, 0, sequence, _timestamp, 0, FrameResult.Complete));
            return;
        }
        _filling = true;
        _result = FrameResult.Complete;
        (_buffer, _length, _number) = buffer;
        _ended = _written = _arrived = 0;
        _bytes = _bytesOfFrame is null ? FrameSize : Math.Clamp(_bytesOfFrame(sequence), 1, FrameSize);
        _lines = (_bytes + LineSize - 1) / LineSize;
        _failAt = _busFault.Strikes() ? _lines / 2 : -1;
        _lineEnd.Set(_origin + _clock.TimeOf(frame, 1));
    }

    private void OnLineEnd()
    {
        if (_result == FrameResult.Complete)
        {
            int held = _ended - _written;
            if (held == _fifoLines)
            {
                Overrun();
            }
            else
            {
                _source(_sequence - 1, _ended, Line(_ended));
                if (held == 0)
                {
                    _granted.Set(_machine.Bus.Take(LineSize));
                }
            }
        }
        if (++_ended < _lines)
        {
            _lineEnd.Set(_origin + _clock.TimeOf(_tick - 1, _ended + 1));
        }
        else if (_result != FrameResult.Complete)
        {
            Finish();
        }
    }

    private void OnGranted()
    {
        int size = Math.Min(LineSize, _bytes - _arrived), fits = Math.Min(size, _length - _arrived);
        if (_written == _failAt || (fits > 0 && !Port.TryWrite(_buffer + (uint)_arrived, Line(_written)[..fits])))
        {
            BusErrors++;
            End(FrameResult.BusError);
            return;
        }
        _arrived += fits;
        if (fits < size)
        {
            Overflows++;
            End(FrameResult.Overflow);
            return;
        }
        _written++;
        if (_written == _lines)
        {
            Completed++;
            Finish();
        }
        else if (_written < _ended)
        {
            _granted.Set(_machine.Bus.Continue(LineSize));
        }
    }

    /// <summary>Takes no more of the frame. Its buffer comes back when the frame would have ended.</summary>
    private void End(FrameResult result)
    {
        _result = result;
        if (_ended == _lines)
        {
            Finish();
        }
    }

    private void Overrun()
    {
        if (_result == FrameResult.Complete)
        {
            Overruns++;
            _result = FrameResult.Overrun;
        }
        _granted.Cancel();
    }

    private void Finish()
    {
        _filling = false;
        FrameTaken?.Invoke(_timestamp);
        _lineEnd.Cancel();
        Notify(new Notice(Event.FrameDone, _number, _sequence - 1, _timestamp, _arrived, _result));
    }

    private void Halt()
    {
        _filling = false;
        _vsync.Cancel();
        _lineEnd.Cancel();
        _granted.Cancel();
    }

    private void Notify(Notice notice)
    {
        _notices.Enqueue(notice);
        Interrupt.Raise();
    }

    private Span<byte> Line(int y) => _fifo.AsSpan(y % _fifoLines * LineSize, LineSize);
}
