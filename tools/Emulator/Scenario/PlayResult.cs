namespace Carveout.Emulator.Scenario;

/// <summary>The state of a zone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FreeBytes">Free memory.</param>
/// <param name="LargestFreeBytes">The largest block or run that one request could get.</param>
/// <param name="FreeBlocksPerOrder">As /proc/buddyinfo counts them.</param>
internal sealed record ZoneState(string Name, long FreeBytes, long LargestFreeBytes, IReadOnlyList<int> FreeBlocksPerOrder)
{
    /// <summary>The present state of a zone.</summary>
    public static ZoneState Of(Zone zone, int pageSize)
    {
        int[] counts = new int[PageMap.MaxPageOrder + 1];
        zone.CountFree(counts);
        return new ZoneState(zone.Name, (long)zone.FreePages * pageSize, (long)zone.LargestFreePages * pageSize, counts);
    }
}

/// <summary>The result of a run.</summary>
/// <param name="Loops">How many loops were played to their end.</param>
/// <param name="Frames">How many frames were shown.</param>
/// <param name="FailedAtLoop">The loop, from 1, whose buffers were refused or whose devices failed; null if the movie played on.</param>
/// <param name="FailedAtSeconds">When it failed, in virtual seconds.</param>
/// <param name="Seconds">Virtual seconds that were played.</param>
/// <param name="Seed">The seed, to repeat the run.</param>
/// <param name="Zones">Each zone at the end.</param>
/// <param name="Why">The failure in one line; null if there was none.</param>
/// <param name="Report">The allocator's whole report; empty if there was no failure.</param>
/// <param name="Refused">How many requests of the application were refused.</param>
/// <param name="FirstRefusedSeconds">When the first of these was refused; null if none was.</param>
/// <param name="Pixels">The result of the pixels; null in the story.</param>
/// <param name="Moves">What compaction did; null if nothing is movable.</param>
internal sealed record PlayResult(int Loops, long Frames, int? FailedAtLoop, double? FailedAtSeconds, double Seconds, ulong Seed,
    IReadOnlyList<ZoneState> Zones, string? Why, string Report, long Refused, double? FirstRefusedSeconds, PixelResult? Pixels = null,
    CompactionUse? Moves = null)
{
    /// <summary>How many bytes the application's last refused request wanted; 0 if none was refused, or the movie failed.</summary>
    public long LastRefusedBytes { get; init; }

    /// <summary>By zone: why it cannot serve that request when it is repeated at the end; empty if it can.</summary>
    public IReadOnlyList<string> WhyRefused { get; init; } = [];
}
