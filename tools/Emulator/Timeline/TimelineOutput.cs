using Carveout.Diagnostics;

namespace Carveout.Emulator.Timeline;

/// <summary>The files of a timeline, and what every timeline needs: processes, counters that are written when they change, and the blocks
/// of chosen owners.</summary>
/// <param name="files">At least one.</param>
/// <param name="owners">The owners whose live blocks are drawn; null for all.</param>
internal sealed class TimelineOutput(IReadOnlyList<TimelineFile> files, IReadOnlySet<string>? owners) : IDisposable
{
    private readonly Dictionary<(int, string), long> _counters = [];
    private readonly Dictionary<(int, long), string> _blocks = [];
    private readonly HashSet<(int, string)> _tracks = [];
    private int _processes;

    /// <summary>How many events each file has.</summary>
    public long Count => files[0].Count;

    /// <summary>Begins a process.</summary>
    /// <returns>Its number.</returns>
    public int Process(string name)
    {
        Write(new TimelineEvent(TimelineKind.Process, ++_processes, 0, "", name, 0));
        return _processes;
    }

    /// <summary>Writes the value of a counter if it has changed.</summary>
    /// <param name="process">The process.</param>
    /// <param name="time">Microseconds.</param>
    /// <param name="track">The counter.</param>
    /// <param name="unit">The unit: bytes, blocks.</param>
    /// <param name="value">The value.</param>
    public void Counter(int process, long time, string track, string unit, long value)
    {
        if (!_counters.TryGetValue((process, track), out long last) || last != value)
        {
            _counters[(process, track)] = value;
            Write(new TimelineEvent(TimelineKind.Counter, process, time, track, unit, value));
        }
    }

    /// <summary>Writes that a block was allocated, if its owner is one of the chosen.</summary>
    /// <param name="process">The process.</param>
    /// <param name="time">Microseconds.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="id">Its number, different from those of all other live blocks.</param>
    /// <param name="size">Bytes.</param>
    public void Take(int process, long time, string owner, long id, long size)
    {
        if (owners?.Contains(owner) == false)
        {
            return;
        }
        string name = SizeText.Of(size);
        _blocks[(process, id)] = owner;
        Write(new TimelineEvent(TimelineKind.Begin, process, time, owner, name, id));
    }

    /// <summary>Writes that a block was freed.</summary>
    public void Free(int process, long time, long id)
    {
        if (_blocks.Remove((process, id), out string? owner))
        {
            Write(new TimelineEvent(TimelineKind.End, process, time, owner, "", id));
        }
    }

    /// <summary>Writes something that took time, on its own track.</summary>
    public void Slice(int process, long begin, long end, string track, string name)
    {
        Track(process, track);
        Write(new TimelineEvent(TimelineKind.Slice, process, begin, track, name, end - begin));
    }

    /// <summary>Writes something that took no time.</summary>
    public void Instant(int process, long time, string track, string name)
    {
        Track(process, track);
        Write(new TimelineEvent(TimelineKind.Instant, process, time, track, name, 0));
    }

    /// <summary>Ends a process and its live blocks.</summary>
    public void End(int process, long time)
    {
        foreach ((int, long) block in _blocks.Keys.Where(block => block.Item1 == process).ToArray())
        {
            Free(process, time, block.Item2);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TimelineFile file in files)
        {
            file.Dispose();
        }
    }

    private void Track(int process, string track)
    {
        if (_tracks.Add((process, track)))
        {
            Write(new TimelineEvent(TimelineKind.Track, process, 0, track, "", 0));
        }
    }

    private void Write(in TimelineEvent happened)
    {
        foreach (TimelineFile file in files)
        {
            file.Write(happened);
        }
    }
}
