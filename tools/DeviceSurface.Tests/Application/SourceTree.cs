namespace Carveout.DeviceSurface.Tests.Application;

/// <summary>The sources of this repository's device side in a folder of their own, with nothing restored or built.</summary>
internal static class SourceTree
{
    private static readonly string[] _folders = ["Board", "Firmware", "tools/DeviceSurface"];

    /// <summary>Copies them, and what stands at the top.</summary>
    public static void CopyTo(TemporaryFolder target)
    {
        Copy(target, "");
        foreach (string folder in _folders)
        {
            CopyAll(target, folder);
        }
    }

    private static void CopyAll(TemporaryFolder target, string folder)
    {
        Copy(target, folder);
        foreach (string path in Directory.GetDirectories(Path.Combine(Locations.Repository, folder)))
        {
            string name = Path.GetFileName(path);
            if (name is not ("bin" or "obj"))
            {
                CopyAll(target, Path.Combine(folder, name));
            }
        }
    }

    private static void Copy(TemporaryFolder target, string folder)
    {
        Directory.CreateDirectory(target.PathOf(folder));
        foreach (string path in Directory.GetFiles(Path.Combine(Locations.Repository, folder)))
        {
            File.Copy(path, Path.Combine(target.PathOf(folder), Path.GetFileName(path)));
        }
    }
}
