using System.Text.Json;

namespace Carveout.Emulator.Timeline;

/// <summary>Writes a timeline in Chrome's trace event format as JSON, which ui.perfetto.dev and chrome://tracing open.</summary>
/// <remarks>Source: "Trace Event Format" of the Chromium project (phases M, C, b, e, X, i; microseconds), and Perfetto's documentation of
/// its JSON importer.</remarks>
internal sealed class PerfettoFile : TimelineFile
{
    private readonly Dictionary<(int, string), int> _tracks = [];

    /// <summary>Creates the file.</summary>
    /// <exception cref="UsageException">It cannot be created.</exception>
    public PerfettoFile(string path)
        : base(path, "--perfetto")
    {
        Text.Write("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
    }

    /// <inheritdoc/>
    protected override void Add(in TimelineEvent happened, bool isFirst)
    {
        Text.Write(isFirst ? "\n" : ",\n");
        string name = Quoted(happened.Name), process = $"\"pid\":{happened.Process}";
        Text.Write(happened.Kind switch
        {
            TimelineKind.Process => $"{{\"ph\":\"M\",\"name\":\"process_name\",{process},\"args\":{{\"name\":{name}}}}}",
            TimelineKind.Track => $"{{\"ph\":\"M\",\"name\":\"thread_name\",{process},\"tid\":{Thread(happened)},"
                + $"\"args\":{{\"name\":{Quoted(happened.Track)}}}}}",
            TimelineKind.Counter => $"{{\"ph\":\"C\",{process},\"ts\":{happened.Time},\"name\":{Quoted(happened.Track)},"
                + $"\"args\":{{{name}:{happened.Value}}}}}",
            TimelineKind.Slice => $"{{\"ph\":\"X\",{process},\"tid\":{Thread(happened)},\"ts\":{happened.Time},\"dur\":{happened.Value},\"name\":{name}}}",
            TimelineKind.Instant => $"{{\"ph\":\"i\",\"s\":\"p\",{process},\"tid\":{Thread(happened)},\"ts\":{happened.Time},\"name\":{name}}}",
            _ => $"{{\"ph\":\"{(happened.Kind == TimelineKind.Begin ? 'b' : 'e')}\",{process},\"ts\":{happened.Time},"
                + $"\"cat\":{Quoted(happened.Track)},\"id\":\"0x{happened.Value:x}\",\"name\":{name}}}",
        });
    }

    /// <inheritdoc/>
    protected override void Close() => Text.Write("\n]}\n");

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(PrintedText.Of(text))}\"";

    /// <summary>The thread number of a track: for Perfetto a process's tracks are threads, which are numbered in order of
    /// appearance.</summary>
    private int Thread(in TimelineEvent happened)
    {
        if (!_tracks.TryGetValue((happened.Process, happened.Track), out int number))
        {
            _tracks.Add((happened.Process, happened.Track), number = _tracks.Count + 1);
        }
        return number;
    }
}
