using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>What ESP-IDF says at boot of heaps and PSRAM: heap_caps_init.c, components/esp_psram and esp32/spiram.c.</summary>
/// <param name="found">Told of every boot as it is over.</param>
internal sealed partial class EspBootLog(Action<Dump> found)
{
    private Dump? _dump;
    private bool _found, _added;

    /// <summary>Whether a boot has begun.</summary>
    public bool IsOpen => _dump is not null;

    /// <summary>Reads a line.</summary>
    /// <returns>Whether it is of such a log.</returns>
    public bool Read(DumpLine line)
    {
        string text = line.Text;
        if (Heap().Match(text) is { Success: true } heap && !line.MayBeCutAt(heap.Index + heap.Length))
        {
            string name = $"{heap.Groups["kind"].Value.Trim()} at 0x{heap.Groups["at"].Value.ToLowerInvariant()}";
            if (_dump?.Areas.Any(area => area.Name == name) == true)
            {
                End();
            }
            _dump ??= new Dump("heap_init", MemorySystem.EspIdf, line);
            MemoryArea area = _dump.Area(name, AreaKind.Heap);
            area.Total = Fields.Parse("0x" + heap.Groups["len"].Value);
            EspCapabilities.Place(area, Fields.Hex(heap.Groups["at"]));
            return true;
        }
        if (PsramFound().IsMatch(text))
        {
            _dump ??= new Dump("heap_init", MemorySystem.EspIdf, line);
            _dump.Facts.Add($"boot says: {text}");
            _found = true;
            return true;
        }
        if (PsramAdded().IsMatch(text))
        {
            _dump ??= new Dump("heap_init", MemorySystem.EspIdf, line);
            _added = true;
            return true;
        }
        if (PsramBroken().IsMatch(text))
        {
            _dump ??= new Dump("heap_init", MemorySystem.EspIdf, line);
            _dump.Signs.Add((Cause.PsramMissing, $"boot says: {text}"));
            return true;
        }
        return false;
    }

    /// <summary>What has begun is over.</summary>
    public void End()
    {
        if (_dump is { } dump)
        {
            if (_found && !_added && dump.Areas.Count > 0 && !dump.Areas.Any(area => area.IsExternal))
            {
                dump.Signs.Add((Cause.PsramMissing, "PSRAM was found at boot, and none of the heaps that were made lies in it"));
            }
            found(dump);
        }
        (_dump, _found, _added) = (null, false, false);
    }

    [GeneratedRegex(@"heap_init: At (?:0x)?(?<at>[0-9A-Fa-f]{6,8}) len (?:0x)?(?<len>[0-9A-Fa-f]{4,8}) \(\d{1,7} KiB\): (?<kind>[A-Za-z0-9/ ]{3,12})")]
    private static partial Regex Heap();

    [GeneratedRegex(@"Found \d{1,4} ?M(?:B|Bit) (?:PSRAM|SPI RAM)|SPI SRAM memory test OK|PSRAM initialized, cache is in")]
    private static partial Regex PsramFound();

    [GeneratedRegex(@"Adding pool of \d{1,7}K of (?:external SPI memory|PSRAM memory|PSRAM)")]
    private static partial Regex PsramAdded();

    [GeneratedRegex(@"PSRAM ID read error|PSRAM chip is not connected|SPI RAM enabled but initiali[sz]ation failed|Failed to init external RAM|SPI SRAM memory test fail|psramInit\(\): (?:PSRAM )?(?:not found|init failed)")]
    private static partial Regex PsramBroken();
}
