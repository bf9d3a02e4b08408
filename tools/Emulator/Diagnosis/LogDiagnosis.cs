using Carveout.Diagnostics;

namespace Carveout.Emulator.Diagnosis;

/// <summary>The verdicts on all files together, the most important first.</summary>
internal sealed class LogDiagnosis
{
    private LogDiagnosis(DumpStore store, int traces, List<Finding> findings)
    {
        Formats = traces == 0 ? store.Formats : new Dictionary<string, int>(store.Formats) { ["trace"] = traces };
        Findings = findings;
        Dropped = store.EventsDropped;
    }

    /// <summary>How many dumps there are, by format.</summary>
    public IReadOnlyDictionary<string, int> Formats { get; }

    /// <summary>The verdicts: failures by importance, then series, then single states.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>How many failures were not examined.</summary>
    public int Dropped { get; }

    /// <summary>The verdict on all dumps.</summary>
    /// <param name="store">The dumps.</param>
    /// <param name="wanted">The size of a future request; null if it is not known.</param>
    /// <param name="traces">The verdicts on traces.</param>
    public static LogDiagnosis Of(DumpStore store, long? wanted, IReadOnlyList<Finding> traces)
    {
        var events = new List<Finding>();
        foreach (Dump dump in Joined(store.Events))
        {
            Add(events, OfEvent(dump, store, wanted));
        }
        long? asked = wanted ?? events.Select(finding => finding.Wanted).FirstOrDefault(bytes => bytes is > 0);
        var series = new List<Finding>();
        foreach (IReadOnlyList<Dump> dumps in Series(store))
        {
            series.AddRange(OfSnapshots(dumps, wanted ?? asked, events.Count > 0));
        }
        List<Finding> all = [.. events.Concat(series).Concat(traces).OrderBy(Weight)];
        return new LogDiagnosis(store, traces.Count, all);
    }

    /// <summary>The rank of a finding: failures come before states. Findings of one rank stay in the order in which they were
    /// read.</summary>
    private static int Weight(Finding finding) => finding.Cause switch
    {
        Cause.Corrupt => 0,
        Cause.NothingFailed => 4,
        Cause.CannotTell => finding.Dump.Request is null && finding.Dump.Damage.Count == 0 ? 5 : 3,
        _ => finding.Dump.Request is null ? 2 : 1,
    };

    private static void Add(List<Finding> findings, Finding? finding)
    {
        if (finding is null)
        {
            return;
        }
        // If the same request is refused for the same reason, it is one finding, however often it is printed.
        Finding? same = findings.Find(one => one.Cause == finding.Cause && one.Dump.Format == finding.Dump.Format && one.Dump.Place.File == finding.Dump.Place.File
            && (one.Cause == Cause.NothingFailed || (one.Wanted == finding.Wanted && one.Dump.Request?.Flags == finding.Dump.Request?.Flags
                && one.Area?.Name == finding.Area?.Name && one.Area?.Total == finding.Area?.Total && one.Dump.Request?.Kind == finding.Dump.Request?.Kind)));
        if (same is null)
        {
            findings.Add(finding);
        }
        else
        {
            same.Times++;
        }
    }

    /// <summary>Joins reports of one event: SLUB's own report follows that of the pages, and vmalloc's is followed by one of order 0, which
    /// is about one of its pages and not about the request.</summary>
    private static IEnumerable<Dump> Joined(List<Dump> events)
    {
        var joined = new List<Dump>();
        foreach (Dump dump in events)
        {
            Dump? last = joined.LastOrDefault();
            bool isNear = last is not null && last.Place.File == dump.Place.File && dump.Place.Line - last.Place.Line < 200;
            RequestKind? kind = dump.Request?.Kind, before = last?.Request?.Kind;
            if (isNear && kind == RequestKind.SlabPages && before == RequestKind.Pages && dump.Areas.Count == 0)
            {
                last!.Facts.AddRange(dump.Facts.Prepend($"the pages were for the slab cache {dump.Request!.Who}".TrimEnd()));
                continue;
            }
            if (isNear && before == RequestKind.Vmalloc && dump.Place.Line - last!.Place.Line < 4
                && (kind == RequestKind.Vmalloc || (kind == RequestKind.Pages && dump.Request!.Order is null or 0)))
            {
                last.Areas.AddRange(dump.Areas.Where(area => !last.Areas.Exists(one => one.Name == area.Name)));
                last.Request!.Flags += dump.Request!.Flags;
                last.Request.Who = last.Request.Who.Length == 0 ? dump.Request.Who : last.Request.Who;
                continue;
            }
            joined.Add(dump);
        }
        return joined;
    }

    private static Finding? OfEvent(Dump dump, DumpStore store, long? wanted)
    {
        Finding? finding = dump.Signs.Find(sign => sign.Cause == Cause.Corrupt) is { Words: not null } corrupt ? Corrupted(dump, corrupt.Words)
            : dump.Request is null ? OfSign(dump, store)
            : dump.System == MemorySystem.Carveout ? Own(dump)
            : dump.Signs.Find(sign => sign.Cause == Cause.ShortOfMemory && dump.Request.Kind == RequestKind.OomKill) is { Words: not null } group
                ? new Finding(Cause.ShortOfMemory, $"{dump.Request.Who}: {group.Words}", dump)
            : dump.Request.Kind switch
            {
                RequestKind.Pages or RequestKind.OomKill or RequestKind.SlabPages => PageVerdict.Of(dump),
                RequestKind.Cma => DriverVerdict.OfCma(dump, Nearest(store, dump, area => area.Kind == AreaKind.Cma).FirstOrDefault()),
                RequestKind.Bounce => DriverVerdict.OfBounce(dump),
                RequestKind.Vmalloc => DriverVerdict.OfVmalloc(dump),
                RequestKind.ManagedHeap => HeapVerdict.OfManaged(dump, Nearest(store, dump, area => area.Kind == AreaKind.ManagedHeap).FirstOrDefault()),
                _ when dump.Areas.Find(area => area.Kind == AreaKind.NativeHeap) is { } native => HeapVerdict.OfNative(dump, native),
                _ => HeapVerdict.Of(dump, Heaps(store, dump), Boot(store, dump)),
            };
        finding?.Arithmetic.AddRange(dump.Facts.Where(fact => !finding.Arithmetic.Contains(fact)));
        return finding;
    }

    private static Finding Corrupted(Dump dump, string words)
    {
        var finding = new Finding(Cause.Corrupt, $"the heap is overwritten: {words}", dump);
        Cures.Add(finding);
        return finding;
    }

    /// <summary>The verdict on a cause that was stated without a request. PSRAM missing at boot is only mentioned if nothing was refused
    /// for it.</summary>
    private static Finding? OfSign(Dump dump, DumpStore store)
    {
        (Cause cause, string words) = dump.Signs[0];
        if (cause == Cause.PsramMissing && store.Events.Exists(one => one.Request is not null && one.Place.File == dump.Place.File))
        {
            return null;
        }
        var finding = new Finding(cause, words, dump);
        Cures.Add(finding);
        return finding;
    }

    private static Finding Own(Dump dump)
    {
        MemoryRequest request = dump.Request!;
        (Cause cause, string words) = dump.Signs.Count > 0 ? dump.Signs[0] : (Cause.CannotTell, "the report ends before the zones");
        MemoryArea? area = dump.Areas.Find(one => words.StartsWith(one.Name, StringComparison.Ordinal)) ?? dump.Areas.FirstOrDefault();
        var finding = new Finding(cause, $"{SizeText.Of(request.Bytes ?? 0)} for {request.Who}: {words}", dump) { Wanted = request.Bytes, Area = area };
        foreach (Holder holder in dump.Holders)
        {
            finding.Arithmetic.Add($"owner {holder.Name}: {SizeText.Of(holder.Bytes)}");
        }
        Cures.Add(finding);
        return finding;
    }

    /// <summary>The areas of this kind in the dump of the same file that is nearest to an event.</summary>
    private static List<MemoryArea> Nearest(DumpStore store, Dump dump, Predicate<MemoryArea> is_)
    {
        Dump? nearest = store.Snapshots.SelectMany(list => list).Where(one => one.Place.File == dump.Place.File && one.Areas.Exists(is_) && one.Format != "free bytes")
            .MinBy(one => Math.Abs(one.Place.Line - dump.Place.Line));
        return nearest?.Areas.FindAll(is_) ?? [];
    }

    /// <summary>The heaps when a request was refused: from a dump, or from the application's own lines near it.</summary>
    private static List<MemoryArea> Heaps(DumpStore store, Dump dump)
    {
        const int Near = 12;
        List<MemoryArea> heaps = Nearest(store, dump, area => area.Kind == AreaKind.Heap && area.Free is not null);
        if (heaps.Count > 0 || dump.Areas.Count > 0)
        {
            return heaps;
        }
        List<Dump> said = [.. store.Snapshots.Where(list => list[0].Format is "free bytes" or "largest block").SelectMany(list => list)
            .Where(one => one.Place.File == dump.Place.File && Math.Abs(one.Place.Line - dump.Place.Line) <= Near)
            .OrderBy(one => Math.Abs(one.Place.Line - dump.Place.Line))];
        MemoryArea? free = said.Select(one => one.Areas[0]).FirstOrDefault(area => area.Free is not null);
        if (free is null)
        {
            return [];
        }
        return [new MemoryArea(free.Name, AreaKind.Heap) { Free = free.Free, Largest = free.Largest ?? said.Select(one => one.Areas[0].Largest).FirstOrDefault(most => most is not null) }];
    }

    private static Dump? Boot(DumpStore store, Dump dump) =>
        store.Snapshots.SelectMany(list => list).Concat(store.Events).LastOrDefault(one => one.Format == "heap_init" && one.Place.File == dump.Place.File);

    /// <summary>The snapshots of each file; if each file has one of a format, these together are a series.</summary>
    private static IEnumerable<IReadOnlyList<Dump>> Series(DumpStore store)
    {
        foreach (var format in store.Snapshots.GroupBy(list => list[0].Format))
        {
            List<IReadOnlyList<Dump>> lists = [.. format];
            if (lists.Count > 1 && lists.TrueForAll(list => list.Count == 1))
            {
                yield return [.. lists.Select(list => list[0])];
                continue;
            }
            foreach (IReadOnlyList<Dump> list in lists)
            {
                yield return list;
            }
        }
    }

    private static IEnumerable<Finding> OfSnapshots(IReadOnlyList<Dump> dumps, long? wanted, bool hasEvents)
    {
        List<Growth> growing = SeriesVerdict.Growing(dumps);
        var found = new List<Finding>();
        var single = new List<(Dump Dump, MemoryArea Area)>();
        foreach (AreaSeries series in AreaSeries.Of(dumps))
        {
            if (series.Count == 1)
            {
                if (series.Areas[0].Free is not null || series.Areas[0].Total is not null || series.Areas[0].Largest is not null)
                {
                    single.Add((series.Dumps[0], series.Areas[0]));
                }
            }
            else if (series.Areas.Any(area => area.Free is null) && series.Dumps[^1].Damage.Count > 0)
            {
                var cut = new Finding(Cause.CannotTell, $"{series.Name}: what is free is not known of every dump: they are cut or damaged", series.Dumps[^1]);
                Cures.Add(cut);
                found.Add(cut);
            }
            else if (SeriesVerdict.Of(series, series.Kind is AreaKind.Zone or AreaKind.Heap or AreaKind.Cma ? wanted : null) is { } finding)
            {
                Grow(finding, growing, dumps);
                found.Add(finding);
            }
        }
        foreach ((Dump dump, MemoryArea heap) in single.Where(one => one.Area.Kind == AreaKind.NativeHeap))
        {
            found.Add(HeapVerdict.OfNative(dump, heap));
        }
        single.RemoveAll(one => one.Area.Kind == AreaKind.NativeHeap);
        if (single.Count > 0 && !hasEvents)
        {
            found.AddRange(single.GroupBy(one => one.Dump).Take(5).Select(group => Single(group.Key, [.. group.Select(one => one.Area)])));
        }
        else if (found.Count == 0 && dumps[^1].Holders.Count > 0 && (single.Count == 0 || growing.Count > 0))
        {
            found.Add(Holders(dumps, growing));
        }
        return found;
    }

    private static void Grow(Finding finding, List<Growth> growing, IReadOnlyList<Dump> dumps)
    {
        finding.Growing.AddRange(growing);
        if (growing.Count > 0 && finding.Cause == Cause.Leak)
        {
            Growth first = growing[0];
            finding.Arithmetic.Add($"{first.Name} grows by {first.PerDump:0} bytes from dump to dump, from {first.First} to {first.Last}"
                + (growing.Count == 1 ? "; nothing else grows by more than noise" : ""));
            finding.Try.Clear();
            finding.Commands.Clear();
            Cures.Add(finding);
        }
        else if (growing.Count > 0)
        {
            finding.Arithmetic.Add($"{growing[0].Name} grows by {growing[0].PerDump:0} bytes from dump to dump");
        }
        else if (dumps[^1].Holders.Count > 0 && finding.Cause == Cause.Leak)
        {
            finding.Unknown.Add("whose it is: nobody in these dumps grows");
        }
    }

    /// <summary>The verdict on one state of memory: what would fail now. Nothing more follows from it.</summary>
    private static Finding Single(Dump dump, List<MemoryArea> areas)
    {
        string words = string.Join("; ", areas.Where(area => area.Free is not null || area.Total is not null || area.Largest is not null).Take(6).Select(State));
        var finding = new Finding(Cause.CannotTell, $"{words}: from one dump no more follows, for it does not say what was refused, nor what falls", dump) { Area = areas[^1] };
        foreach (MemoryArea area in areas)
        {
            if (area.Blocks is { IsComplete: true } blocks && blocks.LargestOrder + 1 < blocks.Counts.Count)
            {
                int next = blocks.LargestOrder + 1;
                finding.Arithmetic.Add($"{area.Name}: {SizeText.Of(blocks.BlockSize(next))} and more would be refused now, "
                    + (blocks.Index(next) >= 500 ? "for want of one piece" : "for want of memory") + $"; extfrag index {FindingText.Indices(blocks)}");
            }
            else if (area.Largest is long largest && area.Free > largest)
            {
                finding.Arithmetic.Add($"{area.Name}: more than {largest} bytes in one piece would be refused now, though {area.Free} are free");
            }
        }
        finding.Arithmetic.AddRange(dump.Facts);
        foreach (Holder holder in dump.Holders.Take(5))
        {
            finding.Arithmetic.Add($"{holder.Name}: {SizeText.Of(holder.Bytes)}");
        }
        finding.Unknown.Add("what was asked for and refused, if anything was");
        finding.Unknown.Add("how it stood before: falling free is a leak or load, falling largest is fragmentation; two dumps tell");
        Cures.Add(finding);
        return finding;
    }

    private static string State(MemoryArea area) =>
        $"{area.Name} {(area.Free is long free ? $"{free} bytes free" : area.Total is long total ? $"{total} bytes" : "")}" + (area.Largest is long largest ? $", largest {largest}" : "")
            + (area.LeastEverFree is long least ? $", never less than {least}" : "")
            + (area.FreePieces is long pieces and > 1 ? $", in {pieces} pieces" : "");

    /// <summary>The verdict on dumps that only say who has memory.</summary>
    private static Finding Holders(IReadOnlyList<Dump> dumps, List<Growth> growing)
    {
        Dump last = dumps[^1];
        string most = string.Join(", ", last.Holders.OrderByDescending(holder => holder.Bytes).Take(4).Select(holder => $"{holder.Name} {SizeText.Of(holder.Bytes)}"));
        Finding finding = growing.Count > 0
            ? new Finding(Cause.Leak, $"{growing[0].Name} grows by {FindingText.Bytes(growing[0].PerDump)} from dump to dump, from {SizeText.Of(growing[0].First)} to "
                + SizeText.Of(growing[0].Last), last)
            : new Finding(Cause.CannotTell, $"who has most: {most}; " + (dumps.Count == 1 ? "one dump does not say who grows" : "nobody grows by more than noise"), last);
        finding.Growing.AddRange(growing);
        finding.Arithmetic.AddRange(last.Facts);
        finding.Arithmetic.AddRange(growing.Skip(1).Select(growth => $"{growth.Name}: {FindingText.Bytes(growth.PerDump)} more from dump to dump"));
        if (growing.Count == 0)
        {
            finding.Unknown.Add("how it stood before: the same list some time earlier, or later");
        }
        else if (dumps.Count < Trend.Least)
        {
            finding.Unknown.Add("whether it goes on: two dumps show a direction, no trend");
        }
        Cures.Add(finding);
        return finding;
    }
}
