namespace Carveout.Emulator.Investigation;

/// <summary>An owner that takes and does not give back.</summary>
/// <param name="Owner">Its number.</param>
/// <param name="BytesPerLoop">How fast it grows: the median slope between all pairs of loops.</param>
/// <param name="NeverFreed">Bytes that it took in the judged loops and that still live.</param>
/// <param name="SinceLoop">The first loop of which something was never given back.</param>
/// <param name="SpansKept">Of the spans of loops that were judged, how many left something that still lives.</param>
/// <param name="Spans">How many spans were judged.</param>
internal sealed record LeakSuspect(int Owner, double BytesPerLoop, long NeverFreed, int SinceLoop, int SpansKept, int Spans);

/// <summary>Who leaks, by a criterion that can be checked: what an owner took, loop by loop, and never gave back.</summary>
/// <remarks>
/// <para>Judged are the loops that were over for at least one loop more, in at most <see cref="MostSpans"/> spans of equal length, so that
/// a leak of less than a page a loop shows as well. An owner is accused if and only if</para>
/// <para>1. its memory grows: the median slope over the loops (<see cref="RobustSlope"/>) is above 0;</para>
/// <para>2. it goes on leaving something behind: three spans in four have memory in them that still lives;</para>
/// <para>3. what is left does not melt with age: the older half of the spans has left at least half as much as the newer half. With fewer
/// than four spans instead: at least half of what those loops had at their ends still lives;</para>
/// <para>4. it explains the growth: what is left is at least half of what the slope makes of the judged loops. Or else the owner merely
/// has more and more of what comes and goes.</para>
/// <para>So what was taken before the movie began is never held against anybody, however much it is, and a churn whose blocks live for
/// less than a loop has nothing left of old ones. Blocks that live for several loops look like a leak until the run is several times
/// as long as they live. Where no loop can be judged, nobody is accused.</para>
/// </remarks>
internal static class LeakSuspects
{
    /// <summary>Spans into which the judged loops are put.</summary>
    public const int MostSpans = 8;

    private const int FewSpans = 4;
    private const double SpansShare = 0.75, LeastOfNewer = 0.5, LeastOfEnds = 0.5, LeastOfGrowth = 0.5;

    /// <summary>The accused, the fastest growing first.</summary>
    /// <param name="ownerBytes">By loop from 1: what each owner had when it began, before the movie took anything.</param>
    /// <param name="cohorts">What became of the allocations of each loop.</param>
    public static IReadOnlyList<LeakSuspect> Of(IReadOnlyList<IReadOnlyList<long>> ownerBytes, IEnumerable<Cohort> cohorts)
    {
        int loops = ownerBytes.Count - 2;
        if (loops < 1)
        {
            return [];
        }
        int spanLoops = (loops + MostSpans - 1) / MostSpans, spans = loops / spanLoops;
        // What does not fill a span is left out: the oldest loops, since the newest tell churn from leak.
        int first = loops - (spans * spanLoops) + 1;
        var suspects = new List<LeakSuspect>();
        IEnumerable<Cohort> judged = cohorts.Where(cohort => cohort.Loop >= first && cohort.Loop <= loops);
        foreach (IGrouping<int, Cohort> owner in judged.GroupBy(cohort => cohort.Owner))
        {
            long[] left = new long[spans];
            foreach (Cohort cohort in owner)
            {
                left[(cohort.Loop - first) / spanLoops] += cohort.Surviving;
            }
            int kept = left.Count(bytes => bytes > 0);
            double slope = RobustSlope.Of([.. ownerBytes.Select(bytes => bytes[owner.Key])]);
            if (slope > 0 && kept >= SpansShare * spans && Stays(left, owner.Sum(cohort => cohort.AtItsEnd))
                && left.Sum() >= LeastOfGrowth * slope * spans * spanLoops)
            {
                suspects.Add(new LeakSuspect(owner.Key, slope, left.Sum(), owner.Where(cohort => cohort.Surviving > 0).Min(cohort => cohort.Loop),
                    kept, spans));
            }
        }
        return [.. suspects.OrderByDescending(suspect => suspect.BytesPerLoop)];
    }

    private static bool Stays(long[] left, long atEnds)
    {
        int half = left.Length / 2;
        return left.Length < FewSpans
            ? left.Sum() >= LeastOfEnds * atEnds
            : left.Take(half).Sum() >= LeastOfNewer * left.Skip(left.Length - half).Sum();
    }
}
