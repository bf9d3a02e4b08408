namespace Carveout.Emulator.Import;

/// <summary>Who owns an object.</summary>
internal enum OwnerChoice
{
    /// <summary>The place of the call where the tracer names it; or else the task; or else the place's address.</summary>
    Best,

    /// <summary>The task, where the tracer tells it.</summary>
    Task,

    /// <summary>The place of the call, where the tracer tells it.</summary>
    Site,
}

/// <summary>What to take from a trace of another system.</summary>
/// <param name="Level">Pages or objects; null for pages where the trace has both.</param>
/// <param name="Allocated">Whether an object is as large as what it was given, rather than what was asked for.</param>
/// <param name="Owner">Who owns an object of which the tracer tells both the task and the place of the call.</param>
/// <param name="PageSize">Bytes of a page.</param>
/// <param name="Format">The one format to read; null for that of which there are most events.</param>
internal sealed record ImportOptions(TraceLevel? Level = null, bool Allocated = false, OwnerChoice Owner = OwnerChoice.Best,
    int PageSize = MemoryMap.DefaultPageSize, string? Format = null);
