using Carveout.Emulator.Diagnosis;

namespace Carveout.Emulator.Tests.Diagnosis;

/// <summary>Every number in dumps, dump by dump.</summary>
internal sealed class Numbers
{
    private readonly Dictionary<string, HashSet<long>> _said = [];
    private readonly HashSet<long> _all = [];
    private readonly List<(string Key, long Value)> _sound = [];

    /// <summary>The numbers of dumps, whatever the format is called: a Mem-Info without its first line is one all the same. The numbers of
    /// a damaged dump do not count.</summary>
    public static Numbers Of(IEnumerable<Dump> dumps)
    {
        var numbers = new Numbers();
        foreach (Dump dump in dumps)
        {
            foreach (MemoryArea area in dump.Areas)
            {
                string key = $"{area.Name} ";
                foreach ((string name, long? value) in ((string, long?)[])[("total", area.Total), ("free", area.Free), ("largest", area.Largest), ("least", area.LeastEverFree),
                    ("min", area.Min), ("low", area.Low), ("high", area.High)])
                {
                    numbers.Add(key + name, value, dump);
                }
                if (area.Blocks is { IsComplete: true } blocks)
                {
                    numbers.Add(key + "pages", blocks.PageSize, dump);
                    for (int order = 0; order < blocks.Counts.Count; order++)
                    {
                        numbers.Add($"{key}order {order}", blocks.Counts[order], dump);
                    }
                }
            }
            numbers.Add("bytes", dump.Request?.Bytes, dump);
            numbers.Add("order", dump.Request?.Order, dump);
            numbers.Add("mask", dump.Request?.Mask, dump);
        }
        return numbers;
    }

    /// <summary>The numbers that others do not have. An area without its name has another name, but the same numbers.</summary>
    /// <returns>Empty if there are none.</returns>
    public string WrongAgainst(Numbers whole) =>
        string.Join(", ", _sound.Where(one => whole._said.TryGetValue(one.Key, out HashSet<long>? values) ? !values.Contains(one.Value) : !whole._all.Contains(one.Value)).Select(one => $"{one.Key} {one.Value}"));

    private void Add(string key, long? value, Dump dump)
    {
        if (value is long number)
        {
            _all.Add(number);
            (_said.TryGetValue(key, out HashSet<long>? values) ? values : _said[key] = []).Add(number);
            if (dump.Damage.Count == 0)
            {
                _sound.Add((key, number));
            }
        }
    }
}
