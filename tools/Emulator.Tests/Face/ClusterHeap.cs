namespace Carveout.Emulator.Tests.Face;

/// <summary>nanoFramework's managed heap as its allocator sees it: clusters of at most 65,535 blocks of 12 bytes, of which three are the
/// cluster's own; an array takes two blocks and its bytes, rounded up, from the first free run that is long enough. Nothing moves.</summary>
internal sealed class ClusterHeap
{
    private const int Block = 12, ClusterBlocks = 65535, HeaderBlocks = 3, ArrayHeader = 20;

    private readonly List<bool[]> _clusters = [];
    private readonly List<(int Bytes, bool[] Cluster, int First)> _arrays = [];

    public ClusterHeap(int bytes)
    {
        for (int left = bytes / Block; left > HeaderBlocks; left -= ClusterBlocks)
        {
            _clusters.Add(new bool[Math.Min(left, ClusterBlocks) - HeaderBlocks]);
        }
    }

    /// <summary>How often there was no room.</summary>
    public int Refusals { get; private set; }

    public int FreeBytes => _clusters.Sum(c => c.Count(used => !used)) * Block;

    /// <summary>Objects of the runtime and the program, which lie scattered over the beginning of the heap.</summary>
    public void Occupy(Random random, int objects, int within)
    {
        for (int i = 0; i < objects; i++)
        {
            int at = random.Next(Math.Min(within / Block, _clusters[0].Length));
            _clusters[0][at] = true;
        }
    }

    public bool TryTake(int bytes)
    {
        int blocks = BlocksOf(bytes);
        foreach (bool[] cluster in _clusters)
        {
            for (int first = 0, run = 0; first + run < cluster.Length;)
            {
                if (cluster[first + run])
                {
                    first += run + 1;
                    run = 0;
                }
                else if (++run == blocks)
                {
                    cluster.AsSpan(first, blocks).Fill(true);
                    _arrays.Add((bytes, cluster, first));
                    return true;
                }
            }
        }
        Refusals++;
        return false;
    }

    /// <summary>The array of this size that was taken last.</summary>
    public void Free(int bytes)
    {
        int index = _arrays.FindLastIndex(a => a.Bytes == bytes);
        _arrays[index].Cluster.AsSpan(_arrays[index].First, BlocksOf(bytes)).Clear();
        _arrays.RemoveAt(index);
    }

    /// <summary>Bytes of all arrays that fit, of a size and more.</summary>
    public int FreeIn(int least)
    {
        int all = 0;
        foreach (bool[] cluster in _clusters)
        {
            for (int at = 0, run = 0; at <= cluster.Length; at++)
            {
                if (at < cluster.Length && !cluster[at])
                {
                    run++;
                    continue;
                }
                int bytes = run * Block - ArrayHeader;
                all += bytes >= least ? bytes : 0;
                run = 0;
            }
        }
        return all;
    }

    private static int BlocksOf(int bytes) => (ArrayHeader + bytes + Block - 1) / Block;
}
