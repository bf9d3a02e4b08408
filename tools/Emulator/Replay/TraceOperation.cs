namespace Carveout.Emulator.Replay;

/// <summary>One line of a trace: <c>a ID SIZE ALIGN</c> or <c>f ID</c>.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Id">Which block; each is allocated at most once.</param>
/// <param name="Size">Bytes, or 0 for a free.</param>
/// <param name="Alignment">Bytes, a power of two; 0 for a free.</param>
internal readonly record struct TraceOperation(int Line, int Id, int Size, int Alignment)
{
    /// <summary>Whether this is an allocation.</summary>
    public bool IsAllocation => Size != 0;
}
