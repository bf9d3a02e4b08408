using Carveout.Emulator.Logs;

namespace Carveout.Emulator.Import;

/// <summary>What a line is to a reader.</summary>
internal enum LineMeaning
{
    /// <summary>None of the format.</summary>
    Foreign,

    /// <summary>Of the format, and read.</summary>
    Read,

    /// <summary>Of the format, but cut or garbled: what it told is lost.</summary>
    Damaged,
}

/// <summary>A line as readers get it.</summary>
/// <param name="Raw">As it came.</param>
/// <param name="Clean">Without colours and control characters.</param>
/// <param name="Said">Without what loggers put before it, either.</param>
/// <param name="Time">Nanoseconds that a logger put before it; <see cref="HeapEvent.Untimed"/> where none did.</param>
/// <param name="IsWhole">Whether a line break followed: without one, its last number may be cut.</param>
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

/// <summary>Reads one tracer's text, line by line, and knows it by its lines alone.</summary>
/// <param name="options">What to take for sizes and owners.</param>
internal abstract class TracerFormat(ImportOptions options)
{
    /// <summary>Bytes that every object is aligned to where its tracer does not say: what a malloc of 32 bits keeps.</summary>
    protected const ulong ObjectAlignment = 8;

    /// <summary>Characters to which terminals cut lines.</summary>
    private const int TerminalWidth = 80;

    /// <summary>What <c>--format</c> calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, for people.</summary>
    public abstract string Title { get; }

    /// <summary>The events so far.</summary>
    public HeapEventLog Events { get; } = new();

    /// <summary>Lines of the format that were read, whatever they told.</summary>
    public long Lines { get; private set; }

    /// <summary>Lines of the format that were cut or garbled.</summary>
    public long Damaged { get; private set; }

    /// <summary>Lines whose last word ends where terminals cut them.</summary>
    public long AtTheEdge { get; private set; }

    /// <summary>Takes a line if it is one of the format.</summary>
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

    /// <summary>The text is over.</summary>
    public virtual void End()
    {
    }

    /// <summary>What to take for sizes and owners.</summary>
    protected ImportOptions Options => options;

    /// <summary>Whose memory it is: of a task and the place of its call, either of which may be unknown, the one that the user wants; or else
    /// the one that has a name.</summary>
    protected string? Owner(string? task, string? site) => options.Owner switch
    {
        OwnerChoice.Task => task ?? site,
        OwnerChoice.Site => site ?? task,
        _ => site is null || (task is not null && TracerNumber.IsAddress(site, out _)) ? task : site,
    };

    /// <summary>Reads a line.</summary>
    protected abstract LineMeaning Read(in TracerLine line);

    /// <summary>Adds what a request for an object got.</summary>
    /// <param name="address">0 where it got nothing.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="time">Nanoseconds, or <see cref="HeapEvent.Untimed"/>.</param>
    /// <param name="owner">Who, or null.</param>
    /// <param name="alignment">Bytes; what is no power of two counts as the one below.</param>
    /// <param name="task">The thread, or 0.</param>
    protected void Take(ulong address, long size, long time, string? owner, ulong alignment = ObjectAlignment, long task = 0)
    {
        byte shift = (byte)Math.Min(30, ulong.Log2(Math.Max(alignment, 1)));
        Events.Add(new HeapEvent(address == 0 ? HeapEventKind.Refuse : HeapEventKind.Take, TraceLevel.Objects, shift, Events.OwnerOf(owner), task,
            time, address, size));
    }

    /// <summary>Adds a free of an object; one of nothing is none.</summary>
    protected void Free(ulong address, long time, long task = 0)
    {
        if (address != 0)
        {
            Events.Add(new HeapEvent(HeapEventKind.Free, TraceLevel.Objects, 0, -1, task, time, address, 0));
        }
    }

    /// <summary>Adds what a reallocation did: it frees and takes, or failed and did nothing; of size 0 it frees.</summary>
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
