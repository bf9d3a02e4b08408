using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>What heap_caps_dump prints: a line for each block of each heap.</summary>
internal sealed partial class EspHeapBlocks(Action<Dump> found) : EspHeapFormat
{
    /// <summary>The most bytes between two blocks: a header, and what poisoning adds.</summary>
    private const long LargestHeader = 64;

    private Dump? _blocks;
    private long _free, _largest, _pieces, _used, _previousEnd;
    private bool _previousFree;
    private string _blockHeap = "";

    /// <inheritdoc/>
    public override bool IsOpen => _blocks is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
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

    /// <inheritdoc/>
    public override void End(bool isCutOff)
    {
        if (isCutOff)
        {
            _blocks?.Damage.Add("nothing follows the last block: whether the dump is whole is not known");
        }
        EndBlocks();
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
            found(blocks);
        }
        _blocks = null;
    }

    [GeneratedRegex(@"^(?:Showing data for heap: |Heap start )(?:0x)?(?<at>[0-9a-fA-F]{4,16})")]
    private static partial Regex BlocksHead();

    [GeneratedRegex(@"^Block (?:0x)?(?<at>[0-9a-fA-F]{4,16}) data,? size:? (?<size>0x[0-9a-fA-F]{1,8}|[0-9]{1,10}) bytes(?:, Free: (?<free>Yes|No)?| next block)")]
    private static partial Regex Block();
}
