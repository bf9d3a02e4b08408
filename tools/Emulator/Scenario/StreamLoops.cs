using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Planning;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>All streams of a plan at once, each a movie that loops over the pool that the plan gave it.</summary>
/// <remarks>Frames are drawn and checked as in the story, whatever their format: to the memory they are rows of bytes.</remarks>
internal sealed class StreamLoops : MoviePlayer
{
    private readonly EventQueue _events;
    private readonly MovieLoop[] _loops;
    private readonly long _end;

    /// <summary>Players that have not started.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="planned">The board; its contract said yes.</param>
    /// <param name="memory">What frames are drawn to.</param>
    /// <param name="end">When to end, in virtual microseconds.</param>
    /// <param name="loopSeconds">Seconds of a loop of every stream.</param>
    /// <param name="onLoop">Told the seconds of each loop of the first stream as it begins.</param>
    /// <param name="onDeath">Told when a stream gets no buffer.</param>
    /// <exception cref="ContractException">The contract said no.</exception>
    public StreamLoops(EventQueue events, PlannedBoard planned, PhysicalMemory memory, long end, int loopSeconds, Action<int> onLoop, Action onDeath)
    {
        _events = events;
        _end = end;
        ReservedPool[] pools = planned.CreatePools();
        _loops = new MovieLoop[pools.Length];
        for (int i = 0; i < pools.Length; i++)
        {
            MovieSpec movie = MovieOf(planned.Contract.StreamAt(i), loopSeconds);
            var buffers = new FrameBuffers(planned.Pages, TailPolicy.Pool, GfpFlags.Dma, PageOwner.Unknown, pools[i]);
            _loops[i] = new MovieLoop(events, buffers, new TestPattern(memory, movie), movie, end, i == 0 ? onLoop : _ => { }, onDeath);
        }
    }

    /// <summary>Loops that the slowest stream played to their end.</summary>
    public override int Loops => _loops.Min(loop => loop.Loops);

    /// <inheritdoc/>
    public override long Frames => _loops.Sum(loop => loop.Frames);

    /// <inheritdoc/>
    public override Action<long, long>? FrameShown
    {
        get => base.FrameShown;
        set
        {
            base.FrameShown = value;
            Array.ForEach(_loops, loop => loop.FrameShown = value);
        }
    }

    /// <inheritdoc/>
    public override double Progress => (double)Now / _end;

    /// <inheritdoc/>
    public override long Now => _events.Now;

    /// <inheritdoc/>
    public override void Play(Action tick)
    {
        foreach (MovieLoop loop in _loops)
        {
            loop.Begin();
        }
        RunUntil(_events, _end, tick, () => Array.Exists(_loops, loop => loop.IsDead));
    }

    /// <summary>A stream's frames as rows of 16-bit words: the lines of all planes; what has no lines is one row. Lines of an odd length, and an
    /// odd last byte of a JPEG, are not.</summary>
    public static MovieSpec MovieOf(VideoStream stream, int loopSeconds)
    {
        VideoFormat format = stream.Format;
        int line = format.BytesPerLine == 0 || format.BytesPerLine % MovieSpec.BytesPerPixel != 0 ? format.SizeImage : format.BytesPerLine;
        return new MovieSpec(line / MovieSpec.BytesPerPixel, format.SizeImage / line, stream.Buffers, stream.FramesPerSecond, loopSeconds);
    }
}
