using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads the contiguous memory allocator's failures, free ranges, debugfs and sysfs; and bounce buffers, which DMA needs if a
/// device does not reach the memory.</summary>
/// <remarks>mm/cma.c (cma_alloc, cma_debug_show_areas, cma_declare_contiguous), mm/cma_debug.c, mm/cma_sysfs.c, mm/page_alloc.c
/// (alloc_contig_range), kernel/dma/swiotlb.c and lib/swiotlb.c (IO_TLB_SEGSIZE of 128 slots of 2 KB), kernel/dma/direct.h
/// (report_addr), drivers/gpu/drm/vc4/vc4_bo.c (vc4_bo_stats_print); 3.5 to 6.x.</remarks>
internal sealed partial class CmaReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(["cma", "CMA", "available pages", "alloc_contig_range", "swiotlb", "SW-IOMMU", "DMA mask", "<=="], StringComparison.Ordinal);

    private const long PageSize = 4096;

    private readonly Dictionary<string, string> _values = [];
    private DumpLine _firstValue;
    private string? _header;
    private Dump? _failure;
    private int _foreign;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _failure is not null || _header is not null || _values.Count > 0;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        string text = line.Text;
        if (Failure().Match(text) is { Success: true } failure)
        {
            Close();
            _failure = new Dump("cma_alloc", MemorySystem.Linux, line)
            {
                Request = new MemoryRequest(RequestKind.Cma)
                {
                    Who = failure.Groups["area"].Value, Bytes = Whole(line, failure.Groups["pages"]) is long pages ? Fields.Product(pages, PageSize) : null,
                    Error = (int?)Whole(line, failure.Groups["error"]) is int error ? -error : null,
                },
            };
            return true;
        }
        if (Ranges().Match(text) is { Success: true } ranges)
        {
            // It is printed after its failure.
            Dump dump = _failure ?? new Dump("CMA ranges", MemorySystem.Linux, line);
            MemoryArea area = dump.Area(ranges.Groups["area"].Success ? ranges.Groups["area"].Value : "CMA", AreaKind.Cma);
            FreeRanges(line, ranges, area, dump);
            Foreign(0);
            if (_failure is null)
            {
                Found(dump);
            }
            return true;
        }
        if (Busy().IsMatch(text))
        {
            _failure?.Signs.Add((Cause.Pinned, text));
            if (_failure is null)
            {
                var dump = new Dump("alloc_contig_range", MemorySystem.Linux, line);
                dump.Facts.Add(text);
                Found(dump);
            }
            return true;
        }
        if (Objects().Match(text) is { Success: true } objects && _failure is not null)
        {
            if (objects.Groups["size"].Success && Whole(line, objects.Groups["size"]) is long kilobytes)
            {
                _failure.Holders.Add(new Holder($"vc4 buffer objects {objects.Groups["what"].Value}".TrimEnd(), kilobytes * 1024, 0));
            }
            return true;
        }
        if (Reserved().Match(text) is { Success: true } reserved)
        {
            var dump = new Dump("cma reservation", MemorySystem.Linux, line);
            if (reserved.Groups["failed"].Success)
            {
                dump.Request = new MemoryRequest(RequestKind.Cma) { Who = "boot", Bytes = Whole(line, reserved.Groups["mib"]) << 20 };
                dump.Signs.Add((Cause.TooLarge, "the area could not be reserved at boot, so there is none"));
            }
            else
            {
                dump.Area("CMA", AreaKind.Cma).Total = Whole(line, reserved.Groups["mib"]) << 20;
            }
            Found(dump);
            return true;
        }
        if (Bounce().Match(text) is { Success: true } bounce)
        {
            Found(BounceFull(line, bounce));
            return true;
        }
        if (OutOfReach().Match(text) is { Success: true } reach)
        {
            var dump = new Dump("DMA mask", MemorySystem.Linux, line)
            {
                Request = new MemoryRequest(RequestKind.Bounce) { Who = reach.Groups["who"].Value.Trim(), Bytes = Whole(line, reach.Groups["bytes"]) },
            };
            dump.Signs.Add((Cause.WrongZone, "the buffer lies beyond the addresses that the device reaches"));
            Found(dump);
            return true;
        }
        if (Value(line))
        {
            return true;
        }
        if (IsOpen && ++_foreign > 40)
        {
            Close();
        }
        return false;
    }

    /// <inheritdoc/>
    public override void End() => Close();

    private void Foreign(int lines) => _foreign = lines;

    /// <summary>Reads debugfs and sysfs, as grep, head and a shell's prompt print them.</summary>
    private bool Value(DumpLine line)
    {
        string text = line.Text;
        if (Header().Match(text) is { Success: true } header)
        {
            _header = $"{header.Groups["area"].Value}/{header.Groups["name"].Value}";
            if (header.Groups["value"].Success)
            {
                Set(line, _header, header.Groups["value"].Value);
                _header = null;
            }
            return true;
        }
        if (_header is null)
        {
            return false;
        }
        string name = _header;
        _header = null;
        if (OnlyNumbers().IsMatch(text))
        {
            Set(line, name, text);
            return true;
        }
        return false;
    }

    private void Set(DumpLine line, string name, string value)
    {
        Foreign(0);
        if (_values.ContainsKey(name))
        {
            Close();
        }
        if (_values.Count == 0)
        {
            _firstValue = line;
        }
        if (line.IsCut && value.Length > 0 && line.Text.EndsWith(value, StringComparison.Ordinal))
        {
            int last = value.LastIndexOf(' ');
            value = last < 0 ? "" : value[..last];
        }
        _values[name] = value;
    }

    private void Close()
    {
        if (_failure is not null)
        {
            Found(_failure);
            _failure = null;
        }
        if (_values.Count > 0)
        {
            var dump = new Dump("CMA debugfs", MemorySystem.Linux, _firstValue);
            foreach (var area in _values.GroupBy(value => value.Key[..value.Key.LastIndexOf('/')]))
            {
                Area(dump, area.Key, area.ToDictionary(value => value.Key[(value.Key.LastIndexOf('/') + 1)..], value => value.Value));
            }
            if (dump.Areas.Count > 0)
            {
                Found(dump);
            }
            _values.Clear();
        }
        _header = null;
        Foreign(0);
    }

    private static void Area(Dump dump, string name, Dictionary<string, string> values)
    {
        long? Number(string key) => values.TryGetValue(key, out string? text) ? Fields.Parse(text.Trim()) : null;
        long unit = PageSize << (int)Math.Clamp(Number("order_per_bit") ?? 0, 0, 20);
        MemoryArea area = dump.Area(name.Length == 0 ? "CMA" : name, AreaKind.Cma);
        area.Total = (Number("count") ?? Number("total_pages")) is long count ? Fields.Product(count, PageSize) : null;
        area.Free = Number("available_pages") is long available ? Fields.Product(available, PageSize)
            : area.Total is long total && Number("used") is long used && used * PageSize <= total ? total - (used * PageSize) : null;
        area.Largest = Number("maxchunk") is long chunk ? Fields.Product(chunk, PageSize) : null;
        if (values.TryGetValue("bitmap", out string? bitmap))
        {
            Bitmap(dump, area, bitmap, unit);
        }
        if (Number("alloc_pages_fail") is long failed and > 0)
        {
            dump.Facts.Add($"{area.Name}: {failed} pages were refused since boot");
        }
    }

    /// <summary>Reads a bitmap. A bit is a block of 2^order_per_bit pages, 32 to a word, the lowest first; 1 means taken.</summary>
    private static void Bitmap(Dump dump, MemoryArea area, string bitmap, long unit)
    {
        long free = 0, run = 0, largest = 0, bits = 0, most = area.Total is long total ? total / unit : long.MaxValue;
        foreach (string word in bitmap.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint taken))
            {
                dump.Damage.Add($"{area.Name}: the bitmap has a word that is no number of 32 bits");
                return;
            }
            for (int bit = 0; bit < 32 && bits < most; bit++, bits++)
            {
                bool isFree = ((taken >> bit) & 1) == 0;
                free += isFree ? 1 : 0;
                run = isFree ? run + 1 : 0;
                largest = Math.Max(largest, run);
            }
        }
        if (most != long.MaxValue && bits < most)
        {
            dump.Damage.Add($"{area.Name}: the bitmap ends after {bits} of {most} bits");
            return;
        }
        area.Free ??= free * unit;
        area.Largest ??= largest * unit;
        if (area.Free != free * unit || area.Largest != largest * unit)
        {
            dump.Damage.Add($"{area.Name}: the bitmap shows {free * unit / 1024} KB free, {largest * unit / 1024} KB in one piece; the files beside it say otherwise");
        }
    }

    /// <summary>number of available pages: 4@572+2@580+… => 357 free of 2048 total pages</summary>
    private static void FreeRanges(DumpLine line, Match match, MemoryArea area, Dump dump)
    {
        long sum = 0, largest = 0;
        long aligned = 0;
        long wanted = dump.Request?.Bytes is long bytes ? bytes / PageSize : 0;
        // CONFIG_CMA_ALIGNMENT is 8 by default: at most 1 MB.
        long alignment = wanted <= 1 ? 1 : Math.Min(256, (long)BitOperations.RoundUpToPowerOf2((ulong)wanted));
        foreach (Match range in Range().Matches(match.Groups["ranges"].Value))
        {
            if (Fields.Parse(range.Groups[1].ValueSpan) is long count and < (1L << 40) && Fields.Parse(range.Groups[2].ValueSpan) is long start and < (1L << 40))
            {
                sum += count;
                largest = Math.Max(largest, count);
                long first = (start + alignment - 1) / alignment * alignment;
                aligned = Math.Max(aligned, start + count - first);
            }
        }
        long? free = Whole(line, match.Groups["free"]), total = Whole(line, match.Groups["total"]);
        area.Free = free is long pages ? Fields.Product(pages, PageSize) : null;
        area.Total = total is long all ? Fields.Product(all, PageSize) : null;
        if (free is not null && sum != free)
        {
            dump.Damage.Add($"{area.Name}: the ranges add up to {sum} pages, the line says {free}: it is damaged, and a larger range may be missing");
            return;
        }
        if (free is null)
        {
            dump.Damage.Add($"{area.Name}: the list of ranges is cut");
            return;
        }
        area.Largest = largest * PageSize;
        if (wanted > 0 && largest >= wanted && aligned < wanted)
        {
            dump.Signs.Add((Cause.Alignment, $"{largest} pages are free in one piece, and at most {Math.Max(0, aligned)} of them behind a multiple of "
                + $"{alignment} pages, where such a request has to begin"));
        }
    }

    private static Dump BounceFull(DumpLine line, Match match)
    {
        const long SlotSize = 2048;
        var dump = new Dump("swiotlb", MemorySystem.Linux, line)
        {
            Request = new MemoryRequest(RequestKind.Bounce) { Who = match.Groups["who"].Value.Trim(), Bytes = Whole(line, match.Groups["bytes"]) },
        };
        if (Whole(line, match.Groups["slots"]) is long slots)
        {
            MemoryArea pool = dump.Area("bounce buffers", AreaKind.Pool);
            pool.Total = Fields.Product(slots, SlotSize);
            pool.Free = Whole(line, match.Groups["used"]) is long used && used <= slots ? Fields.Product(slots - used, SlotSize) : null;
        }
        return dump;
    }

    private static long? Whole(DumpLine line, Group group) =>
        group.Success && !line.MayBeCutAt(group.Index + group.Length) ? Fields.Parse(group.ValueSpan) : null;

    [GeneratedRegex(@"cma_alloc(?:\(\))?: (?:(?<area>[\w,.@-]{1,60}): )?(?:alloc failed|memory range).{0,20}?req-size: (?<pages>[0-9]{1,15}) pages(?:, ret: -(?<error>[0-9]{1,4}))?")]
    private static partial Regex Failure();

    [GeneratedRegex(@"(?:(?<area>[\w,.@-]{1,60}): )?number of available pages: (?<ranges>[0-9@+ ]*)(?:\s*=>\s*(?<free>[0-9]{1,15}) free of (?<total>[0-9]{1,15}) total)?")]
    private static partial Regex Ranges();

    [GeneratedRegex(@"([0-9]{1,15})@([0-9]{1,15})")]
    private static partial Regex Range();

    [GeneratedRegex(@"alloc_contig_range: \[[0-9a-fx]+, ?[0-9a-fx]+\) PFNs busy")]
    private static partial Regex Busy();

    [GeneratedRegex(@"\b(?:num|size) bos (?<what>allocated|used|cached):\s*(?:(?<size>[0-9]{1,12})kb|[0-9]{1,9})|(?<what>[A-Za-z0-9 ]{3,40}):\s*(?<size>[0-9]{1,12})kb BOs \([0-9]{1,9}\)")]
    private static partial Regex Objects();

    [GeneratedRegex(@"\b[Cc][Mm][Aa]: (?:CMA: )?(?:[Rr]eserved (?<mib>[0-9]{1,7}) MiB at|(?<failed>[Ff]ailed to reserve) (?<mib>[0-9]{1,7}) MiB)")]
    private static partial Regex Reserved();

    [GeneratedRegex(@"^(?<who>.{0,80}?):? ?swiotlb buffer is full ?\(sz: (?<bytes>[0-9]{1,15}) bytes\)(?:, total (?<slots>[0-9]{1,12}) \(slots\))?(?:, used (?<used>[0-9]{1,12}) \(slots\))?"
        + @"|Out of SW-IOMMU space for (?<bytes>[0-9]{1,15}) bytes at device (?<who>\S{1,60})")]
    private static partial Regex Bounce();

    [GeneratedRegex(@"^(?<who>.{0,80}?):? ?(?:swiotlb: )?overflow 0x[0-9a-f]+\+(?<bytes>[0-9]{1,15}) of DMA mask")]
    private static partial Regex OutOfReach();

    [GeneratedRegex(@"(?:/sys/kernel/(?:debug|mm)/cma/|==> ?(?:\S{0,100}/)?|\bcma/)(?:(?<area>[\w,.@-]{1,60})/)?(?<name>used|maxchunk|count|order_per_bit|base_pfn|bitmap|"
        + @"total_pages|available_pages|alloc_pages_fail|alloc_pages_success|release_pages_success)(?: <==)?(?::\s*(?<value>[0-9][0-9 ]*))?$")]
    private static partial Regex Header();

    [GeneratedRegex(@"^[0-9][0-9 ]*$")]
    private static partial Regex OnlyNumbers();
}
