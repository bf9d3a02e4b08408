using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>Injects the ordered faults at their times, and records their effects.</summary>
internal sealed class FaultInjector
{
    private const double Micro = 1e-6;

    /// <summary>How long a late program stays away, in frames: longer than a board's default number of buffers lasts.</summary>
    private const int LateFrames = 12;

    /// <summary>The least number of frames that a stalled camera leaves out: enough that the pipeline starts it again.</summary>
    private const int StalledFrames = 16;

    private readonly PixelMachine _pixels;
    private readonly AllocationFault _allocations;
    private readonly MovieSpec _movie;
    private readonly List<Strike> _strikes = [];
    private readonly List<FaultOrder> _starts = [];
    private readonly IReadOnlyList<FaultOrder> _orders;
    private FaultOrder? _armed;
    private long _awake;

    /// <summary>Makes the faults of a run that has not started.</summary>
    /// <param name="pixels">The machine that they strike.</param>
    /// <param name="allocations">Makes allocations fail.</param>
    /// <param name="options">The orders.</param>
    public FaultInjector(PixelMachine pixels, AllocationFault allocations, PlayOptions options)
    {
        _pixels = pixels;
        _allocations = allocations;
        _movie = options.Movie;
        _orders = options.Pixels!.Faults;
        pixels.Screen.FrameShown += OnFrame;
        foreach (FaultOrder order in _orders)
        {
            if (order.Kind == FaultKind.FailAlloc)
            {
                _starts.Add(order);
            }
            else
            {
                pixels.Machine.Events.After(order.Time, () => Inject(order));
            }
        }
    }

    private long Now => _pixels.Machine.Events.Now;

    /// <summary>Called before the pipeline starts.</summary>
    public void BeforeStart()
    {
        _armed = _starts.Find(order => order.Time <= Now);
        if (_armed is not null)
        {
            _starts.Remove(_armed);
            _allocations.Arm(_armed.Number);
        }
    }

    /// <summary>Called after the pipeline has started, or was refused.</summary>
    /// <returns>Whether it was refused because of an order.</returns>
    public bool AfterStart()
    {
        bool struck = _armed is not null && _allocations.HasStruck;
        if (struck)
        {
            Note(_armed!);
        }
        _allocations.Disarm();
        _armed = null;
        return struck;
    }

    /// <summary>Called when the program runs. If an order makes it late, it is delayed here.</summary>
    public void OnProgram()
    {
        if (_awake > Now)
        {
            _pixels.Machine.Cpu.Sleep(_awake - Now);
        }
    }

    /// <summary>The outcome of every order.</summary>
    public IReadOnlyList<FaultOutcome> Outcomes()
    {
        PixelCounts end = _pixels.Counts;
        return [.. _orders.Select(order =>
        {
            int at = _strikes.FindIndex(strike => ReferenceEquals(strike.Order, order));
            if (at < 0)
            {
                return new FaultOutcome(order.Text, null, null, null);
            }
            Strike strike = _strikes[at];
            PixelCounts until = at + 1 < _strikes.Count ? _strikes[at + 1].Before : end;
            return new FaultOutcome(order.Text, strike.Time * Micro, strike.LongestGap * Micro, until.Since(strike.Before));
        })];
    }

    private void Inject(FaultOrder order)
    {
        long period = 1_000_000L * _movie.Seconds / _movie.FramesPerSecond;
        Note(order);
        switch (order.Kind)
        {
            case FaultKind.CameraStall:
                _pixels.Camera.Stall(Math.Max(StalledFrames, _movie.FramesPerSecond / _movie.Seconds));
                break;
            case FaultKind.DmaError:
                _pixels.Camera.FailFrame(1);
                break;
            case FaultKind.LostInterrupt:
                _pixels.Camera.Interrupt.Lose(1);
                _pixels.DisplayInterrupt.Lose(1);
                break;
            case FaultKind.LateConsumer:
                _awake = Now + (LateFrames * period);
                break;
            case FaultKind.UnplugCamera:
                _pixels.Camera.Unplug();
                break;
            default:
                _pixels.UnplugDisplay();
                break;
        }
    }

    private void Note(FaultOrder order) => _strikes.Add(new Strike(order, Now, _pixels.Screen.LatestTime, _pixels.Counts));

    private void OnFrame()
    {
        if (_strikes.Count > 0)
        {
            _strikes[^1].OnFrame(Now);
        }
    }

    /// <summary>A fault that struck, and how long the screen then stood still.</summary>
    private sealed class Strike(FaultOrder order, long time, long latestFrame, PixelCounts before)
    {
        private long _latest = latestFrame;

        public FaultOrder Order => order;

        public long Time => time;

        public PixelCounts Before => before;

        public long? LongestGap { get; private set; }

        public void OnFrame(long now)
        {
            LongestGap = Math.Max(LongestGap ?? 0, now - _latest);
            _latest = now;
        }
    }
}
