namespace Carveout.Emulator.Diagnosis;

/// <summary>What kind of memory an area is.</summary>
internal enum AreaKind
{
    /// <summary>A zone of pages.</summary>
    Zone,

    /// <summary>All memory of a system, whatever its use.</summary>
    System,

    /// <summary>A heap, or a sum of heaps.</summary>
    Heap,

    /// <summary>Memory kept for large contiguous blocks; others may borrow it meanwhile.</summary>
    Cma,

    /// <summary>Addresses rather than memory.</summary>
    AddressSpace,

    /// <summary>Buffers of one size, or slots of a bounce area.</summary>
    Pool,

    /// <summary>A garbage-collected heap.</summary>
    ManagedHeap,

    /// <summary>The heap that firmware keeps for itself beside a garbage-collected one.</summary>
    NativeHeap,
}
