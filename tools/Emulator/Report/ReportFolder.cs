namespace Carveout.Emulator.Report;

/// <summary>The folder of a report.</summary>
internal sealed class ReportFolder : IDisposable
{
    /// <summary>The file for people.</summary>
    public const string ReportName = "report.html";

    /// <summary>The file for programs.</summary>
    public const string ResultName = "result.json";

    private const string Option = "--out";

    private readonly string _path;
    private readonly MadeFolder _folder;

    /// <summary>Creates the folder if need be, and makes sure that it can be written to.</summary>
    /// <exception cref="UsageException">It cannot be created or written to.</exception>
    public ReportFolder(string path)
    {
        _path = path;
        _folder = new MadeFolder(path, Option);
    }

    /// <summary>The report's path.</summary>
    public string ReportPath => Path.Combine(_path, ReportName);

    /// <summary>Writes both files, and replaces existing ones.</summary>
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

    /// <summary>If no report was written, a folder that was created for it is deleted.</summary>
    public void Dispose() => _folder.Dispose();
}
