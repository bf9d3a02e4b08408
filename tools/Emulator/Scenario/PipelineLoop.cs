using Carveout.Diagnostics;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>The movie with real pixels: each loop starts the firmware's pipeline, which requests its buffers, and stops it, which frees
/// them.</summary>
/// <remarks>
/// <para>A run lasts for as many frames, shown or lost, as its hours have; what a start and a stop take comes on top. So a loop has no second
/// in which the device is opened again, as <see cref="MovieLoop"/>'s has: that time is real here.</para>
/// <para>The application runs whenever the program waits for a frame: two threads of one core, without preemption.</para>
/// </remarks>
internal sealed class PipelineLoop : MoviePlayer
{
    private const int Milli = 1000;

    /// <summary>Frame times that a wait lasts at most, and the least of milliseconds.</summary>
    private const int WaitFrames = 4, LeastWait = 100;

    /// <summary>Waits in vain, one after the other, after which the movie is given up.</summary>
    private const int MostVainWaits = 100;

    private readonly PixelMachine _pixels;
    private readonly PageAllocator _allocator;
    private readonly EventQueue _application;
    private readonly FaultInjector _faults;
    private readonly Action<int> _onLoop;
    private readonly StartWitness _witness;
    private readonly Action<string> _onDeath;
    private readonly Zone _zone;
    private readonly int _loopSeconds, _timeout;
    private readonly long _total, _framesPerLoop;
    private int _loops, _starts, _same;
    private long _allocations, _shownSince;
    private bool _dead;

    /// <summary>A player that has not started.</summary>
    /// <param name="pixels">Camera, display and pipeline.</param>
    /// <param name="allocator">The board's zones.</param>
    /// <param name="application">What the application does, by its time.</param>
    /// <param name="faults">What is to go wrong.</param>
    /// <param name="options">With pixels.</param>
    /// <param name="onLoop">Told the seconds of each loop as it begins.</param>
    /// <param name="witness">Sees what a start is refused.</param>
    /// <param name="onDeath">Told why the movie cannot go on, after everything was given back.</param>
    public PipelineLoop(PixelMachine pixels, PageAllocator allocator, EventQueue application, FaultInjector faults, PlayOptions options,
        Action<int> onLoop, StartWitness witness, Action<string> onDeath)
    {
        _pixels = pixels;
        _allocator = allocator;
        _application = application;
        _faults = faults;
        _onLoop = onLoop;
        _witness = witness;
        _onDeath = onDeath;
        MovieSpec movie = options.Movie;
        _loopSeconds = movie.LoopSeconds;
        _total = Math.Max(1, (long)Math.Round(options.Hours * 3600 * movie.FramesPerSecond / movie.Seconds));
        _framesPerLoop = Math.Max(1, (long)movie.LoopSeconds * movie.FramesPerSecond / movie.Seconds);
        _timeout = (int)Math.Max(LeastWait, WaitFrames * (long)Milli * movie.Seconds / movie.FramesPerSecond);
        _zone = pixels.FrameZone;
        pixels.Screen.FrameShown += OnShown;
    }

    /// <inheritdoc/>
    public override int Loops => _loops;

    /// <inheritdoc/>
    public override long Frames => _pixels.Screen.Frames;

    /// <inheritdoc/>
    public override double Progress => Math.Min(1, (double)Played / _total);

    /// <inheritdoc/>
    public override long Now => _pixels.Machine.Events.Now;

    /// <summary>Frames of the movie that are over.</summary>
    private long Played => Frames + _pixels.FramesLost;

    /// <inheritdoc/>
    /// <exception cref="DmaAccessException">A device touched memory that is not its own.</exception>
    /// <exception cref="UsageException">The movie's file is damaged, or a PNG cannot be written.</exception>
    public override void Play(Action tick)
    {
        while (Played < _total && !_dead)
        {
            PlayLoop(tick);
        }
    }

    /// <summary>How the pixels fared up to now.</summary>
    /// <param name="applicationPages">Pages that the application has.</param>
    public PixelResult Result(int applicationPages)
    {
        int taken = -applicationPages;
        for (int i = 0; i < _allocator.ZoneCount; i++)
        {
            taken += _allocator.ZoneAt(i).Pages - _allocator.ZoneAt(i).FreePages;
        }
        long missing = Math.Max(_pixels.BytesHeld(_allocator), (long)taken * _allocator.PageSize);
        return new PixelResult(_pixels.Movie, _pixels.Devices, _pixels.Counts, _allocations, _starts, _zone.Name, _same,
            missing, _pixels.Screen.Files, _faults.Outcomes());
    }

    private void PlayLoop(Action tick)
    {
        Pipeline pipeline = _pixels.Pipeline;
        _onLoop(_loopSeconds);
        // Several frames may be lost at once, beyond a loop's end: the next one is shorter for it.
        long target = Math.Min(((Played / _framesPerLoop) + 1) * _framesPerLoop, _total);
        string before = BuddyInfo();
        _starts++;
        _pixels.Source.Rewind();
        _pixels.Screen.Begin(() => Played >= target);
        _faults.BeforeStart();
        _witness.Begin();
        VideoResult result = pipeline.Start();
        bool ordered = _faults.AfterStart();
        _witness.End(ordered);
        string why = result == VideoResult.Ok ? Move(target, tick)
            : $"{result}: {(ordered ? "an allocation failed as ordered; " : "")}{pipeline.Refusal}";
        pipeline.Stop();
        if (result == VideoResult.Ok)
        {
            _pixels.OnStopped();
        }
        _same += BuddyInfo() == before ? 1 : 0;
        if (why.Length > 0)
        {
            _dead = true;
            _onDeath(why);
        }
        else if (target % _framesPerLoop == 0)
        {
            _loops++;
        }
    }

    /// <summary>Moves frames until so many were shown or lost.</summary>
    /// <returns>Why it cannot go on; empty where it was played to its end.</returns>
    private string Move(long target, Action tick)
    {
        Pipeline pipeline = _pixels.Pipeline;
        int vain = 0;
        while (Played < target)
        {
            tick();
            _faults.OnProgram();
            VideoResult result = pipeline.Step(_timeout);
            if (!pipeline.IsRunning)
            {
                return $"{result}: {pipeline.Refusal}";
            }
            vain = result == VideoResult.Ok ? 0 : vain + 1;
            if (vain == MostVainWaits)
            {
                return $"{result}: no frame moved for {(long)vain * _timeout / Milli} s";
            }
            _application.AdvanceTo(Now);
        }
        _allocations += pipeline.Allocations;
        return "";
    }

    /// <summary>A frame is on the screen until the next one is.</summary>
    private void OnShown()
    {
        if (_shownSince != 0)
        {
            FrameShown?.Invoke(_shownSince, Now);
        }
        _shownSince = Now;
    }

    private string BuddyInfo()
    {
        // What lies in hot slots counts block by block until it is merged.
        _allocator.DrainAllPages();
        return ProcText.BuddyInfo(_zone);
    }
}
