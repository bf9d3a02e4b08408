using System.Runtime.InteropServices;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Sums bytes by name, for as many names as a log may have.</summary>
internal sealed class HolderTable
{
    private const int MostNames = 5000, Kept = 50;

    private readonly Dictionary<string, (long Bytes, long Count)> _sums = [];

    /// <summary>Whether it has no names.</summary>
    public bool IsEmpty => _sums.Count == 0;

    /// <summary>Adds to the sum of a name.</summary>
    public void Add(string name, long bytes, long count)
    {
        if (_sums.Count >= MostNames && !_sums.ContainsKey(name))
        {
            name = "all others";
        }
        ref (long Bytes, long Count) sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, name, out _);
        sum = ((long)Int128.Min((Int128)sum.Bytes + bytes, long.MaxValue), (long)Int128.Min((Int128)sum.Count + count, long.MaxValue));
    }

    /// <summary>Moves those with most memory to a dump, and clears the table.</summary>
    public void MoveTo(Dump dump)
    {
        dump.Holders.AddRange(_sums.OrderByDescending(sum => sum.Value.Bytes).ThenBy(sum => sum.Key, StringComparer.Ordinal).Take(Kept)
            .Select(sum => new Holder(sum.Key, sum.Value.Bytes, sum.Value.Count)));
        _sums.Clear();
    }
}
