namespace Carveout.Emulator.Machine;

/// <summary>What a board's memory map does not contain: its bus, its cache, its core.</summary>
internal sealed record MachineSpec
{
    /// <summary>Bytes of a burst on the bus: 16 words.</summary>
    public int BurstSize { get; init; } = 64;

    /// <summary>Nanoseconds of a burst: with 64 bytes, 320 MB/s.</summary>
    public int NanosecondsPerBurst { get; init; } = 200;

    /// <summary>Bytes of the data cache: 16 KB on STM32F7 and H7, 32 KB on ESP32-S3.</summary>
    public int CacheSize { get; init; } = 16384;

    /// <summary>Ways of the cache.</summary>
    public int CacheWays { get; init; } = 4;

    /// <summary>Operations of the CPU from one speculative line fill to the next; 0 for no speculation.</summary>
    public int SpeculationInterval { get; init; }

    /// <summary>The seed of the speculation's random numbers.</summary>
    public ulong Seed { get; init; } = 1;
}
