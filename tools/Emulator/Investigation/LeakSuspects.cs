using Carveout.Memory;

namespace Carveout.Emulator.Investigation;

/// <summary>An owner that takes and does not give back.</summary>
/// <param name="Owner">Its name.</param>
/// <param name="BytesPerLoop">How fast it grows: the median slope between all pairs of loops.</param>
/// <param name="NeverFreed">Bytes that are older than a loop, were taken after the movie began and still live.</param>
/// <param name="SinceLoop">The first loop of which something was never given back.</param>
/// <param name="LoopsKept">Of the loops that are long enough over, how many left something that still lives.</param>
/// <param name="LoopsJudged">How many loops are long enough over.</param>
/// <param name="BytesAtEnd">All that it has at the end.</param>
internal sealed record LeakSuspect(string Owner, double BytesPerLoop, long NeverFreed, int SinceLoop, int LoopsKept, int LoopsJudged,
    long BytesAtEnd);

/// <summary>Who leaks, by a criterion that can be checked: what an owner took, loop by loop, and never gave back.</summary>
/// <remarks>
/// <para>An owner is accused if and only if, from the first loop to the application's first refusal (after it nobody can grow):</para>
/// <para>1. its memory grows: the median slope over the loops (<see cref="RobustSlope"/>) is above 0;</para>
/// <para>2. it keeps on leaving something behind: of the loops that were over for at least a loop, three in four have left memory
/// that still lives;</para>
/// <para>3. that is no mere tail of what it churns: of what those loops had at their ends, at least a quarter still lives; at least half where
/// fewer than <see cref="FewLoops"/> loops can be judged.</para>
/// <para>So what was taken before the movie began is never held against anybody, however much it is; and a churn whose blocks live
/// for much less than a loop has nothing left of old loops. Where no loop can be judged, nobody is accused.</para>
/// </remarks>
internal static class LeakSuspects
{
    /// <summary>With fewer loops than this more has to be left of them.</summary>
    public const int FewLoops = 3;

    private const double LoopsShare = 0.75, KeptShare = 0.25, KeptShareOfFew = 0.5;

    /// <summary>The accused, the fastest growing first.</summary>
    /// <param name="recorder">A run that is over.</param>
    /// <param name="allocator">Its allocator.</param>
    public static IReadOnlyList<LeakSuspect> Of(RunRecorder recorder, PageAllocator allocator)
    {
        RunSample[] samples = [.. recorder.Samples.TakeWhile((sample, i) => i == 0 || sample.Refused == 0)];
        // A failure's sample belongs to the same loop as the request before it, and has frame buffers in it.
        if (samples.Length > 1 && samples[^1].Loop == samples[^2].Loop)
        {
            samples = samples[..^1];
        }
        int judged = samples.Length - 2;
        if (judged < 1)
        {
            return [];
        }
        ILookup<int, Cohort> cohorts = recorder.Cohorts().Where(cohort => cohort.Loop >= 1 && cohort.Loop <= judged).ToLookup(cohort => cohort.Owner);
        var suspects = new List<LeakSuspect>();
        foreach (IGrouping<int, Cohort> owner in cohorts)
        {
            double slope = RobustSlope.Of([.. samples.Select(sample => sample.OwnerBytes[owner.Key])]);
            Cohort[] kept = [.. owner.Where(cohort => cohort.Surviving > 0)];
            long left = kept.Sum(cohort => cohort.Surviving), atEnds = owner.Sum(cohort => cohort.AtItsEnd);
            double share = judged < FewLoops ? KeptShareOfFew : KeptShare;
            if (slope > 0 && kept.Length >= LoopsShare * judged && kept.Length > 0 && left >= share * atEnds)
            {
                suspects.Add(new LeakSuspect(allocator.OwnerName(owner.Key), slope, left, kept.Min(cohort => cohort.Loop), kept.Length, judged,
                    recorder.Samples[^1].OwnerBytes[owner.Key]));
            }
        }
        return [.. suspects.OrderByDescending(suspect => suspect.BytesPerLoop)];
    }
}
