namespace Carveout.Emulator.Diagnosis;

/// <summary>The kernel's zones: include/linux/mmzone.h, enum zone_type.</summary>
internal static class ZoneNames
{
    private static readonly string[] s_zones = ["DMA", "DMA32", "Normal", "HighMem", "Movable", "Device"];

    /// <summary>The rank of a zone among all zones: a request may use its own zone and those of lower rank. -1 if the name is no
    /// zone's.</summary>
    public static int Rank(string name)
    {
        int node = name.IndexOf(' ', StringComparison.Ordinal);
        return Array.FindIndex(s_zones, zone => zone.Equals(name[..(node < 0 ? name.Length : node)], StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The name of a node's zone in verdicts.</summary>
    public static string Of(string zone, int node) => node == 0 ? zone : $"{zone} of node {node}";
}
