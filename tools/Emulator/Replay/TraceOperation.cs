namespace Carveout.Emulator.Replay;

/// <summary>One line of a trace: <c>a ID SIZE ALIGN</c>, <c>t ID SIZE</c> or <c>f ID</c>.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Id">The block's number; each is allocated at most once.</param>
/// <param name="Size">Bytes; for a trim, those that are kept; 0 for a free.</param>
/// <param name="Alignment">Bytes, a power of two; 0 for a trim and a free.</param>
/// <param name="Time">Milliseconds since the trace began; null if the line does not say.</param>
/// <param name="Owner">Who asked; null if the line does not say.</param>
internal readonly record struct TraceOperation(int Line, int Id, int Size, int Alignment, long? Time = null, string? Owner = null)
{
    /// <summary>The block's slot among the live blocks, from 0. It is used again when the block has been freed.</summary>
    public int Slot { get; init; }

    /// <summary>Whether this is an allocation.</summary>
    public bool IsAllocation => Alignment != 0;

    /// <summary>Whether this gives back the tail of a block. Operations that are neither this nor an allocation are frees.</summary>
    public bool IsTrim => Alignment == 0 && Size != 0;
}
