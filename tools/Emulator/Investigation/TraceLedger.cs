using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>The account of one owner in a trace.</summary>
/// <param name="Requests">How many requests it made, including refused ones.</param>
/// <param name="Frees">How many of its blocks were freed.</param>
/// <param name="PeakBytes">The most bytes that it had at once.</param>
/// <param name="BytesAtEnd">Its bytes at the end.</param>
internal sealed record OwnerAccount(int Requests, int Frees, long PeakBytes, long BytesAtEnd);

/// <summary>What a trace tells without any policy: who asked for how much, who grows, and who never frees.</summary>
/// <remarks>Bytes are whole pages, because every policy takes at least those. Leaks are searched in the longest part of the trace without a
/// restart of the device, since a restart frees everything.</remarks>
internal sealed class TraceLedger
{
    /// <summary>At how many places, evenly from the first to the last, the owners' bytes are noted.</summary>
    public const int Looks = 240;

    /// <summary>Without times or loops: growth can be told from start-up only if so many blocks are freed, in so many of eight
    /// parts.</summary>
    private const int FewestFrees = 20, Parts = 8, FewestParts = 6;

    /// <summary>Without times: growth is judged by loops if there are so many, since an owner that repeats something has finished starting
    /// up.</summary>
    private const int FewestLoops = 16;

    private readonly long[][] _looks = new long[Looks + 1][];

    /// <summary>Reads a trace.</summary>
    public TraceLedger(TraceFile trace, int pageSize)
    {
        Axis = new TraceAxis(trace);
        Owners = new TraceOwners(trace);
        int[] cuts = [0, .. trace.Restarts, trace.Operations.Count];
        int longest = Enumerable.Range(0, cuts.Length - 1).MaxBy(i => cuts[i + 1] - cuts[i]);
        (int first, int end) = (cuts[longest], cuts[longest + 1]);
        Windows = new TraceWindows(trace, Axis, first, end);

        int owners = Owners.Names.Count;
        long[] held = new long[owners], peaks = new long[owners];
        int[] requests = new int[owners], frees = new int[owners];
        long[] sizes = new long[trace.IdCount];
        int[] takenBy = new int[trace.IdCount];
        var blocks = new List<BlockLife>();
        int look = 0;
        long live = 0;
        double[] clock = ClockOf(trace, first, end);
        Array.Fill(takenBy, -1);
        for (int i = 0; i < trace.Operations.Count; i++)
        {
            while (look <= Looks && PlaceOf(look) <= Axis.At(i))
            {
                _looks[look++] = [.. held];
            }
            TraceOperation operation = trace.Operations[i];
            int id = operation.Id, owner = Owners.Of(id);
            long size = operation.Size == 0 ? 0 : (((long)operation.Size - 1) / pageSize + 1) * pageSize;
            if (operation.IsAllocation)
            {
                requests[owner]++;
                // Memory that the device refused was never allocated.
                if (i >= first && i < end && !trace.IsRefused(i))
                {
                    takenBy[id] = blocks.Count;
                    blocks.Add(new BlockLife(owner, size, clock[i - first]));
                }
            }
            else if (!operation.IsTrim)
            {
                frees[owner]++;
            }
            if (i < end && takenBy[id] >= 0)
            {
                int block = takenBy[id];
                blocks[block] = size > 0 ? blocks[block] with { Bytes = size } : blocks[block] with { Freed = clock[i - first] };
            }
            long change = size - sizes[id];
            sizes[id] = size;
            held[owner] += change;
            live += change;
            peaks[owner] = Math.Max(peaks[owner], held[owner]);
            PeakBytes = Math.Max(PeakBytes, live);
        }
        for (; look <= Looks; look++)
        {
            _looks[look] = [.. held];
        }
        Accounts = [.. Enumerable.Range(0, owners).Select(owner => new OwnerAccount(requests[owner], frees[owner], peaks[owner], held[owner]))];
        int lastWindow = EndOfGrowth(trace, end);
        double growsUntil = clock[Windows.Begins[lastWindow] - first];
        double[] gone = [.. blocks.Where(block => block.Freed < growsUntil).Select(block => block.Freed)];
        IsJudged = ((Axis.IsTime || CountsLoops(trace, first, end)) && growsUntil > 0)
            || (gone.Length >= FewestFrees && gone.Select(at => (int)(at / growsUntil * Parts)).Distinct().Count() >= FewestParts);
        (Suspects, Undecided) = IsJudged
            ? LeakSuspects.Of(blocks, growsUntil, [.. Windows.Begins.Take(lastWindow + 1).Select(begin => clock[begin - first])])
            : new LeakFindings([], []);
    }

    /// <summary>The trace's axis.</summary>
    public TraceAxis Axis { get; }

    /// <summary>The owners of the blocks.</summary>
    public TraceOwners Owners { get; }

    /// <summary>The windows by which growth is judged.</summary>
    public TraceWindows Windows { get; }

    /// <summary>By number of an owner: its account.</summary>
    public IReadOnlyList<OwnerAccount> Accounts { get; }

    /// <summary>The most bytes that were live at once.</summary>
    public long PeakBytes { get; }

    /// <summary>Whether enough blocks are freed to tell an owner that leaks from one that is still starting up.</summary>
    public bool IsJudged { get; }

    /// <summary>The owners accused of a leak, the fastest growing first. For "loop" in a suspect read "window".</summary>
    public IReadOnlyList<LeakSuspect> Suspects { get; }

    /// <summary>The owners that may leak, which a longer trace would tell; the fastest growing first.</summary>
    public IReadOnlyList<LeakSuspect> Undecided { get; }

    /// <summary>The place of a look on the axis, from 0 to <see cref="Looks"/>.</summary>
    public double PlaceOf(int look) => Axis.Start + ((Axis.End - Axis.Start) * look / Looks);

    /// <summary>By number of an owner: its bytes at a look.</summary>
    public IReadOnlyList<long> At(int look) => _looks[look];

    /// <summary>By operation of the judged part, and for its end: the time since the first. It is in milliseconds if the trace has times;
    /// otherwise in loops; otherwise in blocks that anybody has freed so far. So start-up, when everybody only allocates, takes no
    /// time.</summary>
    private double[] ClockOf(TraceFile trace, int first, int end)
    {
        double[] clock = new double[end - first + 1];
        bool countsLoops = CountsLoops(trace, first, end);
        long start = trace.Operations[first].Time ?? 0;
        int loops = trace.LoopStarts.Count(loop => loop < first), past = loops;
        for (int i = first; i < end; i++)
        {
            TraceOperation operation = trace.Operations[i];
            for (; loops < trace.LoopStarts.Count && trace.LoopStarts[loops] <= i; loops++)
            {
            }
            bool isFree = !operation.IsAllocation && !operation.IsTrim;
            clock[i - first] = Axis.IsTime ? operation.Time!.Value - start : countsLoops ? loops - past : clock[i - first];
            clock[i - first + 1] = clock[i - first] + (isFree && !Axis.IsTime && !countsLoops ? 1 : 0);
        }
        return clock;
    }

    private bool CountsLoops(TraceFile trace, int first, int end) =>
        !Axis.IsTime && trace.LoopStarts.Count(loop => loop >= first && loop < end) >= FewestLoops;

    /// <summary>The number, from 0, of the window that begins where growth ends: where requests begin to be refused again and again, or
    /// else the last one.</summary>
    private int EndOfGrowth(TraceFile trace, int end)
    {
        bool[] refused = new bool[Windows.Begins.Count - 1];
        for (int window = 0; window < refused.Length; window++)
        {
            refused[window] = Enumerable.Range(Windows.Begins[window], Windows.Begins[window + 1] - Windows.Begins[window]).Any(trace.IsRefused);
        }
        return Plateau.BeginIn(refused);
    }
}
