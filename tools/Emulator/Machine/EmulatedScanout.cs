using Carveout.Video.Devices;

namespace Carveout.Emulator.Machine;

/// <summary>A display that reads its frame buffer line by line at every refresh.</summary>
/// <remarks>A line is read when its time begins, and must have crossed the bus before the next one's begins. Otherwise the screen keeps
/// what it showed there, and the scan counts as an underrun. If the buffer is written between the first and the last line, the frame counts
/// as torn.</remarks>
internal sealed class EmulatedScanout : ScanoutDisplay
{
    private enum Event
    {
        Vsync,
        Underrun,
        Removed,
    }

    private readonly record struct Notice(Event Event, long Timestamp, int Freed);

    private readonly EmulatedMachine _machine;
    private readonly FrameClock _clock;
    private readonly int _blankLines;
    private readonly Alarm _vsync, _line;
    private readonly MemoryWatch _watch = new();
    private readonly Queue<Notice> _notices = new();
    private readonly FaultCounter _busFault = new();

    private ScanoutListener? _listener;
    private byte[] _scan, _last;
    private uint _shown, _pending;
    private long _origin, _refresh;
    private int _y, _failAt, _shownNumber, _pendingNumber;
    private bool _present = true, _underrun;

    /// <summary>A display of a machine.</summary>
    public EmulatedScanout(EmulatedMachine machine, ScanoutSpec spec)
        : base(spec.Name, spec.Width, spec.Height, spec.LineSize, spec.Alignment, ClockOf(spec).Period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(spec.BlankLines, 1);
        _machine = machine;
        _clock = ClockOf(spec);
        _blankLines = spec.BlankLines;
        _scan = new byte[FrameSize];
        _last = new byte[FrameSize];
        Port = machine.Port(spec.Name, spec.Engine);
        Interrupt = machine.Interrupts.Line(spec.Name, Poll);
        _vsync = new Alarm(machine.Events, OnVsync);
        _line = new Alarm(machine.Events, OnLine);
        machine.Memory.Add(_watch);
    }

    /// <summary>Its access to memory.</summary>
    public DmaPort Port { get; }

    /// <summary>Its interrupt.</summary>
    public InterruptLine Interrupt { get; }

    /// <summary>Called when a frame has been scanned to its last line. <see cref="LastFrame"/> is valid until the call returns.</summary>
    public Action<EmulatedScanout>? FrameShown { get; set; }

    /// <summary>The screen's bytes in the last whole scan.</summary>
    public ReadOnlySpan<byte> LastFrame => _last;

    /// <summary>The buffer of that scan, or 0.</summary>
    public uint LastBuffer { get; private set; }

    /// <summary>How many scans reached their last line.</summary>
    public long Frames { get; private set; }

    /// <summary>How many of these were torn.</summary>
    public long TornFrames { get; private set; }

    /// <summary>How many of these were damaged, because a line came too late or the bus refused it.</summary>
    public long Underruns { get; private set; }

    /// <inheritdoc/>
    public override bool IsPresent => _present;

    /// <inheritdoc/>
    public override bool IsRunning => _listener is not null;

    /// <inheritdoc/>
    public override uint Shown => _shown;

    /// <inheritdoc/>
    public override uint Pending => _pending;

    /// <summary>Makes the bus refuse the middle line of the <paramref name="number"/>-th scan from now on; 1 is the next one.</summary>
    public void FailScan(long number) => _busFault.Arm(number);

    /// <summary>Unplugs the display.</summary>
    public void Unplug()
    {
        _present = false;
        if (IsRunning)
        {
            Halt();
            Notify(new Notice(Event.Removed, _machine.Events.Now, 0));
        }
    }

    /// <summary>Plugs the display in again; a driver has to start it.</summary>
    public void Plug() => _present = true;

    /// <inheritdoc/>
    public override void Stop()
    {
        Halt();
        _notices.Clear();
        _listener = null;
    }

    /// <inheritdoc/>
    public override void Poll()
    {
        while (_notices.TryDequeue(out Notice notice))
        {
            ScanoutListener listener = _listener!;
            switch (notice.Event)
            {
                case Event.Vsync:
                    listener.OnVsync(this, notice.Timestamp, notice.Freed);
                    break;
                case Event.Underrun:
                    listener.OnUnderrun(this, notice.Timestamp);
                    break;
                default:
                    _listener = null;
                    listener.OnRemoved(this);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override bool Begin(uint address, int number, ScanoutListener listener)
    {
        _listener = listener;
        (_shown, _shownNumber) = (address, number);
        _pending = 0;
        _origin = _machine.Events.Now;
        _refresh = 0;
        _vsync.Set(_origin);
        return true;
    }

    /// <inheritdoc/>
    protected override bool Latch(uint address, int number)
    {
        (_pending, _pendingNumber) = (address, number);
        return true;
    }

    private static FrameClock ClockOf(ScanoutSpec spec) => new(spec.RefreshesPerSecond, spec.Seconds, spec.Height + spec.BlankLines);

    private void OnVsync()
    {
        int freed = -1;
        if (_pending != 0)
        {
            (freed, _shownNumber) = (_shownNumber, _pendingNumber);
            (_shown, _pending) = (_pending, 0);
        }
        Notify(new Notice(Event.Vsync, _machine.Events.Now, freed));
        _y = 0;
        _underrun = false;
        _failAt = _busFault.Strikes() ? Height / 2 : -1;
        _line.Set(_origin + _clock.TimeOf(_refresh, _blankLines));
        _refresh++;
        _vsync.Set(_origin + _clock.TimeOf(_refresh, 0));
    }

    private void OnLine()
    {
        if (_y == 0)
        {
            _watch.Arm(_shown, FrameSize);
        }
        long next = _origin + _clock.TimeOf(_refresh - 1, _blankLines + _y + 1);
        int at = _y * LineSize;
        if (_y == _failAt || _machine.Bus.Take(LineSize) > next || !Port.TryRead(_shown + (uint)at, _scan.AsSpan(at, LineSize)))
        {
            Underrun();
            _last.AsSpan(at, LineSize).CopyTo(_scan.AsSpan(at));
        }
        if (++_y < Height)
        {
            _line.Set(next);
        }
        else
        {
            EndScan();
        }
    }

    private void Underrun()
    {
        if (!_underrun)
        {
            _underrun = true;
            Underruns++;
            Notify(new Notice(Event.Underrun, _machine.Events.Now, 0));
        }
    }

    private void EndScan()
    {
        _watch.Disarm();
        Frames++;
        TornFrames += _watch.Written ? 1 : 0;
        LastBuffer = _shown;
        (_scan, _last) = (_last, _scan);
        FrameShown?.Invoke(this);
    }

    private void Halt()
    {
        _vsync.Cancel();
        _line.Cancel();
        _watch.Disarm();
        _shown = _pending = 0;
    }

    private void Notify(Notice notice)
    {
        _notices.Enqueue(notice);
        Interrupt.Raise();
    }
}
