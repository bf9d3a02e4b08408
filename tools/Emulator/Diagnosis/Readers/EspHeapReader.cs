using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads ESP-IDF's heaps: summary, dump of blocks, refused requests, corruption, what boot prints about heaps and PSRAM, and the
/// messages of Wi-Fi and cameras when they get no memory.</summary>
/// <remarks>components/heap: heap_caps.c and heap_caps_base.c (heap_caps_print_heap_info, heap_caps_alloc_failed), heap_caps_init.c,
/// multi_heap.c before 4.3 and multi_heap.c over TLSF after (multi_heap_dump), multi_heap_poisoning.c, heap_task_info.c;
/// components/esp_psram and esp32/spiram.c; esp_mm/esp_cache.c; the Wi-Fi library's and esp32-camera's cam_hal.c messages as posted.
/// 3.1 to 5.x.</remarks>
internal sealed partial class EspHeapReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
    [
        "eap summary", "At 0x", "At 3", "At 4", "At 5", "heap_init", "Showing data", "Heap start", "Block", "llocate ",
        "lloc fail", "llocation fail", "alloc_fail", "m f null", "alloc eb", "wifi", "malloc", "PSRAM", "psram", "SPI ",
        "aligned", "CORRUPT", "assert failed", "corruption", "invalid header", "Task:", "rame buffer", "cam_dma_config",
    ], StringComparison.Ordinal);

    /// <summary>The most bytes between two blocks: a header, and what poisoning adds.</summary>
    private const long LargestHeader = 64;

    private Dump? _summary, _blocks, _boot, _tasks;
    private MemoryArea? _heap;
    private long _free, _largest, _pieces, _used, _previousEnd;
    private bool _previousFree, _found, _added, _isCut;
    private string _blockHeap = "";
    private int _foreign;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _summary is not null || _blocks is not null || _boot is not null || _tasks is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        bool ours = Summary(line) || Blocks(line) || Boot(line) || Message(line) || Task(line);
        (_foreign, _isCut) = (ours ? 0 : _foreign + 1, line.IsCut);
        if (IsOpen && _foreign > MostForeignLines)
        {
            End();
        }
        return ours;
    }

    /// <inheritdoc/>
    public override void End()
    {
        EndSummary();
        if (_blocks is not null && (_foreign == 0 || (_foreign == 1 && _isCut)))
        {
            _blocks.Damage.Add("nothing follows the last block: whether the dump is whole is not known");
        }
        EndBlocks();
        EndBoot();
        if (_tasks is not null)
        {
            Found(_tasks);
            _tasks = null;
        }
        _foreign = 0;
    }

    private bool Summary(DumpLine line)
    {
        string text = line.Text;
        if (SummaryHead().Match(text) is { Success: true } head)
        {
            EndSummary();
            _summary = new Dump("heap_caps_print_heap_info", MemorySystem.EspIdf, line);
            _summary.Facts.Add($"heaps with capabilities 0x{head.Groups[1].Value.ToUpperInvariant()} ({EspCapabilities.Text(Fields.Parse("0x" + head.Groups[1].Value) ?? 0)})");
            return true;
        }
        if (Heap().Match(text) is { Success: true } heap)
        {
            string name = $"heap 0x{heap.Groups["at"].Value.ToLowerInvariant()}";
            if (_summary is null || _summary.Areas.Any(area => area.Name == name))
            {
                EndSummary();
                _summary = new Dump("heap_caps_print_heap_info", MemorySystem.EspIdf, line);
            }
            _heap = _summary.Area(name, AreaKind.Heap);
            _heap.Total = Fields.Number(line, "len");
            _heap.Free = Fields.Number(line, "free");
            _heap.LeastEverFree = Fields.Number(line, "min_free");
            EspCapabilities.Place(_heap, Address(heap.Groups["at"]));
            HeapRest(line);
            return true;
        }
        if (_heap is not null && text.StartsWith("largest_free_block", StringComparison.Ordinal))
        {
            HeapRest(line);
            return true;
        }
        if (_summary is not null && text.StartsWith("Totals:", StringComparison.Ordinal))
        {
            _heap = null;
            return true;
        }
        if (_summary is not null && _heap is null && text.StartsWith("free ", StringComparison.Ordinal) && text.Contains("allocated", StringComparison.Ordinal))
        {
            Totals(line);
            EndSummary();
            return true;
        }
        return false;
    }

    /// <summary>Reads the second line of a heap, which a log may have joined to the first.</summary>
    private void HeapRest(DumpLine line)
    {
        _heap!.Largest = Fields.Number(line, "largest_free_block") ?? _heap.Largest;
        _heap.FreePieces = Fields.Number(line, "free_blocks") ?? _heap.FreePieces;
    }

    private void Totals(DumpLine line)
    {
        long? free = Fields.Number(line, "free"), largest = Fields.Number(line, "largest_free_block");
        long sum = _summary!.Areas.Sum(area => area.Free ?? 0);
        if (free is not null && _summary.Areas.Count > 0 && sum != free)
        {
            _summary.Damage.Add($"the heaps add up to {sum} bytes free, the totals say {free}: a heap is missing or a number is damaged");
        }
        if (largest is not null && _summary.Areas.Count > 0 && _summary.Areas.Max(area => area.Largest ?? 0) != largest)
        {
            _summary.Damage.Add($"the totals say that the largest free block is {largest} bytes, the heaps say {_summary.Areas.Max(area => area.Largest ?? 0)}");
        }
        if (_summary.Areas.Count == 0 && free is not null)
        {
            MemoryArea all = _summary.Area("all heaps", AreaKind.Heap);
            (all.Free, all.Largest, all.LeastEverFree) = (free, largest, Fields.Number(line, "min_free"));
        }
    }

    private void EndSummary()
    {
        if (_summary is { Areas.Count: > 0 } summary)
        {
            foreach (MemoryArea area in summary.Areas.Where(area => area.Free is null || area.Largest is null))
            {
                summary.Damage.Add($"{area.Name}: {(area.Free is null ? "how much is free" : "the largest free block")} is missing");
            }
            foreach (MemoryArea area in summary.Areas.Where(area => area.Largest > area.Free || area.Free > area.Total))
            {
                summary.Damage.Add($"{area.Name}: its numbers contradict each other");
            }
            foreach (MemoryArea area in summary.Areas.Where(area => area.LeastEverFree > area.Free))
            {
                summary.Damage.Add($"{area.Name}: less is free than ever was");
            }
            foreach (MemoryArea area in summary.Areas.Where(area => IsPattern(area.Free) || IsPattern(area.Largest)))
            {
                summary.Signs.Add((Cause.Corrupt, $"{area.Name} counts with a fill pattern instead of a number"));
            }
            Found(summary);
        }
        (_summary, _heap) = (null, null);
    }

    /// <summary>0xAAAAAAAA, 0xCECECECE, 0xFEFEFEFE, 0xA5A5A5A5: patterns that allocators and debuggers fill memory with.</summary>
    private static bool IsPattern(long? value) => (value & 0xffffffff) is 0xaaaaaaaa or 0xcececece or 0xfefefefe or 0xa5a5a5a5 or 0xbaad5678 or 0xdeadbeef;

    private bool Blocks(DumpLine line)
    {
        string text = line.Text;
        if (BlocksHead().Match(text) is { Success: true } head)
        {
            EndHeapOfBlocks();
            _blocks ??= new Dump("heap_caps_dump", MemorySystem.EspIdf, line);
            _blockHeap = $"heap 0x{head.Groups["at"].Value.ToLowerInvariant()}";
            if (_blocks.Areas.Any(area => area.Name == _blockHeap))
            {
                EndBlocks();
                _blocks = new Dump("heap_caps_dump", MemorySystem.EspIdf, line);
                _blockHeap = $"heap 0x{head.Groups["at"].Value.ToLowerInvariant()}";
            }
            EspCapabilities.Place(_blocks.Area(_blockHeap, AreaKind.Heap), Address(head.Groups["at"]));
            return true;
        }
        if (Block().Match(text) is { Success: true } block)
        {
            bool isTlsf = block.Groups["free"].Success;
            if (line.MayBeCutAt(isTlsf ? block.Groups["free"].Index + block.Groups["free"].Length : block.Length) || (isTlsf && block.Groups["free"].Value.Length < 2))
            {
                return true;
            }
            _blocks ??= new Dump("heap_caps_dump", MemorySystem.EspIdf, line);
            if (_blockHeap.Length == 0)
            {
                _blockHeap = "heap of unknown start";
                _blocks.Damage.Add("the dump begins in the middle of a heap");
            }
            long size = Fields.Parse(block.Groups["size"].ValueSpan) ?? 0, at = Address(block.Groups["at"]);
            if (_previousEnd > 0 && at - _previousEnd is < 0 or > LargestHeader)
            {
                _blocks.Damage.Add($"{_blockHeap}: what lies between 0x{_previousEnd:x8} and 0x{at:x8} is not in the dump");
            }
            bool isFree = isTlsf ? block.Groups["free"].Value == "Yes" : text.Contains("FREE", StringComparison.Ordinal);
            if (IsPattern(size) || size > 1L << 30)
            {
                _blocks.Signs.Add((Cause.Corrupt, $"block 0x{at:x8} says it has {size} bytes"));
                return true;
            }
            if (isFree && _previousFree && at == _previousEnd + 4)
            {
                _blocks.Damage.Add($"{_blockHeap}: the free blocks before and at 0x{at:x8} touch each other, and the allocator would have made one of them: "
                    + "the dump is incomplete or edited, or was printed while memory moved");
            }
            (_free, _pieces, _largest, _used) = isFree ? (_free + size, _pieces + 1, Math.Max(_largest, size), _used) : (_free, _pieces, _largest, _used + size);
            (_previousFree, _previousEnd) = (isFree, at + size);
            return true;
        }
        return false;
    }

    private void EndHeapOfBlocks()
    {
        if (_blocks is not null && _blockHeap.Length > 0 && (_pieces > 0 || _used > 0))
        {
            MemoryArea area = _blocks.Area(_blockHeap, AreaKind.Heap);
            (area.Free, area.Largest, area.FreePieces) = (_free, _largest, _pieces);
        }
        (_free, _largest, _pieces, _used, _previousEnd, _previousFree, _blockHeap) = (0, 0, 0, 0, 0, false, "");
    }

    private void EndBlocks()
    {
        EndHeapOfBlocks();
        if (_blocks is { } blocks && (blocks.Areas.RemoveAll(area => area.Free is null) >= 0) && (blocks.Areas.Count > 0 || blocks.Signs.Count > 0))
        {
            Found(blocks);
        }
        _blocks = null;
    }

    private bool Boot(DumpLine line)
    {
        string text = line.Text;
        if (BootHeap().Match(text) is { Success: true } heap && !line.MayBeCutAt(heap.Index + heap.Length))
        {
            string name = $"{heap.Groups["kind"].Value.Trim()} at 0x{heap.Groups["at"].Value.ToLowerInvariant()}";
            if (_boot?.Areas.Any(area => area.Name == name) == true)
            {
                EndBoot();
            }
            _boot ??= new Dump("heap_init", MemorySystem.EspIdf, line);
            MemoryArea area = _boot.Area(name, AreaKind.Heap);
            area.Total = Fields.Parse("0x" + heap.Groups["len"].Value);
            EspCapabilities.Place(area, Address(heap.Groups["at"]));
            return true;
        }
        if (PsramFound().IsMatch(text))
        {
            _boot ??= new Dump("heap_init", MemorySystem.EspIdf, line);
            _boot.Facts.Add($"boot says: {text}");
            _found = true;
            return true;
        }
        if (PsramAdded().IsMatch(text))
        {
            _boot ??= new Dump("heap_init", MemorySystem.EspIdf, line);
            _added = true;
            return true;
        }
        if (PsramBroken().IsMatch(text))
        {
            _boot ??= new Dump("heap_init", MemorySystem.EspIdf, line);
            _boot.Signs.Add((Cause.PsramMissing, $"boot says: {text}"));
            return true;
        }
        return false;
    }

    private void EndBoot()
    {
        if (_boot is { } boot)
        {
            if (_found && !_added && boot.Areas.Count > 0 && !boot.Areas.Any(area => area.IsExternal))
            {
                boot.Signs.Add((Cause.PsramMissing, "PSRAM was found at boot, and none of the heaps that were made lies in it"));
            }
            Found(boot);
        }
        (_boot, _found, _added) = (null, false, false);
    }

    private bool Message(DumpLine line)
    {
        string text = line.Text;
        if (Refused().Match(text) is { Success: true } refused)
        {
            Group size = refused.Groups["size"], caps = refused.Groups["caps"];
            Refuse(line, "failed allocation", refused.Groups["who"].Value.Trim(),
                line.MayBeCutAt(size.Index + size.Length) ? null : Fields.Parse(size.ValueSpan),
                caps.Success && !line.MayBeCutAt(caps.Index + caps.Length) ? Fields.Parse(caps.Value.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? caps.Value : "0x" + caps.Value) : null);
            return true;
        }
        if (WifiRefused().Match(text) is { Success: true } wifi)
        {
            Dump dump = Refuse(line, "Wi-Fi allocation", "Wi-Fi", Fields.Number(line, "len"), EspCapabilities.Internal | EspCapabilities.Dma);
            if (Fields.Number(line, "heap") is long heap)
            {
                MemoryArea area = dump.Area("all heaps, PSRAM included", AreaKind.Heap);
                area.Free = heap;
            }
            Found(dump);
            return true;
        }
        if (CameraRefused().IsMatch(text))
        {
            Found(Refuse(line, "esp32-camera", "camera", Fields.Bytes(line, "Allocating") ?? Fields.Number(line, "size"), null));
            return true;
        }
        if (Misaligned().Match(text) is { Success: true })
        {
            var dump = new Dump("alignment", MemorySystem.EspIdf, line) { Request = new MemoryRequest(RequestKind.Heap) };
            dump.Signs.Add((Cause.Alignment, text));
            Found(dump);
            return true;
        }
        if (CorruptHeap().IsMatch(text))
        {
            var dump = new Dump("heap check", MemorySystem.EspIdf, line);
            dump.Signs.Add((Cause.Corrupt, text));
            Found(dump);
            return true;
        }
        return false;
    }

    /// <summary>Notes a refused request. If it has a size, its dump ends with the line.</summary>
    private Dump Refuse(DumpLine line, string format, string who, long? bytes, long? capabilities)
    {
        var dump = new Dump(format, MemorySystem.EspIdf, line)
        {
            Request = new MemoryRequest(RequestKind.Heap)
            {
                Who = who, Bytes = bytes, Mask = capabilities, Flags = capabilities is long caps ? EspCapabilities.Text(caps) : "",
            },
        };
        if (format == "failed allocation")
        {
            Found(dump);
        }
        return dump;
    }

    private bool Task(DumpLine line)
    {
        if (TaskRow().Match(line.Text) is not { Success: true } task || line.MayBeCutAt(task.Length))
        {
            return false;
        }
        string name = task.Groups["name"].Value.Trim();
        if (_tasks?.Holders.Any(holder => holder.Name == name) == true)
        {
            Found(_tasks);
            _tasks = null;
        }
        _tasks ??= new Dump("heap per task", MemorySystem.EspIdf, line);
        _tasks.Holders.Add(new Holder(name, (Fields.Parse(task.Groups["b8"].ValueSpan) ?? 0) + (Fields.Parse(task.Groups["b32"].ValueSpan) ?? 0), 0));
        return true;
    }

    private static long Address(Group group) =>
        long.TryParse(group.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long value) ? value : 0;

    [GeneratedRegex(@"[Hh]eap summary for capabilities 0x([0-9a-fA-F]{1,8})")]
    private static partial Regex SummaryHead();

    [GeneratedRegex(@"^At 0x(?<at>[0-9a-fA-F]{1,8}) len \d{1,10} free \d{1,10}")]
    private static partial Regex Heap();

    [GeneratedRegex(@"^(?:Showing data for heap: |Heap start )(?:0x)?(?<at>[0-9a-fA-F]{4,16})")]
    private static partial Regex BlocksHead();

    [GeneratedRegex(@"^Block (?:0x)?(?<at>[0-9a-fA-F]{4,16}) data,? size:? (?<size>0x[0-9a-fA-F]{1,8}|\d{1,10}) bytes(?:, Free: (?<free>Yes|No)?| next block)")]
    private static partial Regex Block();

    [GeneratedRegex(@"heap_init: At (?:0x)?(?<at>[0-9A-Fa-f]{6,8}) len (?:0x)?(?<len>[0-9A-Fa-f]{4,8}) \(\d{1,7} KiB\): (?<kind>[A-Za-z0-9/ ]{3,12})")]
    private static partial Regex BootHeap();

    [GeneratedRegex(@"Found \d{1,4} ?M(?:B|Bit) (?:PSRAM|SPI RAM)|SPI SRAM memory test OK|PSRAM initialized, cache is in")]
    private static partial Regex PsramFound();

    [GeneratedRegex(@"Adding pool of \d{1,7}K of (?:external SPI memory|PSRAM memory|PSRAM)")]
    private static partial Regex PsramAdded();

    [GeneratedRegex(@"PSRAM ID read error|PSRAM chip is not connected|SPI RAM enabled but initiali[sz]ation failed|Failed to init external RAM|SPI SRAM memory test fail|psramInit\(\): (?:PSRAM )?(?:not found|init failed)")]
    private static partial Regex PsramBroken();

    [GeneratedRegex(@"(?:(?<who>[\w:]{1,60}) was called but )?[Ff]ailed to allocate (?<size>\d{1,10}) bytes with (?:capabilities:? ?)?(?<caps>0x[0-9a-fA-F]{1,8})"
        + @"|[Ff]ailed to allocate(?: memory)?,? size:? ?(?<size>0x[0-9a-fA-F]{1,8}|\d{1,10})(?: bytes)?(?:,? caps:? ?(?<caps>0x[0-9a-fA-F]{1,8}))?"
        + @"|Mem(?:ory)? alloc(?:ation)? fail(?:ed)?\.? size:? ?(?<size>0x[0-9a-fA-F]{1,8}|\d{1,10}) caps:? ?(?<caps>0x[0-9a-fA-F]{1,8})"
        + @"|alloc_fail(?:ed)? size:? ?(?<size>0x[0-9a-fA-F]{1,8}|\d{1,10})(?:,? caps:? ?(?<caps>0x[0-9a-fA-F]{1,8}))?")]
    private static partial Regex Refused();

    [GeneratedRegex(@"wifi: ?m f null|alloc eb len=\d{1,7} type=\d{1,3} fail|wifi: ?(?:mem|malloc|alloc).{0,40}fail")]
    private static partial Regex WifiRefused();

    [GeneratedRegex(@"frame buffer malloc failed|(?:DMA buffer|dma buffer|frame buffer).{0,30}malloc.{0,10}[Ff]ailed|cam_dma_config failed|Frame buffer allocation failed")]
    private static partial Regex CameraRefused();

    [GeneratedRegex(@"not aligned (?:with|to) (?:the )?cache line|(?:is|are|is\(are\)) not aligned with cache|buffer.{0,40}not (?:cache[- ]line|cache) aligned")]
    private static partial Regex Misaligned();

    [GeneratedRegex(@"CORRUPT HEAP:|assert failed: (?:multi_heap|tlsf|block_|remove_free_block|insert_free_block)\w*|heap corruption detected|invalid header in heap")]
    private static partial Regex CorruptHeap();

    [GeneratedRegex(@"^Task: (?<name>.{1,40}?)\s*-> CAP_8BIT: (?<b8>\d{1,10}) CAP_32BIT: (?<b32>\d{1,10})")]
    private static partial Regex TaskRow();
}
