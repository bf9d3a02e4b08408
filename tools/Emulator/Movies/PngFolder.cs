namespace Carveout.Emulator.Movies;

/// <summary>The folder that <c>--png</c> names.</summary>
internal static class PngFolder
{
    /// <summary>Makes it where it is not there; without a picture in it, it goes again.</summary>
    /// <exception cref="UsageException">It cannot be made, or a picture's name was given.</exception>
    public static MadeFolder Make(string folder)
    {
        if (folder.EndsWith(".png", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(folder))
        {
            throw new UsageException($"--png {folder}: expected a folder, in which pictures get names of their own");
        }
        return new MadeFolder(folder, "--png");
    }
}
