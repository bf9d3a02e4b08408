namespace Carveout.Emulator.Replay;

/// <summary>Which of the firmware's ways of allocating serves a trace.</summary>
public enum AllocationPath
{
    /// <summary>Pages, as the tail policy says.</summary>
    Pages,

    /// <summary>Kmalloc up to 128 KB, pages above.</summary>
    Kmalloc,
}
