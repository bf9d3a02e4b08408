using System.IO.Compression;

namespace Carveout.Emulator.Replay;

/// <summary>Where a trace is written: a file, gzip if its name ends in .gz, or standard output.</summary>
internal sealed class TraceOutput : IDisposable
{
    private readonly string? _path;
    private readonly FileStream? _file;

    /// <summary>Opens a file before hours of reading: one that cannot be written is found out now, and one that exists keeps its text until there is
    /// another.</summary>
    /// <param name="path">Its name as given; null for standard output.</param>
    /// <exception cref="UsageException">It cannot be opened.</exception>
    public TraceOutput(string? path)
    {
        _path = path;
        try
        {
            _file = path is null ? null : new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfOutput(path!, e, "--out");
        }
    }

    /// <summary>Writes all of it, in place of what stood there.</summary>
    /// <param name="tell">Says each line, without its line break.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Write(Action<Action<string>> tell)
    {
        if (_file is null)
        {
            tell(line => Console.Out.Write(line + "\n"));
            return;
        }
        try
        {
            if (_file.CanSeek)
            {
                _file.SetLength(0);
            }
            using Stream stream = _path!.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(_file, CompressionLevel.Optimal) : _file;
            using var writer = new StreamWriter(stream) { NewLine = "\n" };
            tell(writer.WriteLine);
        }
        catch (IOException e)
        {
            throw FileFault.OfOutput(_path!, e, "--out");
        }
    }

    /// <summary>Takes a file away that was made for nothing.</summary>
    public void Discard()
    {
        if (_file is { CanSeek: true, Length: 0 })
        {
            _file.Dispose();
            File.Delete(_file.Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
