namespace Carveout.Emulator.Diagnosis;

/// <summary>The kernel's zones: include/linux/mmzone.h, enum zone_type.</summary>
internal static class ZoneNames
{
    private static readonly string[] s_zones = ["DMA", "DMA32", "Normal", "HighMem", "Movable", "Device"];

    /// <summary>The rank of a zone's name among all zones: a request may use its own and those before it; -1 where it is none of them.</summary>
    public static int Rank(string name)
    {
        int node = name.IndexOf(' ', StringComparison.Ordinal);
        return Array.FindIndex(s_zones, zone => zone.Equals(name[..(node < 0 ? name.Length : node)], StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The name of a zone of a node, as verdicts say it.</summary>
    public static string Of(string zone, int node) => node == 0 ? zone : $"{zone} of node {node}";
}
