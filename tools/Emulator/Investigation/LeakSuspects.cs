namespace Carveout.Emulator.Investigation;

/// <summary>An owner that takes and does not give back.</summary>
/// <param name="Owner">Its number.</param>
/// <param name="BytesPerLoop">How fast it grows: the median slope between all pairs of loops, of what it never gave back.</param>
/// <param name="NeverFreed">Bytes that it took in the judged time and that still live.</param>
/// <param name="SinceLoop">The loop, from 1, of the first of them.</param>
/// <param name="SpansKept">Of the spans of the judged time, in how many it took something that still lives.</param>
/// <param name="Spans">How many spans were judged.</param>
internal sealed record LeakSuspect(int Owner, double BytesPerLoop, long NeverFreed, int SinceLoop, int SpansKept, int Spans);

/// <summary>Who leaks, by a criterion that can be checked: which blocks an owner took and never gave back, and when it took them.</summary>
/// <remarks>
/// <para>The judged time ends one life before the end: so long that all but one in a hundred of the owner's blocks that were given back had been
/// by then. What is younger may still come back. It begins at the start, or, as start-up is held against nobody, at a later place up to half of
/// the time. Kept blocks are those that were taken in it and still live. An owner is accused if and only if, from one of these beginnings on,</para>
/// <para>1. it kept enough blocks (<see cref="FewestKept"/>), in three spans in four;</para>
/// <para>2. its growth is steady: neither half of the time has so few of them that chance does not explain it;</para>
/// <para>3. it still grows: the time from the last of them to the end of the judged time is no longer than the longest pause between two of
/// them. The same holds for the last few together, and where the life is measured by all but five in a hundred;</para>
/// <para>4. it gives nothing back for it: in the later half, what it has of blocks that live long grows by half of what it kept at least.</para>
/// <para>So who has finished starting up is not accused, however much it has, nor a cache that is full, nor a load that comes and goes. Growth
/// that ended less than a life before the end cannot be told from one that goes on. docs/trace-format.md has how often this is right.</para>
/// </remarks>
internal static class LeakSuspects
{
    /// <summary>Spans into which the judged time is put at most.</summary>
    public const int MostSpans = 8;

    /// <summary>Kept blocks below which nothing can be said; and where the judged time begins after a long start-up.</summary>
    public const int FewestKept = 6, FewestKeptLate = 20;

    /// <summary>Beginnings of the judged time, as shares of it, and the last of them that is early.</summary>
    private static readonly double[] s_beginnings = [0, 1 / 32.0, 1 / 8.0, 1 / 4.0, 3 / 8.0, 1 / 2.0];
    private const double LastEarly = 1 / 4.0;

    private const int FewestSpans = 3;
    private const double SpansShare = 0.75, StartUp = 1 / 8.0, LeastOfGrowth = 0.5;

    /// <summary>Blocks of which one may live for longer than the others, as it gets ready to be given back: in a hundred.</summary>
    private const int LongLife = 99, ShorterLife = 95;

    /// <summary>Blocks at the end of the judged time that may be no leak, but ones that happen to live for long.</summary>
    private const int FewStragglers = 3, MostStragglers = 50;

    private const int Looks = 60;

    /// <summary>The accused, the fastest growing first.</summary>
    /// <param name="blocks">Everybody's, in the order in which they were taken.</param>
    /// <param name="end">When the time ends in which growth is possible.</param>
    /// <param name="loops">When each loop began.</param>
    public static IReadOnlyList<LeakSuspect> Of(IEnumerable<BlockLife> blocks, double end, IReadOnlyList<double> loops)
    {
        var suspects = new List<LeakSuspect>();
        foreach (IGrouping<int, BlockLife> owner in blocks.GroupBy(block => block.Owner))
        {
            BlockLife[] own = [.. owner];
            if (own.Count(block => block.IsKept) >= FewestKept && Judge(own, end, loops) is { } suspect)
            {
                suspects.Add(suspect);
            }
        }
        return [.. suspects.OrderByDescending(suspect => suspect.BytesPerLoop)];
    }

    private static LeakSuspect? Judge(BlockLife[] own, double end, IReadOnlyList<double> loops)
    {
        double[] lives = [.. own.Where(block => !block.IsKept && block.Taken > end * StartUp).Select(block => block.Length).Order()];
        double life = Life(LongLife), judgedEnd = end - life;
        if (judgedEnd < end / 2)
        {
            return null;
        }
        BlockLife[] kept = [.. own.Where(block => block.IsKept && block.Taken > 0 && block.Taken <= end)];
        foreach (double share in s_beginnings)
        {
            double begin = share * judgedEnd;
            bool isEarly = share <= LastEarly;
            BlockLife[] judged = [.. kept.Where(block => block.Taken >= begin && block.Taken <= judgedEnd)];
            int spans = (int)Math.Min(Math.Clamp(judged.Length / 3, MostSpans / 2, MostSpans), judgedEnd - begin);
            int spansKept = judged.Select(block => (int)Math.Min(spans - 1, (block.Taken - begin) / (judgedEnd - begin) * spans)).Distinct().Count();
            if (judged.Length >= (isEarly ? FewestKept : FewestKeptLate) && spans >= FewestSpans && spansKept >= SpansShare * spans
                && IsSteady(judged, (begin + judgedEnd) / 2, isEarly)
                && GoesOn(kept, begin, judgedEnd, end) && GoesOn(kept, begin, end - Life(ShorterLife), end)
                && Grows(own, (begin + judgedEnd) / 2, judgedEnd, life))
            {
                return new LeakSuspect(own[0].Owner, RobustSlope.Of(KeptBy(loops.Where(loop => loop >= begin && loop <= judgedEnd), judged)),
                    judged.Sum(block => block.Bytes), Math.Max(1, loops.Count(loop => loop <= judged[0].Taken)), spansKept, spans);
            }
        }
        return null;

        double Life(int percent) => lives.Length == 0 ? 0 : lives[Math.Min(lives.Length - 1, lives.Length * percent / 100)];
    }

    /// <summary>What was kept when each loop began.</summary>
    private static List<long> KeptBy(IEnumerable<double> loops, BlockLife[] judged)
    {
        var kept = new List<long>();
        long bytes = 0;
        int next = 0;
        foreach (double loop in loops)
        {
            for (; next < judged.Length && judged[next].Taken < loop; next++)
            {
                bytes += judged[next].Bytes;
            }
            kept.Add(bytes);
        }
        return kept;
    }

    /// <summary>Whether each half has about as many blocks as the other. Of n that come by chance, a half has n/2 with a deviation of √n/2.</summary>
    private static bool IsSteady(BlockLife[] judged, double middle, bool isEarly)
    {
        int newer = judged.Count(block => block.Taken > middle), older = judged.Length - newer;
        double half = judged.Length / 2.0, unlikely = half - (1.3 * Math.Sqrt(judged.Length));
        // Behind a long start-up a growth that dies away looks steadier than it is.
        double least = isEarly ? Math.Min(judged.Length / 3.0, unlikely) : half - (0.65 * Math.Sqrt(judged.Length));
        return newer >= least && (3 * older >= newer || older >= unlikely);
    }

    /// <summary>Whether the pause at the end is one like those before.</summary>
    private static bool GoesOn(BlockLife[] kept, double begin, double judgedEnd, double end)
    {
        double[] taken = [.. kept.Select(block => block.Taken).Where(at => at >= begin && at <= judgedEnd)];
        double[] pauses = [.. taken.Skip(1).Zip(taken, (next, at) => next - at)];
        double mean = pauses.Length == 0 ? 0 : pauses.Average();
        if (mean <= 0)
        {
            return false;
        }
        // Of pauses that come by chance the last is the longest once in n; less often so where it has to be longer by ten of n.
        double variation = pauses.Sum(pause => (pause - mean) * (pause - mean)) / (pauses.Length * mean * mean);
        double factor = 1 + (10 * Math.Min(1, variation) / taken.Length);
        int young = kept.Count(block => block.Taken > judgedEnd && block.Taken <= end);
        int stragglers = Math.Min(Math.Clamp(young * (100 - ShorterLife) / 100, FewStragglers, MostStragglers), taken.Length / 8);
        for (int i = 0; i <= stragglers; i++)
        {
            double longest = 0;
            for (int j = 0; j + i + 1 < taken.Length - i; j++)
            {
                longest = Math.Max(longest, taken[j + i + 1] - taken[j]);
            }
            if (judgedEnd - taken[^(i + 1)] > factor * longest)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether what it has of blocks that live long grows by as much as it keeps, half of it at least.</summary>
    private static bool Grows(BlockLife[] own, double from, double judgedEnd, double life)
    {
        // What is younger than two lives has not had the time to live long and be given back.
        double to = Math.Max(judgedEnd - life, (from + judgedEnd) / 2), step = (to - from) / Looks;
        long[] has = new long[Looks + 1];
        long kept = 0;
        foreach (BlockLife block in own.Where(block => block.Length > 2 * life))
        {
            Add(block.Taken, block.Bytes);
            Add(block.Freed, -block.Bytes);
            kept += block.IsKept && block.Taken > from && block.Taken <= to ? block.Bytes : 0;
        }
        for (int look = 1; look <= Looks; look++)
        {
            has[look] += has[look - 1];
        }
        return RobustSlope.Of(has) * Looks >= LeastOfGrowth * kept;

        void Add(double at, long bytes)
        {
            double look = Math.Max(0, Math.Ceiling((at - from) / step));
            if (look <= Looks)
            {
                has[(int)look] += bytes;
            }
        }
    }
}
