using System.IO.Compression;

namespace Carveout.Emulator.Replay;

/// <summary>Writes a trace to a file, as gzip if its name ends in .gz, or to standard output. If nothing is written, a file that was
/// created is deleted. A file that existed before stays, empty or not, because it may be a device.</summary>
internal sealed class TraceOutput : IDisposable
{
    private readonly string? _path;
    private readonly FileStream? _file;
    private readonly bool _isMade;
    private bool _isWritten;

    /// <summary>Opens a file before hours of reading, so that one that cannot be written is noticed now. An existing file keeps its text
    /// until there is a new one.</summary>
    /// <param name="path">Its name as it was given; null for standard output.</param>
    /// <exception cref="UsageException">It cannot be opened.</exception>
    public TraceOutput(string? path)
    {
        _path = path;
        _isMade = path is not null && !File.Exists(path);
        try
        {
            _file = path is null ? null : new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfOutput(path!, e, "--out");
        }
    }

    /// <summary>Writes the whole trace, in place of the file's former text.</summary>
    /// <param name="tell">Writes each line, without its line break, with the call that it gets.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Write(Action<Action<string>> tell)
    {
        if (_file is null)
        {
            tell(line => Console.Out.Write(line + "\n"));
            return;
        }
        _isWritten = true;
        try
        {
            // Devices claim that they can seek, but must not be cut.
            if (_file.CanSeek && _file.Length > 0)
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        if (_isMade && !_isWritten)
        {
            File.Delete(_path!);
        }
    }
}
