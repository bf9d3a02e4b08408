using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Messages of one line: refused requests, those of Wi-Fi and cameras too, and heaps that are corrupt.</summary>
internal sealed partial class EspHeapMessages(Action<Dump> found) : EspHeapFormat
{
    /// <inheritdoc/>
    public override bool IsOpen => false;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
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
            found(dump);
            return true;
        }
        if (CameraRefused().IsMatch(text))
        {
            found(Refuse(line, "esp32-camera", "camera", Fields.Bytes(line, "Allocating") ?? Fields.Number(line, "size"), null));
            return true;
        }
        if (Misaligned().Match(text) is { Success: true })
        {
            var dump = new Dump("alignment", MemorySystem.EspIdf, line) { Request = new MemoryRequest(RequestKind.Heap) };
            dump.Signs.Add((Cause.Alignment, text));
            found(dump);
            return true;
        }
        if (CorruptHeap().IsMatch(text))
        {
            var dump = new Dump("heap check", MemorySystem.EspIdf, line);
            dump.Signs.Add((Cause.Corrupt, text));
            found(dump);
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public override void End(bool isCutOff)
    {
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
            found(dump);
        }
        return dump;
    }

    [GeneratedRegex(@"(?:(?<who>[\w:]{1,60}) was called but )?[Ff]ailed to allocate (?<size>[0-9]{1,10}) bytes with (?:capabilities:? ?)?(?<caps>0x[0-9a-fA-F]{1,8})"
        + @"|[Ff]ailed to allocate(?: memory)?,? size:? ?(?<size>0x[0-9a-fA-F]{1,8}|[0-9]{1,10})(?: bytes)?(?:,? caps:? ?(?<caps>0x[0-9a-fA-F]{1,8}))?"
        + @"|Mem(?:ory)? alloc(?:ation)? fail(?:ed)?\.? size:? ?(?<size>0x[0-9a-fA-F]{1,8}|[0-9]{1,10}) caps:? ?(?<caps>0x[0-9a-fA-F]{1,8})"
        + @"|alloc_fail(?:ed)? size:? ?(?<size>0x[0-9a-fA-F]{1,8}|[0-9]{1,10})(?:,? caps:? ?(?<caps>0x[0-9a-fA-F]{1,8}))?")]
    private static partial Regex Refused();

    [GeneratedRegex(@"wifi: ?m f null|alloc eb len=[0-9]{1,7} type=[0-9]{1,3} fail|wifi: ?(?:mem|malloc|alloc).{0,40}fail")]
    private static partial Regex WifiRefused();

    [GeneratedRegex(@"frame buffer malloc failed|(?:DMA buffer|dma buffer|frame buffer).{0,30}malloc.{0,10}[Ff]ailed|cam_dma_config failed|Frame buffer allocation failed")]
    private static partial Regex CameraRefused();

    [GeneratedRegex(@"not aligned (?:with|to) (?:the )?cache line|(?:is|are|is\(are\)) not aligned with cache|buffer.{0,40}not (?:cache[- ]line|cache) aligned")]
    private static partial Regex Misaligned();

    [GeneratedRegex(@"CORRUPT HEAP:|assert failed: (?:multi_heap|tlsf|block_|remove_free_block|insert_free_block)\w*|heap corruption detected|invalid header in heap")]
    private static partial Regex CorruptHeap();
}
