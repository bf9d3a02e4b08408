using System.Text;
using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>What to put into firmware so that it keeps what was planned from the runtime: docs/native.md's rules.</summary>
internal static class FirmwareCode
{
    /// <summary>What nanoFramework's ESP32 targets leave to ESP-IDF in PSRAM unless their defconfig says otherwise.</summary>
    private const int IdfBytes = 262_144;

    /// <summary>The most regions of the native half: CARVEOUT_MAX_REGIONS.</summary>
    private const int MostRegions = 4;

    /// <summary>The text for a family of firmware.</summary>
    /// <exception cref="UsageException">The native half of Carveout has no such memory there.</exception>
    public static string Of(Plan plan, string firmware)
    {
        IReadOnlyList<PlannedRegion> regions = PlannedRegion.Of(plan);
        return (firmware == BoardFirmware.Esp32 ? Esp32(regions) : Stm32(regions)).ReplaceLineEndings("\n");
    }

    private static string Esp32(IReadOnlyList<PlannedRegion> regions)
    {
        PlannedRegion[] external = [.. regions.Where(region => region.Region.Kind == MemoryKind.Psram)], own = [.. regions.Except(external)];
        if (external.Length > 1 || own.Length > 1)
        {
            throw new UsageException($"--firmware esp32: the native half of Carveout takes one region of PSRAM and one of internal memory, the plan has "
                + $"{string.Join(", ", regions.Select(region => region.Region.Name))}; expected fewer streams, or --stock");
        }
        var text = new StringBuilder();
        foreach (PlannedRegion region in external)
        {
            text.Append(Invariant($"# The target's defconfig: {IdfBytes} bytes for ESP-IDF itself, and Carveout's region.\n"));
            text.Append(Invariant($"CONFIG_ESP32_RESERVE_SPIRAM_IDF_ALLOCATION_BYTES={IdfBytes + region.Bytes}\n\n"));
        }
        text.Append("/* platform/carveout_config.h */\n");
        foreach (PlannedRegion region in external)
        {
            text.Append(Invariant($"#define CARVEOUT_REGION_SIZE {region.Bytes}\n"));
        }
        foreach (PlannedRegion region in own)
        {
            text.Append("/* Internal memory, out of what the managed heap leaves to ESP-IDF, which must have it in one piece. */\n");
            text.Append(Invariant($"#define CARVEOUT_INTERNAL_SIZE {region.Bytes}\n"));
        }
        return text.ToString();
    }

    private static string Stm32(IReadOnlyList<PlannedRegion> regions)
    {
        if (regions.Count > MostRegions)
        {
            throw new UsageException($"--firmware stm32: the native half of Carveout has {MostRegions} regions, the plan needs {regions.Count}; expected "
                + "fewer streams");
        }
        var text = new StringBuilder();
        text.Append("/* carveout.ld, included behind MEMORY of the target's linker script. What else lies there, the heap above all, has to end before it. */\n");
        text.Append("MEMORY\n{\n");
        for (int i = 0; i < regions.Count; i++)
        {
            text.Append(Invariant($"    carveout_ram{Number(i)} (wx) : org = {HexText.Of(regions[i].Start)}, len = {regions[i].Bytes}\n"));
        }
        text.Append("}\n\n");
        for (int i = 0; i < regions.Count; i++)
        {
            text.Append(Invariant($"__carveout{Number(i)}_start__ = ORIGIN(carveout_ram{Number(i)});\n"));
            text.Append(Invariant($"__carveout{Number(i)}_end__ = ORIGIN(carveout_ram{Number(i)}) + LENGTH(carveout_ram{Number(i)});\n"));
        }
        text.Append("\n/* platform/carveout_config.h */\n");
        int uncached = regions.Select((region, i) => region.Region.CacheLine == 0 ? 1 << i : 0).Sum();
        text.Append(Invariant($"#define CARVEOUT_REGION_UNCACHED {uncached}\n"));
        return text.ToString();
    }

    private static string Number(int index) => index == 0 ? "" : (index + 1).ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
