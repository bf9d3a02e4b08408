namespace Carveout.Emulator.Diagnosis;

/// <summary>The dumps of all files, of as many as a month of logging has: what repeats is counted, and a series too long is thinned.</summary>
internal sealed class DumpStore
{
    private const int MostEvents = 2000, MostSnapshots = 4000;

    private readonly Dictionary<(string File, string Format), List<Dump>> _snapshots = [];
    private readonly Dictionary<string, int> _formats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _skip = new(StringComparer.Ordinal);

    /// <summary>Dumps by format.</summary>
    public IReadOnlyDictionary<string, int> Formats => _formats;

    /// <summary>What was refused, or told of something wrong outright, in the order in which it was read.</summary>
    public List<Dump> Events { get; } = [];

    /// <summary>Events beyond those that are kept.</summary>
    public int EventsDropped { get; private set; }

    /// <summary>What merely shows how memory stood: a list for each file and format.</summary>
    public IEnumerable<IReadOnlyList<Dump>> Snapshots => _snapshots.Values;

    /// <summary>All of them.</summary>
    public int Count => _formats.Values.Sum();

    /// <summary>Adds one.</summary>
    public void Add(Dump dump)
    {
        _formats[dump.Format] = _formats.GetValueOrDefault(dump.Format) + 1;
        if (dump.Request is not null || dump.Signs.Count > 0)
        {
            if (Events.Count < MostEvents)
            {
                Events.Add(dump);
            }
            else
            {
                EventsDropped++;
            }
            return;
        }
        (string, string) key = (dump.Place.File, dump.Format);
        if (!_snapshots.TryGetValue(key, out List<Dump>? list))
        {
            _snapshots.Add(key, list = []);
        }
        int step = 1 << _skip.GetValueOrDefault(dump.Place.File + dump.Format);
        if ((_formats[dump.Format] - 1) % step == 0)
        {
            list.Add(dump);
        }
        if (list.Count > MostSnapshots)
        {
            // Every other one goes: a trend does not need them.
            for (int i = 1; i < list.Count; i++)
            {
                list.RemoveAt(i);
            }
            _skip[dump.Place.File + dump.Format] = _skip.GetValueOrDefault(dump.Place.File + dump.Format) + 1;
        }
    }
}
