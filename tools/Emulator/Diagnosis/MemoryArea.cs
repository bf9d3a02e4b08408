namespace Carveout.Emulator.Diagnosis;

/// <summary>A zone, heap or pool in a dump. Sizes are in bytes; null if the dump does not say.</summary>
internal sealed class MemoryArea(string name, AreaKind kind)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its kind.</summary>
    public AreaKind Kind { get; } = kind;

    /// <summary>All of its memory.</summary>
    public long? Total { get; set; }

    /// <summary>Its free memory.</summary>
    public long? Free { get; set; }

    /// <summary>Its largest free piece.</summary>
    public long? Largest { get; set; }

    /// <summary>The least that has ever been free.</summary>
    public long? LeastEverFree { get; set; }

    /// <summary>The watermark below which ordinary requests are refused.</summary>
    public long? Min { get; set; }

    /// <summary>The watermark that wakes the reclaimer.</summary>
    public long? Low { get; set; }

    /// <summary>The watermark up to which it reclaims.</summary>
    public long? High { get; set; }

    /// <summary>Free memory that only movable requests may use.</summary>
    public long FreeCma { get; set; }

    /// <summary>Memory reserved for requests that must not wait.</summary>
    public long HighAtomic { get; set; }

    /// <summary>Bytes that are kept from requests of each zone class: lowmem_reserve.</summary>
    public long[] Reserve { get; set; } = [];

    /// <summary>Free blocks by order, if the dump has them.</summary>
    public FreeBlocks? Blocks { get; set; }

    /// <summary>How many pieces the free memory has, if the dump says so.</summary>
    public long? FreePieces { get; set; }

    /// <summary>Whether ordinary requests can use it; not true for memory with 32-bit access only.</summary>
    public bool IsByteAddressable { get; set; } = true;

    /// <summary>Whether it lies outside the chip.</summary>
    public bool IsExternal { get; set; }
}
