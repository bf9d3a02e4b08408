namespace Carveout.Emulator.Scenario;

/// <summary>A block of the application: at a fixed address, or movable, with a handle.</summary>
/// <param name="address">Its address; 0 if it has a handle.</param>
/// <param name="handle">Its handle, or 0.</param>
/// <param name="pages">Its pages.</param>
/// <param name="mark">The number written to its first page; each further page has the next number.</param>
internal sealed class ApplicationBlock(uint address, int handle, int pages, uint mark)
{
    public uint Address => address;

    public int Handle => handle;

    public int Pages => pages;

    public uint Mark => mark;

    /// <summary>How many uses of it are under way; it is pinned once for each.</summary>
    public int Uses { get; set; }

    /// <summary>Whether it was freed.</summary>
    public bool IsFreed { get; set; }
}
