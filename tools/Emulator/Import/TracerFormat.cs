using Carveout.Emulator.Logs;

namespace Carveout.Emulator.Import;

/// <summary>What a reader found in a line.</summary>
internal enum LineMeaning
{
    /// <summary>The line does not belong to the format.</summary>
    Foreign,

    /// <summary>The line belongs to the format and was read.</summary>
    Read,

    /// <summary>The line belongs to the format, but was cut or garbled: its content is lost.</summary>
    Damaged,
}

/// <summary>A line as readers get it.</summary>
/// <param name="Raw">The line, unchanged.</param>
/// <param name="Clean">The line without colours and control characters.</param>
/// <param name="Said">The clean line without what loggers put before it.</param>
/// <param name="Time">The logger's time in nanoseconds; <see cref="HeapEvent.Untimed"/> if there is none.</param>
/// <param name="IsWhole">Whether a line break followed. If not, its last number may be cut.</param>
internal readonly record struct TracerLine(string Raw, string Clean, string Said, long Time, bool IsWhole)
{
    private const double Nanoseconds = 1e9;

    /// <summary>Reads a line.</summary>
    public static TracerLine Of(string raw, bool isWhole)
    {
        LogLine line = LogLine.Parse(raw, isWhole);
        double? seconds = line.Uptime ?? line.Clock;
        return new TracerLine(raw, LogLine.Clean(raw), line.Text,
            seconds is double time ? (long)Math.Round(time * Nanoseconds) : HeapEvent.Untimed, isWhole);
    }
}

/// <summary>Reads one tracer's text line by line. A tracer is recognised by its lines alone.</summary>
/// <param name="options">Which sizes and owners to use.</param>
internal abstract class TracerFormat(ImportOptions options)
{
    /// <summary>The alignment of objects if their tracer does not say it, in bytes: that of a 32-bit malloc.</summary>
    protected const ulong ObjectAlignment = 8;

    /// <summary>The width at which terminals cut lines.</summary>
    private const int TerminalWidth = 80;

    /// <summary>Its name for <c>--format</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Its name for people.</summary>
    public abstract string Title { get; }

    /// <summary>The events so far.</summary>
    public HeapEventLog Events { get; } = new();

    /// <summary>How many lines of the format were read.</summary>
    public long Lines { get; private set; }

    /// <summary>How many lines of the format were cut or garbled.</summary>
    public long Damaged { get; private set; }

    /// <summary>How many lines end where terminals cut them.</summary>
    public long AtTheEdge { get; private set; }

    /// <summary>Reads a line if it belongs to the format.</summary>
    public bool Take(in TracerLine line)
    {
        LineMeaning meaning = Read(line);
        if (meaning == LineMeaning.Read)
        {
            Lines++;
            AtTheEdge += line.Clean.Length == TerminalWidth ? 1 : 0;
        }
        else if (meaning == LineMeaning.Damaged)
        {
            Damaged++;
        }
        return meaning != LineMeaning.Foreign;
    }

    /// <summary>Called at the end of the text.</summary>
    public virtual void End()
    {
    }

    /// <summary>Which sizes and owners to use.</summary>
    protected ImportOptions Options => options;

    /// <summary>The owner of memory: the task or the call site, as the options say. Either may be unknown; then it is the one that has a
    /// name.</summary>
    protected string? Owner(string? task, string? site) => options.Owner switch
    {
        OwnerChoice.Task => task ?? site,
        OwnerChoice.Site => site ?? task,
        _ => site is null || (task is not null && TracerNumber.IsAddress(site, out _)) ? task : site,
    };

    /// <summary>Reads a line.</summary>
    protected abstract LineMeaning Read(in TracerLine line);

    /// <summary>Adds the result of a request for an object.</summary>
    /// <param name="address">0 if the request was refused.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="time">Nanoseconds, or <see cref="HeapEvent.Untimed"/>.</param>
    /// <param name="owner">The owner, or null.</param>
    /// <param name="alignment">Bytes; a number that is no power of two counts as the next lower one.</param>
    /// <param name="task">The thread, or 0.</param>
    protected void Take(ulong address, long size, long time, string? owner, ulong alignment = ObjectAlignment, long task = 0)
    {
        byte shift = (byte)Math.Min(30, ulong.Log2(Math.Max(alignment, 1)));
        Events.Add(new HeapEvent(address == 0 ? HeapEventKind.Refuse : HeapEventKind.Take, TraceLevel.Objects, shift, Events.OwnerOf(owner), task,
            time, address, size));
    }

    /// <summary>Adds the free of an object; does nothing for address 0.</summary>
    protected void Free(ulong address, long time, long task = 0)
    {
        if (address != 0)
        {
            Events.Add(new HeapEvent(HeapEventKind.Free, TraceLevel.Objects, 0, -1, task, time, address, 0));
        }
    }

    /// <summary>Adds the effect of a reallocation: a free and an allocation; nothing if it failed; a free if its size is 0.</summary>
    protected void Reallocate(ulong old, ulong address, long size, long time, string? owner, long task = 0)
    {
        if (address == 0 && size > 0 && old != 0)
        {
            Events.FailedReallocations++;
            return;
        }
        Free(old, time, task);
        if (address != 0 || size > 0)
        {
            Take(address, size, time, owner, ObjectAlignment, task);
        }
    }
}
