namespace Carveout.Emulator.Tests.Frames;

/// <summary>nanoFramework's managed heap as its allocator sees it: clusters of at most 65,535 blocks of 12 bytes, of which three are the
/// cluster's own; an array takes its bytes and 20, rounded up, from the first free run that is long enough. Where none is, everything slides
/// to the start of its cluster but what is pinned, and the heap looks again.</summary>
internal sealed class ClusterHeap
{
    private const int Block = 12, ClusterBlocks = 65535, HeaderBlocks = 3, ArrayHeader = 20;

    private readonly List<Cluster> _clusters = [];

    public ClusterHeap(int bytes)
    {
        for (int left = bytes / Block; left > HeaderBlocks; left -= ClusterBlocks)
        {
            _clusters.Add(new Cluster(Math.Min(left, ClusterBlocks) - HeaderBlocks));
        }
    }

    /// <summary>How often there was no room.</summary>
    public int Refusals { get; private set; }

    public int FreeBytes => _clusters.Sum(c => c.Blocks - c.Used.Sum(s => s.Blocks)) * Block;

    /// <summary>Objects of the runtime and the program: scattered over the beginning, a few of them pinned at the end.</summary>
    public void Occupy(Random random, int objects, int within, int pinned)
    {
        foreach (int at in Enumerable.Range(0, objects).Select(_ => random.Next(Math.Min(within / Block, _clusters[0].Blocks))).Distinct().Order())
        {
            _clusters[0].Used.Add(new Span(at, 1, 0, false));
        }
        Cluster last = _clusters[^1];
        int end = last.Used.Count == 0 ? 0 : last.Used[^1].First + 1;
        if (pinned > 0 && last.Blocks - pinned > end)
        {
            last.Used.Add(new Span(last.Blocks - pinned, pinned, 0, true));
        }
    }

    /// <summary>A pinned object of a block at a place of the first cluster, which must be free.</summary>
    public void Pin(int at)
    {
        List<Span> used = _clusters[0].Used;
        used.Insert(used.Count(s => s.First < at / Block), new Span(at / Block, 1, 0, true));
    }

    public bool TryTake(int bytes)
    {
        if (TryTakeNow(bytes))
        {
            return true;
        }
        Refusals++;
        Compact();
        return TryTakeNow(bytes);
    }

    /// <summary>The array of this size that was taken last.</summary>
    public void Free(int bytes)
    {
        List<Span> used = _clusters.Last(c => c.Used.Exists(s => s.Bytes == bytes)).Used;
        used.RemoveAt(used.FindLastIndex(s => s.Bytes == bytes));
    }

    /// <summary>Bytes of all arrays that fit, of a size and more.</summary>
    public int FreeIn(int least)
    {
        Compact();
        return _clusters.SelectMany(c => c.Gaps()).Sum(g => g.Blocks * Block - ArrayHeader is int bytes && bytes >= least ? bytes : 0);
    }

    private void Compact()
    {
        foreach (Cluster cluster in _clusters)
        {
            int at = 0;
            for (int i = 0; i < cluster.Used.Count; i++)
            {
                Span span = cluster.Used[i];
                cluster.Used[i] = span = span.Pinned ? span : span with { First = at };
                at = span.First + span.Blocks;
            }
        }
    }

    private bool TryTakeNow(int bytes)
    {
        int blocks = (ArrayHeader + bytes + Block - 1) / Block;
        foreach (Cluster cluster in _clusters)
        {
            foreach ((int index, int first, int free) in cluster.Gaps())
            {
                if (free >= blocks)
                {
                    cluster.Used.Insert(index, new Span(first, blocks, bytes, false));
                    return true;
                }
            }
        }
        return false;
    }

    private sealed record Span(int First, int Blocks, int Bytes, bool Pinned);

    private sealed class Cluster(int blocks)
    {
        public int Blocks => blocks;

        /// <summary>In the order of their places.</summary>
        public List<Span> Used { get; } = [];

        public IEnumerable<(int Index, int First, int Blocks)> Gaps()
        {
            int at = 0;
            for (int i = 0; i <= Used.Count; i++)
            {
                int end = i < Used.Count ? Used[i].First : blocks;
                if (end > at)
                {
                    yield return (i, at, end - at);
                }
                at = i < Used.Count ? end + Used[i].Blocks : end;
            }
        }
    }
}
