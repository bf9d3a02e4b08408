using Carveout.Diagnostics;

namespace Carveout.Emulator.Timeline;

/// <summary>The files that take a timeline, and what every timeline has: processes, counters that are written when they change, blocks of chosen
/// owners.</summary>
/// <param name="files">At least one.</param>
/// <param name="owners">Owners whose live blocks are drawn; all of them where it is null.</param>
internal sealed class TimelineOutput(IReadOnlyList<TimelineFile> files, IReadOnlySet<string>? owners) : IDisposable
{
    private readonly Dictionary<(int, string), long> _counters = [];
    private readonly Dictionary<(int, long), string> _blocks = [];
    private readonly HashSet<(int, string)> _tracks = [];
    private int _processes;

    /// <summary>Events in each file.</summary>
    public long Count => files[0].Count;

    /// <summary>Begins a process.</summary>
    /// <returns>Its number.</returns>
    public int Process(string name)
    {
        Write(new TimelineEvent(TimelineKind.Process, ++_processes, 0, "", name, 0));
        return _processes;
    }

    /// <summary>Says the value of a counter, if it is another one than before.</summary>
    /// <param name="process">The process.</param>
    /// <param name="time">Microseconds.</param>
    /// <param name="track">The counter.</param>
    /// <param name="unit">Bytes, blocks.</param>
    /// <param name="value">The value.</param>
    public void Counter(int process, long time, string track, string unit, long value)
    {
        if (!_counters.TryGetValue((process, track), out long last) || last != value)
        {
            _counters[(process, track)] = value;
            Write(new TimelineEvent(TimelineKind.Counter, process, time, track, unit, value));
        }
    }

    /// <summary>A block was taken; it is drawn if its owner is one of the chosen.</summary>
    /// <param name="process">The process.</param>
    /// <param name="time">Microseconds.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="id">Its number, which no other live block has.</param>
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

    /// <summary>A block was freed.</summary>
    public void Free(int process, long time, long id)
    {
        if (_blocks.Remove((process, id), out string? owner))
        {
            Write(new TimelineEvent(TimelineKind.End, process, time, owner, "", id));
        }
    }

    /// <summary>Something lasted, on a track of its own.</summary>
    public void Slice(int process, long begin, long end, string track, string name)
    {
        Track(process, track);
        Write(new TimelineEvent(TimelineKind.Slice, process, begin, track, name, end - begin));
    }

    /// <summary>Something happened.</summary>
    public void Instant(int process, long time, string track, string name)
    {
        Track(process, track);
        Write(new TimelineEvent(TimelineKind.Instant, process, time, track, name, 0));
    }

    /// <summary>A process is over: its live blocks end here.</summary>
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
