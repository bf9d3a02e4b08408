using Carveout.Diagnostics;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>Plays the movie with real pixels. Each loop starts the firmware's pipeline, which requests its buffers, and stops it, which
/// frees them.</summary>
/// <remarks>
/// <para>A run ends after as many frames, shown or lost, as its hours contain; the time of starts and stops is added to that. So a loop
/// does not contain the second in which <see cref="MovieLoop"/> opens the device again: that time is real here.</para>
/// <para>The application runs whenever the program waits for a frame, like two threads of one core without preemption.</para>
/// </remarks>
internal sealed class PipelineLoop : MoviePlayer
{
    private const int Milli = 1000;

    /// <summary>A wait lasts at most so many frame times, and at least so many milliseconds.</summary>
    private const int WaitFrames = 4, LeastWait = 100;

    /// <summary>After so many waits in a row without a frame, the movie is given up.</summary>
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

    /// <summary>Makes a player that has not started.</summary>
    /// <param name="pixels">Camera, display and pipeline.</param>
    /// <param name="allocator">The board's zones.</param>
    /// <param name="application">The application's events.</param>
    /// <param name="faults">The ordered faults.</param>
    /// <param name="options">The options, with pixels.</param>
    /// <param name="onLoop">Called when a loop begins, with the loop's seconds.</param>
    /// <param name="witness">Records refusals at a start.</param>
    /// <param name="onDeath">Called with the reason when the movie cannot go on, after everything was freed.</param>
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

    /// <summary>How many frames of the movie are over.</summary>
    private long Played => Frames + _pixels.FramesLost;

    /// <inheritdoc/>
    /// <exception cref="DmaAccessException">A device accessed memory that it must not access.</exception>
    /// <exception cref="UsageException">The movie's file is damaged, or a PNG cannot be written.</exception>
    public override void Play(Action tick)
    {
        while (Played < _total && !_dead)
        {
            PlayLoop(tick);
        }
    }

    /// <summary>The pixels' results up to now.</summary>
    /// <param name="applicationPages">How many pages the application has.</param>
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
        // Several frames may be lost at once, beyond a loop's end; that shortens the next loop.
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
    /// <returns>Why the movie cannot go on; empty if it can.</returns>
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

    /// <summary>Reports a frame, which is on the screen until the next one.</summary>
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
        // Blocks that are parked in hot slots would be counted before they are merged.
        _allocator.DrainAllPages();
        return ProcText.BuddyInfo(_zone);
    }
}
