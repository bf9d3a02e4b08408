namespace Carveout.Emulator.Policies;

/// <summary>What compaction did in a run.</summary>
/// <param name="Stalls">Requests that made room first: compact_stall in vmstat.</param>
/// <param name="Successes">Of them, those that got it: compact_success.</param>
/// <param name="Failures">Of them, those that did not: compact_fail.</param>
/// <param name="PagesMigrated">Pages moved.</param>
/// <param name="LongestStop">The most pages copied for one request.</param>
internal sealed record CompactionUse(int Stalls, int Successes, int Failures, long PagesMigrated, int LongestStop)
{
    /// <summary>What it did until now; null where there is no movable memory.</summary>
    public static CompactionUse? Of(MovablePages? movable) => movable is null
        ? null
        : new(movable.CompactStalls, movable.CompactSuccesses, movable.CompactFailures, movable.PagesMigrated, movable.MaxStop);

    /// <summary>The same in words.</summary>
    public override string ToString() =>
        $"{CountText.Of(Stalls, "time")}, {Successes} with success, {CountText.Of(PagesMigrated, "page")} moved, at most {LongestStop} at once";
}
