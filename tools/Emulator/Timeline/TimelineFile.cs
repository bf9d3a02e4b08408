using System.IO.Compression;

namespace Carveout.Emulator.Timeline;

/// <summary>A file for a timeline. It writes event by event, and keeps none in memory.</summary>
internal abstract class TimelineFile : IDisposable
{
    private readonly string _path, _option;

    /// <summary>Creates the file, as gzip if its name ends in .gz.</summary>
    /// <param name="path">Its name as it was given.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="UsageException">It cannot be created.</exception>
    protected TimelineFile(string path, string option)
    {
        _path = path;
        _option = option;
        try
        {
            Stream file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            Text = new StreamWriter(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Fastest) : file)
            {
                NewLine = "\n",
            };
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfOutput(path, e, option);
        }
    }

    /// <summary>How many events have been written.</summary>
    public long Count { get; private set; }

    /// <summary>Receives the text.</summary>
    protected StreamWriter Text { get; }

    /// <summary>Writes an event.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Write(in TimelineEvent happened)
    {
        try
        {
            Add(happened, Count == 0);
            Count++;
        }
        catch (IOException e)
        {
            throw FileFault.OfOutput(_path, e, _option);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Close();
            Text.Dispose();
        }
        catch (IOException e)
        {
            throw FileFault.OfOutput(_path, e, _option);
        }
    }

    /// <summary>Writes an event in the file's format.</summary>
    protected abstract void Add(in TimelineEvent happened, bool isFirst);

    /// <summary>Writes what follows the last event.</summary>
    protected virtual void Close()
    {
    }
}
