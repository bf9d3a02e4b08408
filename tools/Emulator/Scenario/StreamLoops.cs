using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Planning;
using Carveout.Video;

namespace Carveout.Emulator.Scenario;

/// <summary>Plays all streams of a plan at once. Each is a movie that loops over its pool in the plan.</summary>
/// <remarks>Frames are drawn and checked as in the story, whatever their format: for the memory they are rows of bytes.</remarks>
internal sealed class StreamLoops : MoviePlayer
{
    private readonly EventQueue _events;
    private readonly MovieLoop[] _loops;
    private readonly long _end;

    /// <summary>Makes players that have not started.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="streams">The streams.</param>
    /// <param name="lineAlignment">A power of two that divides the bytes of every line.</param>
    /// <param name="pools">By stream: its pools.</param>
    /// <param name="memory">The memory of the frames.</param>
    /// <param name="end">When to end, in virtual microseconds.</param>
    /// <param name="loopSeconds">Seconds of a loop of every stream.</param>
    /// <param name="onLoop">Called when a loop of the first stream begins, with the loop's seconds.</param>
    /// <param name="onDeath">Called when a stream gets no buffer.</param>
    public StreamLoops(EventQueue events, IReadOnlyList<StreamSpec> streams, int lineAlignment, ReservedPool[][] pools, EmulatedMemory memory, long end,
        int loopSeconds, Action<int> onLoop, Action onDeath)
    {
        _events = events;
        _end = end;
        _loops = new MovieLoop[pools.Length];
        for (int i = 0; i < pools.Length; i++)
        {
            MovieSpec movie = MovieOf(streams[i], lineAlignment, loopSeconds);
            _loops[i] = new MovieLoop(events, new FrameAllocator(pools[i]), new TestPattern(memory, movie), movie, end, i == 0 ? onLoop : _ => { }, onDeath);
        }
    }

    /// <summary>How many loops the slowest stream has played to their end.</summary>
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

    /// <summary>A stream's frames as rows of 16-bit words: the lines of all planes, or one row if the format has no lines, or lines of an
    /// odd length. The odd last byte of a JPEG is left out.</summary>
    private static MovieSpec MovieOf(StreamSpec stream, int lineAlignment, int loopSeconds)
    {
        VideoFormat format = stream.Format(lineAlignment);
        int line = format.BytesPerLine == 0 || format.BytesPerLine % MovieSpec.BytesPerPixel != 0 ? format.SizeImage : format.BytesPerLine;
        return new MovieSpec(line / MovieSpec.BytesPerPixel, format.SizeImage / line, stream.Buffers, stream.FramesPerSecond, loopSeconds);
    }
}
