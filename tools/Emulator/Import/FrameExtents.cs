namespace Carveout.Emulator.Import;

/// <summary>Ranges of page frames that do not overlap, each with an owner. Its cost depends on the number of ranges, not on their
/// lengths.</summary>
internal sealed class FrameExtents<T>
    where T : class
{
    private readonly SortedSet<Extent> _extents = new(Comparer<Extent>.Create((one, other) => one.First.CompareTo(other.First)));

    /// <summary>Adds a range that overlaps no other.</summary>
    public void Add(ulong first, ulong end, T owner) => _extents.Add(new Extent(first, end, owner));

    /// <summary>The ranges that have a frame in a given range, unchanged, the lowest first.</summary>
    public List<(ulong First, ulong End, T Owner)> In(ulong first, ulong end)
    {
        var found = new List<(ulong, ulong, T)>();
        if (Below(first) is { } before && before.End > first)
        {
            found.Add((before.First, before.End, before.Owner));
        }
        foreach (Extent extent in _extents.GetViewBetween(new Extent(first, 0, null!), new Extent(end - 1, 0, null!)))
        {
            found.Add((extent.First, extent.End, extent.Owner));
        }
        return found;
    }

    /// <summary>Removes a range; the parts of others that reach beyond it on either side stay.</summary>
    public void Cut(ulong first, ulong end)
    {
        foreach ((ulong from, ulong to, T owner) in In(first, end))
        {
            _extents.Remove(new Extent(from, 0, null!));
            if (from < first)
            {
                Add(from, first, owner);
            }
            if (to > end)
            {
                Add(end, to, owner);
            }
        }
    }

    /// <summary>The end of an owner's last range within a given range; the start of that if there is none.</summary>
    public ulong EndOf(T owner, ulong first, ulong end)
    {
        List<(ulong First, ulong End, T Owner)> found = In(first, end);
        int last = found.FindLastIndex(extent => extent.Owner == owner);
        return last < 0 ? first : found[last].End;
    }

    /// <summary>The last range that begins before a frame.</summary>
    private Extent? Below(ulong frame) => frame == 0 ? null : _extents.GetViewBetween(new Extent(0, 0, null!), new Extent(frame - 1, 0, null!)).Max;

    private sealed record Extent(ulong First, ulong End, T Owner);
}
