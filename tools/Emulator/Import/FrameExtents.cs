namespace Carveout.Emulator.Import;

/// <summary>Ranges of page frames that do not overlap, each with whose it is; what it costs depends on how many there are, not on how long.</summary>
internal sealed class FrameExtents<T>
    where T : class
{
    private readonly SortedSet<Extent> _extents = new(Comparer<Extent>.Create((one, other) => one.First.CompareTo(other.First)));

    /// <summary>Adds a range that nobody has.</summary>
    public void Add(ulong first, ulong end, T owner) => _extents.Add(new Extent(first, end, owner));

    /// <summary>The ranges, as they are, that have a frame in a range; lowest first.</summary>
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

    /// <summary>Takes a range out; what reaches over it on either side stays.</summary>
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

    /// <summary>The end of an owner's last range within a range; its start where there is none.</summary>
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
