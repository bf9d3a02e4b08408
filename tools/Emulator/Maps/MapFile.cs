namespace Carveout.Emulator.Maps;

/// <summary>A file that holds a memory map.</summary>
internal static class MapFile
{
    /// <summary>The map in a file.</summary>
    /// <exception cref="UsageException">The file cannot be read, or holds no map.</exception>
    public static MemoryMap Read(string path) => string.IsNullOrWhiteSpace(path)
        ? throw new UsageException("--file: the name of the file is empty")
        : MapReader.Read(PlacedJson.Parse(path, BoundedText.Read(path, "map")));
}
