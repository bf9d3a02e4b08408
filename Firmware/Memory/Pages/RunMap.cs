namespace Carveout.Memory
{
    /// <summary>Runs of exactly as many pages as were asked for: good fit in constant time, no rounding to powers of two.</summary>
    /// <remarks>
    /// <para>Boundary tags (D. E. Knuth, The Art of Computer Programming, vol. 1, 2.5, algorithm C) and one bin for each length, all outside
    /// the memory:</para>
    /// <code>
    ///   pages   | used 3      | free 4            | used 1 |
    ///   tag     | -3   0   0  |  4   0   0   4    |  -1    |      the interior is 0, always
    /// </code>
    /// <para>A free run carries its length at both ends, so a free finds both neighbours in two loads and merges without a loop. A taken
    /// block carries -length at its first page, which gives the length back and refuses a wrong free.</para>
    /// <para>Lengths 1 to 63 have a bin each (best fit is one find-first-set over <c>_small</c>), longer ones share bins (<c>_large</c>), eight
    /// to a doubling as in S. Aaltonen's OffsetAllocator. A short request that no small bin serves, and a long one that the first
    /// <see cref="Candidates"/> runs of its own bin do not, takes the first run of the next bin that has any, which need not be the shortest
    /// there. A bin's anchor is a pseudo page behind the last one in the same <c>next</c> array, and page 0 is a dummy, so linking and unlinking
    /// need no test for head or tail: <c>prev[0]</c> is a cell that is only ever written. Pages are numbered from 1 inside, and the tags of page
    /// 0 and of the page behind the last stay 0, which stops every merge at the zone's ends.</para>
    /// <para>Linking and unlinking are written out in AllocRun and Free, since a call costs the interpreter as much as what it would do.</para>
    /// <para>Long runs, those of <see cref="PageMap.LongFrom"/> pages and more, come from the high end of a free run, others from its low end. So
    /// frames, which come and go, and what is small and stays do not lie between each other: a movie needs 1.01 times the memory that it uses,
    /// and without that 1.04 times and more. With an alignment, and beside movable memory, all come from the low end. A map that is told how
    /// large a frame is also takes, of the first <see cref="Alike"/> runs of the length that fits, the lowest: what is small gathers at the low
    /// end, and what is free between its blocks is less.</para>
    /// <para>Cost: no loop below 64 pages and without an alignment, until the map is told of frames. From 64 pages on <see cref="Candidates"/>
    /// runs of the request's bin are looked at, and all of them before a refusal; an alignment adds the runs of n to n + alignment - 2
    /// pages.</para>
    /// </remarks>
    internal sealed class RunMap : PageMap
    {
        /// <summary>Links and anchors are 16-bit numbers.</summary>
        internal const int MaxRunPages = 32000;

        private const int Bins = 64;

        /// <summary>For runs that are aligned as they are counted in the zone: a multiple of every alignment, and not 0.</summary>
        private const int NoOrigin = 1 << 30;

        /// <summary>How many runs are compared, to find the lowest, or the shortest of a large bin: there may be thousands.</summary>
        private const int Candidates = 6;

        /// <summary>How many runs of one length are compared, to find the lowest, once the map is told of frames. Every further look makes each
        /// allocation dearer, and movies do not need less memory for it.</summary>
        private const int Alike = 4;

        /// <summary>Large bins begin at multiples of 16 pages.</summary>
        private const int BinShift = 4;

        private readonly short[] _tag;
        private readonly short[] _next;
        private readonly short[] _previous;
        private readonly byte[] _table = TrailingZeros.Table;

        /// <summary>The anchor of the bin of length 0, a multiple of 64: so 1 &lt;&lt; anchor is the bin's bit.</summary>
        private readonly int _anchor;

        /// <summary>Bit b: the small bin b, or the large bin b, is not empty.</summary>
        private ulong _small, _large;

        /// <summary>By length / 16, the large bin: eight to a doubling, as an eighth is what best fit may be off by. Null where no run is that
        /// long.</summary>
        private readonly byte[]? _largeBins;

        /// <summary>All pages free, in one run.</summary>
        /// <param name="pages">1 to <see cref="MaxRunPages"/>.</param>
        public RunMap(int pages)
            : base(pages, MaxOrderIn(pages))
        {
            Misuse.CheckRange(nameof(pages), pages, " pages", 1, MaxRunPages);
            _anchor = (pages + 2 + Bins - 1) & ~(Bins - 1);
            if (pages >= Bins)
            {
                _largeBins = new byte[(pages >> BinShift) + 1];
                int bin = 0, mask = 0;
                for (int i = (Bins >> BinShift) + 1; i < _largeBins.Length; i++)
                {
                    if ((i & (i - 1)) == 0)
                    {
                        mask = (i >> 3) - 1;
                    }
                    if ((i & mask) == 0 && bin < Bins - 1)
                    {
                        bin++;
                    }
                    _largeBins[i] = (byte)bin;
                }
            }
            _tag = new short[pages + 2];
            _previous = new short[pages + 2];
            // Of a small zone the last bins can never have a run.
            _next = new short[_anchor + BinOf(pages) + 1];
            Link(1, pages);
        }

        /// <inheritdoc/>
        public override int MetadataSize
        {
            get { return 2 * (_tag.Length + _next.Length + _previous.Length) + (_largeBins == null ? 0 : _largeBins.Length); }
        }

        /// <inheritdoc/>
        public override int Alloc(int order, bool movable)
        {
            return AllocRun(1 << order, 1 << order);
        }

        /// <inheritdoc/>
        public override int AllocRun(int pages, int alignment)
        {
            if (alignment > 1)
            {
                return AllocRunAt(pages, NoOrigin, alignment, 0, PageCount);
            }
            short[] next = _next, tag = _tag;
            int anchor = _anchor, run;
            ulong bins = pages < Bins ? _small & (ulong.MaxValue << pages) : 0;
            if (bins != 0)
            {
                run = next[anchor + _table[(int)(((bins & (ulong)-(long)bins) * TrailingZeros.Multiplier) >> TrailingZeros.Shift)]];
                if (ExpectsFrames)
                {
                    for (int other = next[run], left = Alike; other != 0 && --left != 0; other = next[other])
                    {
                        if (other < run)
                        {
                            run = other;
                        }
                    }
                }
            }
            else
            {
                run = FindLong(pages);
                if (run == 0)
                {
                    return -1;
                }
            }

            short[] previous = _previous;
            int after = next[run], before = previous[run], length = tag[run];
            next[before] = (short)after;
            previous[after] = (short)before;
            if (after == 0 && before >= anchor)
            {
                if (before < anchor + Bins)
                {
                    _small ^= 1UL << before;
                }
                else
                {
                    _large ^= 1UL << before;
                }
            }
            tag[run + length - 1] = 0;
            length -= pages;
            if (length != 0)
            {
                // The rest needs no merge: its neighbours are taken, or the free run would have been longer.
                int rest = run + pages;
                if (pages >= LongFrom)
                {
                    rest = run;
                    run += length;
                }
                tag[rest] = (short)length;
                tag[rest + length - 1] = (short)length;
                int bin;
                if (length < Bins)
                {
                    bin = anchor + length;
                    after = next[bin];
                    if (after == 0)
                    {
                        _small |= 1UL << length;
                    }
                }
                else
                {
                    bin = anchor + Bins + _largeBins![length >> BinShift];
                    after = next[bin];
                    _large |= 1UL << bin;
                }
                next[bin] = (short)rest;
                next[rest] = (short)after;
                previous[rest] = (short)bin;
                previous[after] = (short)rest;
            }
            tag[run] = (short)-pages;
            return run - 1;
        }

        /// <inheritdoc/>
        internal override int AllocSingles(int most, bool movable, out int page)
        {
            // One by one they would come from the low end of the shortest run, and then of what is left of it.
            int shortest = _small == 0 ? Bins - 1
                : _table[(int)(((_small & (ulong)-(long)_small) * TrailingZeros.Multiplier) >> TrailingZeros.Shift)];
            int count = most < shortest ? most : shortest;
            count = count < LongFrom ? count : LongFrom - 1;
            page = AllocRun(count, 1);
            for (int run = page + 1, end = run + count; page >= 0 && run < end; run++)
            {
                _tag[run] = -1;
            }
            return page < 0 ? 0 : count;
        }

        /// <inheritdoc/>
        internal override int FreeSingles(int page, int count)
        {
            short[] tag = _tag;
            int run = page + 1, end = run + 1;
            while (tag[run] == -1 && end < run + count && tag[end] == -1)
            {
                tag[end++] = 0;
            }
            if (end != run + 1)
            {
                // One block of all of them is merged once.
                tag[run] = (short)(run - end);
            }
            return Free(page) + base.FreeSingles(end - 1, run + count - end);
        }

        /// <inheritdoc/>
        /// <remarks>
        /// <para>A block that cannot move comes from the low end if it fits there about as well: of <see cref="Candidates"/> free runs that are at
        /// most half as long again as the shortest that fits, the one with the lowest address. What can be moved goes where it fits best, as does
        /// what wants an alignment or finds no small bin.</para>
        /// <para>With half of the blocks movable, 1 to 64 pages, 90 % live: 14 refusals of 10,000 instead of 22, 22 pages copied for each success
        /// instead of 23, and hardly more of them in all; at 80 % the smallest zone without a refusal is 1.20 times what is live instead of
        /// 1.22. True opposite ends, by address alone, refuse 7 but copy half as much again and want the free runs in the order of their
        /// addresses; pageblocks refuse 15 and copy a third more. The kernel has pageblocks (mm/page_alloc.c), and a zone of its own
        /// for movable pages at the high end (kernelcore=).</para>
        /// </remarks>
        public override int AllocRunGrouped(int pages, int alignment, bool movable)
        {
            return movable || alignment > 1 ? AllocRun(pages, alignment) : AllocLow(pages);
        }

        /// <inheritdoc/>
        public override int Free(int page)
        {
            short[] tag = _tag;
            int run = page + 1, length = -tag[run];
            if (length <= 0)
            {
                return 0;
            }
            short[] next = _next, previous = _previous;
            int anchor = _anchor, freed = length, end = run + length, after, before;
            length = tag[end];
            if (length > 0)
            {
                after = next[end];
                before = previous[end];
                next[before] = (short)after;
                previous[after] = (short)before;
                if (after == 0 && before >= anchor)
                {
                    if (before < anchor + Bins)
                    {
                        _small ^= 1UL << before;
                    }
                    else
                    {
                        _large ^= 1UL << before;
                    }
                }
                tag[end] = 0;
                end += length;
            }
            length = tag[run - 1];
            if (length > 0)
            {
                tag[run - 1] = 0;
                tag[run] = 0;
                run -= length;
                after = next[run];
                before = previous[run];
                next[before] = (short)after;
                previous[after] = (short)before;
                if (after == 0 && before >= anchor)
                {
                    if (before < anchor + Bins)
                    {
                        _small ^= 1UL << before;
                    }
                    else
                    {
                        _large ^= 1UL << before;
                    }
                }
            }
            length = end - run;
            tag[run] = (short)length;
            tag[end - 1] = (short)length;
            int bin;
            if (length < Bins)
            {
                bin = anchor + length;
                after = next[bin];
                if (after == 0)
                {
                    _small |= 1UL << length;
                }
            }
            else
            {
                bin = anchor + Bins + _largeBins![length >> BinShift];
                after = next[bin];
                _large |= 1UL << bin;
            }
            next[bin] = (short)run;
            next[run] = (short)after;
            previous[run] = (short)bin;
            previous[after] = (short)run;
            return freed;
        }

        /// <inheritdoc/>
        public override void Trim(int page, int pages)
        {
            short[] tag = _tag;
            int run = page + 1, length = -tag[run];
            if (pages != length)
            {
                tag[run] = (short)-pages;
                tag[run + pages] = (short)(pages - length);
                Free(page + pages);
            }
        }

        /// <inheritdoc/>
        public override int BlockLength(int page)
        {
            int length = -_tag[page + 1];
            return length > 0 ? length : 0;
        }

        /// <inheritdoc/>
        public override int ExtentAt(int page)
        {
            return _tag[page + 1];
        }

        /// <inheritdoc/>
        public override bool TakeAt(int page, int pages)
        {
            bool fits = pages <= _tag[page + 1];
            if (fits)
            {
                Carve(page + 1, page + 1, pages);
            }
            return fits;
        }

        /// <inheritdoc/>
        public override void Join(int page)
        {
            short[] tag = _tag;
            int run = page + 1, behind = run - tag[run];
            tag[run] = (short)(tag[run] + tag[behind]);
            tag[behind] = 0;
        }

        /// <inheritdoc/>
        public override bool FitsExactly { get { return true; } }

        /// <inheritdoc/>
        public override int BlockAt(int page)
        {
            // From both sides: back, page by page, to where the piece begins, and forward, piece by piece, from the zone's start. A long piece
            // leaves room for few others.
            short[] tag = _tag;
            int back = page + 1, from = 1;
            while (tag[back] == 0)
            {
                int length = tag[from];
                from += length < 0 ? -length : length;
                if (from > page + 1)
                {
                    return length < 0 ? from + length - 1 : -1;
                }
                back--;
            }
            return tag[back] < 0 ? back - 1 : -1;
        }

        /// <inheritdoc/>
        public override int BlockFor(int pages)
        {
            return pages;
        }

        /// <inheritdoc/>
        public override int LargestFree()
        {
            short[] next = _next;
            int longest = 0;
            for (int bin = next.Length - 1; bin >= _anchor && longest == 0; bin--)
            {
                for (int run = next[bin]; run != 0; run = next[run])
                {
                    int length = _tag[run];
                    longest = length > longest ? length : longest;
                }
            }
            return longest;
        }

        /// <inheritdoc/>
        public override void CountFree(int[] counts)
        {
            for (int page = 1; page <= PageCount;)
            {
                int tag = _tag[page];
                if (tag < 0)
                {
                    page -= tag;
                    continue;
                }
                for (int end = page + tag; page < end;)
                {
                    int order = PieceAt(page - 1, end - 1);
                    counts[order]++;
                    page += 1 << order;
                }
            }
        }

        /// <inheritdoc/>
        /// <remarks>A run is merged when it is freed: there is never anything to drain.</remarks>
        public override bool Drain()
        {
            return false;
        }

        /// <inheritdoc/>
        /// <remarks>Looks at the free runs from the request's own bin on, and takes the shortest that has a place.</remarks>
        public override int AllocRunAt(int pages, int origin, int alignment, int boundary, int end)
        {
            short[] next = _next, tag = _tag;
            int best = int.MaxValue, run = 0, place = 0, bin = BinOf(pages);
            ulong bins = bin < Bins ? _small & (ulong.MaxValue << bin) : 0;
            for (int half = 0; half < 2 && run == 0; half++)
            {
                int anchor = _anchor + Bins * half;
                for (; bins != 0 && run == 0; bins &= bins - 1)
                {
                    int q = next[anchor + _table[(int)(((bins & (ulong)-(long)bins) * TrailingZeros.Multiplier) >> TrailingZeros.Shift)]];
                    // In a small bin all have the same length.
                    for (; q != 0 && (run == 0 || half != 0); q = next[q])
                    {
                        int length = tag[q], number = origin + q - 1, first = q - 1 + (-number & (alignment - 1));
                        if (length >= best || first + pages >= q + length)
                        {
                            continue;
                        }
                        if (boundary != 0 || number == 0)
                        {
                            first = FirstPlace(q - 1, pages, origin, alignment, boundary);
                        }
                        if (first >= 0 && first + pages < q + length && first + pages <= end)
                        {
                            best = length;
                            run = q;
                            place = first;
                        }
                    }
                }
                bins = _large & (bin < Bins ? ulong.MaxValue : ulong.MaxValue << bin);
            }
            return run == 0 ? -1 : Carve(run, place + 1, pages);
        }

        /// <summary>Takes pages out of a free run, and leaves what lies on both sides.</summary>
        private int Carve(int run, int first, int pages)
        {
            short[] tag = _tag;
            int end = run + tag[run], after = _next[run], before = _previous[run];
            _next[before] = (short)after;
            _previous[after] = (short)before;
            if (after == 0 && before >= _anchor)
            {
                if (before < _anchor + Bins)
                {
                    _small ^= 1UL << before;
                }
                else
                {
                    _large ^= 1UL << before;
                }
            }
            tag[run] = 0;
            tag[end - 1] = 0;
            if (first > run)
            {
                Link(run, first - run);
            }
            if (first + pages < end)
            {
                Link(first + pages, end - first - pages);
            }
            tag[first] = (short)-pages;
            return first - 1;
        }

        /// <summary>Takes pages from the lowest of a few runs of about the same length.</summary>
        private int AllocLow(int pages)
        {
            short[] next = _next;
            int lowest = int.MaxValue, longest = int.MaxValue, left = Candidates, anchor = _anchor;
            for (ulong bins = pages < Bins ? _small & (ulong.MaxValue << pages) : 0; bins != 0 && left > 0; bins &= bins - 1)
            {
                int length = _table[(int)(((bins & (ulong)-(long)bins) * TrailingZeros.Multiplier) >> TrailingZeros.Shift)];
                if (length > longest)
                {
                    break;
                }
                if (lowest == int.MaxValue)
                {
                    longest = length + (length >> 1);
                }
                for (int run = next[anchor + length]; run != 0 && left > 0; run = next[run])
                {
                    if (run < lowest)
                    {
                        lowest = run;
                    }
                    left--;
                }
            }
            return lowest == int.MaxValue ? AllocRun(pages, 1) : Carve(lowest, lowest, pages);
        }

        /// <summary>A run for a request of <see cref="Bins"/> pages and more, or one that no small bin serves; 0 where there is none.</summary>
        private int FindLong(int pages)
        {
            ulong bins = _large;
            int run = 0;
            if (pages >= Bins)
            {
                short[] next = _next, tag = _tag;
                int own = _anchor + BinOf(pages), best = int.MaxValue;
                bins &= ~1UL << own;
                int left = Candidates;
                // On to the first that will do where no other bin can serve: nothing is refused while there is a place.
                for (int q = next[own]; q != 0 && (left > 0 || (run == 0 && bins == 0)); q = next[q])
                {
                    int length = tag[q];
                    if (length >= pages && length < best)
                    {
                        best = length;
                        run = q;
                    }
                    left--;
                }
            }
            return run != 0 || bins == 0 ? run
                : _next[_anchor + Bins + _table[(int)(((bins & (ulong)-(long)bins) * TrailingZeros.Multiplier) >> TrailingZeros.Shift)]];
        }

        /// <summary>The bin of a length, counted from the anchor.</summary>
        private int BinOf(int length)
        {
            return length < Bins ? length : Bins + _largeBins![length >> BinShift];
        }

        private void Link(int run, int length)
        {
            int bin = _anchor + BinOf(length);
            int after = _next[bin];
            if (length < Bins)
            {
                _small |= 1UL << length;
            }
            else
            {
                _large |= 1UL << bin;
            }
            _tag[run] = (short)length;
            _tag[run + length - 1] = (short)length;
            _next[bin] = (short)run;
            _next[run] = (short)after;
            _previous[run] = (short)bin;
            _previous[after] = (short)run;
        }
    }
}
