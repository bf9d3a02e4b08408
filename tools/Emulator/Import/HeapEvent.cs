namespace Carveout.Emulator.Import;

/// <summary>Of what a trace of another system tells.</summary>
internal enum TraceLevel : byte
{
    /// <summary>Page frames: addresses are frame numbers, sizes are numbers of pages.</summary>
    Pages,

    /// <summary>What malloc, kmalloc and caches hand out: addresses and bytes.</summary>
    Objects,
}

/// <summary>What happened.</summary>
internal enum HeapEventKind : byte
{
    /// <summary>Nothing after all: a call that failed, or whose end nobody saw.</summary>
    Nothing,

    /// <summary>Memory was handed out.</summary>
    Take,

    /// <summary>Memory was given back.</summary>
    Free,

    /// <summary>A request got nothing.</summary>
    Refuse,

    /// <summary>A contiguous area was handed out, whose pages are freed one by one before the area is said to be released.</summary>
    TakeArea,

    /// <summary>That area was released.</summary>
    FreeArea,

    /// <summary>A page went back in a batch: newer kernels say the same page's free a second time, older ones only here.</summary>
    FreeInBatch,
}

/// <summary>One event as a tracer of another system saw it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Level">To pages or to objects.</param>
/// <param name="Alignment">The power of two that the memory is aligned to: of bytes, or of pages.</param>
/// <param name="Owner">Number of who did it in <see cref="HeapEventLog"/>; -1 where nobody knows.</param>
/// <param name="Task">The thread that did it; 0 where nobody knows.</param>
/// <param name="Time">Nanoseconds of the tracer's clock; <see cref="Untimed"/> where it does not say.</param>
/// <param name="Address">Of the memory: a page frame number or an address, only ever compared.</param>
/// <param name="Size">Pages or bytes.</param>
internal readonly record struct HeapEvent(HeapEventKind Kind, TraceLevel Level, byte Alignment, int Owner, long Task, long Time, ulong Address, long Size)
{
    /// <summary>The time of an event that has none.</summary>
    public const long Untimed = long.MinValue;
}
