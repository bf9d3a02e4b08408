namespace Carveout.Emulator.Movies;

/// <summary>The folder that <c>--png</c> names.</summary>
internal static class PngFolder
{
    /// <summary>Creates the folder if need be. If no picture is written to it, it is deleted again.</summary>
    /// <exception cref="UsageException">It cannot be created, or the name is a picture's.</exception>
    public static MadeFolder Make(string folder)
    {
        if (folder.EndsWith(".png", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(folder))
        {
            throw new UsageException($"--png {folder}: expected a folder, in which pictures get names of their own");
        }
        return new MadeFolder(folder, "--png");
    }
}
