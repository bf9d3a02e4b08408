namespace Carveout.Emulator.Input;

/// <summary>Reads a small text file as a whole. A file that never ends, such as a device, is refused like one that is too long.</summary>
internal static class BoundedText
{
    /// <summary>The most characters of a file; the largest map or plan is far smaller.</summary>
    private const int LongestFile = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="what">What it should contain, for the message: "map".</param>
    /// <param name="option">The option that named it; null if the name is enough.</param>
    /// <exception cref="UsageException">The file cannot be read, or is too long.</exception>
    public static string Read(string path, string what, string? option = null)
    {
        try
        {
            // PowerShell on Windows redirects output as UTF-16 with a byte order mark, which the reader recognises.
            using var reader = new StreamReader(path);
            char[] text = new char[LongestFile + 1];
            int length = reader.ReadBlock(text);
            return length <= LongestFile ? new string(text, 0, length)
                : throw new UsageException($"{path}: longer than {LongestFile} characters, which is no {what}");
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Of(path, e, option);
        }
    }
}
