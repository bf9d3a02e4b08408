namespace Carveout.Emulator.Timeline;

/// <summary>Writes a timeline as a table: microseconds, process, kind, track, name, value.</summary>
internal sealed class CsvFile : TimelineFile
{
    /// <summary>Creates the file.</summary>
    /// <exception cref="UsageException">It cannot be created.</exception>
    public CsvFile(string path)
        : base(path, "--csv")
    {
        Text.WriteLine("microseconds,process,kind,track,name,value");
    }

    /// <inheritdoc/>
    protected override void Add(in TimelineEvent happened, bool isFirst)
    {
        if (happened.Kind != TimelineKind.Track)
        {
            Text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{happened.Time},{happened.Process},{happened.Kind.ToString().ToLowerInvariant()},")
                + string.Create(CultureInfo.InvariantCulture, $"{Cell(happened.Track)},{Cell(happened.Name)},{happened.Value}"));
        }
    }

    /// <summary>A cell by RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe before it.</summary>
    private static string Cell(string text)
    {
        string clean = PrintedText.Of(text).Replace('\n', ' ');
        if (clean.Length > 0 && clean[0] is '=' or '+' or '-' or '@')
        {
            clean = "'" + clean;
        }
        return clean.AsSpan().ContainsAny(',', '"') ? $"\"{clean.Replace("\"", "\"\"")}\"" : clean;
    }
}
