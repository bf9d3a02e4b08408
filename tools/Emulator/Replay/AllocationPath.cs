namespace Carveout.Emulator.Replay;

/// <summary>The firmware's allocator that serves a trace.</summary>
public enum AllocationPath
{
    /// <summary>The page allocator, with the tail policy.</summary>
    Pages,

    /// <summary>Kmalloc up to 128 KB, and the page allocator above.</summary>
    Kmalloc,
}
