namespace Carveout.Emulator.Tests.Planning;

/// <summary>A place for one plan.</summary>
internal sealed class PlanFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("plan");

    public string Path => System.IO.Path.Combine(_folder.FullName, "plan.json");

    public void Dispose() => _folder.Delete(recursive: true);
}
