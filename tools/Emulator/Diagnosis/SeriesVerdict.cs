using Carveout.Diagnostics;

namespace Carveout.Emulator.Diagnosis;

/// <summary>The verdict on a series of dumps. If free memory falls, it is a leak or load; if the largest block falls while free memory
/// stays, it is fragmentation.</summary>
internal static class SeriesVerdict
{
    /// <summary>If the largest block is used up within this share of the time that all free memory lasts, the verdict is fragmentation,
    /// even if something leaks.</summary>
    private const double MuchSooner = 0.6;

    /// <summary>The fewest dumps from which it follows that nothing happens.</summary>
    private const int LeastForCalm = 5;

    /// <summary>The verdict on one area.</summary>
    /// <param name="series">At least two dumps.</param>
    /// <param name="wanted">The size of a future request, if known.</param>
    /// <returns>Null if the dumps have nothing to judge.</returns>
    public static Finding? Of(AreaSeries series, long? wanted)
    {
        if (series.Areas.Any(area => area.Free is null))
        {
            return null;
        }
        double[] places = series.Places;
        long[] free = [.. series.Areas.Select(area => area.Free!.Value)];
        Trend fall = Trend.Of(places, free);
        double? freeEnds = fall.Falls && !HasSettled(places, free, fall) ? fall.Reaches(places[^1], wanted ?? 0) : null;
        Finding finding = series.Areas.All(area => area.Blocks is { IsComplete: true } blocks && blocks.Counts.Count == series.Areas[0].Blocks!.Counts.Count)
            ? OfBlocks(series, places, free, fall, freeEnds, wanted)
            : OfLargest(series, places, free, fall, freeEnds, wanted);
        finding.Arithmetic.Insert(0, $"{series.Name}: {free[0]} bytes free at first, {free[^1]} at last, {CountText.Of(series.Count, "dump")}"
            + (series.IsTimed ? $" in {FindingText.Span(places[^1] - places[0], true)}" : ""));
        if (series.Count < Trend.Least)
        {
            finding.Unknown.Add("whether it goes on: two dumps show a direction, no trend");
        }
        if (!series.IsTimed)
        {
            finding.Unknown.Add("when: the dumps have no times that ascend, so the verdict counts dumps");
        }
        Cures.Add(finding);
        return finding;
    }

    /// <summary>The owners whose memory grows, in dumps that say who has it.</summary>
    public static List<Growth> Growing(IReadOnlyList<Dump> dumps)
    {
        var growing = new List<Growth>();
        if (dumps.Count < 2)
        {
            return growing;
        }
        double[] places = [.. Enumerable.Range(0, dumps.Count).Select(i => (double)i)];
        long all = Math.Max(1, Fields.Sum(dumps[^1].Holders.Select(holder => holder.Bytes)));
        var sums = dumps.Select(dump => dump.Holders.GroupBy(holder => holder.Name).ToDictionary(one => one.Key, one => Fields.Sum(one.Select(holder => holder.Bytes)))).ToList();
        foreach (string name in sums[^1].Keys.Where(name => name != "FREEBLOCK"))
        {
            long[] values = [.. sums.Select(sum => sum.GetValueOrDefault(name))];
            Trend trend = Trend.Of(places, values);
            // An owner that grows in most dumps, and by enough to matter.
            if (trend.Rises && trend.Tau >= 0.7 && values[^1] - values[0] >= Math.Max(all / 100, values[^1] / 20))
            {
                growing.Add(new Growth(name, trend.Slope, values[0], values[^1]));
            }
        }
        return [.. growing.OrderByDescending(growth => growth.PerDump).Take(8)];
    }

    private static Finding OfBlocks(AreaSeries series, double[] places, long[] free, Trend fall, double? freeEnds, long? wanted)
    {
        FreeBlocks first = series.Areas[0].Blocks!, last = series.Areas[^1].Blocks!;
        int orders = first.Counts.Count;
        var ends = new double?[orders];
        for (int order = 0; order < orders; order++)
        {
            long[] capacity = [.. series.Areas.Select(area => area.Blocks!.Capacity(order))];
            Trend trend = Trend.Of(places, capacity);
            bool isGone = capacity[0] > 0 && capacity[^1] == 0;
            ends[order] = isGone ? places[Array.FindLastIndex(capacity, count => count > 0) + 1]
                : trend.Falls && capacity[0] > 0 && !HasSettled(places, capacity, trend) ? trend.Reaches(places[^1], 0) : null;
        }
        int target = wanted is long bytes ? Math.Min(orders - 1, first.OrderOf(bytes)) : -1;
        if (target < 0)
        {
            // No request is known, so take the order that is used up first; of several, the largest.
            for (int order = orders - 1; order > 0; order--)
            {
                if (ends[order] is double end && (target < 0 || end < ends[target] - 1e-9))
                {
                    target = order;
                }
            }
        }
        double? targetEnds = target < 0 ? null : ends[target];
        double lasts = (targetEnds ?? double.NaN) - places[0], freeLasts = (freeEnds ?? double.PositiveInfinity) - places[0];
        bool tears = targetEnds is not null && lasts < MuchSooner * freeLasts;
        Finding finding;
        if (tears)
        {
            (int low, int high) = Moving(first, last);
            string range = low == high ? $"blocks of {SizeText.Of(first.BlockSize(low))}" : $"blocks of {SizeText.Of(first.BlockSize(low))} to {SizeText.Of(first.BlockSize(high))}";
            finding = new Finding(Cause.Fragmented, $"{series.Name} is being fragmented: {range} go first, those of {SizeText.Of(first.BlockSize(target))} "
                + (last.Capacity(target) == 0 ? "are gone since" : "are used up at") + $" {Place(series, targetEnds!.Value)}, with {FindingText.Bytes(fall.Last + (fall.Slope * (targetEnds.Value - places[^1])))} "
                + "still free", series.Dumps[^1]) { Series = series, Wanted = wanted, Area = series.Areas[^1], FailsAt = targetEnds };
        }
        else if (freeEnds is not null)
        {
            finding = Leak(series, places, fall, freeEnds.Value, targetEnds, wanted);
        }
        else
        {
            finding = Calm(series, wanted);
        }
        (int least, int most) = Moving(first, last);
        for (int order = most; order >= least; order--)
        {
            if (first.Counts[order] != last.Counts[order] || ends[order] is not null)
            {
                finding.Arithmetic.Add($"{SizeText.Of(first.BlockSize(order))}: {first.Counts[order]} free at first, {last.Counts[order]} at last; room for {first.Capacity(order)}, "
                    + $"then {last.Capacity(order)}" + (ends[order] is double end ? $", none {(last.Capacity(order) == 0 ? "since" : "from")} {Place(series, end)} on" : ""));
            }
        }
        if (tears && fall.Falls)
        {
            finding.Arithmetic.Add($"free memory falls as well, by {FindingText.Bytes(-fall.Slope * Step(series, places))} from dump to dump: load or a leak beside it");
        }
        finding.Arithmetic.Add($"extfrag index at last: {FindingText.Indices(last)}");
        return finding;
    }

    private static Finding OfLargest(AreaSeries series, double[] places, long[] free, Trend fall, double? freeEnds, long? wanted)
    {
        int[] known = [.. Enumerable.Range(0, series.Count).Where(i => series.Areas[i].Largest is not null)];
        if (known.Length >= 2 && known.Length * 4 >= series.Count * 3)
        {
            long[] largest = [.. known.Select(i => series.Areas[i].Largest!.Value)];
            double[] seen = [.. known.Select(i => places[i])];
            Trend tear = Trend.Of(seen, largest);
            double? ends = tear.Falls && !HasSettled(seen, largest, tear) ? tear.Reaches(places[^1], wanted ?? 0) : null;
            double freeLasts = (freeEnds ?? double.PositiveInfinity) - places[0];
            if (ends is double end && end - places[0] < MuchSooner * freeLasts)
            {
                Finding torn = new(Cause.Fragmented, $"{series.Name} is being fragmented: the largest free block falls from {largest[0]} to {largest[^1]} bytes"
                    + (freeEnds is null ? " while free memory stays" : ", free memory more slowly") + $"; {(wanted is null ? "nothing of it is left" : "it does not hold the request")} at "
                    + $"{Place(series, end)}", series.Dumps[^1]) { Series = series, Wanted = wanted, Area = series.Areas[^1], FailsAt = end };
                torn.Arithmetic.Add($"largest: {FindingText.Bytes(-tear.Slope * Step(series, places))} less from dump to dump; free: {FindingText.Bytes(-fall.Slope * Step(series, places))} less");
                return torn;
            }
        }
        else if (freeEnds is not null)
        {
            Finding leak = Leak(series, places, fall, freeEnds.Value, null, wanted);
            leak.Unknown.Add("the largest free block: without it a failure may come sooner");
            return leak;
        }
        return freeEnds is not null ? Leak(series, places, fall, freeEnds.Value, null, wanted) : Calm(series, wanted);
    }

    private static Finding Leak(AreaSeries series, double[] places, Trend fall, double ends, double? targetEnds, long? wanted)
    {
        double step = -fall.Slope * Step(series, places);
        string label = Label(series);
        double left = (ends - places[^1]) / Step(series, places);
        Finding finding = new(Cause.Leak, $"{series.Name}: free memory falls by {FindingText.Bytes(step)} from dump to dump and does not come back; "
            + $"{(wanted is null ? "none is left" : "too little is left")} at {Place(series, ends)}", series.Dumps[^1])
        {
            Series = series, Wanted = wanted, Area = series.Areas[^1], FailsAt = targetEnds < ends ? targetEnds : ends,
        };
        finding.Arithmetic.Add($"{step:0} bytes less {(label.Length == 0 ? "each dump" : $"for each \"{label}\"")}; about {left:0} more until it is used up");
        if (series.Kind != AreaKind.ManagedHeap)
        {
            finding.Unknown.Add("whether it is a leak or load that still grows: the same at rest, or over a longer time, tells");
        }
        return finding;
    }

    private static Finding Calm(AreaSeries series, long? wanted)
    {
        long least = series.Areas.Min(area => area.Free!.Value), most = series.Areas.Max(area => area.Free!.Value);
        return series.Count >= LeastForCalm
            ? new Finding(Cause.NothingFailed, $"{series.Name}: between {least} and {most} bytes free over {CountText.Of(series.Count, "dump")}, and no trend: what is taken comes back", series.Dumps[^1])
            {
                Series = series, Wanted = wanted, Area = series.Areas[^1],
            }
            : new Finding(Cause.CannotTell, $"{series.Name}: {series.Areas[0].Free} bytes free at first, {series.Areas[^1].Free} at last; {CountText.Of(series.Count, "dump")} show no trend", series.Dumps[^1])
            {
                Series = series, Wanted = wanted, Area = series.Areas[^1],
            };
    }

    /// <summary>Whether a fall has ended, as after load that came and stayed: in the second half there is hardly any fall.</summary>
    private static bool HasSettled(double[] places, long[] values, Trend trend)
    {
        if (values.Length < 2 * Trend.Least)
        {
            return false;
        }
        int half = values.Length / 2;
        Trend later = Trend.Of(places[half..], values[half..]);
        return later.Slope > 0.2 * trend.Slope && later.Tau > -0.5;
    }

    /// <summary>The orders whose memory changes: those with at least a twentieth of the greatest change.</summary>
    private static (int Low, int High) Moving(FreeBlocks first, FreeBlocks last)
    {
        long[] change = [.. Enumerable.Range(0, first.Counts.Count).Select(order => Math.Abs((last.Counts[order] - (long)first.Counts[order]) * first.BlockSize(order)))];
        long most = change.Max();
        if (most == 0)
        {
            return (0, -1);
        }
        return (Array.FindIndex(change, bytes => bytes >= most / 20.0), Array.FindLastIndex(change, bytes => bytes >= most / 20.0));
    }

    /// <summary>The line before every dump, without its numbers; empty if the lines differ.</summary>
    private static string Label(AreaSeries series)
    {
        string[] labels = [.. series.Dumps.Select(dump => new string([.. dump.Label.Where(c => !char.IsAsciiDigit(c))])).Distinct().Take(2)];
        return labels.Length == 1 ? string.Join(' ', labels[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)) : "";
    }

    /// <summary>The mean distance of two dumps.</summary>
    private static double Step(AreaSeries series, double[] places) => series.Count < 2 ? 1 : (places[^1] - places[0]) / (series.Count - 1);

    private static string Place(AreaSeries series, double place)
    {
        if (!series.IsTimed)
        {
            return $"dump {Math.Ceiling(place) + 1:0}";
        }
        double start = series.Places[0];
        return $"{FindingText.Span(place - start, true)} behind the first dump";
    }
}
