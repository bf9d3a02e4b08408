using System.IO.Compression;

namespace Carveout.Emulator.Scenario;

/// <summary>A file with the console output of the emulated board.</summary>
internal abstract class RunLog : IRunObserver, IDisposable
{
    private readonly string _path, _option;
    private readonly StreamWriter _file;

    /// <summary>Creates the file, as gzip if its name ends in .gz; replaces an existing one.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="UsageException">It cannot be created.</exception>
    protected RunLog(string path, string option)
    {
        (_path, _option) = (path, option);
        try
        {
            FileStream file = File.Create(path);
            _file = new StreamWriter(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.SmallestSize) : file)
            {
                NewLine = "\n",
            };
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfOutput(path, e, option);
        }
    }

    /// <inheritdoc/>
    public virtual void OnBoot(PlayRun run)
    {
        // Not every log begins with the boot.
    }

    /// <inheritdoc/>
    public abstract void OnRequest(PlayRun run);

    /// <inheritdoc/>
    public abstract void OnFailure(PlayRun run);

    /// <inheritdoc/>
    public virtual void OnEnd(PlayRun run)
    {
        // Not every log has a last line.
    }

    /// <inheritdoc/>
    public void Dispose() => Try(_file.Dispose);

    /// <summary>Writes a line.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    protected void Write(string line) => Try(() => _file.WriteLine(line));

    /// <summary>The lines of a text that ends with a line break.</summary>
    protected static IEnumerable<string> Lines(string text) => text.TrimEnd('\n').Split('\n');

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            throw FileFault.OfOutput(_path, e, _option);
        }
    }
}
