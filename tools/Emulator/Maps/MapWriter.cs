using System.Text.Encodings.Web;
using System.Text.Json;

namespace Carveout.Emulator.Maps;

/// <summary>Writes a memory map as JSON that <see cref="MapReader"/> reads again: an entry a line, for people to edit.</summary>
internal static class MapWriter
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One map, what is wrong with it, and what may be.</summary>
    /// <param name="map">The map.</param>
    /// <param name="faults">What is wrong with it.</param>
    /// <param name="more">Members that stand behind the map's.</param>
    public static string ToJson(MemoryMap map, MapFault[] faults, IEnumerable<string>? more = null)
    {
        string[] warnings = MapWarning.Of(map, faults);
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

    /// <summary>Several maps, each from the method above, as an array.</summary>
    public static string ToJson(IEnumerable<string> maps) => $"[\n{string.Join(",\n", maps.Select(map => "  " + map.Replace("\n", "\n  ")))}\n]";

    /// <summary>A name of an enumeration as JSON spells it.</summary>
    public static string Word(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private static string Region(MemoryRegion region) =>
        $"{{ \"name\": {Quote(region.Name)}, {Span(region.Start, region.Size)}, \"kind\": {Quote(Word(region.Kind.ToString()))}, "
        + $"\"dma\": {Engines(region.Dma)}, \"cacheLine\": {region.CacheLine}{BusStart(region)} }}";

    /// <summary>Left out where engines see what the CPU sees, which is everywhere but on few chips.</summary>
    private static string BusStart(MemoryRegion region) =>
        region.BusStart == region.Start ? "" : $", \"busStart\": \"{HexText.Of(region.BusStart)}\"";

    private static string Reservation(Reservation reservation) =>
        $"{{ \"name\": {Quote(reservation.Name)}, {Span(reservation.Start, reservation.Size)} }}";

    private static string Zone(ZonePlan zone) =>
        $"{{ \"name\": {Quote(zone.Name)}, \"kind\": {Quote(Word(zone.Kind.ToString()))}, {Span(zone.Start, zone.Size)}, "
        + $"\"engines\": {Engines(zone.Engines)}, \"map\": {Quote(Word(zone.Map.ToString()))} }}";

    private static string Fault(MapFault fault) =>
        $"{{ \"kind\": {Quote(Word(fault.Kind.ToString()))}, \"text\": {Quote(fault.Text)} }}";

    /// <summary>Nobody recognizes an address in decimal, and JSON has no other numbers: so it is a string.</summary>
    private static string Span(uint start, uint size) => $"\"start\": \"{HexText.Of(start)}\", \"size\": {size}";

    private static string Engines(DmaEngines engines) =>
        $"[{string.Join(", ", EngineSet.Names(engines).Select(name => Quote(Word(name))))}]";

    private static string Array(string key, int count, Func<int, string> entry) => count == 0
        ? $"  \"{key}\": []"
        : $"  \"{key}\": [\n{string.Join(",\n", Enumerable.Range(0, count).Select(i => "    " + entry(i)))}\n  ]";

    private static string Quote(string text) => JsonSerializer.Serialize(text, s_plain);
}
