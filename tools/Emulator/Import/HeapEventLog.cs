namespace Carveout.Emulator.Import;

/// <summary>All events that a tracer's text tells, and whose they are.</summary>
internal sealed class HeapEventLog
{
    private readonly List<HeapEvent> _events = [];
    private readonly List<string> _owners = [];
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>How many there are.</summary>
    public int Count => _events.Count;

    /// <summary>Events that the tracer itself says it lost.</summary>
    public long Lost { get; set; }

    /// <summary>Frees that a dump says have happened without saying when.</summary>
    public long FreesWithoutTime { get; set; }

    /// <summary>Requests for more memory of a block that failed and changed nothing.</summary>
    public long FailedReallocations { get; set; }

    /// <summary>An event by its number.</summary>
    public HeapEvent this[int index]
    {
        get => _events[index];
        set => _events[index] = value;
    }

    /// <summary>The name behind an owner's number; null where nobody knows.</summary>
    public string? OwnerName(int owner) => owner < 0 ? null : _owners[owner];

    /// <summary>The number behind an owner's name, given when it is first asked for.</summary>
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

    /// <summary>Adds an event behind the others.</summary>
    public void Add(HeapEvent added) => _events.Add(added);

    /// <summary>Takes all events away; owners keep their numbers.</summary>
    public void Clear() => _events.Clear();

    /// <summary>The events by time, those of one moment as they came; an event without a time stays behind the one before it.</summary>
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
