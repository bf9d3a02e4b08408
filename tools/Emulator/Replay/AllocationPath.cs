namespace Carveout.Emulator.Replay;

/// <summary>The firmware's allocator that serves a trace.</summary>
public enum AllocationPath
{
    /// <summary>The page allocator, with the tail policy.</summary>
    Pages,

    /// <summary>Kmalloc, which takes exact pages for what no cache holds.</summary>
    Kmalloc,
}
