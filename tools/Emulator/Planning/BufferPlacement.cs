namespace Carveout.Emulator.Planning;

/// <summary>Places buffers in pieces of memory: how many buffers of each stream lie in which piece.</summary>
/// <remarks>An exhaustive search, because the problem is bin packing. It tries streams that stay whole first, then split ones; the largest
/// buffers first; and pieces in the given order. It remembers states that led to nothing, and treats streams whose buffers take the same
/// bytes as one. After <see cref="MostSteps"/> steps it gives up and says so; no set of 16 streams that we tried came near that.</remarks>
internal sealed class BufferPlacement
{
    /// <summary>The most places that are tried.</summary>
    public const int MostSteps = 2_000_000;

    private readonly int[] _counts;
    private readonly long[][] _sizes;
    private readonly int[][] _found;
    private readonly HashSet<(int, string)> _deadEnds = [];
    private readonly bool _splits;
    private int _steps;

    private BufferPlacement(int[] counts, long[][] sizes, bool splits)
    {
        (_counts, _sizes, _splits) = (counts, sizes, splits);
        _found = [.. counts.Select(_ => new int[sizes[0].Length])];
    }

    /// <summary>Looks for a place for every buffer.</summary>
    /// <param name="counts">By stream, its buffers.</param>
    /// <param name="sizes">By stream and piece, the bytes that a buffer takes there.</param>
    /// <param name="room">By piece, its bytes.</param>
    /// <param name="gaveUp">Whether it found nothing but did not try everything.</param>
    /// <returns>By stream and piece, how many buffers lie there; null if there is no room for all.</returns>
    public static int[][]? Find(IReadOnlyList<int> counts, IReadOnlyList<long[]> sizes, IReadOnlyList<long> room, out bool gaveUp)
    {
        int[] order = [.. Enumerable.Range(0, counts.Count).OrderByDescending(i => sizes[i].Max())];
        var whole = new BufferPlacement([.. order.Select(i => counts[i])], [.. order.Select(i => sizes[i])], splits: false);
        if (whole.Place(0, [.. room]))
        {
            gaveUp = false;
            return Unordered(whole._found, order);
        }
        int[][] groups = [.. order.GroupBy(i => string.Join(' ', sizes[i])).Select(group => group.ToArray())];
        var split = new BufferPlacement([.. groups.Select(group => group.Sum(i => counts[i]))], [.. groups.Select(group => sizes[group[0]])], splits: true);
        bool fits = split.Place(0, [.. room]);
        gaveUp = !fits && split._steps >= MostSteps;
        return fits ? Ungrouped(split._found, groups, counts) : null;
    }

    /// <summary>Places as many buffers as possible one by one, the largest first, to show what is missing.</summary>
    public static int[][] AsManyAsFit(IReadOnlyList<int> counts, IReadOnlyList<long[]> sizes, IReadOnlyList<long> room)
    {
        long[] left = [.. room];
        int[][] placed = [.. counts.Select(_ => new int[left.Length])];
        foreach (int i in Enumerable.Range(0, counts.Count).OrderByDescending(i => sizes[i].Max()))
        {
            int rest = counts[i];
            for (int piece = 0; piece < left.Length; piece++)
            {
                int here = (int)Math.Min(rest, left[piece] / sizes[i][piece]);
                placed[i][piece] = here;
                left[piece] -= here * sizes[i][piece];
                rest -= here;
            }
        }
        return placed;
    }

    private bool Place(int stream, long[] room)
    {
        if (stream == _counts.Length)
        {
            return true;
        }
        if (_steps >= MostSteps || IsHopeless(stream, room) || !_deadEnds.Add((stream, string.Join(' ', room))))
        {
            return false;
        }
        return _splits ? Split(stream, 0, _counts[stream], room) : Whole(stream, room);
    }

    private bool Whole(int stream, long[] room)
    {
        for (int piece = 0; piece < room.Length; piece++)
        {
            if (Try(stream, piece, _counts[stream], room) && Place(stream + 1, room))
            {
                return true;
            }
            Undo(stream, piece, room);
        }
        return false;
    }

    /// <summary>Places the remaining buffers of a stream in a piece and the following ones: as many as possible in the first of them, then
    /// fewer.</summary>
    private bool Split(int stream, int piece, int rest, long[] room)
    {
        if (rest == 0)
        {
            return Place(stream + 1, room);
        }
        if (piece == room.Length)
        {
            return false;
        }
        int most = (int)Math.Min(rest, room[piece] / _sizes[stream][piece]), least = piece == room.Length - 1 ? rest : 0;
        for (int here = most; here >= least; here--)
        {
            if (Try(stream, piece, here, room) && Split(stream, piece + 1, rest - here, room))
            {
                return true;
            }
            Undo(stream, piece, room);
        }
        return false;
    }

    private bool Try(int stream, int piece, int count, long[] room)
    {
        _steps++;
        if (count * _sizes[stream][piece] > room[piece] || _steps >= MostSteps)
        {
            return false;
        }
        _found[stream][piece] = count;
        room[piece] -= count * _sizes[stream][piece];
        return true;
    }

    private void Undo(int stream, int piece, long[] room)
    {
        room[piece] += _found[stream][piece] * _sizes[stream][piece];
        _found[stream][piece] = 0;
    }

    /// <summary>Whether there are too few bytes, or a stream would have no room even if it were placed first.</summary>
    private bool IsHopeless(int stream, long[] room)
    {
        long needed = 0;
        for (int i = stream; i < _counts.Length; i++)
        {
            needed += _counts[i] * _sizes[i].Min();
            if (room.Zip(_sizes[i], (bytes, size) => bytes / size).Sum() < _counts[i])
            {
                return true;
            }
        }
        return needed > room.Sum();
    }

    private static int[][] Unordered(int[][] found, int[] order)
    {
        int[][] placed = new int[found.Length][];
        for (int i = 0; i < order.Length; i++)
        {
            placed[order[i]] = found[i];
        }
        return placed;
    }

    private static int[][] Ungrouped(int[][] found, int[][] groups, IReadOnlyList<int> counts)
    {
        int[][] placed = new int[counts.Count][];
        for (int group = 0; group < groups.Length; group++)
        {
            int[] left = found[group];
            foreach (int i in groups[group])
            {
                int rest = counts[i];
                placed[i] = new int[left.Length];
                for (int piece = 0; piece < left.Length; piece++)
                {
                    placed[i][piece] = Math.Min(rest, left[piece]);
                    rest -= placed[i][piece];
                    left[piece] -= placed[i][piece];
                }
            }
        }
        return placed;
    }
}
