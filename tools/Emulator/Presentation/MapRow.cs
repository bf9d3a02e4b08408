using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Presentation;

/// <summary>A row of a map's table.</summary>
/// <param name="Name">The name of a region, reservation or zone.</param>
/// <param name="Start">First address.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Engines">The engines that reach it, or that it serves; empty if that does not apply.</param>
/// <param name="CacheLine">Bytes of a cache line; empty if that does not apply.</param>
/// <param name="Pages">The zone's page map.</param>
/// <param name="Owner">Null for a region.</param>
/// <param name="Inside">Whether it lies, or at least begins, in the region above it.</param>
internal sealed record MapRow(string Name, uint Start, uint Size, string Kind, string Engines, string CacheLine, string Pages,
    PieceOwner? Owner, bool Inside)
{
    /// <summary>Every region with its content and its unassigned parts, and entries outside all regions, in order of address.</summary>
    public static IReadOnlyList<MapRow> Of(MemoryMap map)
    {
        List<MapRow> entries = Entries(map);
        var groups = new List<List<MapRow>>();
        for (int i = 0; i < map.RegionCount; i++)
        {
            MemoryRegion region = map.RegionAt(i);
            List<MapRow> inside = [.. entries.Where(entry => region.Contains(entry.Start, 1)), .. Unassigned(map, region)];
            entries.RemoveAll(inside.Contains);
            groups.Add([OfRegion(region), .. inside.Select(entry => entry with { Inside = true }).OrderBy(entry => entry.Start)]);
        }
        groups.AddRange(entries.Select(outside => new List<MapRow> { outside }));
        return [.. groups.OrderBy(group => group[0].Start).SelectMany(group => group)];
    }

    private static MapRow OfRegion(MemoryRegion region) => new(region.Name, region.Start, region.Size,
        region.Kind switch
        {
            MemoryKind.Sram => "SRAM",
            MemoryKind.CoreCoupled => "core RAM",
            MemoryKind.InstructionRam => "instr. RAM",
            MemoryKind.Psram => "PSRAM",
            _ => "SDRAM",
        },
        EngineNames(region.Dma), region.CacheLine == 0 ? "none" : $"{region.CacheLine} B", "", null, false);

    private static IEnumerable<MapRow> Unassigned(MemoryMap map, MemoryRegion region) =>
        RegionPiece.Of(map, region).Where(piece => piece.Owner == PieceOwner.Unassigned)
            .Select(piece => new MapRow(piece.Name, (uint)piece.Start, (uint)piece.Size, "", "", "", "", piece.Owner, true));

    private static List<MapRow> Entries(MemoryMap map)
    {
        var entries = new List<MapRow>();
        for (int i = 0; i < map.ReservationCount; i++)
        {
            Reservation one = map.ReservationAt(i);
            const PieceOwner Owner = PieceOwner.Reserved;
            entries.Add(new MapRow(one.Name, one.Start, one.Size, MapLook.Name(Owner), "", "", "", Owner, false));
        }
        for (int i = 0; i < map.ZoneCount; i++)
        {
            ZonePlan zone = map.ZoneAt(i);
            PieceOwner owner = zone.Kind == ZoneKind.Dma ? PieceOwner.DmaZone : PieceOwner.NormalZone;
            string pages = zone.Map switch
            {
                PageMapKind.FreeBlocks => "buddy",
                PageMapKind.GroupedFreeBlocks => "grouped",
                _ => "runs",
            };
            string serves = zone.Kind == ZoneKind.Normal && zone.Engines == DmaEngines.None ? "" : EngineNames(zone.Engines);
            entries.Add(new MapRow(zone.Name, zone.Start, zone.Size, MapLook.Name(owner), serves, "", pages, owner, false));
        }
        return entries;
    }

    private static string EngineNames(DmaEngines engines) => engines == DmaEngines.None
        ? "none"
        : string.Join(", ", EngineSet.Names(engines).Select(EngineName));

    /// <summary>All names but one are abbreviations.</summary>
    private static string EngineName(string name) => name == nameof(DmaEngines.General) ? "general" : name.ToUpperInvariant();
}
