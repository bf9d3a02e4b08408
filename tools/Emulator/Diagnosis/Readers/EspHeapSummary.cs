using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>What heap_caps_print_heap_info prints: two lines a heap, and totals.</summary>
internal sealed partial class EspHeapSummary(Action<Dump> found) : EspHeapFormat
{
    private Dump? _summary;
    private MemoryArea? _heap;

    /// <inheritdoc/>
    public override bool IsOpen => _summary is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
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

    /// <inheritdoc/>
    public override void End(bool isCutOff)
    {
        EndSummary();
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
        long sum = Fields.Sum(_summary!.Areas.Select(area => area.Free ?? 0));
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
            found(summary);
        }
        (_summary, _heap) = (null, null);
    }

    [GeneratedRegex(@"[Hh]eap summary for capabilities 0x([0-9a-fA-F]{1,8})")]
    private static partial Regex SummaryHead();

    [GeneratedRegex(@"^At 0x(?<at>[0-9a-fA-F]{1,8}) len [0-9]{1,10} free [0-9]{1,10}")]
    private static partial Regex Heap();
}
