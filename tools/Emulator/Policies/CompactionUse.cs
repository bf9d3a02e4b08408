namespace Carveout.Emulator.Policies;

/// <summary>What compaction did in a run.</summary>
/// <param name="Stalls">How many requests had to compact: compact_stall in vmstat.</param>
/// <param name="Successes">How many of these were served then: compact_success.</param>
/// <param name="Failures">How many of these were not: compact_fail.</param>
/// <param name="PagesMigrated">How many pages were moved.</param>
/// <param name="LongestStop">The most pages copied for one request.</param>
internal sealed record CompactionUse(int Stalls, int Successes, int Failures, long PagesMigrated, int LongestStop)
{
    /// <summary>What it has done so far; null if there is no movable memory.</summary>
    public static CompactionUse? Of(MovablePages? movable) => movable is null
        ? null
        : new(movable.CompactStalls, movable.CompactSuccesses, movable.CompactFailures, movable.PagesMigrated, movable.MaxStop);

    /// <summary>The same in words.</summary>
    public override string ToString() =>
        $"{CountText.Of(Stalls, "time")}, {Successes} with success, {CountText.Of(PagesMigrated, "page")} moved, at most {LongestStop} at once";
}
