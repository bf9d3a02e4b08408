namespace Carveout.Emulator.Import;

/// <summary>All events in a tracer's text, and their owners.</summary>
internal sealed class HeapEventLog
{
    private readonly List<HeapEvent> _events = [];
    private readonly List<string> _owners = [];
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>How many events there are.</summary>
    public int Count => _events.Count;

    /// <summary>How many events the tracer says it lost.</summary>
    public long Lost { get; set; }

    /// <summary>How many frees a dump shows without their time.</summary>
    public long FreesWithoutTime { get; set; }

    /// <summary>How many reallocations failed and changed nothing.</summary>
    public long FailedReallocations { get; set; }

    /// <summary>An event by its number.</summary>
    public HeapEvent this[int index]
    {
        get => _events[index];
        set => _events[index] = value;
    }

    /// <summary>The name of an owner; null if unknown.</summary>
    public string? OwnerName(int owner) => owner < 0 ? null : _owners[owner];

    /// <summary>The number of an owner's name, which is assigned at the first call.</summary>
    public int OwnerOf(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return -1;
        }
        if (!_numbers.TryGetValue(name, out int number))
        {
            _numbers.Add(name, number = _owners.Count);
            _owners.Add(name);
        }
        return number;
    }

    /// <summary>Adds an event at the end.</summary>
    public void Add(HeapEvent added) => _events.Add(added);

    /// <summary>Removes all events; owners keep their numbers.</summary>
    public void Clear() => _events.Clear();

    /// <summary>The events by time. Events of one moment keep their order, and an event without a time stays behind its
    /// predecessor.</summary>
    public HeapEvent[] InOrder()
    {
        HeapEvent[] events = [.. _events];
        long last = HeapEvent.Untimed;
        bool isSorted = true;
        var keys = new (long Time, int Place)[events.Length];
        for (int i = 0; i < events.Length; i++)
        {
            long time = events[i].Time == HeapEvent.Untimed ? last : events[i].Time;
            isSorted &= time >= last;
            last = time;
            keys[i] = (time, i);
        }
        if (!isSorted)
        {
            Array.Sort(keys, events);
        }
        return events;
    }
}
