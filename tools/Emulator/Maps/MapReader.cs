using System.Text.Json;

namespace Carveout.Emulator.Maps;

/// <summary>Reads a memory map from JSON. It refuses what is not a map; the map's validator judges whether the map is good.</summary>
internal static class MapReader
{
    /// <summary>The most characters of a name, since names are columns of reports.</summary>
    public const int LongestName = 32;

    /// <summary>The most entries of a kind. No chip has more, and the time to judge them grows with the square of their number.</summary>
    public const int MostEntries = 256;

    /// <summary>The keys of a board beside those of its map.</summary>
    public static readonly string[] BoardKeys = ["dma", "dataCache", "displays", "spiClock", "cameras", "movie", "pixelMovie", "application", "firmware"];

    /// <summary>The members of a whole file, by key.</summary>
    /// <exception cref="UsageException">A key is unknown, or one is missing.</exception>
    public static Dictionary<string, PlacedJson> MembersOf(PlacedJson root) =>
        // This program adds "faults" and "warnings" when it writes a map; editors use "$schema".
        Members(root, "a map", ["name", "regions"], ["pageSize", "reservations", "zones", .. BoardKeys, "faults", "warnings", "$schema"]);

    /// <summary>Reads the map.</summary>
    /// <exception cref="UsageException">It is not a map; the message says where and why.</exception>
    public static MemoryMap Read(PlacedJson root)
    {
        var members = MembersOf(root);
        int pageSize = members.TryGetValue("pageSize", out PlacedJson? page) ? Int(page) : MemoryMap.DefaultPageSize;
        var map = new MemoryMap(Name(members["name"]), pageSize);
        foreach (PlacedJson region in Entries(members, "regions"))
        {
            map.Add(ReadRegion(region));
        }
        foreach (PlacedJson reservation in Entries(members, "reservations"))
        {
            var entry = Members(reservation, "a reservation", ["name", "start", "size"], []);
            map.Add(new Reservation(Name(entry["name"]), Number(entry["start"]), Number(entry["size"])));
        }
        foreach (PlacedJson zone in Entries(members, "zones"))
        {
            map.Add(ReadZone(zone));
        }
        return map;
    }

    private static MemoryRegion ReadRegion(PlacedJson region)
    {
        var members = Members(region, "a region", ["name", "start", "size", "kind"], ["dma", "cacheLine", "busStart"]);
        uint start = Number(members["start"]);
        return new MemoryRegion(
            Name(members["name"]), members["kind"].Choice<MemoryKind>(), start, Number(members["size"]),
            members.TryGetValue("dma", out PlacedJson? dma) ? Engines(dma) : DmaEngines.None,
            members.TryGetValue("cacheLine", out PlacedJson? line) ? Int(line) : 0,
            members.TryGetValue("busStart", out PlacedJson? bus) ? Number(bus) : start);
    }

    private static ZonePlan ReadZone(PlacedJson zone)
    {
        var members = Members(zone, "a zone", ["name", "kind", "start", "size"], ["engines", "map"]);
        return new ZonePlan(
            Name(members["name"]), members["kind"].Choice<ZoneKind>(), Number(members["start"]), Number(members["size"]),
            members.TryGetValue("engines", out PlacedJson? engines) ? Engines(engines) : DmaEngines.None,
            members.TryGetValue("map", out PlacedJson? pages) ? pages.Choice<PageMapKind>() : PageMapKind.GroupedFreeBlocks);
    }

    /// <summary>An object's members by key: all required keys, and no unknown key.</summary>
    public static Dictionary<string, PlacedJson> Members(PlacedJson value, string what, string[] required, string[] optional)
    {
        var members = new Dictionary<string, PlacedJson>();
        foreach (PlacedJson member in value.Members)
        {
            if (!required.Contains(member.Key) && !optional.Contains(member.Key))
            {
                throw member.Error($"unknown key; {what} has {string.Join(", ", [.. required, .. optional])}");
            }
            members.Add(member.Key, member);
        }
        foreach (string key in required)
        {
            if (!members.ContainsKey(key))
            {
                throw value.Error($"{what} needs the key \"{key}\"");
            }
        }
        return members;
    }

    private static List<PlacedJson> Entries(Dictionary<string, PlacedJson> members, string key)
    {
        if (!members.TryGetValue(key, out PlacedJson? list))
        {
            return [];
        }
        return list.Elements.Count <= MostEntries ? list.Elements
            : throw list.Error($"{list.Elements.Count} entries: expected at most {MostEntries}");
    }

    private static string Name(PlacedJson value)
    {
        if (value.Type != JsonTokenType.String)
        {
            throw value.Error($"expected a name, found {value.Shown}");
        }
        // A control character would reach the terminal, and a line break would end a report's line.
        return value.Text.Length is > 0 and <= LongestName && value.Text.Trim() == value.Text && !value.Text.Any(IsUnprintable)
            ? value.Text
            : throw value.Error($"a name has 1 to {LongestName} printable characters and no space around it");
    }

    private static bool IsUnprintable(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;

    /// <summary>A number, or a string that the command line would take as a size.</summary>
    /// <exception cref="UsageException">It is not a number, or not in the range.</exception>
    public static long Number(PlacedJson value, long least, long most) =>
        value.Type is JsonTokenType.Number or JsonTokenType.String && ByteSize.TryParse(value.Text, out long number)
            && number >= least && number <= most
            ? number
            : throw value.Error($"{value.Shown} is not a whole number from {least} to {most} (as 4096, \"0x1000\", \"64K\" or \"8M\")");

    private static int Int(PlacedJson value) => (int)Number(value, 0, int.MaxValue);

    private static uint Number(PlacedJson value) => (uint)Number(value, 0, uint.MaxValue);

    /// <summary>One name, or an array of names.</summary>
    private static DmaEngines Engines(PlacedJson value) => value.Type == JsonTokenType.StartArray
        ? value.Elements.Aggregate(DmaEngines.None, (engines, name) => engines | name.Choice<DmaEngines>())
        : value.Choice<DmaEngines>();
}
