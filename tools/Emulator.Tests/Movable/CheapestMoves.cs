namespace Carveout.Emulator.Tests.Movable;

/// <summary>Finds the fewest pages that must be copied until a request fits, by trying every legal sequence of moves. For tiny
/// zones.</summary>
/// <remarks>A move is legal if the product could make it: the block keeps its alignment, and it lands on free pages. In a zone of exact
/// runs it may also land on its own pages further down, as a slide in place does. A buddy needs a whole free block even if it keeps only a
/// part.</remarks>
internal static class CheapestMoves
{
    /// <param name="Page">Its first page.</param>
    /// <param name="Pages">How many pages it has.</param>
    /// <param name="Alignment">Its alignment, in pages.</param>
    internal readonly record struct Block(int Page, int Pages, int Alignment);

    /// <param name="walls">By page: whether something lies there that must not move.</param>
    /// <param name="blocks">The blocks that may move.</param>
    /// <param name="pages">The request's pages.</param>
    /// <param name="alignment">The request's alignment, in pages.</param>
    /// <param name="exact">Whether runs may begin at any page and have any length.</param>
    /// <returns>How many pages must be copied; -1 if no sequence makes room.</returns>
    internal static int Cost(bool[] walls, Block[] blocks, int pages, int alignment, bool exact)
    {
        var costs = new Dictionary<string, int>();
        var queue = new PriorityQueue<int[], int>();
        int[] start = [.. blocks.Select(b => b.Page)];
        costs[Key(start)] = 0;
        queue.Enqueue(start, 0);
        while (queue.TryDequeue(out int[]? places, out int cost))
        {
            if (cost > costs[Key(places)])
            {
                continue;
            }
            bool[] taken = [.. walls];
            for (int i = 0; i < blocks.Length; i++)
            {
                Array.Fill(taken, true, places[i], blocks[i].Pages);
            }
            if (Fits(taken, pages, alignment))
            {
                return cost;
            }
            for (int i = 0; i < blocks.Length; i++)
            {
                foreach (int target in Targets(taken, blocks[i], places[i], exact))
                {
                    int[] next = [.. places];
                    next[i] = target;
                    int nextCost = cost + blocks[i].Pages;
                    if (!costs.TryGetValue(Key(next), out int known) || nextCost < known)
                    {
                        costs[Key(next)] = nextCost;
                        queue.Enqueue(next, nextCost);
                    }
                }
            }
        }
        return -1;
    }

    private static IEnumerable<int> Targets(bool[] taken, Block block, int from, bool exact)
    {
        int whole = exact ? block.Pages : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)block.Pages), step = exact ? block.Alignment : whole;
        for (int to = 0; to + whole <= taken.Length; to += step)
        {
            bool slides = exact && block.Alignment == 1 && to < from;
            if (to != from && Enumerable.Range(to, whole).All(p => !taken[p] || (slides && p >= from && p < from + block.Pages)))
            {
                yield return to;
            }
        }
    }

    private static bool Fits(bool[] taken, int pages, int alignment)
    {
        for (int page = 0; page + pages <= taken.Length; page += alignment)
        {
            if (Array.IndexOf(taken, true, page, pages) < 0)
            {
                return true;
            }
        }
        return false;
    }

    private static string Key(int[] places) => string.Join(',', places);
}
