using System.IO.Compression;

namespace Carveout.Emulator.Timeline;

/// <summary>A file that takes what happened over time, event by event, and keeps none of it.</summary>
internal abstract class TimelineFile : IDisposable
{
    private readonly string _path, _option;

    /// <summary>Makes a file, gzip if its name ends in .gz.</summary>
    /// <param name="path">Its name as given.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="UsageException">It cannot be made.</exception>
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

    /// <summary>Events written so far.</summary>
    public long Count { get; private set; }

    /// <summary>Where the events go.</summary>
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

    /// <summary>Writes an event as the format has it.</summary>
    protected abstract void Add(in TimelineEvent happened, bool isFirst);

    /// <summary>Writes what stands behind the last event.</summary>
    protected virtual void Close()
    {
    }
}
