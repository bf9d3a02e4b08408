namespace Carveout.Emulator.Scenario;

/// <summary>How a zone stood at the end.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FreeBytes">Free memory.</param>
/// <param name="LargestFreeBytes">The largest block or run that one request could get.</param>
/// <param name="FreeBlocksPerOrder">As /proc/buddyinfo counts them.</param>
internal sealed record ZoneState(string Name, long FreeBytes, long LargestFreeBytes, IReadOnlyList<int> FreeBlocksPerOrder)
{
    /// <summary>A zone as it stands.</summary>
    public static ZoneState Of(Zone zone, int pageSize)
    {
        int[] counts = new int[PageMap.MaxPageOrder + 1];
        zone.CountFree(counts);
        return new ZoneState(zone.Name, (long)zone.FreePages * pageSize, (long)zone.LargestFreePages * pageSize, counts);
    }
}

/// <summary>How a run ended.</summary>
/// <param name="Loops">Loops played to their end.</param>
/// <param name="Frames">Frames shown.</param>
/// <param name="FailedAtLoop">The loop, from 1, whose buffers could not be had, or whose devices failed; null where the movie played on.</param>
/// <param name="FailedAtSeconds">When, in virtual seconds.</param>
/// <param name="Seconds">Virtual seconds that were played.</param>
/// <param name="Seed">The seed, to run it again.</param>
/// <param name="Zones">Each zone at the end.</param>
/// <param name="Why">One line on the failure; null where there was none.</param>
/// <param name="Report">The allocator's whole report; empty where there was no failure.</param>
/// <param name="Refused">Requests of the application that got nothing.</param>
/// <param name="FirstRefusedSeconds">When the first of them was; null where there was none.</param>
/// <param name="Pixels">How the pixels fared; null in the story.</param>
/// <param name="Moves">What compaction did; null where nothing is movable.</param>
internal sealed record PlayResult(int Loops, long Frames, int? FailedAtLoop, double? FailedAtSeconds, double Seconds, ulong Seed,
    IReadOnlyList<ZoneState> Zones, string? Why, string Report, long Refused, double? FirstRefusedSeconds, PixelResult? Pixels = null,
    CompactionUse? Moves = null)
{
    /// <summary>What the application's last refused request wanted; 0 where nothing was refused, or the movie died.</summary>
    public long LastRefusedBytes { get; init; }

    /// <summary>By zone, why it cannot serve that request at the end, when it is made once more; empty where it can.</summary>
    public IReadOnlyList<string> WhyRefused { get; init; } = [];
}
