using Carveout.Board.Boards;

namespace Carveout.Emulator.Maps;

/// <summary>Warnings for a map without faults. A warning is no contradiction, so the map can be used as it is.</summary>
internal static class MapWarning
{
    private const string HeapName = "heap";

    /// <summary>All warnings; none for a map with faults, since those come first.</summary>
    /// <param name="map">The map.</param>
    /// <param name="faults">Its faults.</param>
    /// <param name="tail">How frames will be taken from its zones, if that was said; else from a pool.</param>
    public static string[] Of(MemoryMap map, MapFault[] faults, DmaTail tail = DmaTail.Pool) =>
        faults.Length > 0 ? [] : [.. tail == DmaTail.Exact ? Torn(map) : [], .. Of(map)];

    /// <summary>The zones of frames whose maps are of blocks: DMA zones, or all where there is none.</summary>
    private static IEnumerable<string> Torn(MemoryMap map)
    {
        ZonePlan[] zones = [.. Enumerable.Range(0, map.ZoneCount).Select(map.ZoneAt)];
        bool hasDma = Array.Exists(zones, zone => zone.Kind == ZoneKind.Dma);
        return zones.Where(zone => zone.Map != PageMapKind.Runs && (!hasDma || zone.Kind == ZoneKind.Dma)).Select(zone =>
            $"zone {zone.Name} has a map of blocks ({MapWriter.Word(zone.Map.ToString())}): exact runs are cut out of blocks there, and what goes back tears them; "
            + "expected \"map\": \"runs\"");
    }

    private static IEnumerable<string> Of(MemoryMap map)
    {
        if (map.ZoneCount == 0)
        {
            yield return "no zone: Carveout would have nothing to hand out; expected a zone where memory is to be its";
            yield break;
        }
        Reservation[] others = [.. Enumerable.Range(0, map.ReservationCount).Select(map.ReservationAt).Where(one => one.Name != BoardCatalog.PoolName)];
        if (Array.Exists(others, one => one.Name.Contains(HeapName, StringComparison.OrdinalIgnoreCase)))
        {
            yield break;
        }
        (MemoryRegion Region, IReadOnlyList<RegionPiece> Pieces)[] regions =
            [.. Enumerable.Range(0, map.RegionCount).Select(map.RegionAt).Select(region => (region, RegionPiece.Of(map, region)))];
        if (others.Length == 0 && !Array.Exists(regions, one => one.Pieces.Any(piece => piece.Owner == PieceOwner.Unassigned)))
        {
            yield return "no memory is left to the runtime: zones and pool have every byte; expected a reservation for its heap, such as clr-heap";
            yield break;
        }
        // Firmware puts its heap where most memory is, unless it was built to keep some of that from the runtime.
        (MemoryRegion largest, IReadOnlyList<RegionPiece> all) = regions.MaxBy(one => one.Region.Size);
        if (all is [{ Owner: PieceOwner.DmaZone or PieceOwner.NormalZone, Name: var zone }])
        {
            yield return $"zone {zone} is all of region {largest.Name}, the largest, where the runtime's heap usually lies; expected a reservation for "
                + "the heap, such as clr-heap, here or where it does lie";
        }
    }
}
