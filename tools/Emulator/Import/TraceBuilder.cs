using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Import;

/// <summary>Makes a trace of one level's events by rules that put right what cannot have happened.</summary>
/// <remarks>
/// Events are taken by time. A block belongs to who took it, whoever frees it. A free of what is not live is left out and counted. An address that is
/// taken while it is live had its free lost: it is put in, and counted. A request that got nothing is refused. docs/import.md
/// </remarks>
internal abstract class TraceBuilder
{
    /// <summary>The largest request that a trace can say.</summary>
    protected const long MostBytes = int.MaxValue;

    private readonly HeapEventLog _log;
    private readonly TraceLevel _level;
    private long _start = HeapEvent.Untimed;
    private int _ids;

    /// <summary>A builder for one level.</summary>
    protected TraceBuilder(HeapEventLog log, TraceLevel level, TraceWriter trace)
    {
        _log = log;
        _level = level;
        Trace = trace;
    }

    /// <summary>Requests in the trace, refused ones included.</summary>
    public int Requests => _ids;

    /// <summary>Of them, those that got nothing.</summary>
    public int Refused { get; private set; }

    /// <summary>Frees in the trace, put in ones included.</summary>
    public int Frees { get; private set; }

    /// <summary>Tails that went back.</summary>
    public int Trims { get; private set; }

    /// <summary>Frees of what is not live, left out.</summary>
    public int Unknown { get; protected set; }

    /// <summary>Frees that must have happened and are not among the events, put in.</summary>
    public int Deduced { get; protected set; }

    /// <summary>Requests that are larger than a trace can say, left out with their frees.</summary>
    public int TooLarge { get; protected set; }

    /// <summary>Where the lines go.</summary>
    protected TraceWriter Trace { get; }

    /// <summary>The events of the level, in order.</summary>
    protected HeapEvent[] Events { get; private set; } = [];

    /// <summary>A builder for a level.</summary>
    public static TraceBuilder For(TraceLevel level, HeapEventLog log, TraceWriter trace, int pageSize) => level == TraceLevel.Pages
        ? new PageTraceBuilder(log, trace, pageSize)
        : new ObjectTraceBuilder(log, trace);

    /// <summary>Says the whole trace.</summary>
    public void Build(CancellationToken cancel)
    {
        Events = [.. _log.InOrder().Where(happened => happened.Level == _level && happened.Kind != HeapEventKind.Nothing)];
        for (int i = 0; i < Events.Length; i++)
        {
            Tell(Events[i].Time);
            Apply(i);
            if ((i & 4095) == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }
        }
        Finish();
    }

    /// <summary>Does one event.</summary>
    /// <param name="index">Its place in <see cref="Events"/>.</param>
    protected abstract void Apply(int index);

    /// <summary>After the last one.</summary>
    protected virtual void Finish()
    {
    }

    /// <summary>Says a request that got memory.</summary>
    /// <returns>Its number in the trace.</returns>
    protected int SayTaken(HeapEvent taken, long bytes, int alignment)
    {
        Trace.Allocate(_ids, bytes, alignment, _log.OwnerName(taken.Owner));
        return _ids++;
    }

    /// <summary>Says a request that got none.</summary>
    protected void SayRefused(HeapEvent refused, long bytes, int alignment)
    {
        Refused++;
        Trace.Refuse(_ids++, bytes, alignment, _log.OwnerName(refused.Owner));
    }

    /// <summary>Says a free.</summary>
    protected void SayFreed(int id)
    {
        Frees++;
        Trace.Free(id);
    }

    /// <summary>Says that a tail went back.</summary>
    protected void SayTrimmed(int id, long bytes)
    {
        Trims++;
        Trace.Trim(id, bytes);
    }

    /// <summary>An event without a time happened when the one before it did.</summary>
    private void Tell(long time)
    {
        if (time != HeapEvent.Untimed)
        {
            _start = _start == HeapEvent.Untimed ? time : _start;
            Trace.Time = (time - _start) / 1_000_000;
        }
    }
}
