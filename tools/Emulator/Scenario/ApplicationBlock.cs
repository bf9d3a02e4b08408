namespace Carveout.Emulator.Scenario;

/// <summary>Memory that the application has: at an address for ever, or by a handle wherever it lies now.</summary>
/// <param name="address">Where it lies; 0 where it goes by its handle.</param>
/// <param name="handle">Its handle, or 0.</param>
/// <param name="pages">Its length.</param>
/// <param name="mark">What its first page carries; the next one carries the number after it, and so on.</param>
internal sealed class ApplicationBlock(uint address, int handle, int pages, uint mark)
{
    public uint Address => address;

    public int Handle => handle;

    public int Pages => pages;

    public uint Mark => mark;

    /// <summary>How often the application is at work on it now: as often it is pinned.</summary>
    public int Uses { get; set; }

    /// <summary>Whether it was given back.</summary>
    public bool IsFreed { get; set; }
}
