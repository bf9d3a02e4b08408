namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>A folder of its own for one test, deleted with everything in it.</summary>
sealed class TemporaryFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilcounting");

    public string Path => _folder.FullName;

    public string this[string fileName] => System.IO.Path.Combine(Path, fileName);

    public void Dispose() => _folder.Delete(recursive: true);
}
