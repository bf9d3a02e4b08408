namespace Carveout.Emulator.Diagnosis;

/// <summary>One zone, heap or pool as a dump shows it. Sizes are bytes; null is what the dump does not say.</summary>
internal sealed class MemoryArea(string name, AreaKind kind)
{
    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    /// <summary>What it is.</summary>
    public AreaKind Kind { get; } = kind;

    /// <summary>All of it.</summary>
    public long? Total { get; set; }

    /// <summary>What is free.</summary>
    public long? Free { get; set; }

    /// <summary>The largest piece that is free.</summary>
    public long? Largest { get; set; }

    /// <summary>The least that was ever free.</summary>
    public long? LeastEverFree { get; set; }

    /// <summary>The watermark below which ordinary requests are refused.</summary>
    public long? Min { get; set; }

    /// <summary>The watermark that wakes the reclaimer.</summary>
    public long? Low { get; set; }

    /// <summary>The watermark up to which it reclaims.</summary>
    public long? High { get; set; }

    /// <summary>Free memory that only movable requests may have.</summary>
    public long FreeCma { get; set; }

    /// <summary>Memory set aside for requests that may not wait.</summary>
    public long HighAtomic { get; set; }

    /// <summary>What is kept from requests of each class of zones, in bytes: lowmem_reserve.</summary>
    public long[] Reserve { get; set; } = [];

    /// <summary>Free blocks by order, where the dump has them.</summary>
    public FreeBlocks? Blocks { get; set; }

    /// <summary>Pieces in which free memory lies, where the dump says how many.</summary>
    public long? FreePieces { get; set; }

    /// <summary>Whether the runtime can give it to ordinary requests: memory for 32-bit access is none.</summary>
    public bool IsByteAddressable { get; set; } = true;

    /// <summary>Whether it lies outside the chip.</summary>
    public bool IsExternal { get; set; }
}
