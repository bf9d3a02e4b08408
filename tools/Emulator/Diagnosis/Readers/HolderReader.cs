using System.Buffers;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads the kernel's lists of who has memory: slabinfo, slabtop, vmallocinfo, page_owner and its sorted form, allocinfo,
/// kmemleak.</summary>
/// <remarks>mm/slab_common.c (print_slabinfo_header, cache_show), procps slabtop, mm/vmalloc.c (vmalloc_info_show, s_show), mm/page_owner.c
/// (print_page_owner), tools/mm/page_owner_sort.c, lib/alloc_tag.c (allocinfo_show), mm/kmemleak.c (print_unreferenced); 2.6.24 to 6.x.</remarks>
internal sealed partial class HolderReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
    [
        "slabinfo - ", "OBJS", "allocinfo - ", "tunables", "-0x", "Page allocated", "times", "func:", "unreferenced object",
    ], StringComparison.Ordinal);

    private const long PageSize = 4096;

    private readonly HolderTable _table = new();
    private readonly HashSet<string> _seen = [];
    private Dump? _dump;
    private int _foreign, _objects;
    private string? _pending;
    private long _pendingBytes, _pendingCount, _lastEnd, _largestGap, _addresses;
    private bool _ascends;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _dump is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        string text = line.Text;
        if (text.StartsWith("slabinfo - version", StringComparison.Ordinal) || SlabTopHeader().IsMatch(text))
        {
            Begin(text.StartsWith("slabinfo", StringComparison.Ordinal) ? "slabinfo" : "slabtop", line);
            return true;
        }
        if (text.StartsWith("allocinfo - version", StringComparison.Ordinal))
        {
            Begin("allocinfo", line);
            return true;
        }
        bool ours = Slab(line) || Vmalloc(line) || PageOwner(line) || CallSite(line) || Kmemleak(line) || (IsOpen && Frame(line));
        if (ours)
        {
            _foreign = 0;
        }
        else if (IsOpen && ++_foreign > MostForeignLines)
        {
            End();
        }
        return ours;
    }

    /// <inheritdoc/>
    public override void End()
    {
        Settle(null);
        if (_dump is { } dump)
        {
            if (dump.Format == "vmallocinfo" && _addresses > 0)
            {
                MemoryArea area = dump.Area("vmalloc addresses", AreaKind.AddressSpace);
                dump.Facts.Add($"vmalloc areas take {_addresses / 1024} KB of addresses"
                    + (_ascends ? $"; the largest gap between two of them is {_largestGap / 1024} KB" : "; their addresses are hashed, so gaps are not known"));
                area.Largest = null;
            }
            if (dump.Format == "kmemleak" && _objects > 0)
            {
                dump.Facts.Add($"kmemleak names {_objects} objects that nothing points to");
            }
            _table.MoveTo(dump);
            if (dump.Holders.Count > 0)
            {
                Found(dump);
            }
        }
        _dump = null;
        _seen.Clear();
        (_foreign, _objects, _lastEnd, _largestGap, _addresses, _ascends) = (0, 0, 0, 0, 0, true);
    }

    private void Begin(string format, DumpLine line)
    {
        End();
        _dump = new Dump(format, MemorySystem.Linux, line);
    }

    /// <summary>Continues a dump of a format, or begins one.</summary>
    /// <param name="format">The format.</param>
    /// <param name="line">The line.</param>
    /// <param name="key">An entry that occurs once in a dump, so that its repetition begins another; empty if everything may
    /// repeat.</param>
    private void In(string format, DumpLine line, string key = "")
    {
        if (_dump?.Format != format || (key.Length > 0 && !_seen.Add(key)))
        {
            Begin(format, line);
            _seen.Add(key);
        }
    }

    private bool Slab(DumpLine line)
    {
        if (SlabRow().Match(line.Text) is { Success: true } slab)
        {
            string name = slab.Groups["name"].Value;
            In("slabinfo", line, name);
            long objects = Value(slab, "all"), size = Value(slab, "size"), pages = Value(slab, "pages");
            if (slab.Groups["slabs"].Success && !line.MayBeCutAt(slab.Groups["slabs"].Index + slab.Groups["slabs"].Length))
            {
                _table.Add(name, Fields.Product(Fields.Product(Value(slab, "slabs"), pages), PageSize), objects);
            }
            else
            {
                _table.Add(name, Fields.Product(objects, size), objects);
                _dump!.Damage.Add($"{name}: the row is cut before its slabs; objects times size is less than it has");
            }
            return true;
        }
        if (SlabTopRow().Match(line.Text) is { Success: true } top && !line.MayBeCutAt(top.Length))
        {
            In("slabtop", line, top.Groups["name"].Value);
            _table.Add(top.Groups["name"].Value, Fields.Product(Value(top, "cache"), 1024), Value(top, "objects"));
            return true;
        }
        return false;
    }

    private bool Vmalloc(DumpLine line)
    {
        if (VmallocRow().Match(line.Text) is not { Success: true } row)
        {
            return false;
        }
        In("vmallocinfo", line);
        long bytes = Value(row, "bytes");
        string caller = row.Groups["caller"].Value;
        int offset = caller.IndexOf('+', StringComparison.Ordinal);
        _table.Add(caller.Length == 0 || caller.Contains('=', StringComparison.Ordinal) ? "unknown caller" : offset < 0 ? caller : caller[..offset], bytes, 1);
        _addresses = (long)Int128.Min((Int128)_addresses + bytes, long.MaxValue);
        long start = Hex(row.Groups["start"]), end = Hex(row.Groups["end"]);
        if (_lastEnd != 0)
        {
            _ascends &= start >= _lastEnd && end > start;
            _largestGap = _ascends ? Math.Max(_largestGap, start - _lastEnd) : 0;
        }
        _lastEnd = end;
        return true;

        // Kernel addresses have the highest bit set, which a signed number cannot hold.
        static long Hex(Group group) => (long)(ulong.Parse(group.ValueSpan, System.Globalization.NumberStyles.AllowHexSpecifier,
            System.Globalization.CultureInfo.InvariantCulture) & long.MaxValue);
    }

    private bool PageOwner(DumpLine line)
    {
        if (PageAllocated().Match(line.Text) is { Success: true } page && !line.MayBeCutAt(page.Groups["order"].Index + page.Groups["order"].Length))
        {
            Settle(null);
            In("page_owner", line);
            int order = (int)Value(page, "order");
            (_pending, _pendingBytes, _pendingCount) = (page.Groups["who"].Value, PageSize << Math.Min(order, 17), 1);
            if (_pendingOfSorted is long times)
            {
                (_pendingBytes, _pendingCount) = (Fields.Product(_pendingBytes, times), times);
                _pendingOfSorted = null;
            }
            return true;
        }
        if (SortedOwner().Match(line.Text) is { Success: true } sorted && !line.MayBeCutAt(sorted.Length))
        {
            Settle(null);
            In("page_owner", line);
            _pendingOfSorted = Value(sorted, "times");
            return true;
        }
        return false;
    }

    private long? _pendingOfSorted;

    private bool CallSite(DumpLine line)
    {
        if (AllocInfoRow().Match(line.Text) is not { Success: true } row || line.MayBeCutAt(row.Length))
        {
            return false;
        }
        string name = $"{row.Groups["func"].Value} ({row.Groups["file"].Value})";
        In("allocinfo", line, name);
        _table.Add(name, Value(row, "bytes"), Value(row, "calls"));
        return true;
    }

    private bool Kmemleak(DumpLine line)
    {
        if (Unreferenced().Match(line.Text) is { Success: true } leaked && !line.MayBeCutAt(leaked.Length))
        {
            Settle(null);
            In("kmemleak", line);
            _objects++;
            (_pending, _pendingBytes, _pendingCount) = ("", Value(leaked, "size"), 1);
            return true;
        }
        return false;
    }

    /// <summary>Reads a frame of a stack. The first function that does not belong to an allocator names who has the memory.</summary>
    private bool Frame(DumpLine line)
    {
        if (_pending is null)
        {
            return false;
        }
        if (Comm().Match(line.Text) is { Success: true } comm)
        {
            _pending = comm.Groups[1].Value;
            return true;
        }
        if (StackFrame().Match(line.Text) is not { Success: true } frame)
        {
            return line.Text.StartsWith("PFN ", StringComparison.Ordinal) || line.Text.StartsWith("backtrace", StringComparison.Ordinal);
        }
        string function = frame.Groups[1].Value;
        if (!Allocators().IsMatch(function))
        {
            Settle(function);
        }
        return true;
    }

    /// <summary>Adds the memory that was waiting for its name.</summary>
    private void Settle(string? function)
    {
        if (_pending is not null)
        {
            string task = _pending.Length == 0 ? "" : $" ({_pending})";
            _table.Add(function is null ? $"unknown call site{task}" : function + task, _pendingBytes, _pendingCount);
        }
        (_pending, _pendingBytes, _pendingCount) = (null, 0, 0);
    }

    private static long Value(Match match, string group) => Fields.Parse(match.Groups[group].ValueSpan) ?? 0;

    [GeneratedRegex(@"^OBJS\s+ACTIVE\s+USE\s+OBJ SIZE\s+SLABS")]
    private static partial Regex SlabTopHeader();

    [GeneratedRegex(@"^(?<name>[A-Za-z_][\w:.,()-]{0,60})\s+(?<active>[0-9]{1,12})\s+(?<all>[0-9]{1,12})\s+(?<size>[0-9]{1,9})\s+(?<each>[0-9]{1,6})\s+(?<pages>[0-9]{1,6})\s*:\s*tunables"
        + @"(?:[\s0-9]*:\s*slabdata\s+[0-9]{1,12}\s+(?<slabs>[0-9]{1,12}))?")]
    private static partial Regex SlabRow();

    [GeneratedRegex(@"^(?<objects>[0-9]{1,12})\s+[0-9]{1,12}\s+[0-9]{1,3}%\s+[0-9.]{1,12}K\s+[0-9]{1,12}\s+[0-9]{1,6}\s+(?<cache>[0-9]{1,12})K\s+(?<name>\S{1,60})$")]
    private static partial Regex SlabTopRow();

    [GeneratedRegex(@"^0x(?<start>[0-9a-f]{4,16})-0x(?<end>[0-9a-f]{4,16})\s+(?<bytes>[0-9]{1,15})(?:\s+(?<caller>\S{1,120}))?")]
    private static partial Regex VmallocRow();

    [GeneratedRegex(@"Page allocated via order (?<order>[0-9]{1,2})(?:, mask 0x[0-9a-f]+(?:\([\w|]*\))?)?(?:, pid [0-9]+(?:, tgid [0-9]+ \((?<who>[^)]{0,32})\))?)?")]
    private static partial Regex PageAllocated();

    [GeneratedRegex(@"^(?<times>[0-9]{1,12}) times(?:, [0-9]{1,12} pages)?(?:, [^:]{0,120})?:?$")]
    private static partial Regex SortedOwner();

    [GeneratedRegex(@"^(?<bytes>[0-9]{1,16})\s+(?<calls>[0-9]{1,15})\s+(?<file>[\w./-]{1,120}:[0-9]{1,6})(?:\s+\[\w{1,60}\])?\s+func:(?<func>\w{1,100})")]
    private static partial Regex AllocInfoRow();

    [GeneratedRegex(@"^unreferenced object 0x[0-9a-f]+ \(size (?<size>[0-9]{1,12})\):")]
    private static partial Regex Unreferenced();

    [GeneratedRegex(@"^comm ""([^""]{0,32})"", pid")]
    private static partial Regex Comm();

    [GeneratedRegex(@"^(?:\[<[0-9a-fx_ptrval()]+>\]\s*)?([A-Za-z_][\w.]{1,100})\+0x[0-9a-f]+(?:/0x[0-9a-f]+)?")]
    private static partial Regex StackFrame();

    [GeneratedRegex(@"^(?:_*alloc_pages\w*|get_page_from_freelist|prep_new_page|post_alloc_hook|_*set_page_owner\w*|_*save_stack\w*|stack_trace_save|_*get_free_pages|"
        + @"get_zeroed_page\w*|allocate_slab|alloc_slab_page|new_slab\w*|_*slab_alloc\w*|slab_post_alloc_hook|_*kmem_cache_alloc\w*|_*k[mz]alloc\w*|_*kcalloc\w*|kmemleak_alloc\w*|"
        + @"_*kmalloc_\w+|kmalloc_order\w*|folio_alloc\w*|_*folio_alloc\w*|vma_alloc_folio\w*|alloc_page_\w+|_*vmalloc\w*|vzalloc\w*|create_object|"
        + @"__do_kmalloc_node|_*alloc_frozen_pages\w*|kvmalloc\w*|_*kvmalloc\w*)$")]
    private static partial Regex Allocators();
}
