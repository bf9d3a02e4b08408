using System.Text.Encodings.Web;
using System.Text.Json;

namespace Carveout.Emulator.Maps;

/// <summary>Writes a memory map as JSON for <see cref="MapReader"/>, with a line for each entry, for people to edit.</summary>
internal static class MapWriter
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one map with its faults and warnings.</summary>
    /// <param name="map">The map.</param>
    /// <param name="faults">Its faults.</param>
    /// <param name="more">Members to add behind the map's.</param>
    /// <param name="tail">How frames will be taken from its zones, for the warnings.</param>
    public static string ToJson(MemoryMap map, MapFault[] faults, IEnumerable<string>? more = null, DmaTail tail = DmaTail.Pool)
    {
        string[] warnings = MapWarning.Of(map, faults, tail);
        string[] members =
        [
            $"  \"name\": {Quote(map.Name)}",
            $"  \"pageSize\": {map.PageSize}",
            Array("regions", map.RegionCount, i => Region(map.RegionAt(i))),
            Array("reservations", map.ReservationCount, i => Reservation(map.ReservationAt(i))),
            Array("zones", map.ZoneCount, i => Zone(map.ZoneAt(i))),
            .. (more ?? []).Select(member => "  " + member),
            Array("faults", faults.Length, i => Fault(faults[i])),
            Array("warnings", warnings.Length, i => Quote(warnings[i])),
        ];
        return $"{{\n{string.Join(",\n", members)}\n}}";
    }

    /// <summary>Joins several maps, each from the method above, to an array.</summary>
    public static string ToJson(IEnumerable<string> maps) => $"[\n{string.Join(",\n", maps.Select(map => "  " + map.Replace("\n", "\n  ")))}\n]";

    /// <summary>A name of an enumeration in the spelling of JSON.</summary>
    public static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string Region(MemoryRegion region) =>
        $"{{ \"name\": {Quote(region.Name)}, {Span(region.Start, region.Size)}, \"kind\": {Quote(Word(region.Kind.ToString()))}, "
        + $"\"dma\": {Engines(region.Dma)}, \"cacheLine\": {region.CacheLine}{BusStart(region)} }}";

    /// <summary>Left out if engines see what the CPU sees, as on most chips.</summary>
    private static string BusStart(MemoryRegion region) =>
        region.BusStart == region.Start ? "" : $", \"busStart\": \"{HexText.Of(region.BusStart)}\"";

    private static string Reservation(Reservation reservation) =>
        $"{{ \"name\": {Quote(reservation.Name)}, {Span(reservation.Start, reservation.Size)} }}";

    private static string Zone(ZonePlan zone) =>
        $"{{ \"name\": {Quote(zone.Name)}, \"kind\": {Quote(Word(zone.Kind.ToString()))}, {Span(zone.Start, zone.Size)}, "
        + $"\"engines\": {Engines(zone.Engines)}, \"map\": {Quote(Word(zone.Map.ToString()))} }}";

    private static string Fault(MapFault fault) =>
        $"{{ \"kind\": {Quote(Word(fault.Kind.ToString()))}, \"text\": {Quote(fault.Text)} }}";

    /// <summary>An address is a string, because nobody recognises one in decimal, and JSON has no hexadecimal numbers.</summary>
    private static string Span(uint start, uint size) => $"\"start\": \"{HexText.Of(start)}\", \"size\": {size}";

    private static string Engines(DmaEngines engines) =>
        $"[{string.Join(", ", EngineSet.Names(engines).Select(name => Quote(Word(name))))}]";

    private static string Array(string key, int count, Func<int, string> entry) => count == 0
        ? $"  \"{key}\": []"
        : $"  \"{key}\": [\n{string.Join(",\n", Enumerable.Range(0, count).Select(i => "    " + entry(i)))}\n  ]";

    private static string Quote(string text) => JsonSerializer.Serialize(text, s_plain);
}
