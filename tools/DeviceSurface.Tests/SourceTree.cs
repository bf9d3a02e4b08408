namespace Carveout.DeviceSurface.Tests;

/// <summary>Copies of this repository's sources in a test's own folder, with nothing restored or built.</summary>
internal static class SourceTree
{
    private static readonly string[] _folders = ["Board", "Firmware", "tools/DeviceSurface"];

    /// <summary>Copies the device code, and the files at the top.</summary>
    public static void CopyTo(TemporaryFolder target)
    {
        CopyFiles(target, "", "*");
        foreach (string folder in _folders)
        {
            CopyFolder(target, folder);
        }
    }

    /// <summary>Copies a folder with its subfolders.</summary>
    public static void CopyFolder(TemporaryFolder target, string folder)
    {
        CopyFiles(target, folder, "*");
        foreach (string path in Directory.GetDirectories(Path.Combine(Locations.Repository, folder)))
        {
            string name = Path.GetFileName(path);
            if (name is not ("bin" or "obj"))
            {
                CopyFolder(target, Path.Combine(folder, name));
            }
        }
    }

    /// <summary>Copies the files of a folder, without its subfolders.</summary>
    public static void CopyFiles(TemporaryFolder target, string folder, params string[] patterns)
    {
        string copy = target.PathOf(folder);
        Directory.CreateDirectory(copy);
        foreach (string path in patterns.SelectMany(p => Directory.GetFiles(Path.Combine(Locations.Repository, folder), p)))
        {
            File.Copy(path, Path.Combine(copy, Path.GetFileName(path)));
        }
    }
}
