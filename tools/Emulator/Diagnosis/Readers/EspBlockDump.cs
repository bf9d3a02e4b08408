using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>heap_caps_dump of ESP-IDF: every block of every heap, before 4.3 (multi_heap.c) and over TLSF after.</summary>
/// <param name="found">Told of every dump as it is over.</param>
internal sealed partial class EspBlockDump(Action<Dump> found)
{
    /// <summary>Bytes between two blocks: a header, and what poisoning adds.</summary>
    private const long LargestHeader = 64;

    private Dump? _dump;
    private long _free, _largest, _pieces, _used, _previousEnd;
    private bool _previousFree;
    private string _heap = "";

    /// <summary>Whether a dump has begun.</summary>
    public bool IsOpen => _dump is not null;

    /// <summary>0xAAAAAAAA, 0xCECECECE, 0xFEFEFEFE, 0xA5A5A5A5: what allocators and debuggers fill memory with.</summary>
    public static bool IsPattern(long? value) => (value & 0xffffffff) is 0xaaaaaaaa or 0xcececece or 0xfefefefe or 0xa5a5a5a5 or 0xbaad5678 or 0xdeadbeef;

    /// <summary>Reads a line.</summary>
    /// <returns>Whether it is of such a dump.</returns>
    public bool Read(DumpLine line)
    {
        string text = line.Text;
        if (Head().Match(text) is { Success: true } head)
        {
            EndHeap();
            _dump ??= new Dump("heap_caps_dump", MemorySystem.EspIdf, line);
            _heap = $"heap 0x{head.Groups["at"].Value.ToLowerInvariant()}";
            if (_dump.Areas.Any(area => area.Name == _heap))
            {
                EndDump();
                _dump = new Dump("heap_caps_dump", MemorySystem.EspIdf, line);
                _heap = $"heap 0x{head.Groups["at"].Value.ToLowerInvariant()}";
            }
            EspCapabilities.Place(_dump.Area(_heap, AreaKind.Heap), Fields.Hex(head.Groups["at"]));
            return true;
        }
        if (Block().Match(text) is { Success: true } block)
        {
            bool isTlsf = block.Groups["free"].Success;
            if (line.MayBeCutAt(isTlsf ? block.Groups["free"].Index + block.Groups["free"].Length : block.Length) || (isTlsf && block.Groups["free"].Value.Length < 2))
            {
                return true;
            }
            _dump ??= new Dump("heap_caps_dump", MemorySystem.EspIdf, line);
            if (_heap.Length == 0)
            {
                _heap = "heap of unknown start";
                _dump.Damage.Add("the dump begins in the middle of a heap");
            }
            long size = Fields.Parse(block.Groups["size"].ValueSpan) ?? 0, at = Fields.Hex(block.Groups["at"]);
            if (_previousEnd > 0 && at - _previousEnd is < 0 or > LargestHeader)
            {
                _dump.Damage.Add($"{_heap}: what lies between 0x{_previousEnd:x8} and 0x{at:x8} is not in the dump");
            }
            bool isFree = isTlsf ? block.Groups["free"].Value == "Yes" : text.Contains("FREE", StringComparison.Ordinal);
            if (IsPattern(size) || size > 1L << 30)
            {
                _dump.Signs.Add((Cause.Corrupt, $"block 0x{at:x8} says it has {size} bytes"));
                return true;
            }
            if (isFree && _previousFree && at == _previousEnd + 4)
            {
                _dump.Damage.Add($"{_heap}: the free blocks before and at 0x{at:x8} touch each other, and the allocator would have made one of them: "
                    + "the dump is incomplete or edited, or was printed while memory moved");
            }
            (_free, _pieces, _largest, _used) = isFree ? (_free + size, _pieces + 1, Math.Max(_largest, size), _used) : (_free, _pieces, _largest, _used + size);
            (_previousFree, _previousEnd) = (isFree, at + size);
            return true;
        }
        return false;
    }

    private void EndHeap()
    {
        if (_dump is not null && _heap.Length > 0 && (_pieces > 0 || _used > 0))
        {
            MemoryArea area = _dump.Area(_heap, AreaKind.Heap);
            (area.Free, area.Largest, area.FreePieces) = (_free, _largest, _pieces);
        }
        (_free, _largest, _pieces, _used, _previousEnd, _previousFree, _heap) = (0, 0, 0, 0, 0, false, "");
    }

    private void EndDump()
    {
        EndHeap();
        if (_dump is { } dump && (dump.Areas.RemoveAll(area => area.Free is null) >= 0) && (dump.Areas.Count > 0 || dump.Signs.Count > 0))
        {
            found(dump);
        }
        _dump = null;
    }

    /// <summary>What has begun is over.</summary>
    /// <param name="isLastLine">No other line followed its last block.</param>
    public void End(bool isLastLine)
    {
        if (isLastLine)
        {
            _dump?.Damage.Add("nothing follows the last block: whether the dump is whole is not known");
        }
        EndDump();
    }

    [GeneratedRegex(@"^(?:Showing data for heap: |Heap start )(?:0x)?(?<at>[0-9a-fA-F]{4,16})")]
    private static partial Regex Head();

    [GeneratedRegex(@"^Block (?:0x)?(?<at>[0-9a-fA-F]{4,16}) data,? size:? (?<size>0x[0-9a-fA-F]{1,8}|\d{1,10}) bytes(?:, Free: (?<free>Yes|No)?| next block)")]
    private static partial Regex Block();
}
