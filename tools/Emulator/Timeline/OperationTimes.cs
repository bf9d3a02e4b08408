namespace Carveout.Emulator.Timeline;

/// <summary>When operations happened of which only the millisecond is known: a microsecond apart, so that those of one millisecond keep their order in a
/// viewer. Of more than a thousand the last ones share the last moment.</summary>
internal sealed class OperationTimes
{
    private const long Millisecond = 1000;

    private long _last = -1;

    /// <summary>The moment of the next operation, in microseconds; never before the last one.</summary>
    public long Next(long milliseconds)
    {
        long begin = milliseconds * Millisecond;
        return _last = begin > _last ? begin : Math.Max(_last, Math.Min(_last + 1, begin + Millisecond - 1));
    }
}
