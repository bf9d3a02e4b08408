using System.Text.RegularExpressions;

namespace Carveout.Emulator.MapImport;

/// <summary>The memory that a firmware takes of a board: the sections that are loaded or zeroed, and the heaps and stacks for which its
/// linker script has symbols.</summary>
internal static partial class ElfMap
{
    private const string Kept = "carveout";

    /// <summary>Reads a firmware.</summary>
    /// <param name="path">An ELF file for a 32-bit processor.</param>
    /// <param name="board">The board whose regions it lies in; null: those for which the linker script has symbols, as in ChibiOS and
    /// nanoFramework.</param>
    /// <exception cref="UsageException">It cannot be read, or there is no information about the regions.</exception>
    public static ImportedMap Read(string path, MemoryMap? board)
    {
        var elf = new ElfFile(path);
        Dictionary<string, ulong> symbols = elf.Symbols;
        var draft = new MapDraft(board?.Name ?? Path.GetFileNameWithoutExtension(path));
        foreach (MemoryRegion region in board is null ? [] : Enumerable.Range(0, board.RegionCount).Select(board.RegionAt))
        {
            draft.AddRegion(region.Name, region.Kind, region.Start, region.Size, region.Dma, region.CacheLine);
        }
        if (board is null)
        {
            AddNamedRegions(draft, symbols);
            if (draft.Regions.Count == 0)
            {
                throw new UsageException($"{path}: no symbols __NAME_base__ and __NAME_size__ say which regions of memory there are: expected --board with it");
            }
            draft.Remarks.Add("Kind, DMA engines and caches of the regions are not in an ELF file: sram, general and no cache are assumed. --board says better.");
        }
        else if (board.ReservationCount + board.ZoneCount > 0)
        {
            draft.Remarks.Add("What the board reserves and its zones are not used: the firmware says what it takes.");
        }
        // The memory that the linker script reserves belongs to nobody else, so it comes first.
        foreach ((string name, ulong start, ulong end) in Pairs(symbols).Where(pair => pair.Name == Kept))
        {
            if (draft.AddZone("CARVEOUT", start, end))
            {
                draft.Remarks.Add($"__carveout_start__ to __carveout_end__ are kept for Carveout: {end - start} bytes at 0x{start:x8}.");
            }
        }
        foreach (ElfSection section in elf.Sections)
        {
            draft.Take(section.Name, section.Start, section.End);
            if (draft.Regions.All(region => section.End <= region.Start || section.Start >= (ulong)region.Start + region.Size))
            {
                draft.Remarks.Add($"Section {section.Name} at 0x{section.Start:x8} ({section.End - section.Start} bytes) lies in no region.");
            }
        }
        foreach ((string name, ulong start, ulong end) in Pairs(symbols).Where(pair => pair.Name != Kept))
        {
            draft.Take(name, start, end);
        }
        draft.Remarks.Add("What the firmware takes while it runs, but for heaps and stacks with names, is not in an ELF file.");
        return draft.ToMap();
    }

    private static void AddNamedRegions(MapDraft draft, Dictionary<string, ulong> symbols)
    {
        foreach ((string symbol, ulong start) in symbols.OrderBy(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal))
        {
            if (RegionBase().Match(symbol) is not { Success: true } match || !symbols.TryGetValue($"__{match.Groups["name"].Value}_size__", out ulong size)
                || size == 0 || start + size > 1UL << 32)
            {
                continue;
            }
            string name = match.Groups["name"].Value;
            if (name.Contains("flash", StringComparison.OrdinalIgnoreCase) || name.Contains("heap", StringComparison.OrdinalIgnoreCase)
                || name.Contains("stack", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            // Linker scripts have several names for the same region, and names for parts of it.
            if (draft.Regions.All(region => start >= (ulong)region.Start + region.Size || start + size <= region.Start))
            {
                draft.AddRegion(name, MemoryKind.Sram, start, Math.Min(size, uint.MaxValue), DmaEngines.General, 0);
            }
        }
    }

    /// <summary>Heaps and stacks, and the memory reserved for Carveout: pairs of symbols for begin and end.</summary>
    private static IEnumerable<(string Name, ulong Start, ulong End)> Pairs(Dictionary<string, ulong> symbols)
    {
        foreach ((string symbol, ulong start) in symbols.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (RangeStart().Match(symbol) is not { Success: true } match)
            {
                continue;
            }
            string stem = match.Groups["stem"].Value;
            foreach (string end in (string[])["end", "limit", "top", "End", "Limit", "Top"])
            {
                string other = match.Groups["lead"].Value + stem + match.Groups["joint"].Value + end + match.Groups["tail"].Value;
                if (symbols.TryGetValue(other, out ulong last) && last > start && last <= 1UL << 32)
                {
                    yield return (stem.Trim('_'), start, last);
                    break;
                }
            }
        }
    }

    [GeneratedRegex("^__(?<name>[A-Za-z0-9_]+?)_base__$")]
    private static partial Regex RegionBase();

    [GeneratedRegex("^(?<lead>_*)(?<stem>[A-Za-z0-9_]*(?i:heap|stack|carveout)[A-Za-z0-9]*?)(?<joint>_?)(start|base|begin|Start|Base)(?<tail>_*)$")]
    private static partial Regex RangeStart();
}
