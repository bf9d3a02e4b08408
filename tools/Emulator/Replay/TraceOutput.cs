using System.IO.Compression;

namespace Carveout.Emulator.Replay;

/// <summary>Where a trace is written: a file, gzip if its name ends in .gz, or standard output. A file that was made and got nothing goes again; one
/// that was there before stays, empty or not: it may be a device.</summary>
internal sealed class TraceOutput : IDisposable
{
    private readonly string? _path;
    private readonly FileStream? _file;
    private readonly bool _isMade;
    private bool _isWritten;

    /// <summary>Opens a file before hours of reading: one that cannot be written is found out now, and one that exists keeps its text until there is
    /// another.</summary>
    /// <param name="path">Its name as given; null for standard output.</param>
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
        _isWritten = true;
        try
        {
            // Devices say that they can seek, and are not to be cut.
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
