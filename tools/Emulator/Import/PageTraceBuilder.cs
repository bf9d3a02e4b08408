using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Import;

/// <summary>Makes a trace of pages, which may be freed in other pieces than they were allocated in.</summary>
/// <remarks>
/// alloc_pages_exact allocates a block of an order and frees the pages behind the request at once. If the same task does so, it becomes a
/// request for the pages that are kept; the policy decides which block that takes. If a block is freed page by page, a tail is given back
/// when all pages behind it are free, and the block when its last page is. The pages of a contiguous area (CMA) are freed one by one before
/// its release is reported; both become one free.
/// </remarks>
internal sealed class PageTraceBuilder : TraceBuilder
{
    /// <summary>The most events of other tasks between an allocation and the frees of its tail.</summary>
    private const int MostBetween = 256;

    private readonly int _pageSize;

    /// <summary>The live blocks.</summary>
    private readonly FrameExtents<Block> _live = new();

    /// <summary>Frames whose second free is still to come: the pages of an area that was released, or the release of an area whose pages
    /// are free.</summary>
    private readonly FrameExtents<Block> _expected = new();

    /// <summary>Indices of frees that belong to an earlier request.</summary>
    private readonly HashSet<int> _done = [];

    private bool? _freesAreSaidTwice;

    /// <summary>Makes a builder for pages of so many bytes.</summary>
    public PageTraceBuilder(HeapEventLog log, TraceWriter trace, int pageSize)
        : base(log, TraceLevel.Pages, trace)
    {
        _pageSize = pageSize;
    }

    /// <inheritdoc/>
    protected override void Apply(int index)
    {
        HeapEvent happened = Events[index];
        switch (happened.Kind)
        {
            case HeapEventKind.Take or HeapEventKind.TakeArea:
                Take(index, happened);
                break;
            case HeapEventKind.Refuse:
                if (happened.Size * _pageSize > MostBytes)
                {
                    TooLarge++;
                    break;
                }
                SayRefused(happened, happened.Size * _pageSize, AlignmentOf(happened));
                break;
            case HeapEventKind.FreeInBatch:
                // Kernels that print this event also print mm_page_free of the same page, if that was traced.
                _freesAreSaidTwice ??= Events.Any(other => other.Kind == HeapEventKind.Free);
                if (!_freesAreSaidTwice.Value)
                {
                    Free(happened);
                }
                break;
            default:
                if (!_done.Remove(index))
                {
                    Free(happened);
                }
                break;
        }
    }

    private void Take(int index, HeapEvent taken)
    {
        ulong end = taken.Address + (ulong)taken.Size;
        if (taken.Size * _pageSize > MostBytes || end < taken.Address)
        {
            TooLarge++;
            return;
        }
        _expected.Cut(taken.Address, end);
        CloseIn(taken.Address, end);
        long kept = taken.Kind == HeapEventKind.Take ? KeptOf(index, taken) : taken.Size;
        int id = SayTaken(taken, kept * _pageSize, kept < taken.Size ? _pageSize : AlignmentOf(taken));
        var block = new Block(id, taken.Address, (ulong)kept, taken.Kind == HeapEventKind.TakeArea);
        _live.Add(block.First, block.End, block);
    }

    /// <summary>How many pages of a block are left if the very next events of its task free a tail of it.</summary>
    private long KeptOf(int index, HeapEvent taken)
    {
        ulong end = taken.Address + (ulong)taken.Size;
        var places = new List<int>();
        long freed = 0, lowest = taken.Size;
        for (int i = index + 1; taken.Size > 1 && i < Events.Length && i - index <= MostBetween; i++)
        {
            HeapEvent next = Events[i];
            bool isOfBlock = next.Kind == HeapEventKind.Free && Covers(taken, next);
            if (next.Task != taken.Task ? !isOfBlock : next.Kind == HeapEventKind.FreeInBatch)
            {
                continue;
            }
            if (!isOfBlock || next.Task != taken.Task || next.Address == taken.Address)
            {
                break;
            }
            places.Add(i);
            freed += next.Size;
            lowest = Math.Min(lowest, (long)(next.Address - taken.Address));
            // They are a tail if they reach to the end of the block, without a gap above the lowest of them.
            if (freed == taken.Size - lowest && next.Address + (ulong)next.Size == end)
            {
                _done.UnionWith(places);
                return lowest;
            }
        }
        return taken.Size;
    }

    private static bool Covers(HeapEvent block, HeapEvent part) =>
        part.Address >= block.Address && part.Address + (ulong)part.Size <= block.Address + (ulong)block.Size;

    private void Free(HeapEvent freed)
    {
        ulong end = freed.Address + (ulong)freed.Size;
        if (end <= freed.Address)
        {
            Unknown++;
            return;
        }
        List<(ulong First, ulong End, Block Owner)> found = _live.In(freed.Address, end);
        bool isRelease = freed.Kind == HeapEventKind.FreeArea;
        if (found is [{ } only] && only.First <= freed.Address && only.End >= end)
        {
            Give(only.Owner, freed.Address, end);
            if (only.Owner.IsArea || isRelease)
            {
                _expected.Cut(freed.Address, end);
                _expected.Add(freed.Address, end, only.Owner);
            }
            return;
        }
        bool isExpected = _expected.In(freed.Address, end).Count > 0;
        _expected.Cut(freed.Address, end);
        if (isRelease && found.Count > 0)
        {
            // Some pages of the area are free already.
            foreach ((ulong from, ulong to, Block owner) in found)
            {
                Give(owner, Math.Max(from, freed.Address), Math.Min(to, end));
            }
            return;
        }
        if (isExpected && found.Count == 0)
        {
            return;
        }
        // A free that is longer than the block there proves that the old blocks were freed in between.
        CloseIn(freed.Address, end);
        Unknown++;
    }

    /// <summary>Frees frames of a block. With its last frame the block is freed, and a tail is given back when all of it is free.</summary>
    private void Give(Block block, ulong first, ulong end)
    {
        _live.Cut(first, end);
        block.Live -= end - first;
        if (block.Live == 0)
        {
            SayFreed(block.Id);
        }
        else if (end == block.End)
        {
            // Only the last live page matters: free pages before it cannot be given back by themselves.
            block.End = _live.EndOf(block, block.First, block.End);
            SayTrimmed(block.Id, (long)(block.End - block.First) * _pageSize);
        }
    }

    /// <summary>Frees the blocks that have a frame in a range, because their frees were lost.</summary>
    private void CloseIn(ulong first, ulong end)
    {
        foreach (Block block in _live.In(first, end).Select(extent => extent.Owner).Distinct().ToArray())
        {
            Deduced++;
            foreach ((ulong from, ulong to, _) in _live.In(block.First, block.End).Where(extent => extent.Owner == block))
            {
                _live.Cut(from, to);
            }
            SayFreed(block.Id);
        }
    }

    /// <summary>A block of an order is aligned to its size, an area to what was asked for.</summary>
    private int AlignmentOf(HeapEvent taken) => (int)Math.Min(1L << 30, (long)_pageSize << taken.Alignment);

    private sealed class Block(int id, ulong first, ulong pages, bool isArea)
    {
        public int Id { get; } = id;

        public ulong First { get; } = first;

        /// <summary>The frame behind its last live page.</summary>
        public ulong End { get; set; } = first + pages;

        /// <summary>How many of its pages are live.</summary>
        public ulong Live { get; set; } = pages;

        public bool IsArea { get; } = isArea;
    }
}
