namespace Carveout.Emulator.Replay;

/// <summary>One line of a trace: <c>a ID SIZE ALIGN</c>, <c>t ID SIZE</c> or <c>f ID</c>.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Id">Which block; each is allocated at most once.</param>
/// <param name="Size">Bytes; of a trim, those that are kept; 0 for a free.</param>
/// <param name="Alignment">Bytes, a power of two; 0 for a trim and a free.</param>
/// <param name="Time">Milliseconds since the trace began; null where the line does not say.</param>
/// <param name="Owner">Who asked; null where the line does not say.</param>
internal readonly record struct TraceOperation(int Line, int Id, int Size, int Alignment, long? Time = null, string? Owner = null)
{
    /// <summary>The block's place among those that live at once, from 0: it is given again when the block is freed.</summary>
    public int Slot { get; init; }

    /// <summary>Whether this is an allocation.</summary>
    public bool IsAllocation => Alignment != 0;

    /// <summary>Whether the tail of a block is given back; all that is neither this nor an allocation is a free.</summary>
    public bool IsTrim => Alignment == 0 && Size != 0;
}
