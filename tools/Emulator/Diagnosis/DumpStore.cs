namespace Carveout.Emulator.Diagnosis;

/// <summary>The dumps of all files. It has room for a month of logging: repetitions are counted, and long series are thinned.</summary>
internal sealed class DumpStore
{
    private const int MostEvents = 2000, MostSnapshots = 4000;

    private readonly Dictionary<(string File, string Format), List<Dump>> _snapshots = [];
    private readonly Dictionary<string, int> _formats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _skip = new(StringComparer.Ordinal);

    /// <summary>How many dumps there are, by format.</summary>
    public IReadOnlyDictionary<string, int> Formats => _formats;

    /// <summary>Dumps with a refused request, or that state a cause themselves, in the order in which they were read.</summary>
    public List<Dump> Events { get; } = [];

    /// <summary>How many further events were not kept.</summary>
    public int EventsDropped { get; private set; }

    /// <summary>Dumps that only show the state of memory: a list for each file and format.</summary>
    public IEnumerable<IReadOnlyList<Dump>> Snapshots => _snapshots.Values;

    /// <summary>How many dumps there are.</summary>
    public int Count => _formats.Values.Sum();

    /// <summary>Adds a dump.</summary>
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
            // Drop every other dump: a trend does not need them.
            for (int i = 1; i < list.Count; i++)
            {
                list.RemoveAt(i);
            }
            _skip[dump.Place.File + dump.Format] = _skip.GetValueOrDefault(dump.Place.File + dump.Format) + 1;
        }
    }
}
