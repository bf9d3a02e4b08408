namespace Carveout.Emulator.Import;

/// <summary>Which owner an object gets.</summary>
internal enum OwnerChoice
{
    /// <summary>The call site if the tracer names it; otherwise the task; otherwise the call site's address.</summary>
    Best,

    /// <summary>The task, if the tracer has it.</summary>
    Task,

    /// <summary>The call site, if the tracer has it.</summary>
    Site,
}

/// <summary>What to use from another system's trace.</summary>
/// <param name="Level">Pages or objects; null for pages if the trace has both.</param>
/// <param name="Allocated">Whether an object's size is the size that it was given, rather than the size that was asked for.</param>
/// <param name="Owner">Which owner an object gets if the tracer has both the task and the call site.</param>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Format">The only format to read; null for the format with most events.</param>
internal sealed record ImportOptions(TraceLevel? Level = null, bool Allocated = false, OwnerChoice Owner = OwnerChoice.Best,
    int PageSize = MemoryMap.DefaultPageSize, string? Format = null);
