namespace Carveout.Emulator.Scenario;

/// <summary>The outcome of an ordered fault.</summary>
/// <param name="Order">The order as it was typed.</param>
/// <param name="StruckAtSeconds">When it struck, in virtual seconds; null if it did not.</param>
/// <param name="LongestGapSeconds">The longest time between two frames on the screen after that; null if no further frame came.</param>
/// <param name="Counts">What was counted until the next fault, or until the end; null if it did not strike.</param>
internal sealed record FaultOutcome(string Order, double? StruckAtSeconds, double? LongestGapSeconds, PixelCounts? Counts);

/// <summary>The result of a run with real pixels.</summary>
/// <param name="Movie">The movie in words.</param>
/// <param name="Devices">Camera and display, and what lies between them.</param>
/// <param name="Counts">The counts of the whole run.</param>
/// <param name="AllocationsAfterStart">Blocks of memory that the pipeline took while it ran.</param>
/// <param name="Starts">How often the pipeline was started, including attempts.</param>
/// <param name="Zone">The zone that frames come from; with a pool, the zone that they would come from.</param>
/// <param name="SameBuddyInfo">For how many starts that zone's line of buddyinfo was the same before the start and after the stop.</param>
/// <param name="BytesNotReturned">Bytes that camera or display still had after the last stop, or that have no owner.</param>
/// <param name="Files">How many PNGs were written.</param>
/// <param name="Faults">The ordered faults, in the order of the command line.</param>
internal sealed record PixelResult(string Movie, string Devices, PixelCounts Counts, long AllocationsAfterStart, int Starts, string Zone,
    int SameBuddyInfo, long BytesNotReturned, long Files, IReadOnlyList<FaultOutcome> Faults);
