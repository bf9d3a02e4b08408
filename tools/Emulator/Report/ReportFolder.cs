namespace Carveout.Emulator.Report;

/// <summary>Where a report goes.</summary>
internal sealed class ReportFolder
{
    /// <summary>The report for people.</summary>
    public const string ReportName = "report.html";

    /// <summary>The same for programs.</summary>
    public const string ResultName = "result.json";

    private readonly string _path;

    private ReportFolder(string path)
    {
        _path = path;
    }

    /// <summary>The report's path.</summary>
    public string ReportPath => Path.Combine(_path, ReportName);

    /// <summary>Makes the folder where there is none, and makes sure that it can be written to.</summary>
    /// <exception cref="UsageException">It cannot be.</exception>
    public static ReportFolder Open(string path)
    {
        Guard(path, () =>
        {
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, Path.GetRandomFileName());
            File.WriteAllText(probe, "");
            File.Delete(probe);
        });
        return new ReportFolder(path);
    }

    /// <summary>Writes both files; those that were there are replaced.</summary>
    /// <exception cref="UsageException">They cannot be written.</exception>
    public void Write(string report, string result)
    {
        Guard(_path, () =>
        {
            File.WriteAllText(ReportPath, report);
            File.WriteAllText(Path.Combine(_path, ResultName), result);
        });
    }

    private static void Guard(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfFolder(path, e, "--out");
        }
    }
}
