using Carveout.Board.Boards;
using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Boards;

/// <summary>The memory of a board from a file, and its main memory, which is divided into zones and pools.</summary>
/// <remarks>The main memory is the longest run of adjacent zones. As they are in the file they are the split layout; joined into one zone
/// they are the single layout. If the file has no zones, it is the longest run of unassigned pages, among those that a DMA engine reaches
/// if there are any. Reservations called frame-pool are Carveout's own, and are planned anew.</remarks>
internal sealed class BoardMemory
{
    private readonly MemoryMap _file;
    private readonly List<Reservation> _reservations;
    private readonly List<ZonePlan> _others;
    private readonly DmaEngines _engines;
    private readonly uint _dmaSize;

    private BoardMemory(MemoryMap file, List<ZonePlan> main, List<ZonePlan> others)
    {
        (_file, _others) = (file, others);
        Reservation[] all = [.. Enumerable.Range(0, file.ReservationCount).Select(file.ReservationAt)];
        _reservations = [.. all.Where(one => !BoardCatalog.IsPool(one))];
        Start = main[0].Start;
        Size = (uint)main.Sum(zone => zone.Size);
        if (Array.Find(all, one => BoardCatalog.IsPool(one) && one.Start == Start + Size && one.Size % (uint)file.PageSize == 0) is { } pool
            && file.FindRegion(pool.Start) == file.FindRegion(Start))
        {
            Size += pool.Size;
        }
        ZonePlan? dma = main.Find(zone => zone.Kind == ZoneKind.Dma);
        _engines = dma?.Engines ?? DmaEngines.None;
        _dmaSize = dma?.Size ?? 0;
    }

    /// <summary>First address of the main memory.</summary>
    public uint Start { get; }

    /// <summary>Bytes of the main memory, whole pages.</summary>
    public uint Size { get; }

    /// <summary>The memory of a map without faults; null if nothing is left for a zone.</summary>
    public static BoardMemory? Of(MemoryMap map)
    {
        ZonePlan[] zones = [.. Enumerable.Range(0, map.ZoneCount).Select(map.ZoneAt).OrderBy(zone => zone.Start)];
        if (zones.Length == 0)
        {
            return LargestGap(WithoutPools(map)) is { } gap ? new BoardMemory(map, [gap], []) : null;
        }
        var runs = new List<List<ZonePlan>>();
        foreach (ZonePlan zone in zones)
        {
            // The layout of MainMemory: DMA below NORMAL, in one region.
            if (runs.Count > 0 && runs[^1][^1] is var last && (ulong)last.Start + last.Size == zone.Start
                && last.Kind == ZoneKind.Dma && zone.Kind == ZoneKind.Normal && map.FindRegion(last.Start) == map.FindRegion(zone.Start))
            {
                runs[^1].Add(zone);
            }
            else
            {
                runs.Add([zone]);
            }
        }
        List<ZonePlan> main = runs.MaxBy(run => run.Sum(zone => zone.Size))!;
        return new BoardMemory(map, main, [.. Enumerable.Range(0, map.ZoneCount).Select(map.ZoneAt).Where(zone => !main.Contains(zone))]);
    }

    /// <summary>The map with its main memory divided: see <see cref="BoardCatalog.Create(string, ZoneLayout, PageMapKind, int)"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pool does not leave a page for the zones.</exception>
    public MemoryMap Create(ZoneLayout layout, PageMapKind pages, int poolSize)
    {
        var map = new MemoryMap(_file.Name, _file.PageSize);
        for (int i = 0; i < _file.RegionCount; i++)
        {
            map.Add(_file.RegionAt(i));
        }
        foreach (Reservation one in _reservations)
        {
            // Make a new reservation, because a claim belongs to one map.
            map.Add(new Reservation(one.Name, one.Start, one.Size));
        }
        foreach (ZonePlan zone in layout == ZoneLayout.Split ? _others : [])
        {
            map.Add(new ZonePlan(zone.Name, zone.Kind, zone.Start, zone.Size, zone.Engines, pages));
        }
        MainMemory.Divide(map, Start, Size, _engines, layout, _dmaSize, poolSize, pages);
        return map;
    }

    /// <summary>Writes a C# class that makes the same maps on a device.</summary>
    /// <param name="className">The name of the class.</param>
    public string ToCode(string className)
    {
        var lines = new List<string>
        {
            "namespace Carveout.Board.Boards",
            "{",
            $"    /// <summary>The board {Words(_file.Name)}.</summary>",
            $"    public static class {className}",
            "    {",
            "        /// <summary>The board's name.</summary>",
            $"        public const string Name = {Quote(_file.Name)};",
            "",
            "        /// <summary>The board's memory map.</summary>",
            "        /// <param name=\"layout\">How its main memory is cut into zones.</param>",
            "        /// <param name=\"pages\">How the zones account for their pages.</param>",
            "        /// <param name=\"poolSize\">Bytes of main memory to reserve for a buffer pool; 0 for none.</param>",
            "        /// <returns>A new map, not sealed yet.</returns>",
            "        public static MemoryMap Create(ZoneLayout layout = ZoneLayout.Single, PageMapKind pages = PageMapKind.Runs, int poolSize = 0)",
            "        {",
            $"            var map = new MemoryMap(Name, {_file.PageSize});",
        };
        for (int i = 0; i < _file.RegionCount; i++)
        {
            MemoryRegion region = _file.RegionAt(i);
            lines.Add($"            map.Add(new MemoryRegion({Quote(region.Name)}, MemoryKind.{region.Kind}, {HexText.Of(region.Start)}, {region.Size}, "
                + $"{Engines(region.Dma)}, {region.CacheLine}" + (region.BusStart == region.Start ? "" : $", {HexText.Of(region.BusStart)}") + "));");
        }
        lines.AddRange(_reservations.Select(one => $"            map.Add(new Reservation({Quote(one.Name)}, {HexText.Of(one.Start)}, {one.Size}));"));
        if (_others.Count > 0)
        {
            lines.AddRange(["            if (layout == ZoneLayout.Split)", "            {"]);
            lines.AddRange(_others.Select(zone => $"                map.Add(new ZonePlan({Quote(zone.Name)}, ZoneKind.{zone.Kind}, "
                + $"{HexText.Of(zone.Start)}, {zone.Size}, {Engines(zone.Engines)}, pages));"));
            lines.Add("            }");
        }
        lines.AddRange(
        [
            $"            MainMemory.Divide(map, {HexText.Of(Start)}, {Size}, {Engines(_engines)}, layout, {_dmaSize}, poolSize, pages);",
            "            return map;", "        }", "    }", "}",
        ]);
        return string.Join('\n', lines) + "\n";
    }

    private static MemoryMap WithoutPools(MemoryMap map)
    {
        var without = new MemoryMap(map.Name, map.PageSize);
        for (int i = 0; i < map.RegionCount; i++)
        {
            without.Add(map.RegionAt(i));
        }
        foreach (Reservation one in Enumerable.Range(0, map.ReservationCount).Select(map.ReservationAt).Where(one => !BoardCatalog.IsPool(one)))
        {
            without.Add(new Reservation(one.Name, one.Start, one.Size));
        }
        return without;
    }

    private static ZonePlan? LargestGap(MemoryMap map) => UnassignedRun.Of(map)
        .OrderByDescending(run => run.Region.Dma != DmaEngines.None).ThenByDescending(run => run.Bytes)
        .Select(run => run.Region.Dma != DmaEngines.None
            ? new ZonePlan("DMA", ZoneKind.Dma, (uint)run.Start, (uint)run.Bytes, run.Region.Dma, PageMapKind.Runs)
            : new ZonePlan("NORMAL", ZoneKind.Normal, (uint)run.Start, (uint)run.Bytes, DmaEngines.None, PageMapKind.Runs))
        .FirstOrDefault();

    private static string Engines(DmaEngines engines) => engines == DmaEngines.None ? "DmaEngines.None"
        : string.Join(" | ", EngineSet.Names(engines).Select(name => $"DmaEngines.{name}"));

    private static string Quote(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static string Words(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;");
}
