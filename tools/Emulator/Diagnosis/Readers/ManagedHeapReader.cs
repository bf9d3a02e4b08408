using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads consoles of .NET on microcontrollers: the collector's list by type, notes on allocations, exceptions, the firmware's own
/// heap.</summary>
/// <remarks>nf-interpreter src/CLR/Core: GarbageCollector.cpp (PerformGarbageCollection), GarbageCollector_Compaction.cpp, Execution.cpp
/// (ExtractHeapBlocks), Interpreter.cpp, and CLR_RT_DUMP::EXCEPTION of Various.cpp. The collectors of TinyCLR and .NET Micro Framework
/// print the same lines, older ones with "Garbage Collector:". NativeMemory.GetMemoryInfo of nanoFramework.Hardware.Esp32 gives total, free
/// and largest, which applications and firmware print in one line.</remarks>
internal sealed partial class ManagedHeapReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(
    [
        "GC: ", "Garbage Collector", "Type ", "bytes needed", "Failed allocation", "OutOfMemory", "OUT_OF_MEMORY",
        "heap compaction", "Memory: Start", "otal", "++++",
    ], StringComparison.Ordinal);

    private Dump? _dump, _note, _native, _lastFailure;
    private int _foreign, _noteAge, _arrayType;
    private bool _isArray;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _dump is not null || _note is not null || _native is not null || _lastFailure is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        string text = line.Text;
        if (Collected().Match(text) is { Success: true } collected)
        {
            EndDump();
            _dump = new Dump("garbage collection", MemorySystem.ManagedRuntime, line) { Label = line.Label };
            MemoryArea heap = _dump.Area("managed heap", AreaKind.ManagedHeap);
            heap.Free = Whole(line, collected.Groups["free"]);
            heap.Total = Whole(line, collected.Groups["used"]) is long used ? used + heap.Free : null;
            _foreign = 0;
            return true;
        }
        if (_dump is not null && Type().Match(text) is { Success: true } type)
        {
            _foreign = 0;
            Add(line, _dump, type);
            return true;
        }
        if (Needed().Match(text) is { Success: true })
        {
            // A collection follows, so nothing has failed yet.
            return true;
        }
        if (Note().Match(text) is { Success: true } note)
        {
            EndNote();
            _note = new Dump("failed allocation note", MemorySystem.ManagedRuntime, line)
            {
                Request = new MemoryRequest(RequestKind.ManagedHeap) { Bytes = Whole(line, note.Groups["bytes"]) },
            };
            _noteAge = 0;
            CompactionFollows(text);
            return true;
        }
        if (_note is not null && CompactionFollows(text))
        {
            return true;
        }
        if (Exception().Match(text) is { Success: true })
        {
            EndDump();
            Dump dump = _note ?? new Dump("OutOfMemoryException", MemorySystem.ManagedRuntime, line) { Request = new MemoryRequest(RequestKind.ManagedHeap) };
            dump.Signs.RemoveAll(sign => sign.Cause == Cause.NothingFailed);
            dump.Facts.Add("an OutOfMemoryException followed");
            Found(dump);
            (_note, _lastFailure) = (null, dump);
            return true;
        }
        if (Compaction().IsMatch(text))
        {
            return true;
        }
        if (Native().Match(text) is { Success: true } native)
        {
            EndDump();
            long? total = Whole(line, native.Groups["total"]), free = Whole(line, native.Groups["free"]), largest = Whole(line, native.Groups["largest"]);
            if (free is not null)
            {
                var dump = new Dump("NativeMemory", MemorySystem.ManagedRuntime, line) { Label = line.Label };
                MemoryArea heap = dump.Area($"{native.Groups["kind"].Value.ToLowerInvariant()} native heap".TrimStart(), AreaKind.NativeHeap);
                (heap.Total, heap.Free, heap.Largest) = (total, free, largest);
                heap.IsExternal = native.Groups["kind"].Value.StartsWith("SPI", StringComparison.OrdinalIgnoreCase);
                Found(dump);
                _native = dump;
            }
            return true;
        }
        if (_native is not null && text.Length > 0)
        {
            // The attempted operation stands behind the numbers.
            if (Failed().IsMatch(text))
            {
                _native.Request ??= new MemoryRequest(RequestKind.Heap) { Who = text };
            }
            _native = null;
        }
        if (Frame().Match(text) is { Success: true } frame && _lastFailure is not null)
        {
            _lastFailure.Facts.Add($"thrown in {frame.Groups[1].Value}");
            _lastFailure = null;
            return true;
        }
        if ((_note is not null || _lastFailure is not null) && ++_noteAge > 20)
        {
            EndNote();
            _lastFailure = null;
        }
        if (_dump is not null && ++_foreign > 3)
        {
            EndDump();
        }
        return false;
    }

    /// <inheritdoc/>
    public override void End()
    {
        EndDump();
        EndNote();
    }

    private bool CompactionFollows(string text)
    {
        if (!text.Contains("enough free memory", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        _note!.Signs.Add((Cause.NothingFailed, "the note says that enough is free and compaction follows"));
        return true;
    }

    private void EndDump()
    {
        if (_dump is { } dump && dump.Areas[0] is { Free: not null } heap)
        {
            if (dump.Holders.Find(holder => holder.Name == "FREEBLOCK") is { Name: not null } free && free.Bytes != heap.Free)
            {
                dump.Damage.Add($"FREEBLOCK says {free.Bytes} bytes, the collector {heap.Free}");
            }
            Found(dump);
        }
        (_dump, _foreign, _isArray) = (null, 0, false);
    }

    private void EndNote()
    {
        if (_note is not null)
        {
            Found(_note);
        }
        _note = null;
    }

    private void Add(DumpLine line, Dump dump, Match type)
    {
        if (Whole(line, type.Groups["bytes"]) is not long bytes)
        {
            return;
        }
        string name = type.Groups["name"].Value.Trim();
        // Indents may be lost. Types behind SZARRAY count what its arrays hold; these bytes have been counted with SZARRAY.
        int number = int.Parse(type.Groups["type"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (name == "SZARRAY")
        {
            (_isArray, _arrayType) = (true, number);
        }
        else if (_isArray && number > _arrayType)
        {
            _isArray = false;
        }
        dump.Holders.Add(new Holder(_isArray && name != "SZARRAY" ? $"array of {name}" : name, bytes, 0));
    }

    private static long? Whole(DumpLine line, Group group) =>
        group.Success && !line.MayBeCutAt(group.Index + group.Length) ? Fields.Parse(group.ValueSpan) : null;

    [GeneratedRegex(@"(?:^GC: [0-9]{1,9} ?msec |Garbage Collector: ).{0,40}?(?<used>[0-9]{1,12}) bytes used, (?<free>[0-9]{1,12}) bytes (?:available|free)|Garbage Collector: .{0,40}?(?<free>[0-9]{1,12}) bytes free|Garbage Collector: .{0,40}?free:? (?<free>[0-9]{1,12})")]
    private static partial Regex Collected();

    [GeneratedRegex(@"^Type (?<type>[0-9A-Fa-f]{2}) \((?<name>[A-Z0-9_a-z ]{1,40})\)\s?: *(?<bytes>[0-9]{1,12}) bytes")]
    private static partial Regex Type();

    [GeneratedRegex(@"Memory: (?:ExtractHeapBlocks|Extract\w*): [0-9]{1,12} bytes needed")]
    private static partial Regex Needed();

    [GeneratedRegex(@"Failed allocation for [0-9]{1,12} blocks, (?<bytes>[0-9]{1,12}) bytes")]
    private static partial Regex Note();

    [GeneratedRegex(@"System\.OutOfMemoryException|CLR_E_OUT_OF_MEMORY")]
    private static partial Regex Exception();

    [GeneratedRegex(@"^GC: (?:Relocation|Starting run|Ended run)|Going for heap compaction|Memory: Start ")]
    private static partial Regex Compaction();

    [GeneratedRegex(@"(?:(?<kind>Internal|SPIRAM|SpiRam|Spiram|All|Native|DMA)\b\W{0,3})?[Tt]otal(?: ?[Mm]emory)?(?: ?[Ss]ize)?\W{1,4}(?<total>[0-9]{1,12})\W{1,6}(?:[Tt]otal ?)?[Ff]ree(?: ?[Mm]emory)?(?: ?[Ss]ize)?\W{1,4}(?<free>[0-9]{1,12})"
        + @"\W{1,6}(?:[Ll]argest ?(?:[Ff]ree ?)?(?:[Bb]lock)?(?: ?[Ss]ize)?|[Ff]ree ?[Bb]lock)\W{1,4}(?<largest>[0-9]{1,12})")]
    private static partial Regex Native();

    [GeneratedRegex(@"fail|error|exception|abort|refused|cannot", RegexOptions.IgnoreCase)]
    private static partial Regex Failed();

    [GeneratedRegex(@"^\+{4} ([\w.<>`]{1,100}::[\w.<>`]{1,100}) \[IP: ")]
    private static partial Regex Frame();
}
