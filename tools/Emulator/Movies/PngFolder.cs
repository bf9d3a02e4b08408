namespace Carveout.Emulator.Movies;

/// <summary>The folder that <c>--png</c> names.</summary>
internal static class PngFolder
{
    /// <summary>Makes it where it is not there.</summary>
    /// <exception cref="UsageException">It cannot be made, or a picture's name was given.</exception>
    public static void Make(string folder)
    {
        if (folder.EndsWith(".png", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(folder))
        {
            throw new UsageException($"--png {folder}: expected a folder, in which pictures get names of their own");
        }
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfFolder(folder, e, "--png");
        }
    }
}
