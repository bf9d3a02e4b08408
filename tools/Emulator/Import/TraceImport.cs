using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Import;

/// <summary>Turns another system's trace into Carveout's: it reads lines, recognises the format by them, and corrects what cannot have
/// happened.</summary>
internal sealed class TraceImport
{
    /// <summary>The longest line that is read whole; the rest of a longer one is skipped.</summary>
    public const int LongestLine = 8192;

    private readonly ImportOptions _options;
    private readonly TracerFormat[] _formats;
    private int _latest;
    private bool _isPiece;

    /// <summary>Makes an import that has read nothing yet.</summary>
    public TraceImport(ImportOptions options)
    {
        _options = options;
        _formats = [.. AllOf(options).Where(format => options.Format is null || format.Name == options.Format)];
    }

    /// <summary>All formats, by name and in words.</summary>
    public static IReadOnlyList<(string Name, string Title)> Formats { get; } =
        [.. AllOf(new ImportOptions()).Select(format => (format.Name, format.Title))];

    /// <summary>The format with most events; null if there are no events.</summary>
    public TracerFormat? Format => _formats.Where(format => format.Events.Count > 0).MaxBy(format => format.Events.Count);

    /// <summary>The other formats that have events.</summary>
    public IEnumerable<TracerFormat> OtherFormats => _formats.Where(format => format.Events.Count > 0 && format != Format);

    /// <summary>How many lines belong to no format.</summary>
    public long OtherLines { get; private set; }

    /// <summary>How many lines were cut or garbled.</summary>
    public long Damaged => _formats.Sum(format => format.Damaged);

    /// <summary>How many lines are longer than any tracer's.</summary>
    public long TooLong { get; private set; }

    /// <summary>How many lines belong to a dump for <c>capture</c>.</summary>
    public long DumpLines { get; private set; }

    /// <summary>How many lines are already a Carveout trace.</summary>
    public long TraceLines { get; private set; }

    /// <summary>The level that is used.</summary>
    public TraceLevel Level { get; private set; }

    /// <summary>Whether the trace has events of both levels.</summary>
    public bool HasBothLevels { get; private set; }

    /// <summary>Reads a line.</summary>
    /// <param name="raw">The line, without its line break.</param>
    /// <param name="isWhole">Whether a line break followed. If not, the line goes on, or the text has ended.</param>
    public void Add(string raw, bool isWhole)
    {
        if (_isPiece)
        {
            // This is the rest of a line whose beginning was read already.
            _isPiece = !isWhole;
            return;
        }
        if (raw.Length >= LongestLine)
        {
            TooLong++;
            _isPiece = !isWhole;
        }
        TracerLine line = TracerLine.Of(raw, isWhole);
        // Successive lines usually have the same format, so try that first.
        if (_formats[_latest].Take(line))
        {
            return;
        }
        for (int i = 0; i < _formats.Length; i++)
        {
            if (i != _latest && _formats[i].Take(line))
            {
                _latest = i;
                return;
            }
        }
        if (line.Said.Length > 0)
        {
            OtherLines++;
            DumpLines += raw.Contains(TraceText.Mark, StringComparison.Ordinal) ? 1 : 0;
            TraceLines += raw.StartsWith("# trace v", StringComparison.Ordinal) || IsOfTrace(raw) ? 1 : 0;
        }
    }

    /// <summary>Called at the end of a file; the next line belongs to another one.</summary>
    public void EndFile()
    {
        _isPiece = false;
        foreach (TracerFormat format in _formats)
        {
            format.End();
        }
    }

    /// <summary>Writes the trace, including its first comment.</summary>
    /// <param name="say">Receives each line.</param>
    /// <param name="cancel">Ends it with an OperationCanceledException.</param>
    /// <returns>The builder, with its counts.</returns>
    public TraceBuilder Build(Action<string> say, CancellationToken cancel)
    {
        HeapEventLog events = Format!.Events;
        bool hasPages = Has(events, TraceLevel.Pages), hasObjects = Has(events, TraceLevel.Objects);
        HasBothLevels = hasPages && hasObjects;
        Level = _options.Level ?? (hasPages ? TraceLevel.Pages : TraceLevel.Objects);
        say(string.Create(CultureInfo.InvariantCulture, $"# trace v1 imported records={events.Count} lost={events.Lost} missing={Format.Damaged} ")
            + string.Create(CultureInfo.InvariantCulture, $"page={_options.PageSize}"));
        var builder = TraceBuilder.For(Level, events, new TraceWriter(say), _options.PageSize);
        builder.Build(cancel);
        return builder;
    }

    private static bool Has(HeapEventLog events, TraceLevel level)
    {
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i].Level == level && events[i].Kind != HeapEventKind.Nothing)
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsOfTrace(string line) => line.Split(' ') is ["a", _, _, _, ..] or ["f", _] && char.IsAsciiDigit(line[2]);

    private static TracerFormat[] AllOf(ImportOptions options) =>
    [
        new KernelEvents(options), new CallLog(options), new MallocTrace(options), new HeaptrackText(options), new AndroidRecords(options),
        new MemleakTrace(options), new LttngEvents(options), new EspHeapTrace(options), new SysViewText(options), new MbedTrace(options),
        new NuttxNotes(options), new NamedColumns(options),
    ];
}
