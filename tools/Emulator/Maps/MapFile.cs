namespace Carveout.Emulator.Maps;

/// <summary>A file that holds a memory map.</summary>
internal static class MapFile
{
    /// <summary>Characters of a file; a map with the most entries stays far below, and a device file never ends.</summary>
    private const int LongestFile = 1 << 20;

    /// <summary>The map in a file.</summary>
    /// <exception cref="UsageException">The file cannot be read, or holds no map.</exception>
    public static MemoryMap Read(string path) => MapReader.Read(PlacedJson.Parse(path, ReadText(path)));

    private static string ReadText(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UsageException("--file: the name of the file is empty");
        }
        try
        {
            // Windows' PowerShell redirects as UTF-16 with a byte order mark, which the reader sees.
            using var reader = new StreamReader(path);
            char[] text = new char[LongestFile + 1];
            int length = reader.ReadBlock(text);
            return length <= LongestFile ? new string(text, 0, length)
                : throw new UsageException($"{path}: longer than {LongestFile} characters, which is no map");
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Of(path, e);
        }
    }
}
