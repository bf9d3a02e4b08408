namespace Carveout.Emulator.Investigation;

/// <summary>Who leaks, and of whom the run is too short to tell.</summary>
/// <param name="Accused">The owners whose growth is seen to go on at the end, the fastest growing first.</param>
/// <param name="Undecided">The owners that may leak: they grow, and the run shows neither that their growth goes on nor that it has ended. The
/// fastest growing first.</param>
internal sealed record LeakFindings(IReadOnlyList<LeakSuspect> Accused, IReadOnlyList<LeakSuspect> Undecided);

/// <summary>An owner that allocates and does not free.</summary>
/// <param name="Owner">Its number.</param>
/// <param name="BytesPerLoop">How fast it grows: the median slope, between all pairs of loops, of the bytes that it never freed.</param>
/// <param name="NeverFreed">Bytes that it allocated in the judged time and never freed.</param>
/// <param name="SinceLoop">The loop, from 1, of the first of these blocks.</param>
/// <param name="SpansKept">In how many spans of the judged time it allocated a block that it never freed.</param>
/// <param name="Spans">How many spans the judged time has.</param>
internal sealed record LeakSuspect(int Owner, double BytesPerLoop, long NeverFreed, int SinceLoop, int SpansKept, int Spans);

/// <summary>Finds the owners that leak, by a criterion that can be checked: which blocks an owner never freed, and when it allocated
/// them.</summary>
/// <remarks>
/// <para>The judged time ends one life before the end of the run. A life is the time within which 99 of 100 of the owner's freed blocks
/// were freed; younger blocks may still be freed. The judged time begins at the start of the run or, so that start-up does not count
/// against anybody, at one of several later places up to half of the time. Kept blocks are those that were allocated in the judged time and
/// never freed. An owner may leak if and only if the following is true for one of these beginnings:</para>
/// <para>1. It has enough kept blocks (<see cref="FewestKept"/>), in three of five spans.</para>
/// <para>2. Its growth is steady: neither half of the judged time has so few kept blocks that chance does not explain it.</para>
/// <para>3. Nothing shows that growth has ended: the time from its last kept block to the end of the judged time is no longer than the longest
/// pause between two of them, or than chance explains; the same is true for its last few kept blocks together, and if a life is measured with
/// 95 of 100 freed blocks; and the blocks of the last life do not say so either.</para>
/// <para>4. It does not free other blocks instead: in the later half, the bytes in its long-lived blocks grow by at least half of the bytes
/// that it kept.</para>
/// <para>It is accused if and only if more is true for one of them:</para>
/// <para>5. It has kept blocks in three of four spans, and they come as evenly as those of a leak, not ever more slowly like those of a cache
/// that fills.</para>
/// <para>6. Growth is seen in the last twentieth of the run: the blocks of that time say so, or the kept blocks come so regularly that none was
/// due.</para>
/// <para>So the criterion accuses neither an owner whose start-up takes up to 95 % of the run, however much it has, nor a cache that is full or
/// almost, nor a load that comes and goes. What it cannot tell from these, it calls undecided. docs/trace-format.md says how often the criterion
/// is right.</para>
/// </remarks>
internal static class LeakSuspects
{
    /// <summary>The most spans of the judged time.</summary>
    public const int MostSpans = 8;

    /// <summary>With fewer kept blocks nothing can be said; the second number is for judged times that begin after a long
    /// start-up.</summary>
    public const int FewestKept = 6, FewestKeptLate = 20;

    /// <summary>Where the judged time may begin, as shares of it. Up to the last early one, start-up counts as short.</summary>
    private static readonly double[] s_beginnings = [0, 1 / 32.0, 1 / 8.0, 1 / 4.0, 3 / 8.0, 1 / 2.0];
    private const double LastEarly = 1 / 4.0;

    private const int FewestSpans = 3;
    private const double SpansShare = 0.75, UndecidedSpansShare = 0.6, StartUp = 1 / 8.0, LeastOfGrowth = 0.5;

    /// <summary>Where growth has to be seen, as a share of the run, since start-ups of up to 95 % of a run accuse nobody.</summary>
    private const double Late = 0.95;

    /// <summary>Natural logarithms of odds: an accusation needs 12 to 1, or 1000 to 1 against a cache that was filled before the judged time
    /// began, and no pause at the end that chance makes once in 200 times. Growth has ended at 8000 to 1, or with a pause of once in 160,000
    /// times, which is more because such odds rest on an even load.</summary>
    private const double Sure = 2.5, SureOfLate = 7, OddPause = 5.3, Ended = 9, LongPause = 12;

    /// <summary>After so many of its time constants a cache has 95 % of its entries.</summary>
    private const double CacheFills = 3;

    /// <summary>How far the mean time of the kept blocks may lie before the middle, in standard deviations.</summary>
    private const double MostSlowing = 3;

    /// <summary>Pauses are regular if their standard deviation is a smaller share of their mean.</summary>
    private const double Regular = 0.4;

    /// <summary>The share of the run that has to be judged. If blocks live so long that less remains, nobody knows which of them will be
    /// freed.</summary>
    private const double LeastJudged = 0.75;

    /// <summary>How many of 100 freed blocks a life covers, since a few may live longer than the others before they are freed.</summary>
    private const int LongLife = 99, ShorterLife = 95;

    /// <summary>How many blocks at the end of the judged time may be no leak, but happen to live long.</summary>
    private const int FewStragglers = 3, MostStragglers = 50;

    private const int Looks = 60, Neighbours = 10;

    /// <summary>Judges every owner.</summary>
    /// <param name="blocks">The blocks of all owners, in the order of their allocation.</param>
    /// <param name="end">The end of the time in which growth is possible.</param>
    /// <param name="loops">When each loop began.</param>
    public static LeakFindings Of(IEnumerable<BlockLife> blocks, double end, IReadOnlyList<double> loops)
    {
        var accused = new List<LeakSuspect>();
        var undecided = new List<LeakSuspect>();
        foreach (IGrouping<int, BlockLife> owner in blocks.GroupBy(block => block.Owner))
        {
            BlockLife[] own = [.. owner];
            if (own.Count(block => block.IsKept) >= FewestKept && Judge(own, end, loops) is { } found)
            {
                (found.IsSure ? accused : undecided).Add(found.Suspect);
            }
        }
        return new LeakFindings(Sorted(accused), Sorted(undecided));

        static LeakSuspect[] Sorted(List<LeakSuspect> suspects) => [.. suspects.OrderByDescending(suspect => suspect.BytesPerLoop)];
    }

    private static (LeakSuspect Suspect, bool IsSure)? Judge(BlockLife[] own, double end, IReadOnlyList<double> loops)
    {
        double[] lives = [.. own.Where(block => !block.IsKept && block.Taken > end * StartUp).Select(block => block.Length).Order()];
        double life = Life(LongLife), judgedEnd = end - life;
        if (judgedEnd < LeastJudged * end)
        {
            return null;
        }
        BlockLife[] kept = [.. own.Where(block => block.IsKept && block.Taken > 0 && block.Taken <= end)];
        LeakSuspect? undecided = null;
        foreach (double share in s_beginnings)
        {
            double begin = share * judgedEnd, length = judgedEnd - begin;
            bool isEarly = share <= LastEarly, frees = lives.Length > 0;
            BlockLife[] judged = [.. kept.Where(block => block.Taken >= begin && block.Taken <= judgedEnd)];
            int spans = (int)Math.Min(Math.Clamp(judged.Length / 3, MostSpans / 2, MostSpans), length);
            int spansKept = judged.Select(block => (int)Math.Min(spans - 1, (block.Taken - begin) / length * spans)).Distinct().Count();
            if (judged.Length >= (isEarly ? FewestKept : FewestKeptLate) && spans >= FewestSpans && spansKept >= UndecidedSpansShare * spans
                && IsSteady(judged, (begin + judgedEnd) / 2, isEarly)
                && HasNoPauseOf(LongPause)
                && Grows(own, (begin + judgedEnd) / 2, judgedEnd, life)
                && !HasEnded(own, judgedEnd, end, judged.Length / length))
            {
                var suspect = new LeakSuspect(own[0].Owner,
                    RobustSlope.Of(KeptBy(loops.Where(loop => loop >= begin && loop <= judgedEnd), judged)),
                    judged.Sum(block => block.Bytes), Math.Max(1, loops.Count(loop => loop <= judged[0].Taken)), spansKept, spans);
                if (spansKept >= SpansShare * spans && HasNoPauseOf(OddPause) && IsNoCache(judged, begin, length, share)
                    && (IsSeenLate(own, begin, judgedEnd, end) || (!frees && NoneIsDue([.. kept.Where(block => block.Taken >= begin)], end))))
                {
                    return (suspect, true);
                }
                undecided ??= suspect;
            }

            bool HasNoPauseOf(double odds) =>
                GoesOn(kept, begin, judgedEnd, end, frees, odds) && GoesOn(kept, begin, end - Life(ShorterLife), end, frees, odds);
        }
        return undecided is null ? null : (undecided, false);

        double Life(int percent) => lives.Length == 0 ? 0 : lives[Math.Min(lives.Length - 1, lives.Length * percent / 100)];
    }

    /// <summary>How many bytes had been kept when each loop began.</summary>
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

    /// <summary>Whether both halves have about as many blocks. If n blocks come at random, a half has n/2, with a deviation of
    /// √n/2.</summary>
    private static bool IsSteady(BlockLife[] judged, double middle, bool isEarly)
    {
        int newer = judged.Count(block => block.Taken > middle), older = judged.Length - newer;
        double half = judged.Length / 2.0, unlikely = half - (1.3 * Math.Sqrt(judged.Length));
        // After a long start-up, growth that slows down looks steadier than it is.
        double least = isEarly ? Math.Min(judged.Length / 3.0, unlikely) : half - (0.3 * Math.Sqrt(judged.Length));
        return newer >= least && (3 * older >= newer || older >= unlikely);
    }

    /// <summary>Whether the pause at the end is like the earlier ones.</summary>
    /// <param name="kept">The blocks that the owner never freed.</param>
    /// <param name="begin">The beginning of the judged time.</param>
    /// <param name="judgedEnd">Its end.</param>
    /// <param name="end">The end of the time in which growth is possible.</param>
    /// <param name="frees">Whether the owner frees blocks, so that the last kept ones may be stragglers.</param>
    /// <param name="odds">The logarithm of how rarely chance makes a pause that is not like them.</param>
    private static bool GoesOn(BlockLife[] kept, double begin, double judgedEnd, double end, bool frees, double odds)
    {
        double[] taken = [.. kept.Select(block => block.Taken).Where(at => at >= begin && at <= judgedEnd)];
        double[] pauses = [.. taken.Skip(1).Zip(taken, (next, at) => next - at)];
        double mean = pauses.Length == 0 ? 0 : pauses.Average();
        if (mean <= 0)
        {
            return false;
        }
        // Of n random pauses the last is the longest with a chance of 1/n, and with a smaller one if it has to be longer by a factor of 1 +
        // 10/n.
        double variation = pauses.Sum(pause => (pause - mean) * (pause - mean)) / (pauses.Length * mean * mean);
        double factor = 1 + (10 * Math.Min(1, variation) / taken.Length), spread = Math.Sqrt(Math.Min(1, variation));
        int young = kept.Count(block => block.Taken > judgedEnd && block.Taken <= end);
        int stragglers = frees ? Math.Min(Math.Clamp(young * (100 - ShorterLife) / 100, FewStragglers, MostStragglers), taken.Length / 8) : 0;
        for (int i = 0; i <= stragglers; i++)
        {
            double longest = 0;
            for (int j = 0; j + i + 1 < taken.Length - i; j++)
            {
                longest = Math.Max(longest, taken[j + i + 1] - taken[j]);
            }
            // One random pause of e^odds is longer than odds times their mean. For a sum of i + 1 pauses the limit is this.
            double chance = i + 1 + (spread * (odds - 1 + (Math.Sqrt(2 * odds) * (Math.Sqrt(i + 1) - 1))));
            if (judgedEnd - taken[^(i + 1)] > Math.Max(factor * longest, chance * mean))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether the blocks of the last life say that growth ended in it: of the blocks that were allocated then, more have been freed
    /// than if some of them were growth.</summary>
    private static bool HasEnded(BlockLife[] own, double judgedEnd, double end, double rate)
    {
        double[] lives = Lives(own, judgedEnd);
        BlockLife[] young = [.. own.Where(block => block.Taken > judgedEnd && block.Taken <= end)];
        double likelier = 0;
        for (int i = young.Length - 1; i >= 0 && lives.Length > 0 && likelier <= Ended; i--)
        {
            // The load may change, so the blocks just before and behind this one tell which share of them would be growth.
            int low = Math.Max(0, i - Neighbours), high = Math.Min(young.Length - 1, i + Neighbours);
            double each = high - low < Neighbours ? (end - judgedEnd) / young.Length : (young[high].Taken - young[low].Taken) / (high - low);
            likelier -= Growth(young[i], Math.Min(0.75, rate * each), lives, end);
        }
        return likelier > Ended;
    }

    /// <summary>Whether the blocks of the last twentieth say that growth goes on in it. Blocks of one size come from few places in a program, so
    /// each size is compared with itself.</summary>
    private static bool IsSeenLate(BlockLife[] own, double begin, double judgedEnd, double end)
    {
        double from = Late * end, until = Math.Min(judgedEnd, from);
        double[] lives = Lives(own, judgedEnd);
        double likelier = 0;
        foreach (IGrouping<long, BlockLife> size in own.Where(block => block.Taken >= from && block.Taken <= end).GroupBy(block => block.Bytes))
        {
            double rate = own.Count(block => block.IsKept && block.Bytes == size.Key && block.Taken >= begin && block.Taken <= until) / (until - begin);
            double growth = Math.Min(0.9, rate * (end - from) / size.Count());
            likelier += size.Sum(block => Growth(block, growth, lives, end));
        }
        return likelier >= Sure;
    }

    /// <summary>How much likelier a block's fate makes it that some blocks are growth, as the logarithm of the odds.</summary>
    /// <param name="block">The block.</param>
    /// <param name="growth">The share of growth among the blocks that were allocated about then.</param>
    /// <param name="lives">How long the owner's other blocks lived, in order.</param>
    /// <param name="end">Now.</param>
    private static double Growth(BlockLife block, double growth, double[] lives, double end)
    {
        if (block.Freed <= end)
        {
            return Math.Log(1 - growth);
        }
        // The next larger age, so that of equal lives none counts as longer.
        int place = Array.BinarySearch(lives, Math.BitIncrement(end - block.Taken));
        int longer = lives.Length - (place < 0 ? ~place : place);
        // What an owner keeps that never freed anything is surely growth.
        double survives = lives.Length == 0 ? 1e-9 : (longer + 1.0) / (lives.Length + 1.0);
        return Math.Log((growth + ((1 - growth) * survives)) / survives);
    }

    private static double[] Lives(BlockLife[] own, double judgedEnd) =>
        [.. own.Where(block => !block.IsKept && block.Taken <= judgedEnd).Select(block => block.Length).Order()];

    /// <summary>Whether the kept blocks come so regularly that the next one is not due yet.</summary>
    private static bool NoneIsDue(BlockLife[] kept, double end)
    {
        double[] pauses = [.. kept.Skip(1).Zip(kept, (next, block) => next.Taken - block.Taken)];
        double mean = pauses.Average();
        return end - kept[^1].Taken <= mean && pauses.Sum(pause => (pause - mean) * (pause - mean)) / pauses.Length < Regular * Regular * mean * mean;
    }

    /// <summary>Whether the kept blocks are likelier to come at a constant rate than at that of a cache that has 95 % of its entries at the end, and
    /// whether they do not slow down more than chance explains.</summary>
    private static bool IsNoCache(BlockLife[] judged, double begin, double length, double share)
    {
        double mean = judged.Average(block => (block.Taken - begin) / length), fills = CacheFills * (1 - share);
        double likelier = judged.Length * (Math.Log((1 - Math.Exp(-fills)) / fills) + (fills * mean));
        // Of times that are even in [0, 1] the mean has a deviation of 1/√(12 n).
        return likelier >= (share < LastEarly ? Sure : SureOfLate) && (0.5 - mean) * Math.Sqrt(12 * judged.Length) <= MostSlowing;
    }

    /// <summary>Whether the bytes in its long-lived blocks grow by at least half of the bytes that it keeps.</summary>
    private static bool Grows(BlockLife[] own, double from, double judgedEnd, double life)
    {
        if (own.All(block => block.IsKept || block.Length <= 2 * life))
        {
            return true;
        }
        // A block that is younger than two lives has not had the time to live long and be freed.
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
