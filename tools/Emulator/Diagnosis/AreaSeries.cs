namespace Carveout.Emulator.Diagnosis;

/// <summary>An area in successive dumps of a file.</summary>
/// <param name="name">The area's name.</param>
/// <param name="kind">Its kind.</param>
/// <param name="dumps">The dumps that have it.</param>
/// <param name="areas">The area in each of these dumps.</param>
internal sealed class AreaSeries(string name, AreaKind kind, IReadOnlyList<Dump> dumps, IReadOnlyList<MemoryArea> areas)
{
    /// <summary>The area's name.</summary>
    public string Name { get; } = name;

    /// <summary>Its kind.</summary>
    public AreaKind Kind { get; } = kind;

    /// <summary>The dumps that have it, at least one.</summary>
    public IReadOnlyList<Dump> Dumps { get; } = dumps;

    /// <summary>The area in each of these dumps.</summary>
    public IReadOnlyList<MemoryArea> Areas { get; } = areas;

    /// <summary>Whether places are seconds; otherwise they count dumps.</summary>
    public bool IsTimed { get; } = IsClock(dumps);

    /// <summary>How many dumps there are.</summary>
    public int Count => Dumps.Count;

    /// <summary>The place of each dump: the seconds of its clock, or its number.</summary>
    public double[] Places => [.. Enumerable.Range(0, Count).Select(i => IsTimed ? Dumps[i].Seconds!.Value : i)];

    /// <summary>The series of all areas in these dumps. If a heap's size changes, it counts as another heap; if the device restarts,
    /// another series begins.</summary>
    public static List<AreaSeries> Of(IReadOnlyList<Dump> dumps)
    {
        var all = new Dictionary<(string, AreaKind, long?, int), (List<Dump> Dumps, List<MemoryArea> Areas)>();
        int run = 0;
        for (int i = 0; i < dumps.Count; i++)
        {
            run += i > 0 && dumps[i].Seconds < dumps[i - 1].Seconds ? 1 : 0;
            foreach (MemoryArea area in dumps[i].Areas)
            {
                var key = (area.Name, area.Kind, area.Kind == AreaKind.NativeHeap ? area.Total : null, run);
                if (!all.TryGetValue(key, out (List<Dump> Dumps, List<MemoryArea> Areas) lists))
                {
                    all.Add(key, lists = ([], []));
                }
                lists.Dumps.Add(dumps[i]);
                lists.Areas.Add(area);
            }
        }
        return [.. all.Select(one => new AreaSeries(one.Key.Item1, one.Key.Item2, one.Value.Dumps, one.Value.Areas))];
    }

    private static bool IsClock(IReadOnlyList<Dump> dumps)
    {
        for (int i = 0; i < dumps.Count; i++)
        {
            if (dumps[i].Seconds is not double now || (i > 0 && now <= dumps[i - 1].Seconds))
            {
                return false;
            }
        }
        return true;
    }
}
