using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>What boot prints about heaps and PSRAM.</summary>
internal sealed partial class EspHeapBoot(Action<Dump> found) : EspHeapFormat
{
    private Dump? _boot;
    private bool _found, _added;

    /// <inheritdoc/>
    public override bool IsOpen => _boot is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
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

    /// <inheritdoc/>
    public override void End(bool isCutOff)
    {
        EndBoot();
    }

    private void EndBoot()
    {
        if (_boot is { } boot)
        {
            if (_found && !_added && boot.Areas.Count > 0 && !boot.Areas.Any(area => area.IsExternal))
            {
                boot.Signs.Add((Cause.PsramMissing, "PSRAM was found at boot, and none of the heaps that were made lies in it"));
            }
            found(boot);
        }
        (_boot, _found, _added) = (null, false, false);
    }

    [GeneratedRegex(@"heap_init: At (?:0x)?(?<at>[0-9A-Fa-f]{6,8}) len (?:0x)?(?<len>[0-9A-Fa-f]{4,8}) \([0-9]{1,7} KiB\): (?<kind>[A-Za-z0-9/ ]{3,12})")]
    private static partial Regex BootHeap();

    [GeneratedRegex(@"Found [0-9]{1,4} ?M(?:B|Bit) (?:PSRAM|SPI RAM)|SPI SRAM memory test OK|PSRAM initialized, cache is in")]
    private static partial Regex PsramFound();

    [GeneratedRegex(@"Adding pool of [0-9]{1,7}K of (?:external SPI memory|PSRAM memory|PSRAM)")]
    private static partial Regex PsramAdded();

    [GeneratedRegex(@"PSRAM ID read error|PSRAM chip is not connected|SPI RAM enabled but initiali[sz]ation failed|Failed to init external RAM|SPI SRAM memory test fail|psramInit\(\): (?:PSRAM )?(?:not found|init failed)")]
    private static partial Regex PsramBroken();
}
