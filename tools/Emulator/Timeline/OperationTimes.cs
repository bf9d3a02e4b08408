namespace Carveout.Emulator.Timeline;

/// <summary>Times of operations of which only the millisecond is known. They are a microsecond apart, so that those of one millisecond keep
/// their order in a viewer. If there are more than a thousand, the last ones share the last microsecond.</summary>
internal sealed class OperationTimes
{
    private const long Millisecond = 1000;

    private long _last = -1;

    /// <summary>The time of the next operation, in microseconds; never before that of the last one.</summary>
    public long Next(long milliseconds)
    {
        long begin = milliseconds * Millisecond;
        return _last = begin > _last ? begin : Math.Max(_last, Math.Min(_last + 1, begin + Millisecond - 1));
    }
}
