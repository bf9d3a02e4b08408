using System.Buffers;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads /proc/meminfo, /proc/zoneinfo and /proc/vmstat.</summary>
/// <remarks>fs/proc/meminfo.c (meminfo_proc_show), mm/vmstat.c (zoneinfo_show_print, vmstat_show); 2.6.24 to 6.x. The kernel drops page
/// cache when it needs memory, so a series uses MemAvailable, or its equivalent before 3.14.</remarks>
internal sealed partial class ProcMemoryReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create([" kB", "zone", "nr_free_pages", "nr_slab", "compact_", "allocstall"], StringComparison.Ordinal);

    private const long PageSize = 4096;

    /// <summary>The owners in meminfo. Memory that is in none of these was allocated as pages.</summary>
    private static readonly string[] s_holders = ["AnonPages", "Shmem", "SReclaimable", "SUnreclaim", "Slab", "KernelStack", "PageTables", "Percpu", "VmallocUsed", "Mlocked"];

    private static readonly string[] s_always = ["MemTotal", "MemFree", "Buffers", "Cached", "VmallocTotal"];

    private readonly Dictionary<string, long> _values = [];
    private Dump? _zones;
    private MemoryArea? _zone;
    private DumpLine _first;
    private string _format = "";
    private long? _present;
    private int _foreign;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _values.Count > 0 || _zones is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        if (MemInfo().Match(line.Text) is { Success: true } row)
        {
            Set("meminfo", line, row.Groups["name"].Value, Fields.Product(Fields.Parse(row.Groups["value"].ValueSpan) ?? 0, 1024));
            return true;
        }
        if (ZoneHeader().Match(line.Text) is { Success: true } zone)
        {
            string name = ZoneNames.Of(zone.Groups["zone"].Value, int.Parse(zone.Groups["node"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
            if (_zones?.Areas.Any(area => area.Name == name) == true)
            {
                EndZones();
            }
            _zones ??= new Dump("zoneinfo", MemorySystem.Linux, line);
            _zone = _zones.Area(name, AreaKind.Zone);
            _present = null;
            _foreign = 0;
            return false;
        }
        if (_zone is not null && ZoneRow().Match(line.Text) is { Success: true } value)
        {
            if (!line.MayBeCutAt(value.Groups["value"].Index + value.Groups["value"].Length))
            {
                ZoneValue(_zone, value.Groups["name"].Value, Fields.Product(Fields.Parse(value.Groups["value"].ValueSpan) ?? 0, PageSize));
            }
            _foreign = 0;
            return true;
        }
        if (VmStat().Match(line.Text) is { Success: true } stat && !line.MayBeCutAt(stat.Length))
        {
            Set("vmstat", line, stat.Groups["name"].Value, Fields.Parse(stat.Groups["value"].ValueSpan) ?? 0);
            return true;
        }
        if (_zone is not null && Protection().Match(line.Text) is { Success: true } protection)
        {
            _zone.Total ??= _present;
            _zone.Reserve = [.. protection.Groups["numbers"].Value.Split(',').Select(word => Fields.Parse(word.Trim()) is long pages ? Fields.Product(pages, PageSize) : 0)];
            return true;
        }
        if (IsOpen && ++_foreign > MostForeignLines)
        {
            End();
        }
        return false;
    }

    /// <inheritdoc/>
    public override void End()
    {
        EndZones();
        if (_values.Count > 0)
        {
            Dump dump = _format == "meminfo" ? Meminfo() : Vmstat();
            if (dump.Areas.Count > 0)
            {
                Found(dump);
            }
            _values.Clear();
        }
        _foreign = 0;
    }

    private void EndZones()
    {
        if (_zones is not null && _zones.Areas.RemoveAll(area => area.Free is null) is int _ && _zones.Areas.Count > 0)
        {
            Found(_zones);
        }
        (_zones, _zone) = (null, null);
    }

    private void Set(string format, DumpLine line, string name, long value)
    {
        if (_values.Count > 0 && (_values.ContainsKey(name) || _format != format))
        {
            End();
        }
        if (_values.Count == 0)
        {
            (_first, _format) = (line, format);
        }
        _values[name] = value;
        _foreign = 0;
    }

    private Dump Meminfo()
    {
        var dump = new Dump("meminfo", MemorySystem.Linux, _first);
        long? Value(string name) => _values.TryGetValue(name, out long value) ? value : null;
        if (Value("MemFree") is long free)
        {
            MemoryArea all = dump.Area("system", AreaKind.System);
            all.Total = Value("MemTotal");
            all.Free = Value("MemAvailable") ?? free + (Value("Buffers") ?? 0) + (Value("Cached") ?? 0) - (Value("Shmem") ?? 0);
        }
        if (!s_always.All(_values.ContainsKey))
        {
            dump.Damage.Add($"rows are missing: {string.Join(", ", s_always.Where(name => !_values.ContainsKey(name)))}");
        }
        if (Value("LowTotal") is long low and > 0 && Value("LowFree") is long lowFree && Value("HighTotal") is > 0)
        {
            MemoryArea lowmem = dump.Area("lowmem", AreaKind.System);
            (lowmem.Total, lowmem.Free) = (low, lowFree);
        }
        if (Value("CmaTotal") is long cma and > 0)
        {
            MemoryArea area = dump.Area("CMA", AreaKind.Cma);
            (area.Total, area.Free) = (cma, Value("CmaFree"));
        }
        // 64-bit address space never runs short. Since 4.4 the kernel prints 0 for what it does not compute.
        if (Value("VmallocTotal") is long addresses and < (1L << 34) && Value("VmallocUsed") is long used and > 0)
        {
            MemoryArea area = dump.Area("vmalloc addresses", AreaKind.AddressSpace);
            (area.Total, area.Free, area.Largest) = (addresses, addresses - used, Value("VmallocChunk") is long chunk and > 0 ? chunk : null);
        }
        dump.Holders.AddRange(s_holders.Where(name => Value(name) is > 0 && (name != "Slab" || Value("SUnreclaim") is null))
            .Select(name => new Holder(name, Value(name)!.Value, 0)));
        if (Value("MemTotal") is long total && Value("MemFree") is long unused && Value("Cached") is long cached && Value("AnonPages") is long anonymous
            && (Value("Slab") ?? (Value("SReclaimable") + Value("SUnreclaim"))) is long slab)
        {
            long known = unused + cached + (Value("Buffers") ?? 0) + (Value("SwapCached") ?? 0) + anonymous + slab + (Value("PageTables") ?? 0)
                + (Value("KernelStack") ?? 0) + (Value("Percpu") ?? 0);
            if (total > known)
            {
                dump.Holders.Add(new Holder("pages in none of these (alloc_pages, drivers)", total - known, 0));
            }
        }
        return dump;
    }

    private Dump Vmstat()
    {
        var dump = new Dump("vmstat", MemorySystem.Linux, _first);
        if (_values.TryGetValue("nr_free_pages", out long free))
        {
            dump.Area("system", AreaKind.System).Free = Fields.Product(free, PageSize);
        }
        if (_values.TryGetValue("nr_slab_unreclaimable", out long slab))
        {
            dump.Holders.Add(new Holder("SUnreclaim", Fields.Product(slab, PageSize), 0));
        }
        if (_values.TryGetValue("compact_fail", out long failed) && failed > 0)
        {
            dump.Facts.Add($"compaction failed {CountText.Of(failed, "time")}" + (_values.TryGetValue("compact_success", out long done) ? $" and succeeded {CountText.Of(done, "time")}" : ""));
        }
        return dump;
    }

    private void ZoneValue(MemoryArea zone, string name, long bytes)
    {
        switch (name)
        {
            case "pages free" or "nr_free_pages":
                zone.Free ??= bytes;
                break;
            case "min":
                zone.Min ??= bytes;
                break;
            case "low":
                zone.Low ??= bytes;
                break;
            case "high":
                // The counters of each CPU have a "high" as well, further down.
                zone.High ??= bytes;
                break;
            case "managed":
                zone.Total = bytes;
                break;
            case "present":
                // Kernels before 3.9 have no "managed"; in others it comes next.
                _present = bytes;
                break;
            case "nr_free_cma":
                zone.FreeCma = bytes;
                break;
        }
    }

    [GeneratedRegex(@"^(?<name>(?:Mem|Low|High|Cma|Vmalloc|Swap|SUn|SRec)\w+|Buffers|Cached|AnonPages|Slab|Shmem|KernelStack|PageTables|Percpu|Mlocked|Mapped):\s+(?<value>[0-9]{1,15}) kB$")]
    private static partial Regex MemInfo();

    [GeneratedRegex(@"^(?<name>nr_free_pages|nr_slab_unreclaimable|nr_free_cma|compact_fail|compact_success|allocstall\w*) (?<value>[0-9]{1,18})$")]
    private static partial Regex VmStat();

    [GeneratedRegex(@"^Node (?<node>[0-9]{1,4}), zone\s+(?<zone>[A-Za-z]\w{0,15})$")]
    private static partial Regex ZoneHeader();

    [GeneratedRegex(@"^(?<name>pages free|min|low|high|present|managed|nr_free_pages|nr_free_cma)\s+(?<value>[0-9]{1,15})$")]
    private static partial Regex ZoneRow();

    [GeneratedRegex(@"^protection: \((?<numbers>[0-9, ]{1,100})\)")]
    private static partial Regex Protection();
}
