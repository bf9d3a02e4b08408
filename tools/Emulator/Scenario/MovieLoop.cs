using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>The story's player, which behaves like a player over mxc_v4l2_output.</summary>
/// <remarks>Every loop begins with REQBUFS, which allocates each buffer anew, and ends with STREAMOFF and REQBUFS of count 0, which frees
/// them. If REQBUFS cannot get all its buffers, it frees those that it got (ENOBUFS), and the movie has failed.</remarks>
internal sealed class MovieLoop : MoviePlayer
{
    private const long Second = 1_000_000;

    /// <summary>The time between one loop's last frame and the next one's request, in which the player closes the device and opens it
    /// again.</summary>
    private const int Gap = 1;

    private readonly EventQueue _events;
    private readonly FrameAllocator _source;
    private readonly TestPattern _pattern;
    private readonly MovieSpec _movie;
    private readonly Action<int> _onLoop;
    private readonly Action _onDeath;
    private readonly uint[] _buffers;
    private readonly long[] _held;
    private readonly int _framesPerLoop;
    private readonly long _end;

    /// <summary>Made once, since a run of hours shows hundreds of thousands of frames.</summary>
    private readonly Action _onShown;
    private long _loopStart, _nextFrame, _frames, _shownSince;
    private int _frameInLoop, _loops;
    private bool _dead;

    /// <summary>Makes a player that has not started.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="source">Its buffers.</param>
    /// <param name="pattern">The pictures.</param>
    /// <param name="movie">Its format and length.</param>
    /// <param name="end">When to end, in virtual microseconds.</param>
    /// <param name="onLoop">Called when a loop begins, with the loop's seconds.</param>
    /// <param name="onDeath">Called when REQBUFS fails, before it frees anything.</param>
    public MovieLoop(EventQueue events, FrameAllocator source, TestPattern pattern, MovieSpec movie, long end, Action<int> onLoop,
        Action onDeath)
    {
        _events = events;
        _source = source;
        _pattern = pattern;
        _movie = movie;
        _end = end;
        _onLoop = onLoop;
        _onDeath = onDeath;
        _buffers = new uint[movie.Buffers];
        _held = new long[movie.Buffers];
        _framesPerLoop = movie.FramesPerSecond * (movie.LoopSeconds - Gap);
        _onShown = OnShown;
    }

    /// <summary>Whether the movie has failed because buffers were refused.</summary>
    public bool IsDead => _dead;

    /// <inheritdoc/>
    public override int Loops => _loops;

    /// <inheritdoc/>
    public override long Frames => _frames;

    /// <inheritdoc/>
    public override double Progress => (double)Now / _end;

    /// <inheritdoc/>
    public override long Now => _events.Now;

    /// <inheritdoc/>
    public override void Play(Action tick)
    {
        Begin();
        RunUntil(_events, _end, tick, () => _dead);
    }

    /// <summary>Requests the first loop's buffers as the clock's next event; for several movies that play at once.</summary>
    public void Begin() => _events.After(0, RequestBuffers);

    private void RequestBuffers()
    {
        _onLoop(_movie.LoopSeconds);
        for (int i = 0; i < _buffers.Length; i++)
        {
            uint address = _source.Alloc(_movie.FrameSize);
            if (address == 0)
            {
                _dead = true;
                _onDeath();
                FreeBuffers(i);
                return;
            }
            _buffers[i] = address;
            _held[i] = -1;
            _pattern.DrawWhole(address);
        }
        _frameInLoop = 0;
        _loopStart = _events.Now;
        ShowFrame();
    }

    private void ShowFrame()
    {
        int index = _frameInLoop % _buffers.Length;
        long frame = _nextFrame++;
        _pattern.Draw(_buffers[index], _held[index], frame);
        _held[index] = frame;
        _shownSince = _events.Now;
        // The frame is checked when its time on the screen is over, so that it shows what others wrote to it meanwhile.
        _events.After(_loopStart + ((_frameInLoop + 1) * Second / _movie.FramesPerSecond) - _shownSince, _onShown);
    }

    private void OnShown()
    {
        int index = _frameInLoop % _buffers.Length;
        bool last = ++_frameInLoop == _framesPerLoop;
        _frames++;
        FrameShown?.Invoke(_shownSince, _events.Now);
        string? wrong = last ? _pattern.CheckWhole(_buffers[index], _held[index]) : _pattern.Check(_buffers[index], _held[index]);
        if (wrong is not null)
        {
            throw new CorruptionException(wrong);
        }
        if (last)
        {
            _loops++;
            FreeBuffers(_buffers.Length);
            _events.After(Gap * Second, RequestBuffers);
        }
        else
        {
            ShowFrame();
        }
    }

    private void FreeBuffers(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _source.Free(_buffers[i]);
        }
    }
}
