using System.Buffers;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads the heaps of Zephyr, FreeRTOS, MicroPython, LVGL and the Raspberry Pi's GPU.</summary>
/// <remarks>Zephyr lib/heap/heap_info.c (heap_print_info) and the shell's kernel heap command, samples of the video drivers; FreeRTOS portable.h
/// (HeapStats_t of vPortGetHeapStats), as users print its fields, decimal or hexadecimal; MicroPython py/modmicropython.c and gc.c
/// (gc_dump_info); LVGL's lv_mem_monitor_t as its demos print it; vcdbg reloc.</remarks>
internal sealed partial class RtosHeapReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
    [
        "Heap at ", "free bytes, ", "InBytes", "OfFreeBlocks", "BytesRemaining", "OfSuccessful", "GC: total", "free block",
        "frag:", "ideo", "alloc",
    ], StringComparison.Ordinal);

    private Dump? _zephyr, _stats, _python, _gpu;
    private long _chunks, _largestChunk;
    private int _foreign;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _zephyr is not null || _stats is not null || _python is not null || _gpu is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        bool ours = Zephyr(line) || Stats(line) || Python(line) || Gpu(line) || Lvgl(line) || Video(line) || Hook(line);
        _foreign = ours ? 0 : _foreign + 1;
        if (IsOpen && _foreign > 60)
        {
            End();
        }
        return ours;
    }

    /// <inheritdoc/>
    public override void End()
    {
        EndZephyr(false);
        EndStats();
        foreach (Dump? dump in (Dump?[])[_python, _gpu])
        {
            if (dump?.Areas.Any(area => area.Free is not null) == true)
            {
                Found(dump);
            }
        }
        (_python, _gpu, _foreign) = (null, null, 0);
    }

    private bool Zephyr(DumpLine line)
    {
        string text = line.Text;
        if (ZephyrHead().Match(text) is { Success: true } head)
        {
            EndZephyr(false);
            _zephyr = new Dump("sys_heap", MemorySystem.Zephyr, line);
            MemoryArea heap = _zephyr.Area($"heap {head.Groups["at"].Value}", AreaKind.Heap);
            heap.Total = Fields.Parse(head.Groups["units"].ValueSpan) is long units ? Fields.Product(units, 8) : null;
            return true;
        }
        if (_zephyr is not null && Bucket().Match(text) is { Success: true } bucket && !line.MayBeCutAt(bucket.Length))
        {
            _chunks += Fields.Parse(bucket.Groups["chunks"].ValueSpan) ?? 0;
            _largestChunk = Math.Max(_largestChunk, Fields.Parse(bucket.Groups["bytes"].ValueSpan) ?? 0);
            return true;
        }
        if (ZephyrEnd().Match(text) is { Success: true } end)
        {
            _zephyr ??= new Dump("sys_heap", MemorySystem.Zephyr, line);
            MemoryArea heap = _zephyr.Areas.Count > 0 ? _zephyr.Areas[0] : _zephyr.Area("heap", AreaKind.Heap);
            heap.Free = Fields.Parse(end.Groups["free"].ValueSpan);
            EndZephyr(true);
            return true;
        }
        return _zephyr is not null && (text.StartsWith("bucket#", StringComparison.Ordinal) || text.StartsWith("threshold", StringComparison.Ordinal)
            || text.StartsWith("chunk ", StringComparison.Ordinal) || text.StartsWith("Chunk dump", StringComparison.Ordinal)
            || text.StartsWith("-----", StringComparison.Ordinal));
    }

    private void EndZephyr(bool isOver)
    {
        if (_zephyr is { } dump)
        {
            MemoryArea heap = dump.Areas[0];
            if (_largestChunk > 0 && isOver)
            {
                (heap.Largest, heap.FreePieces) = (_largestChunk, _chunks);
            }
            if (!isOver)
            {
                dump.Damage.Add($"{heap.Name}: the dump ends before its sums");
            }
            else if (heap.Largest is null && heap.Free > 0)
            {
                dump.Damage.Add($"{heap.Name}: the table of buckets is missing, so the largest free chunk is not known");
            }
            else if (heap.Largest > heap.Free + 64)
            {
                // Chunks include their headers, the sum does not. So a chunk may be a little larger than its usable part.
                dump.Damage.Add($"{heap.Name}: a chunk of {heap.Largest} bytes is larger than the {heap.Free} bytes that are free");
            }
            if (heap.Free is not null)
            {
                Found(dump);
            }
        }
        (_zephyr, _chunks, _largestChunk) = (null, 0, 0);
    }

    private bool Stats(DumpLine line)
    {
        bool any = false;
        foreach (Match match in Stat().Matches(line.Text))
        {
            any = true;
            Group value = match.Groups["value"];
            string name = match.Groups["name"].Value;
            if (line.MayBeCutAt(value.Index + value.Length) || Fields.Parse(value.ValueSpan) is not long number)
            {
                continue;
            }
            if (name.StartsWith("Avail", StringComparison.Ordinal) && _stats is not null && _stats.Areas[0].Free is not null)
            {
                EndStats();
            }
            _stats ??= new Dump("HeapStats", MemorySystem.FreeRtos, line);
            MemoryArea heap = _stats.Area("FreeRTOS heap", AreaKind.Heap);
            switch (name)
            {
                case "AvailableHeapSpaceInBytes":
                    heap.Free = number;
                    break;
                case "SizeOfLargestFreeBlockInBytes":
                    heap.Largest = number;
                    break;
                case "NumberOfFreeBlocks":
                    heap.FreePieces = number;
                    break;
                case "MinimumEverFreeBytesRemaining":
                    heap.LeastEverFree = number;
                    break;
                case "NumberOfSuccessfulAllocations" or "NumberOfSuccessfulFrees":
                    _stats.Facts.Add($"{number} successful {(name.EndsWith("Frees", StringComparison.Ordinal) ? "frees" : "allocations")}");
                    break;
            }
        }
        return any;
    }

    private void EndStats()
    {
        if (_stats?.Areas[0].Free is not null)
        {
            Found(_stats);
        }
        _stats = null;
    }

    private bool Python(DumpLine line)
    {
        if (PythonTotal().Match(line.Text) is { Success: true })
        {
            if (_python is not null)
            {
                Found(_python);
            }
            _python = new Dump("micropython.mem_info", MemorySystem.Other, line);
            MemoryArea heap = _python.Area("MicroPython heap", AreaKind.ManagedHeap);
            (heap.Total, heap.Free) = (Fields.Number(line, "total"), Fields.Number(line, "free"));
            return true;
        }
        if (_python is not null && Fields.Number(line, "max free sz") is long blocks)
        {
            // Blocks have 16 bytes on the usual 32-bit ports: MICROPY_BYTES_PER_GC_BLOCK is four words.
            _python.Areas[0].Largest = Fields.Product(blocks, 16);
            Found(_python);
            _python = null;
            return true;
        }
        return false;
    }

    private bool Gpu(DumpLine line)
    {
        if (GpuFree().Match(line.Text) is { Success: true } free && Fields.Unit(line.Text, free.Groups["free"].Index + free.Groups["free"].Length).Bytes is long unit)
        {
            _gpu = new Dump("vcdbg reloc", MemorySystem.Linux, line);
            MemoryArea heap = _gpu.Area("GPU heap", AreaKind.Heap);
            heap.Free = Fields.Product(Fields.Parse(free.Groups["free"].ValueSpan) ?? 0, unit);
            heap.FreePieces = Fields.Parse(free.Groups["pieces"].ValueSpan);
            return true;
        }
        if (_gpu is not null && Fields.Bytes(line, "largest free block is") is long largest)
        {
            _gpu.Areas[0].Largest = largest;
            Found(_gpu);
            _gpu = null;
            return true;
        }
        return false;
    }

    private bool Lvgl(DumpLine line)
    {
        if (LvglMonitor().Match(line.Text) is not { Success: true } monitor || line.MayBeCutAt(monitor.Length)
            || Fields.Parse(monitor.Groups["used"].ValueSpan) is not long used || Fields.Parse(monitor.Groups["percent"].ValueSpan) is not long percent)
        {
            return false;
        }
        var dump = new Dump("lv_mem_monitor", MemorySystem.Other, line);
        MemoryArea heap = dump.Area("LVGL heap", AreaKind.Heap);
        heap.Largest = Fields.Parse(monitor.Groups["biggest"].ValueSpan);
        if (percent is > 0 and <= 100)
        {
            // It prints what is used, and the share in whole per cent, so the total is not known more exactly.
            heap.Total = used * 100 / percent;
            heap.Free = heap.Total - used;
            dump.Facts.Add("the total is computed from a share in whole per cent");
        }
        Found(dump);
        return true;
    }

    private bool Video(DumpLine line)
    {
        if (!VideoPool().IsMatch(line.Text))
        {
            return false;
        }
        var dump = new Dump("Zephyr video pool", MemorySystem.Zephyr, line)
        {
            Request = new MemoryRequest(RequestKind.Heap) { Who = "video", Bytes = Fields.Bytes(line, "size") ?? Fields.Bytes(line, "of size") },
        };
        dump.Facts.Add("a frame has to fit CONFIG_VIDEO_BUFFER_POOL_SZ_MAX, or the pool's heap divided by the buffers; its free bytes say nothing");
        Found(dump);
        return true;
    }

    private bool Hook(DumpLine line)
    {
        if (!MallocHook().IsMatch(line.Text))
        {
            return false;
        }
        Found(new Dump("malloc failed hook", MemorySystem.FreeRtos, line)
        {
            Request = new MemoryRequest(RequestKind.Heap) { Bytes = Fields.Bytes(line, "size") ?? Fields.Bytes(line, "bytes") },
        });
        return true;
    }

    [GeneratedRegex(@"^Heap at (?<at>0x[0-9a-f]{1,16}|[0-9a-f]{6,16}) contains (?<units>[0-9]{1,12}) units in [0-9]{1,3} buckets")]
    private static partial Regex ZephyrHead();

    [GeneratedRegex(@"^[0-9]{1,3}\s+[0-9]{1,12}\s+(?<chunks>[0-9]{1,12})\s+[0-9]{1,12}\s+(?<bytes>[0-9]{1,12})$")]
    private static partial Regex Bucket();

    [GeneratedRegex(@"^(?<free>[0-9]{1,12}) free bytes, [0-9]{1,12} allocated bytes, overhead = ")]
    private static partial Regex ZephyrEnd();

    [GeneratedRegex(@"(?<name>AvailableHeapSpaceInBytes|SizeOfLargestFreeBlockInBytes|SizeOfSmallestFreeBlockInBytes|NumberOfFreeBlocks|MinimumEverFreeBytesRemaining|"
        + @"NumberOfSuccessfulAllocations|NumberOfSuccessfulFrees)\W{1,12}(?<value>0x[0-9a-fA-F]{1,8}|[0-9]{1,12}(?![0-9x]))")]
    private static partial Regex Stat();

    [GeneratedRegex(@"^GC: total: [0-9]{1,12}, used: [0-9]{1,12}, free: [0-9]{1,12}")]
    private static partial Regex PythonTotal();

    [GeneratedRegex(@"(?<free>[0-9]{1,9})[KMG]? free memory in (?<pieces>[0-9]{1,9}) free block")]
    private static partial Regex GpuFree();

    [GeneratedRegex(@"used:\s*(?<used>[0-9]{1,12}) \(\s*(?<percent>[0-9]{1,3}) ?%\), frag:\s*[0-9]{1,3} ?%, biggest free:\s*(?<biggest>[0-9]{1,12})")]
    private static partial Regex LvglMonitor();

    [GeneratedRegex(@"(?:[Uu]nable|[Ff]ailed|[Cc]annot|[Cc]an't) to alloc(?:ate)? (?:a )?video (?:buffer|pool)|video_buffer_(?:aligned_)?alloc.{0,40}(?:fail|NULL)")]
    private static partial Regex VideoPool();

    [GeneratedRegex(@"vApplicationMallocFailedHook|\bpvPortMalloc\b.{0,40}(?:fail|NULL)|^[Mm]alloc failed!?$")]
    private static partial Regex MallocHook();
}
