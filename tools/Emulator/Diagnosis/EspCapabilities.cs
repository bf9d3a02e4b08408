namespace Carveout.Emulator.Diagnosis;

/// <summary>The capabilities of ESP-IDF's heaps, and where these heaps lie.</summary>
/// <remarks>components/heap/include/esp_heap_caps.h; soc/…/soc.h of the ESP32 family.</remarks>
internal static class EspCapabilities
{
    /// <summary>MALLOC_CAP_EXEC: memory that runs code.</summary>
    public const long Exec = 1 << 0;

    /// <summary>MALLOC_CAP_32BIT: memory for 32-bit access.</summary>
    public const long Words = 1 << 1;

    /// <summary>MALLOC_CAP_DMA: memory that DMA engines reach.</summary>
    public const long Dma = 1 << 3;

    /// <summary>MALLOC_CAP_SPIRAM: external memory.</summary>
    public const long Psram = 1 << 10;

    /// <summary>MALLOC_CAP_INTERNAL: memory in the chip.</summary>
    public const long Internal = 1 << 11;

    private static readonly (long Bit, string Name)[] s_names =
    [
        (Exec, "EXEC"), (Words, "32BIT"), (1 << 2, "8BIT"), (Dma, "DMA"), (Psram, "SPIRAM"), (Internal, "INTERNAL"), (1 << 12, "DEFAULT"),
        (1 << 13, "IRAM_8BIT"), (1 << 14, "RETENTION"), (1 << 15, "RTCRAM"), (1 << 16, "TCM"),
    ];

    /// <summary>The names of capabilities.</summary>
    public static string Text(long capabilities)
    {
        string text = string.Join('|', s_names.Where(name => (capabilities & name.Bit) != 0).Select(name => name.Name));
        return text.Length == 0 ? "none" : text;
    }

    /// <summary>Sets the properties of a heap that follow from its address.</summary>
    public static void Place(MemoryArea heap, long address)
    {
        // PSRAM: ESP32 0x3f800000, S2 0x3f500000, S3 0x3c000000, P4 0x48000000. Internal RAM is far below 1 MB.
        heap.IsExternal = address is >= 0x3c000000 and < 0x3e000000 or >= 0x3f500000 and < 0x3fc00000 or >= 0x48000000 and < 0x4c000000
            || heap.Total >= 1 << 20;
        // Instruction RAM of the ESP32 allows access to whole words only.
        heap.IsByteAddressable = address is not (>= 0x40070000 and < 0x400c0000);
    }
}
