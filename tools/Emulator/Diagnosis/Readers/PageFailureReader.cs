using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads what the kernel prints when it cannot get pages, or addresses for them: page allocation failure, OOM killer, vmalloc,
/// SLUB and SLAB, and the Mem-Info that follows, which SysRq-m prints alone.</summary>
/// <remarks>mm/page_alloc.c (warn_alloc, __alloc_pages_slowpath, show_free_areas), lib/show_mem.c, mm/show_mem.c, mm/oom_kill.c
/// (dump_header), mm/vmalloc.c (__vmalloc_node_range, __vmalloc_area_node, alloc_vmap_area), mm/slub.c (slab_out_of_memory), mm/slab.c
/// (slab_out_of_memory); 2.6.24 to 6.x. Reports of several CPUs may be mixed. If the kernel prints callers, a line belongs to the report of
/// its caller; otherwise to the oldest report that does not have such a line yet.</remarks>
internal sealed partial class PageFailureReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
    [
        "page allocation failure", "oom-killer", "vmalloc", "vmap allocation", "SLUB:", "SLAB:", "Mem-", "kB",
    ], StringComparison.Ordinal);

    private const int MostOpen = 8;

    private readonly List<Report> _open = [];
    private FreeListLine? _list;
    private Report? _listOf, _reserveOf;
    private MemoryArea? _zone, _reserveZone;
    private int _headLines, _node;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _open.Count > 0;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        bool ours = Head(line) || Body(line) || (IsOpen && More(line));
        foreach (Report report in _open.ToList())
        {
            report.Foreign++;
            if (report.Foreign > MostForeignLines)
            {
                Close(report);
            }
        }
        return ours;
    }

    /// <inheritdoc/>
    public override void End()
    {
        foreach (Report report in _open.ToList())
        {
            Close(report);
        }
    }

    private bool Head(DumpLine line)
    {
        string text = line.Text;
        MemoryRequest request;
        if (PageFailure().Match(text) is { Success: true } page)
        {
            request = new MemoryRequest(RequestKind.Pages) { Who = page.Groups["who"].Value.Trim(), Order = Small(line, page.Groups["order"]) };
            Flags(line, request, page);
        }
        else if (OomKiller().Match(text) is { Success: true } oom)
        {
            request = new MemoryRequest(RequestKind.OomKill) { Who = oom.Groups["who"].Value.Trim(), Order = Small(line, oom.Groups["order"]) };
            Flags(line, request, oom);
        }
        else if (VmallocFailure().Match(text) is { Success: true } vmalloc)
        {
            request = new MemoryRequest(RequestKind.Vmalloc)
            {
                Who = vmalloc.Groups["who"].Value.Trim(), Bytes = Signed(line, vmalloc.Groups["bytes"]), Flags = string.Concat(vmalloc.Groups["why"].Captures.Select(capture => capture.Value)),
            };
        }
        else if (SlabFailure().Match(text) is { Success: true } slab)
        {
            request = new MemoryRequest(RequestKind.SlabPages);
            Flags(line, request, slab);
        }
        else
        {
            return false;
        }
        if (_open.Count == MostOpen)
        {
            Close(_open[0]);
        }
        if (_open.Find(one => one.Speaker == line.Speaker && !one.HasBody && one.Dump.Request is not null && line.Speaker is not null) is { } before)
        {
            Close(before);
        }
        // "order:0" beside a vmalloc failure is about its last page, and SLUB's own report follows the page's. Both are one event; its
        // first line names it.
        string format = request.Kind switch
        {
            RequestKind.OomKill => "OOM killer", RequestKind.Vmalloc => "vmalloc failure", RequestKind.SlabPages => "SLUB or SLAB failure",
            _ => "page allocation failure",
        };
        var dump = new Dump(format, MemorySystem.Linux, line) { Request = request };
        if (request.Kind != RequestKind.Vmalloc && request.Kind != RequestKind.SlabPages && request.Order is null)
        {
            dump.Damage.Add("the line that names the request is cut before the order");
        }
        _open.Add(new Report(dump, line.Speaker));
        _headLines = 3;
        return true;
    }

    private bool Body(DumpLine line)
    {
        string text = line.Text;
        if (Zone().Match(text) is { Success: true } zone)
        {
            string name = ZoneNames.Of(zone.Groups["zone"].Value, Node(zone));
            Report report = For(line, one => !one.Zones.Contains(name), true)!;
            report.Zones.Add(name);
            _zone = report.Dump.Area(name, AreaKind.Zone);
            _reserveZone = _zone;
            _reserveOf = report;
            ZoneNumbers(line, _zone);
            return true;
        }
        if (List().Match(text) is { Success: true } list)
        {
            string name = ZoneNames.Of(list.Groups["zone"].Value, Node(list));
            var free = new FreeListLine(name);
            bool some = free.Take(list.Groups["rest"].Value);
            if ((some || ZoneNames.Rank(list.Groups["zone"].Value) >= 0) && For(line, one => !one.Lists.ContainsKey(name), some) is { } report)
            {
                report.Lists[name] = free;
                (_list, _listOf) = (free, report);
                return true;
            }
            return false;
        }
        if (IsOpen && OnlyNode().Match(text) is { Success: true } only)
        {
            _node = int.Parse(only.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return true;
        }
        if (Reserve().Match(text) is { Success: true } reserve && _reserveZone is not null)
        {
            Reserves(line, reserve.Groups["numbers"]);
            return true;
        }
        if (text.StartsWith("Mem-Info:", StringComparison.Ordinal) || text.StartsWith("Mem-info:", StringComparison.Ordinal))
        {
            For(line, one => !one.HasMemInfo, true)!.HasMemInfo = true;
            return true;
        }
        return false;
    }

    /// <summary>Reads lines that have a meaning only within a report.</summary>
    private bool More(DumpLine line)
    {
        string text = line.Text;
        Report report = _open.Find(one => one.Speaker == line.Speaker) ?? _open[^1];
        if (_headLines-- > 0 && report.Dump.Request is { Mask: null } waiting && Mode().Match(text) is { Success: true } mode && !line.MayBeCutAt(mode.Length))
        {
            // A mailer wrapped the first line.
            Flags(line, waiting, mode);
            return true;
        }
        if (_list is { IsOver: false } && _list.Take(text))
        {
            Touch(_listOf!);
            return true;
        }
        if (_zone is not null && ZoneNumber().IsMatch(text))
        {
            ZoneNumbers(line, _zone);
            return true;
        }
        if (_reserveZone is not null && OnlyNumbers().Match(text) is { Success: true } numbers)
        {
            Reserves(line, numbers.Groups["numbers"]);
            return true;
        }
        if (Version().Match(text) is { Success: true } version && report.Dump.Request is { } request)
        {
            request.Kernel ??= System.Version.TryParse(version.Groups[1].Value, out Version? number) ? number : null;
            return false;
        }
        if (text.StartsWith("active_anon:", StringComparison.Ordinal) || text.StartsWith("Active:", StringComparison.Ordinal)
            || text.StartsWith("slab_reclaimable:", StringComparison.Ordinal) || text.StartsWith("free:", StringComparison.Ordinal))
        {
            report.SlabPages = Fields.Number(line, "slab_unreclaimable") ?? Fields.Number(line, "slab") ?? report.SlabPages;
            Touch(report);
            return true;
        }
        if (Pages().Match(text) is { Success: true } pages && Fields.Parse(pages.Groups["count"].ValueSpan) is long count)
        {
            switch (pages.Groups["of"].Value)
            {
                case "RAM":
                    report.RamPages = count;
                    break;
                case "cma reserved":
                    report.CmaPages = count;
                    break;
            }
            return true;
        }
        Dump? ofSlab = _open.FindLast(one => one.Dump.Request?.Kind == RequestKind.SlabPages)?.Dump;
        if (Cache().Match(text) is { Success: true } cache && ofSlab?.Request is { } slab)
        {
            slab.Who = cache.Groups["name"].Value;
            slab.Order = (int?)(Fields.Number(line, "default order") ?? Fields.Number(line, "order"));
            slab.Bytes = Fields.Number(line, "object size");
            return true;
        }
        if (SlabNode().IsMatch(text) && ofSlab is not null)
        {
            ofSlab.Facts.Add($"{ofSlab.Request!.Who} on {text}".Trim());
            return true;
        }
        if (Cgroup().IsMatch(text))
        {
            report.Dump.Signs.Add((Cause.ShortOfMemory, "a control group has reached its limit; the machine's own free memory does not matter"));
            return true;
        }
        if (Killed().Match(text) is { Success: true } killed)
        {
            report.Dump.Facts.Add($"the kernel killed {killed.Groups["who"].Value}"
                + (Fields.Bytes(line, "anon-rss") is long anonymous ? $", which had {anonymous / 1024} KB of its own" : ""));
            return true;
        }
        if (SlabRow().Match(text) is { Success: true } row && report.Dump.Holders.Count < 200)
        {
            report.Dump.Holders.Add(new Holder(row.Groups["name"].Value, (Fields.Parse(row.Groups["total"].ValueSpan) ?? 0) * 1024, 0));
            return true;
        }
        return false;
    }

    /// <summary>The report that a line belongs to: its caller's, or the oldest one that lacks such a line.</summary>
    private Report? For(DumpLine line, Predicate<Report> lacks, bool make)
    {
        Report? report = _open.Find(one => one.Speaker == line.Speaker && lacks(one))
            ?? (line.Speaker is null ? _open.Find(lacks) : null);
        if (report is null && make)
        {
            foreach (Report full in _open.Where(one => one.Speaker == line.Speaker && one.HasBody).ToList())
            {
                Close(full);
            }
            if (_open.Count == MostOpen)
            {
                Close(_open[0]);
            }
            report = new Report(new Dump("Mem-Info", MemorySystem.Linux, line), line.Speaker);
            _open.Add(report);
        }
        if (report is not null)
        {
            Touch(report);
        }
        return report;
    }

    private static void Touch(Report report) => report.Foreign = 0;

    private void Close(Report report)
    {
        _open.Remove(report);
        if (_listOf == report)
        {
            (_list, _listOf) = (null, null);
        }
        if (_reserveOf == report)
        {
            (_zone, _reserveZone, _reserveOf) = (null, null, null);
        }
        Dump dump = report.Dump;
        long pageSize = 4096;
        foreach ((string name, FreeListLine list) in report.Lists)
        {
            if (list.Blocks(dump.Damage.Add) is not { } blocks)
            {
                continue;
            }
            pageSize = blocks.PageSize;
            MemoryArea area = dump.Area(name, AreaKind.Zone);
            area.Blocks = blocks;
            area.Largest = blocks.IsComplete ? blocks.Largest : null;
            if (area.Free is null)
            {
                area.Free = blocks.Bytes;
            }
        }
        foreach (MemoryArea area in dump.Areas)
        {
            // lowmem_reserve is printed in pages, everything else in kilobytes.
            area.Reserve = [.. area.Reserve.Select(pages => Fields.Product(pages, pageSize))];
        }
        if (report.SlabPages is long slab)
        {
            dump.Facts.Add($"unreclaimable slab: {Fields.Product(slab, pageSize) / 1024} KB");
        }
        if (report.RamPages is long ram)
        {
            dump.Area("RAM", AreaKind.System).Total = Fields.Product(ram, pageSize);
        }
        if (report.CmaPages is long cma && cma > 0)
        {
            dump.Area("CMA", AreaKind.Cma).Total = Fields.Product(cma, pageSize);
        }
        if (dump.Request is null && !dump.Areas.Any(area => area.Free is not null))
        {
            return;
        }
        Found(dump);
    }

    private static void ZoneNumbers(DumpLine line, MemoryArea area)
    {
        area.Free = Fields.Bytes(line, "free", 0) ?? area.Free;
        area.Min = Fields.Bytes(line, "min", 0) ?? area.Min;
        area.Low = Fields.Bytes(line, "low", 0) ?? area.Low;
        area.High = Fields.Bytes(line, "high", 0) ?? area.High;
        area.Total = Fields.Bytes(line, "managed", 0) ?? area.Total ?? (line.IsCut ? null : Fields.Bytes(line, "present", 0));
        area.FreeCma = Fields.Bytes(line, "free_cma", 0) ?? area.FreeCma;
        area.HighAtomic = Fields.Bytes(line, "reserved_highatomic", 0) ?? area.HighAtomic;
    }

    private void Reserves(DumpLine line, Group numbers)
    {
        foreach (Range range in numbers.ValueSpan.Split(' '))
        {
            ReadOnlySpan<char> word = numbers.ValueSpan[range];
            if (word.Length > 0 && !line.MayBeCutAt(numbers.Index + range.End.GetOffset(numbers.Length)) && Fields.Parse(word) is long pages
                && _reserveZone!.Reserve.Length < 8)
            {
                _reserveZone.Reserve = [.. _reserveZone.Reserve, pages];
            }
        }
        Touch(_reserveOf!);
    }

    private static void Flags(DumpLine line, MemoryRequest request, Match match)
    {
        Group mask = match.Groups["mask"];
        if (mask.Success && !line.MayBeCutAt(mask.Index + mask.Length))
        {
            request.Mask = Fields.Parse(match.Groups["mask"].ValueSpan);
            request.Flags = match.Groups["names"].Value;
        }
    }

    /// <summary>A zone's node. If a logger prints each printk on its own line, the node is in the line before.</summary>
    private int Node(Match match)
    {
        int before = _node;
        _node = 0;
        return int.TryParse(match.Groups["node"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int node) ? node : before;
    }

    private static int? Small(DumpLine line, Group group) =>
        !line.MayBeCutAt(group.Index + group.Length)
            && int.TryParse(group.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value is >= 0 and < 64
            ? value
            : null;

    /// <summary>A size that a driver computed: a number above 2^63 was negative.</summary>
    private static long? Signed(DumpLine line, Group group) =>
        line.MayBeCutAt(group.Index + group.Length) ? null
            : ulong.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? unchecked((long)value) : null;

    private sealed class Report(Dump dump, string? speaker)
    {
        public Dump Dump { get; } = dump;

        public string? Speaker { get; } = speaker;

        public HashSet<string> Zones { get; } = [];

        public Dictionary<string, FreeListLine> Lists { get; } = [];

        public bool HasMemInfo { get; set; }

        public bool HasBody => HasMemInfo || Zones.Count > 0 || Lists.Count > 0;

        public long? SlabPages { get; set; }

        public long? RamPages { get; set; }

        public long? CmaPages { get; set; }

        public int Foreign { get; set; }
    }

    private const string Gfp = @"(?<mask>0x[0-9a-fA-F]{1,16})(?:\s?\((?<names>[A-Za-z0-9_|]{1,300})\))?";

    [GeneratedRegex(@"^(?<who>.{0,80}?):? ?page allocation failure[.:,]\s*order:\s*(?<order>[0-9]{1,3})?(?:,\s*mode:" + Gfp + ")?")]
    private static partial Regex PageFailure();

    [GeneratedRegex(@"^(?<who>.{0,80}?) invoked oom-killer:?(?:.{0,20}gfp_mask=" + Gfp + @")?(?:.{0,120}?\border=(?<order>-?[0-9]{1,3}))?")]
    private static partial Regex OomKiller();

    [GeneratedRegex(@"^(?<who>.{0,80}?):? ?(?<why>vmalloc: allocation failure(?: error)?|vmalloc error|vmap allocation|vmalloc_node_range)"
        + @"(?:,? allocated [0-9]{1,20} of|: size| for size|:)\s*(?<bytes>[0-9]{1,20})(?: bytes)?(?<why>.{0,160})")]
    private static partial Regex VmallocFailure();

    [GeneratedRegex(@"SL[AU]B: Unable to allocate memory on .{0,60}?\(?gfp=" + Gfp)]
    private static partial Regex SlabFailure();

    [GeneratedRegex("^,?\\s*(?:mode|gfp_mask)[:=]" + Gfp)]
    private static partial Regex Mode();

    [GeneratedRegex(@"^(?:Node (?<node>[0-9]{1,4}),? )?(?<zone>[A-Z][A-Za-z0-9]{1,15}) free:\s?[0-9]{1,15}kB")]
    private static partial Regex Zone();

    [GeneratedRegex(@"^(?:Node (?<node>[0-9]{1,4}),? )?(?<zone>[A-Z][A-Za-z0-9]{1,15}):(?<rest>\s*$|\s*[0-9]{1,12}[*]?[0-9]{0,9}kB.*$)")]
    private static partial Regex List();

    [GeneratedRegex(@"^Node ([0-9]{1,4})$")]
    private static partial Regex OnlyNode();

    [GeneratedRegex(@"^(?:lowmem_reserve|protections)\[?\]?:(?<numbers>[ 0-9]*)$")]
    private static partial Regex Reserve();

    [GeneratedRegex(@"^(?<numbers>[0-9][ 0-9]*)$")]
    private static partial Regex OnlyNumbers();

    [GeneratedRegex(@"^(?:free|boost|min|low|high|reserved_highatomic|managed|present|free_cma|active\w*|inactive\w*|free_pcp|local_pcp|bounce|mlocked|unevictable|writepending):[0-9]{1,15}kB",
        RegexOptions.IgnoreCase)]
    private static partial Regex ZoneNumber();

    [GeneratedRegex(@"\b(?:[Cc]omm: .{0,40}?)?(?:Not tainted|Tainted: [A-Z ]{1,30}?)\s+\(?([0-9]{1,3}\.[0-9]{1,3}(?:\.[0-9]{1,4})?)")]
    private static partial Regex Version();

    [GeneratedRegex(@"^(?<count>[0-9]{1,15}) pages (?<of>RAM|cma reserved|reserved|HighMem.*)$")]
    private static partial Regex Pages();

    [GeneratedRegex(@"^cache: (?<name>[^,]{1,60}), object size: ")]
    private static partial Regex Cache();

    [GeneratedRegex(@"^node [0-9]{1,4}: slabs: ")]
    private static partial Regex SlabNode();

    [GeneratedRegex(@"^(?:Memory cgroup out of memory|memory: usage [0-9]+kB, limit [0-9]+kB)")]
    private static partial Regex Cgroup();

    [GeneratedRegex(@"Out of memory: Kill(?:ed)? process [0-9]{1,8} \((?<who>[^)]{1,40})\)")]
    private static partial Regex Killed();

    [GeneratedRegex(@"^(?<name>[A-Za-z][\w:.-]{1,40})\s+[0-9]{1,12}KB\s+(?<total>[0-9]{1,12})KB$")]
    private static partial Regex SlabRow();
}
