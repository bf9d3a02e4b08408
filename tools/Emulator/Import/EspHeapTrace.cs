using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads what ESP-IDF's heap_trace_dump prints.</summary>
/// <remarks>
/// Source: esp-idf components/heap/heap_trace_standalone.c, 3.x to 5.x, and the lines that idf.py monitor adds: callers with their
/// functions. Records are in the order of their requests. No dump says when a block was freed, so it is freed as late as possible: before
/// its address is taken again, or at the end of the dump. A later dump repeats what is still live; what is missing in it was freed between
/// the two.
/// </remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class EspHeapTrace(ImportOptions options) : TracerFormat(options)
{
    private readonly List<Record> _dump = [];
    private readonly Dictionary<string, string> _functions = [];

    /// <summary>Every record of the dumps that have ended: its address and the cycles of its request.</summary>
    private readonly HashSet<(ulong, string)> _said = [];

    /// <summary>By address: the blocks that are live, according to the dumps so far.</summary>
    private readonly Dictionary<ulong, Record> _live = [];

    /// <inheritdoc/>
    public override string Name => "esp-heap-trace";

    /// <inheritdoc/>
    public override string Title => "heap_trace_dump of ESP-IDF";

    /// <inheritdoc/>
    public override void End() => EndDump();

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        string text = line.Said;
        if (text.Contains("====== Heap Trace", StringComparison.Ordinal) || OldHeading().IsMatch(text))
        {
            EndDump();
            return LineMeaning.Read;
        }
        if (text.StartsWith("freed by ", StringComparison.Ordinal))
        {
            if (_dump.Count > 0)
            {
                _dump[^1] = _dump[^1] with { IsFreed = true };
            }
            return LineMeaning.Read;
        }
        if (Decoded().Match(text) is { Success: true } decoded)
        {
            _functions[decoded.Groups[1].Value] = decoded.Groups[2].Value;
            return _dump.Count > 0 ? LineMeaning.Read : LineMeaning.Foreign;
        }
        if (!text.Contains(" bytes (@ ", StringComparison.Ordinal))
        {
            return LineMeaning.Foreign;
        }
        Match match = Block().Match(text);
        if (!match.Success || !TracerNumber.IsAddress(match.Groups["address"].ValueSpan, out ulong address)
            || !TracerNumber.IsSize(match.Groups["size"].ValueSpan, out long size))
        {
            return LineMeaning.Damaged;
        }
        _dump.Add(new Record(address, size, match.Groups["cycles"].Value, match.Groups["callers"].Value, match.Groups["freed"].Success));
        return LineMeaning.Read;
    }

    private void EndDump()
    {
        if (_dump.Count == 0)
        {
            return;
        }
        HashSet<(ulong, string)> living = [.. _dump.Where(record => !record.IsFreed).Select(record => (record.Address, record.Cycles))];
        foreach (Record gone in _live.Values.Where(record => !living.Contains((record.Address, record.Cycles))).ToArray())
        {
            FreeLate(gone);
        }
        var freed = new Dictionary<ulong, Record>();
        foreach (Record record in _dump)
        {
            if (!_said.Add((record.Address, record.Cycles)))
            {
                continue;
            }
            if (freed.Remove(record.Address, out Record? before))
            {
                FreeLate(before);
            }
            Take(record.Address, record.Size, HeapEvent.Untimed, Owner(null, SiteOf(record.Callers)));
            _live[record.Address] = record;
            if (record.IsFreed)
            {
                freed.Add(record.Address, record);
            }
        }
        foreach (Record record in freed.Values)
        {
            FreeLate(record);
        }
        _dump.Clear();
    }

    private void FreeLate(Record record)
    {
        Events.FreesWithoutTime++;
        Free(record.Address, HeapEvent.Untimed);
        _live.Remove(record.Address);
    }

    /// <summary>The first caller outside the heap's own functions, by name if the monitor printed it.</summary>
    private string? SiteOf(string callers)
    {
        string[] places = callers.Split(':', StringSplitOptions.RemoveEmptyEntries);
        string? named = places.Select(place => _functions.GetValueOrDefault(place)).FirstOrDefault(name => name is not null && !Door().IsMatch(name));
        return named ?? (places.Length > 0 ? places[0] : null);
    }

    [GeneratedRegex(@"^[0-9]{1,9} allocations trace \([0-9]{1,9} entry buffer\)")]
    private static partial Regex OldHeading();

    [GeneratedRegex(@"(?<size>[0-9]{1,10}) bytes \(@ (?<address>0x[0-9a-fA-F]{1,16})(?:,\s{1,8}\w{1,12})?\) allocated CPU [0-9] ccount (?<cycles>0x[0-9a-fA-F]{8})"
        + @"(?: caller (?<callers>(?:0x[0-9a-fA-F]{1,16}:?)*))?(?:\s{0,4}(?<freed>freed))?\s*$")]
    private static partial Regex Block();

    [GeneratedRegex(@"^(0x[0-9a-fA-F]{8}): (\S{1,200}) at ")]
    private static partial Regex Decoded();

    [GeneratedRegex(@"^(?:heap_caps_\w+|\w*malloc\w*|\w*calloc\w*|\w*realloc\w*|pvPortMalloc|trace_\w+|_?_?wrap_\w+)$")]
    private static partial Regex Door();

    private sealed record Record(ulong Address, long Size, string Cycles, string Callers, bool IsFreed);
}
