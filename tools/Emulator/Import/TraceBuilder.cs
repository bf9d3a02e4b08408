using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Import;

/// <summary>Makes a trace from the events of one level, with rules that correct what cannot have happened.</summary>
/// <remarks>
/// Events are used in the order of their times. A block belongs to the owner that allocated it, whoever frees it. A free of a block that is
/// not live is left out and counted. If an address is allocated while it is live, its free was lost: it is added and counted. A request
/// without memory counts as refused. docs/import.md
/// </remarks>
internal abstract class TraceBuilder
{
    /// <summary>The largest request of a trace.</summary>
    protected const long MostBytes = int.MaxValue;

    private readonly HeapEventLog _log;
    private readonly TraceLevel _level;
    private long _start = HeapEvent.Untimed;
    private int _ids;

    /// <summary>Makes a builder for one level.</summary>
    protected TraceBuilder(HeapEventLog log, TraceLevel level, TraceWriter trace)
    {
        _log = log;
        _level = level;
        Trace = trace;
    }

    /// <summary>How many requests the trace has, including refused ones.</summary>
    public int Requests => _ids;

    /// <summary>How many of these were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>How many frees the trace has, including added ones.</summary>
    public int Frees { get; private set; }

    /// <summary>How many tails were given back.</summary>
    public int Trims { get; private set; }

    /// <summary>How many frees were left out because their block is not live.</summary>
    public int Unknown { get; protected set; }

    /// <summary>How many frees were added, because they must have happened and are not among the events.</summary>
    public int Deduced { get; protected set; }

    /// <summary>How many requests, with their frees, were left out because they are too large for a trace.</summary>
    public int TooLarge { get; protected set; }

    /// <summary>Receives the lines.</summary>
    protected TraceWriter Trace { get; }

    /// <summary>The events of the level, in order.</summary>
    protected HeapEvent[] Events { get; private set; } = [];

    /// <summary>Makes the builder of a level.</summary>
    public static TraceBuilder For(TraceLevel level, HeapEventLog log, TraceWriter trace, int pageSize) => level == TraceLevel.Pages
        ? new PageTraceBuilder(log, trace, pageSize)
        : new ObjectTraceBuilder(log, trace);

    /// <summary>Writes the whole trace.</summary>
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

    /// <summary>Processes one event.</summary>
    /// <param name="index">Its index in <see cref="Events"/>.</param>
    protected abstract void Apply(int index);

    /// <summary>Called after the last event.</summary>
    protected virtual void Finish()
    {
    }

    /// <summary>Writes a request that got memory.</summary>
    /// <returns>Its number in the trace.</returns>
    protected int SayTaken(HeapEvent taken, long bytes, int alignment)
    {
        Trace.Allocate(_ids, bytes, alignment, _log.OwnerName(taken.Owner));
        return _ids++;
    }

    /// <summary>Writes a request that was refused.</summary>
    protected void SayRefused(HeapEvent refused, long bytes, int alignment)
    {
        Refused++;
        Trace.Refuse(_ids++, bytes, alignment, _log.OwnerName(refused.Owner));
    }

    /// <summary>Writes a free.</summary>
    protected void SayFreed(int id)
    {
        Frees++;
        Trace.Free(id);
    }

    /// <summary>Writes that a tail was given back.</summary>
    protected void SayTrimmed(int id, long bytes)
    {
        Trims++;
        Trace.Trim(id, bytes);
    }

    /// <summary>Sets the time of the next lines. An event without a time has the time of its predecessor.</summary>
    private void Tell(long time)
    {
        if (time != HeapEvent.Untimed)
        {
            _start = _start == HeapEvent.Untimed ? time : _start;
            Trace.Time = (time - _start) / 1_000_000;
        }
    }
}
