namespace Carveout.Emulator.Input;

/// <summary>A folder that a run created for its output. If nothing is written to it, it is deleted again.</summary>
internal sealed class MadeFolder : IDisposable
{
    /// <summary>The folders that did not exist, the innermost first.</summary>
    private readonly List<string> _made = [];

    /// <summary>Creates a folder and its parents if need be, and makes sure that it can be written to.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="UsageException">It cannot be created or written to.</exception>
    public MadeFolder(string path, string option)
    {
        try
        {
            for (string? outer = Path.GetFullPath(path); outer is not null && !Path.Exists(outer); outer = Path.GetDirectoryName(outer))
            {
                _made.Add(outer);
            }
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, Path.GetRandomFileName());
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            Dispose();
            throw FileFault.OfFolder(path, e, option);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string folder in _made)
        {
            if (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any())
            {
                return;
            }
            Directory.Delete(folder);
        }
    }
}
