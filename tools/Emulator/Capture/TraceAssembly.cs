using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Capture;

/// <summary>Makes a trace from a capture: it gives ids to blocks, and corrects what cannot have happened if the records show it.</summary>
/// <remarks>
/// Records name blocks by address, and addresses are used again, so a free belongs to the block that was last allocated at its address. If
/// records are missing, that may be wrong. It shows when a block is allocated that overlaps a live one, or when a free has another length
/// than the block. Then the old block must have been freed in between, and a free is added for it.
/// </remarks>
internal sealed class TraceAssembly
{
    /// <summary>The smallest page size, used if no header gave one.</summary>
    private const int SmallestPage = 256;

    private readonly List<string> _lines = [];
    private readonly TraceWriter _trace;

    /// <summary>By page: the live block that has it.</summary>
    private readonly Dictionary<uint, Block> _pages = [];

    private CaptureSession _session;
    private int _pageSize, _ids, _previousTime;
    private long _time;

    /// <summary>Assembles all sessions; between two of them everything is freed.</summary>
    public TraceAssembly(IReadOnlyList<CaptureSession> sessions)
    {
        _session = sessions[0];
        _trace = new TraceWriter(_lines.Add);
        foreach (CaptureSession session in sessions)
        {
            if (session != sessions[0])
            {
                _trace.Restart();
                foreach (Block block in _pages.Values.Distinct().OrderBy(block => block.Id).ToArray())
                {
                    Free(block);
                }
            }
            Assemble(session);
        }
    }

    /// <summary>The trace's lines: operations, loops and comments.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>How many requests the trace has, including refused ones.</summary>
    public int Allocations => _ids;

    /// <summary>How many of these the device refused; the trace frees each at once.</summary>
    public int Refused { get; private set; }

    /// <summary>How many frees the device recorded.</summary>
    public int Frees { get; private set; }

    /// <summary>How many trims there are.</summary>
    public int Trims { get; private set; }

    /// <summary>How many loops the application marked.</summary>
    public int Loops { get; private set; }

    /// <summary>How many frees and trims were left out because their allocation is not recorded.</summary>
    public int Unknown { get; private set; }

    /// <summary>How many frees were added, because they must have happened and are not recorded.</summary>
    public int Deduced { get; private set; }

    private void Assemble(CaptureSession session)
    {
        _session = session;
        _pageSize = session.PageSize ?? SmallestPage;
        CapturedRecord[] records = [.. session.Records];
        bool isTimed = records.Any(record => record.Time != 0);
        _previousTime = records.Length == 0 ? 0 : records[0].Time;
        for (int i = 0; i < records.Length; i++)
        {
            CapturedRecord record = records[i];
            // The difference is right even if the time wraps around; if the clock was set back, time stands still.
            _time += Math.Max(0, unchecked(record.Time - _previousTime));
            _previousTime = record.Time;
            _trace.Time = isTimed ? _time : null;
            switch (record.Kind)
            {
                case TraceKind.Loop:
                    Loops++;
                    _trace.Loop(record.Size);
                    break;
                case TraceKind.Failure:
                    Refused++;
                    _trace.Refuse(_ids++, record.Size, record.Alignment, _session.OwnerName(record.Owner));
                    break;
                case TraceKind.Block or TraceKind.Run:
                    if (i + 1 < records.Length && records[i + 1] is { Kind: TraceKind.Trim } trim && trim.Sequence == record.Sequence + 1
                        && trim.Address == record.Address && trim.Size <= record.Size)
                    {
                        // If a block is trimmed at once, it becomes a request for what is kept; the policy decides which block that takes.
                        i++;
                        record = record with { Kind = TraceKind.Run, Size = trim.Size, Alignment = _pageSize };
                    }
                    Take(record);
                    break;
                case TraceKind.Trim:
                    Trim(record);
                    break;
                default:
                    Frees++;
                    if (Find(record, length => session.PageSize is null || length == record.Size) is { } freed)
                    {
                        Free(freed);
                    }
                    break;
            }
        }
    }

    private void Take(CapturedRecord record)
    {
        int pages = PagesFor(record.Size);
        if (record.Kind == TraceKind.Block && _session.PageSize is not null)
        {
            pages = 1 << PageMap.OrderOf(pages);
        }
        var block = new Block(_ids++, record.Address / (uint)_pageSize, pages, record.Size);
        for (uint page = block.First; page < block.First + (uint)pages; page++)
        {
            if (_pages.TryGetValue(page, out Block? old))
            {
                Deduced++;
                Free(old);
            }
            _pages.Add(page, block);
        }
        _trace.Allocate(block.Id, record.Size, record.Alignment, _session.OwnerName(record.Owner));
    }

    private void Trim(CapturedRecord record)
    {
        Trims++;
        int kept = PagesFor(record.Size);
        if (Find(record, length => length >= kept * (long)_pageSize) is not { } block)
        {
            return;
        }
        KeepFirst(block, kept);
        if (record.Size < block.Size)
        {
            block.Size = record.Size;
            _trace.Trim(block.Id, record.Size);
        }
    }

    /// <summary>The live block at the address of a free or trim, if it can be the one that is meant. A block that cannot be there any more
    /// is freed.</summary>
    /// <param name="record">The free or trim.</param>
    /// <param name="fits">Whether a block of so many bytes can be meant.</param>
    private Block? Find(CapturedRecord record, Func<long, bool> fits)
    {
        uint page = record.Address / (uint)_pageSize;
        if (_pages.TryGetValue(page, out Block? block))
        {
            if (block.First == page && fits(block.Pages * (long)_pageSize))
            {
                return block;
            }
            Deduced++;
            Free(block);
        }
        Unknown++;
        return null;
    }

    private void Free(Block block)
    {
        KeepFirst(block, 0);
        _trace.Free(block.Id);
    }

    /// <summary>Cuts a block down to its first pages.</summary>
    private void KeepFirst(Block block, int pages)
    {
        for (int page = pages; page < block.Pages; page++)
        {
            _pages.Remove(block.First + (uint)page);
        }
        block.Pages = Math.Min(block.Pages, pages);
    }

    private int PagesFor(int size) => BufferLayout.PagesFor(size, DmaTail.Exact, _pageSize);

    private sealed class Block(int id, uint first, int pages, int size)
    {
        public int Id { get; } = id;

        public uint First { get; } = first;

        public int Pages { get; set; } = pages;

        public int Size { get; set; } = size;
    }
}
