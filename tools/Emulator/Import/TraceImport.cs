using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Import;

/// <summary>A trace of another system becomes one of ours: its lines are read, the format is known by them, and rules put right what cannot be.</summary>
internal sealed class TraceImport
{
    /// <summary>The longest line that is read whole; of a longer one the rest is skipped.</summary>
    public const int LongestLine = 8192;

    private readonly ImportOptions _options;
    private readonly TracerFormat[] _formats;
    private int _latest;
    private bool _isPiece;

    /// <summary>Nothing is read yet.</summary>
    public TraceImport(ImportOptions options)
    {
        _options = options;
        _formats = [.. AllOf(options).Where(format => options.Format is null || format.Name == options.Format)];
    }

    /// <summary>All formats, by name and in words.</summary>
    public static IReadOnlyList<(string Name, string Title)> Formats { get; } =
        [.. AllOf(new ImportOptions()).Select(format => (format.Name, format.Title))];

    /// <summary>The format of which there are most events; null where there are none of any.</summary>
    public TracerFormat? Format => _formats.Where(format => format.Events.Count > 0).MaxBy(format => format.Events.Count);

    /// <summary>The other formats of which there are events, too.</summary>
    public IEnumerable<TracerFormat> OtherFormats => _formats.Where(format => format.Events.Count > 0 && format != Format);

    /// <summary>Lines of no format.</summary>
    public long OtherLines { get; private set; }

    /// <summary>Lines that were cut or garbled.</summary>
    public long Damaged => _formats.Sum(format => format.Damaged);

    /// <summary>Lines that are longer than any tracer's.</summary>
    public long TooLong { get; private set; }

    /// <summary>Lines of a dump that is for <c>capture</c>.</summary>
    public long DumpLines { get; private set; }

    /// <summary>Lines that are a trace of ours already.</summary>
    public long TraceLines { get; private set; }

    /// <summary>The level that is judged.</summary>
    public TraceLevel Level { get; private set; }

    /// <summary>Whether the trace has events of both levels.</summary>
    public bool HasBothLevels { get; private set; }

    /// <summary>Takes a line.</summary>
    /// <param name="raw">Without its line break.</param>
    /// <param name="isWhole">Whether one followed; if not, more of the line comes, or the text is over.</param>
    public void Add(string raw, bool isWhole)
    {
        if (_isPiece)
        {
            // The rest of a line whose beginning was judged.
            _isPiece = !isWhole;
            return;
        }
        if (raw.Length >= LongestLine)
        {
            TooLong++;
            _isPiece = !isWhole;
        }
        TracerLine line = TracerLine.Of(raw, isWhole);
        // Lines of one format follow each other.
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

    /// <summary>A file is over: what follows is another one's.</summary>
    public void EndFile()
    {
        _isPiece = false;
        foreach (TracerFormat format in _formats)
        {
            format.End();
        }
    }

    /// <summary>Says the trace, its first comment included.</summary>
    /// <param name="say">Takes each line.</param>
    /// <param name="cancel">Ends it with an OperationCanceledException.</param>
    /// <returns>What was made of it.</returns>
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
