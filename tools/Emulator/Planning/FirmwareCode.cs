using System.Text;
using Carveout.Emulator.Boards;

namespace Carveout.Emulator.Planning;

/// <summary>What to put into firmware so that it keeps what was planned from the runtime: docs/native.md's rules.</summary>
internal static class FirmwareCode
{
    /// <summary>What nanoFramework's ESP32 targets leave to ESP-IDF in PSRAM unless their defconfig says otherwise.</summary>
    private const int IdfBytes = 262_144;

    private const int Page = MemoryMap.DefaultPageSize;

    /// <summary>The text for a family of firmware.</summary>
    /// <exception cref="UsageException">The native half of Carveout has no such memory there.</exception>
    public static string Of(Plan plan, string firmware) => (firmware == BoardFirmware.Esp32 ? Esp32(plan) : Stm32(plan)).ReplaceLineEndings("\n");

    /// <summary>Where the region of the native half begins and what it has: the first reservation, and where it lies in the main memory a page before
    /// it, which the page allocator wants.</summary>
    public static (uint Start, long Bytes) RegionOf(Plan plan)
    {
        PlanPart first = plan.Layout.Parts[0];
        uint extra = first.Start - plan.Layout.Board.Main.Start < plan.Layout.Board.Main.Size ? (uint)Page : 0;
        return (first.Start - extra, first.Bytes + extra);
    }

    private static string Esp32(Plan plan)
    {
        MemoryRegion region = plan.RegionOf(plan.Board.Parts[0]);
        if (region.Kind != MemoryKind.Psram)
        {
            throw new UsageException($"--firmware esp32: the native half of Carveout takes PSRAM, and {plan.Layout.Parts[0].Name} lies in {region.Name}; "
                + "expected --stock, whose banks are of the runtime's heap");
        }
        long bytes = RegionOf(plan).Bytes;
        var text = new StringBuilder();
        text.Append(Invariant($"# The target's defconfig: {IdfBytes} bytes for ESP-IDF itself, and Carveout's region.\n"));
        text.Append(Invariant($"CONFIG_ESP32_RESERVE_SPIRAM_IDF_ALLOCATION_BYTES={IdfBytes + bytes}\n\n"));
        text.Append("/* platform/carveout_config.h */\n");
        text.Append(Invariant($"#define CARVEOUT_REGION_SIZE {bytes}\n"));
        foreach (PlanPart part in plan.Layout.Parts.Skip(1))
        {
            text.Append(Invariant($"\n/* {part.Name}, in a driver of your own: internal memory, which DMA reaches and the native half does not have. */\n"));
            text.Append(Invariant($"static DMA_ATTR uint8_t {part.Name.Replace('-', '_')}[{part.Bytes}];\n"));
        }
        return text.ToString();
    }

    private static string Stm32(Plan plan)
    {
        (uint Start, long Bytes)[] regions = [RegionOf(plan), .. plan.Layout.Parts.Skip(1).Select(part => (part.Start, part.Bytes))];
        var text = new StringBuilder();
        text.Append("/* carveout.ld, included behind MEMORY of the target's linker script. What else lies there, the heap above all, has to end before it. */\n");
        text.Append("MEMORY\n{\n");
        for (int i = 0; i < regions.Length; i++)
        {
            text.Append(Invariant($"    carveout_ram{Number(i)} (wx) : org = {HexText.Of(regions[i].Start)}, len = {regions[i].Bytes}\n"));
        }
        text.Append("}\n\n");
        for (int i = 0; i < regions.Length; i++)
        {
            text.Append(Invariant($"__carveout{Number(i)}_start__ = ORIGIN(carveout_ram{Number(i)});\n"));
            text.Append(Invariant($"__carveout{Number(i)}_end__ = ORIGIN(carveout_ram{Number(i)}) + LENGTH(carveout_ram{Number(i)});\n"));
        }
        text.Append(regions.Length == 1 ? "" : "/* The native half of Carveout has the first; a driver of your own finds the others by these symbols. */\n");
        text.Append("\n/* platform/carveout_config.h */\n");
        text.Append(Invariant($"#define CARVEOUT_REGION_UNCACHED {(plan.RegionOf(plan.Board.Parts[0]).CacheLine == 0 ? 1 : 0)}\n"));
        return text.ToString();
    }

    private static string Number(int index) => index == 0 ? "" : (index + 1).ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
