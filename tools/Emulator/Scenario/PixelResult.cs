namespace Carveout.Emulator.Scenario;

/// <summary>What became of a fault that was ordered.</summary>
/// <param name="Order">As it was ordered.</param>
/// <param name="StruckAtSeconds">When it struck, in virtual seconds; null where it did not.</param>
/// <param name="LongestGapSeconds">The longest time from frame to frame on the screen from then on; null where no frame came any more.</param>
/// <param name="Counts">What was counted from then to the next fault, or to the end; null where it did not strike.</param>
internal sealed record FaultOutcome(string Order, double? StruckAtSeconds, double? LongestGapSeconds, PixelCounts? Counts);

/// <summary>How the pixels fared.</summary>
/// <param name="Movie">What the camera saw.</param>
/// <param name="Devices">Camera and display, and what goes between them.</param>
/// <param name="Counts">Over the whole run.</param>
/// <param name="AllocationsAfterStart">Blocks of memory that the pipeline took while it ran.</param>
/// <param name="Starts">Times that the pipeline was started, or was to be.</param>
/// <param name="Zone">The zone that frames come from; with a pool, the zone that they would come from.</param>
/// <param name="SameBuddyInfo">Of the starts, those around which that zone's line of buddyinfo was the same after the stop as before.</param>
/// <param name="BytesNotReturned">Bytes that camera or display still had after the last stop, or that nobody admits to.</param>
/// <param name="Files">PNGs written.</param>
/// <param name="Faults">What was ordered, in the order of the command line.</param>
internal sealed record PixelResult(string Movie, string Devices, PixelCounts Counts, long AllocationsAfterStart, int Starts, string Zone,
    int SameBuddyInfo, long BytesNotReturned, long Files, IReadOnlyList<FaultOutcome> Faults);
