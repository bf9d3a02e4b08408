using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>What one owner did in a trace.</summary>
/// <param name="Requests">How often it asked, refused requests included.</param>
/// <param name="Frees">How many of its blocks were given back.</param>
/// <param name="PeakBytes">The most it had at once.</param>
/// <param name="BytesAtEnd">What it had in the end.</param>
internal sealed record OwnerAccount(int Requests, int Frees, long PeakBytes, long BytesAtEnd);

/// <summary>What a trace says by itself, whatever policy serves it: who asked for how much, who grows, and who never gives back.</summary>
/// <remarks>Bytes are whole pages, as every policy gives at least those. Leaks are looked for in the longest stretch in which the device
/// did not start anew, since a start frees everything.</remarks>
internal sealed class TraceLedger
{
    /// <summary>Places at which owners are looked at, from the first to the last.</summary>
    public const int Looks = 240;

    private readonly long[][] _looks = new long[Looks + 1][];

    /// <summary>Goes through a trace.</summary>
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
        int[] windowOf = new int[trace.IdCount];
        int begun = 0, look = 0;
        long live = 0;
        // By window from 0, the one before the first begin: what was taken in it and lives, and how much of that did when it was over.
        long[][] surviving = [.. Enumerable.Range(0, Windows.Begins.Count + 1).Select(_ => new long[owners])];
        var atEnds = new List<long[]>();
        var growth = new List<IReadOnlyList<long>>();
        bool[] refused = new bool[Windows.Begins.Count + 1];
        for (int i = 0; i < trace.Operations.Count; i++)
        {
            while (look <= Looks && PlaceOf(look) <= Axis.At(i))
            {
                _looks[look++] = [.. held];
            }
            Begin(i);
            TraceOperation operation = trace.Operations[i];
            int id = operation.Id, owner = Owners.Of(id);
            long size = operation.Size == 0 ? 0 : (((long)operation.Size - 1) / pageSize + 1) * pageSize;
            bool judged = i >= first && i < end;
            if (operation.IsAllocation)
            {
                requests[owner]++;
                windowOf[id] = judged ? begun : -1;
                refused[begun] |= judged && trace.IsRefused(i);
            }
            else if (!operation.IsTrim)
            {
                frees[owner]++;
            }
            long change = size - sizes[id];
            sizes[id] = size;
            held[owner] += change;
            live += change;
            peaks[owner] = Math.Max(peaks[owner], held[owner]);
            PeakBytes = Math.Max(PeakBytes, live);
            if (i < end && windowOf[id] >= 0)
            {
                surviving[windowOf[id]][owner] += change;
            }
        }
        Begin(trace.Operations.Count);
        for (; look <= Looks; look++)
        {
            _looks[look] = [.. held];
        }
        Accounts = [.. Enumerable.Range(0, owners).Select(owner => new OwnerAccount(requests[owner], frees[owner], peaks[owner], held[owner]))];
        growth = [.. growth.Take(Plateau.BeginIn([.. refused.Skip(1).Take(growth.Count - 1)]) + 1)];
        Suspects = LeakSuspects.Of(growth,
            from window in Enumerable.Range(0, atEnds.Count)
            from owner in Enumerable.Range(0, owners)
            where atEnds[window][owner] > 0
            select new Cohort(owner, window, atEnds[window][owner], surviving[window][owner]));
        IsJudged = growth.Count > 2;

        // The windows that begin at an operation.
        void Begin(int operation)
        {
            for (; begun < Windows.Begins.Count && Windows.Begins[begun] == operation; begun++)
            {
                growth.Add([.. held]);
                atEnds.Add([.. surviving[begun]]);
            }
        }
    }

    /// <summary>Along what it is looked at.</summary>
    public TraceAxis Axis { get; }

    /// <summary>Whose the blocks are.</summary>
    public TraceOwners Owners { get; }

    /// <summary>By which growth is judged.</summary>
    public TraceWindows Windows { get; }

    /// <summary>By number of an owner, what it did.</summary>
    public IReadOnlyList<OwnerAccount> Accounts { get; }

    /// <summary>The most bytes that were live at once.</summary>
    public long PeakBytes { get; }

    /// <summary>Whether there is a window that was over for long enough to be judged.</summary>
    public bool IsJudged { get; }

    /// <summary>Who is accused of leaking, the fastest growing first; a loop of theirs is a window.</summary>
    public IReadOnlyList<LeakSuspect> Suspects { get; }

    /// <summary>The place of a look on the axis, from 0 to <see cref="Looks"/>.</summary>
    public double PlaceOf(int look) => Axis.Start + ((Axis.End - Axis.Start) * look / Looks);

    /// <summary>By number, what each owner had at a look.</summary>
    public IReadOnlyList<long> At(int look) => _looks[look];
}
