namespace Carveout.Emulator.Report;

/// <summary>Where a report goes.</summary>
internal sealed class ReportFolder : IDisposable
{
    /// <summary>The report for people.</summary>
    public const string ReportName = "report.html";

    /// <summary>The same for programs.</summary>
    public const string ResultName = "result.json";

    private const string Option = "--out";

    private readonly string _path;
    private readonly MadeFolder _folder;

    /// <summary>Makes the folder where there is none, and makes sure that it can be written to.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    public ReportFolder(string path)
    {
        _path = path;
        _folder = new MadeFolder(path, Option);
    }

    /// <summary>The report's path.</summary>
    public string ReportPath => Path.Combine(_path, ReportName);

    /// <summary>Writes both files; those that were there are replaced.</summary>
    /// <exception cref="UsageException">They cannot be written.</exception>
    public void Write(string report, string result)
    {
        try
        {
            File.WriteAllText(ReportPath, report);
            File.WriteAllText(Path.Combine(_path, ResultName), result);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfFolder(_path, e, Option);
        }
    }

    /// <summary>Where there is no report, a folder that was made for it goes again.</summary>
    public void Dispose() => _folder.Dispose();
}
