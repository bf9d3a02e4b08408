namespace Carveout.DeviceSurface.Tests;

/// <summary>A folder for one test. Its name has a blank, because a checkout's path may have one.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("device surface ").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
