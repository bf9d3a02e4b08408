namespace Carveout.Emulator.Import;

/// <summary>What another system's trace is about.</summary>
internal enum TraceLevel : byte
{
    /// <summary>Page frames: addresses are frame numbers, sizes are numbers of pages.</summary>
    Pages,

    /// <summary>Objects of malloc, kmalloc and caches: addresses and bytes.</summary>
    Objects,
}

/// <summary>The kind of an event.</summary>
internal enum HeapEventKind : byte
{
    /// <summary>No event: a call that failed, or whose end is missing.</summary>
    Nothing,

    /// <summary>Memory was allocated.</summary>
    Take,

    /// <summary>Memory was freed.</summary>
    Free,

    /// <summary>A request was refused.</summary>
    Refuse,

    /// <summary>A contiguous area was allocated. Its pages are freed one by one before the trace says that the area was released.</summary>
    TakeArea,

    /// <summary>A contiguous area was released.</summary>
    FreeArea,

    /// <summary>A page was freed in a batch. Newer kernels report the same page's free a second time, older ones only here.</summary>
    FreeInBatch,
}

/// <summary>One event as another system's tracer saw it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Level">Pages or objects.</param>
/// <param name="Alignment">The alignment as a power of two: of bytes, or of pages.</param>
/// <param name="Owner">The owner's number in <see cref="HeapEventLog"/>; -1 if unknown.</param>
/// <param name="Task">The thread; 0 if unknown.</param>
/// <param name="Time">Nanoseconds of the tracer's clock; <see cref="Untimed"/> if it does not say.</param>
/// <param name="Address">A page frame number or an address, only used for comparison.</param>
/// <param name="Size">Pages or bytes.</param>
internal readonly record struct HeapEvent(HeapEventKind Kind, TraceLevel Level, byte Alignment, int Owner, long Task, long Time, ulong Address, long Size)
{
    /// <summary>The time of an event that has none.</summary>
    public const long Untimed = long.MinValue;
}
