using Carveout.Emulator.Import;

namespace Carveout.Emulator.Tests.Import;

/// <summary>The result of importing a text.</summary>
internal sealed class ImportedTrace
{
    private ImportedTrace(TraceImport import, TraceBuilder? trace, List<string> lines)
    {
        Import = import;
        Trace = trace;
        Lines = lines;
    }

    public TraceImport Import { get; }

    /// <summary>Null if nothing was found.</summary>
    public TraceBuilder? Trace { get; }

    /// <summary>The lines without the first comment.</summary>
    public List<string> Lines { get; }

    public IEnumerable<string> Requests => Lines.Where(line => line[0] == 'a');

    public static ImportedTrace Of(string text, ImportOptions? options = null)
    {
        var import = new TraceImport(options ?? new ImportOptions());
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            // The last piece has no line break behind it. It is empty if the text ends with one.
            if (i < lines.Length - 1 || lines[i].Length > 0)
            {
                import.Add(lines[i], i < lines.Length - 1);
            }
        }
        import.EndFile();
        var said = new List<string>();
        TraceBuilder? trace = import.Format is null ? null : import.Build(said.Add, CancellationToken.None);
        return new ImportedTrace(import, trace, [.. said.Skip(1)]);
    }

    public static ImportOptions OptionsOf(TracerSample sample) => sample.Arguments switch
    {
        "--level objects" => new ImportOptions(TraceLevel.Objects),
        "--bytes alloc" => new ImportOptions(Allocated: true),
        _ => new ImportOptions(),
    };
}
