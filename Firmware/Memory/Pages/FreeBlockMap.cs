namespace Carveout.Memory
{
    /// <summary>The buddy system as one bitmap: smallest sufficient order, lowest address, in a few find-first-set steps.</summary>
    /// <remarks>
    /// <para>Every block of every order has a bit (a node) that says "free and not part of a larger free block". The nodes of order k stand
    /// behind those of order k-1, so the first set bit at or after the request's order is the smallest sufficient block and, among equals,
    /// the lowest address. With P the number of pages rounded up to a power of two:</para>
    /// <code>
    ///   order 0        order 1    order 2         node of (page, k) = start[k] + (page >> k),  start[k] = 2P - (2P >> k)
    ///   0 1 2 3 4 5 6 7|8 9 10 11|12 13|          buddy = n ^ 1,  parent = (n >> 1) | P,  left child = (n &lt;&lt; 1) &amp; (2P - 1),
    ///                                             page = (n &lt;&lt; k) &amp; (2P - 1),  n = ((page ^ (2P - 1)) >> k) ^ (2P - 1)
    /// </code>
    /// <para>A summary word has a bit for every 64 nodes of which one is set; above 2048 pages the summary has a level of its own. The nodes
    /// themselves lie in words of 32, two for each bit of the summary: most of what is done to them needs one, and 32-bit processors are quick
    /// with it.</para>
    /// <para><c>code[page]</c> says what begins at a page: <see cref="Nothing"/>, or a block, by its order; a block whose tail was given back is a
    /// chain of smaller blocks: <see cref="Head"/> + order, then <see cref="Link"/> + order for each that follows. So a free needs the address
    /// alone, and a double, wild or interior free finds no block and changes nothing.</para>
    /// <para>Hot slots (Linux: per-cpu page lists) park the block freed last of each low order without touching map or code, which makes
    /// churn of one order cheap. Four rules keep hot slots harmless: only low orders park; an occupied slot keeps the lower page and lets the
    /// higher one go to the map; an allocation that finds nothing drains the slots and tries again, so that it fails if and only if no free
    /// block is large enough; after such a failure the slots stay closed for <see cref="Rest"/> frees of whole blocks, so that a full
    /// zone merges at once.</para>
    /// </remarks>
    internal sealed class FreeBlockMap : PageMap
    {
        /// <summary>Three levels of 64-bit words over two nodes a page.</summary>
        internal const int MaxBlockPages = 131072;

        /// <summary>Frees that go to the map before the slots open again after a failed allocation. Those of blocks whose tail was given back
        /// go past the slots anyhow and do not count.</summary>
        private const int Rest = 1024;

        private const int Nothing = 15, Head = 16, Link = 32, Codes = Link + MaxPageOrder + 1;

        /// <summary>Values of a slot that are not a page number. <see cref="NotPlain"/> stands at codes that do not begin an ordinary block, so
        /// that one look at the slot tells the common case from all others.</summary>
        private const int Empty = -1, Closed = -2, NotPlain = -3;

        private readonly uint[] _free;
        private readonly byte[] _code;
        private readonly int[] _start;
        private readonly int[] _hot;
        private readonly byte[] _table = TrailingZeros.Table;
        private readonly ulong[] _bits = SingleBits.Table;
        private readonly int _leaves;
        private readonly int _mask;
        private readonly int _top;

        /// <summary>By order, the first node behind its own.</summary>
        private readonly int[] _limit;

        /// <summary>By order, the summary's bits of what holds its nodes and those of larger ones. 0 where the order's first node
        /// shares a bit with smaller blocks, and in zones of three levels: <see cref="AllocElsewhere"/>.</summary>
        private readonly ulong[] _from;

        /// <summary>Bit w: <c>_free[2w]</c> or the word behind it is not 0. Null up to 64 such pairs, where <see cref="_summary"/> says it
        /// itself.</summary>
        private readonly ulong[]? _middle;
        private ulong _summary;

        private readonly int _hotOrders;
        private readonly bool _rests;
        private int _rest;

        /// <summary>All pages free.</summary>
        /// <param name="pages">1 to <see cref="MaxBlockPages"/>; any number, not only powers of two.</param>
        /// <param name="hotOrders">How many orders, from 0 up, have a hot slot: 0 to 11.</param>
        public FreeBlockMap(int pages, int hotOrders)
            : this(pages, hotOrders, MaxOrderIn(pages), true)
        {
            PutRange(0, pages);
        }

        private FreeBlockMap(int pages, int hotOrders, int maxOrder, bool rests)
            : base(pages, maxOrder)
        {
            Misuse.CheckRange(nameof(pages), pages, " pages", 1, MaxBlockPages);
            Misuse.CheckRange(nameof(hotOrders), hotOrders, " hot orders", 0, MaxPageOrder + 1);
            _leaves = 1 << OrderOf(pages);
            _start = new int[MaxPageOrder + 2];
            for (int order = 0; order <= MaxPageOrder + 1; order++)
            {
                _start[order] = 2 * _leaves - (2 * _leaves >> order);
            }
            _mask = 2 * _leaves - 1;
            _top = _start[maxOrder];
            int pairs = (_start[maxOrder + 1] + 63) >> 6;
            _free = new uint[2 * pairs];
            _from = new ulong[MaxPageOrder + 1];
            _limit = new int[MaxPageOrder + 1];
            for (int order = 0; order <= MaxPageOrder; order++)
            {
                _limit[order] = _start[order + 1];
                _from[order] = pairs > 64 || (_start[order] & 63) != 0 ? 0 : ulong.MaxValue << (_start[order] >> 6);
            }
            if (pairs > 64)
            {
                _middle = new ulong[(pairs + 63) >> 6];
            }
            _code = new byte[pages];
            for (int page = 0; page < pages; page++)
            {
                _code[page] = Nothing;
            }
            _hot = new int[Codes];
            for (int code = 0; code < Codes; code++)
            {
                _hot[code] = code <= MaxPageOrder ? Closed : NotPlain;
            }
            _rests = rests;
            _hotOrders = hotOrders <= maxOrder + 1 ? hotOrders : maxOrder + 1;
            OpenSlots();
        }

        /// <summary>A map that owns none of its pages yet: they come and go by <see cref="Put"/> and <see cref="Take"/>. If an allocation finds
        /// nothing here, the zone need not be full, so the slots never close.</summary>
        internal static FreeBlockMap CreateEmpty(int pages, int hotOrders, int maxOrder)
        {
            return new FreeBlockMap(pages, hotOrders, maxOrder, false);
        }

        /// <inheritdoc/>
        public override int MetadataSize
        {
            get
            {
                return 8 * (_from.Length + (_middle == null ? 1 : _middle.Length + 1)) + _code.Length
                    + 4 * (_free.Length + _start.Length + _limit.Length + _hot.Length);
            }
        }

        /// <inheritdoc/>
        public override int Alloc(int order, bool movable)
        {
            int node = _hot[order];
            if (node >= 0)
            {
                _hot[order] = Empty;
                return node;
            }

            ulong bit = _summary & _from[order];
            if (bit == 0)
            {
                return AllocElsewhere(order, movable);
            }
            ulong low = bit & (ulong)-(long)bit;
            uint[] free = _free;
            int w = _table[(int)((low * TrailingZeros.Multiplier) >> TrailingZeros.Shift)] << 1;
            uint word = free[w];
            if (word == 0)
            {
                word = free[++w];
            }
            uint one = word & (uint)-(int)word;
            free[w] = word ^ one;
            if (word == one && free[w ^ 1] == 0)
            {
                _summary ^= low;
            }
            node = (w << 5) + _table[(one * TrailingZeros.Multiplier32) >> TrailingZeros.Shift32] - 32;

            if (node >= _limit[order])
            {
                ulong[] bits = _bits;
                ulong summary = _summary;
                int limit = _limit[order], mask = _mask;
                do
                {
                    // Keeps the lower half; the upper one becomes free.
                    node = (node << 1) & mask;
                    w = node >> 5;
                    free[w] |= 2u << node;
                    summary |= bits[w >> 1];
                }
                while (node >= limit);
                _summary = summary;
            }
            node = (node << order) & _mask;
            _code[node] = (byte)order;
            return node;
        }

        /// <summary>The same if one look at the summary is not enough: the order's nodes begin inside a word, the zone has three
        /// levels, or nothing is free.</summary>
        private int AllocElsewhere(int order, bool movable)
        {
            uint[] free = _free;
            int first = _start[order], w = first >> 5;
            uint bit = free[w] & (uint.MaxValue << first);
            if (bit == 0 && (w & 1) == 0)
            {
                bit = free[++w];
            }
            if (bit == 0)
            {
                w = NextPair(w >> 1) << 1;
                if (w < 0)
                {
                    return Relieve() ? Alloc(order, movable) : -1;
                }
                w += free[w] == 0 ? 1 : 0;
                bit = free[w];
            }
            bit &= (uint)-(int)bit;
            int node = (w << 5) + _table[(bit * TrailingZeros.Multiplier32) >> TrailingZeros.Shift32] - 32;
            Unset(node);
            if (node >= _limit[order])
            {
                node = Split(node, _limit[order]);
            }
            int page = (node << order) & _mask;
            _code[page] = (byte)order;
            return page;
        }

        /// <summary>Halves a block until it is a node below <paramref name="limit"/>.</summary>
        private int Split(int node, int limit)
        {
            do
            {
                node = (node << 1) & _mask;
                Set(node + 1);
            }
            while (node >= limit);
            return node;
        }

        /// <inheritdoc/>
        public override int Free(int page)
        {
            int code = _code[page], parked = _hot[code];
            if (parked == Empty)
            {
                _hot[code] = page;
                return 1 << code;
            }
            if (parked == Closed)
            {
                if (_rest != 0 && --_rest == 0)
                {
                    OpenSlots();
                }
            }
            else if (parked == NotPlain)
            {
                return code >= Head && code < Link ? FreeChain(page) : 0;
            }
            else if (parked >= page)
            {
                if (parked == page)
                {
                    return 0;
                }
                _hot[code] = page;
                page = parked;
            }
            _code[page] = Nothing;

            if (_middle != null)
            {
                Put(page, code);
                return 1 << code;
            }
            int node = ((page ^ _mask) >> code) ^ _mask, w = node >> 5;
            uint word = _free[w], buddy = word & (3u << (node & 30));
            // A block of the largest order, from _top on, has no buddy to merge with.
            if (buddy != 0 && node < _top)
            {
                uint[] free = _free;
                ulong summary = _summary;
                int top = _top, leaves = _leaves;
                do
                {
                    free[w] = word ^ buddy;
                    if (word == buddy && free[w ^ 1] == 0)
                    {
                        summary ^= _bits[w >> 1];
                    }
                    node = (node >> 1) | leaves;
                    w = node >> 5;
                    word = free[w];
                    buddy = word & (3u << (node & 30));
                }
                while (buddy != 0 && node < top);
                _summary = summary;
            }
            _free[w] = word | 1u << node;
            if (word == 0)
            {
                _summary |= _bits[w >> 1];
            }
            return 1 << code;
        }

        /// <inheritdoc/>
        internal override int AllocSingles(int most, bool movable, out int page)
        {
            int parked = _hot[0], count = base.AllocSingles(most, movable, out page), order = 0;
            // One by one they would take what the block left behind its first page when it was halved.
            while (parked < 0 && count == 1 << order && count < most && order < TopOrder && (page & count) == 0 && IsFree(page + count, order))
            {
                Take(page + count, order++);
                count <<= 1;
            }
            int end = page + (count < most ? count : most);
            byte[] codes = _code;
            for (int p = page + 1; p < end; p++)
            {
                codes[p] = 0;
            }
            PutRange(end, page + count);
            return end - page;
        }

        /// <inheritdoc/>
        internal override int CountSingles(int page, int count)
        {
            byte[] codes = _code;
            int p = page, end = page + count, parked = _hot[0];
            while (p < end && codes[p] == 0 && p != parked)
            {
                p++;
            }
            return p - page;
        }

        /// <inheritdoc/>
        internal override int FreeSingles(int page, int count)
        {
            // A slot that is closed counts each of them.
            if (_rest != 0)
            {
                return base.FreeSingles(page, count);
            }
            // The first goes to the slot, or the lower one that it holds stays there, so the others are no business of the slot's.
            int freed = Free(page), p = page + 1, end = page + count;
            byte[] codes = _code;
            while (freed != 0 && p < end && codes[p] == 0)
            {
                codes[p++] = Nothing;
            }
            PutRange(page + 1, p);
            return freed + p - page - 1 + base.FreeSingles(p, end - p);
        }

        /// <inheritdoc/>
        public override int AllocRun(int pages, int alignment)
        {
            return AllocAndTrim(pages, alignment, false);
        }

        /// <inheritdoc/>
        public override void Trim(int page, int pages)
        {
            int end = page + BlockLength(page), keep = page + pages;
            for (int p = page; p < end;)
            {
                int order = OrderAt(p);
                _code[p] = Nothing;
                p += 1 << order;
            }
            Chain(page, keep);
            PutRange(keep, end);
        }

        /// <inheritdoc/>
        /// <remarks>Looks at every free block that is large enough, smaller and lower ones first.</remarks>
        public override int AllocRunAt(int pages, int origin, int alignment, int boundary, int end)
        {
            Drain();
            for (int order = OrderOf(pages); order <= TopOrder; order++)
            {
                for (int node = _start[order]; node < _limit[order]; node++)
                {
                    uint word = _free[node >> 5] >> node;
                    if (word == 0)
                    {
                        node |= 31;
                        continue;
                    }
                    int block = (node - _start[order]) << order, behind = block + (1 << order);
                    int page = (word & 1) == 0 ? -1 : FirstPlace(block, pages, origin, alignment, boundary);
                    if (page >= 0 && page + pages <= behind && page + pages <= end)
                    {
                        Take(block, order);
                        PutRange(block, page);
                        Chain(page, page + pages);
                        PutRange(page + pages, behind);
                        return page;
                    }
                }
            }
            return -1;
        }

        /// <summary>Marks pages as one taken block: one block of the buddies' or, where that cannot be, the fewest in a row.</summary>
        private void Chain(int page, int end)
        {
            int flag = 1 << PieceAt(page, end) == end - page ? 0 : Head;
            while (page < end)
            {
                int order = PieceAt(page, end);
                _code[page] = (byte)(flag + order);
                flag = Link;
                page += 1 << order;
            }
        }

        private int FreeChain(int page)
        {
            int p = page;
            do
            {
                int order = OrderAt(p);
                _code[p] = Nothing;
                Put(p, order);
                p += 1 << order;
            }
            while (p < PageCount && _code[p] >= Link);
            return p - page;
        }

        /// <inheritdoc/>
        public override int BlockLength(int page)
        {
            int code = _code[page];
            if (code == Nothing || code >= Link || _hot[code] == page)
            {
                return 0;
            }
            int p = page + (1 << OrderAt(page));
            while (code >= Head && p < PageCount && _code[p] >= Link)
            {
                p += 1 << OrderAt(p);
            }
            return p - page;
        }

        /// <inheritdoc/>
        public override int ExtentAt(int page)
        {
            int taken = BlockLength(page);
            if (taken != 0)
            {
                return -taken;
            }
            for (int order = 0; order <= TopOrder && (page & ((1 << order) - 1)) == 0; order++)
            {
                if (IsFree(page, order))
                {
                    return 1 << order;
                }
            }
            return 0;
        }

        /// <inheritdoc/>
        public override bool TakeAt(int page, int pages)
        {
            if (ExtentAt(page) != pages)
            {
                return false;
            }
            int order = OrderOf(pages);
            Take(page, order);
            _code[page] = (byte)order;
            return true;
        }

        /// <inheritdoc/>
        public override int BlockAt(int page)
        {
            for (int first = page; first >= 0; first--)
            {
                int length = BlockLength(first);
                if (length != 0)
                {
                    return page - first < length ? first : -1;
                }
            }
            return -1;
        }

        /// <inheritdoc/>
        public override int BlockFor(int pages)
        {
            return 1 << OrderOf(pages);
        }

        /// <inheritdoc/>
        public override int LargestFree()
        {
            for (int order = TopOrder; order >= 0; order--)
            {
                if (_hot[order] >= 0 || CountNodes(order) != 0)
                {
                    return 1 << order;
                }
            }
            return 0;
        }

        /// <inheritdoc/>
        public override void CountFree(int[] counts)
        {
            for (int order = 0; order <= TopOrder; order++)
            {
                counts[order] += CountNodes(order) + (_hot[order] >= 0 ? 1 : 0);
            }
        }

        /// <inheritdoc/>
        public override bool Drain()
        {
            bool any = false;
            for (int order = 0; order < _hotOrders; order++)
            {
                int page = _hot[order];
                if (page >= 0)
                {
                    _hot[order] = Empty;
                    _code[page] = Nothing;
                    Put(page, order);
                    any = true;
                }
            }
            return any;
        }

        /// <summary>Frees the block of <paramref name="order"/> at <paramref name="page"/>, whose code is <see cref="Nothing"/> already, past the
        /// slots.</summary>
        internal void Put(int page, int order)
        {
            int node = _start[order] + (page >> order);
            while (node < _top && ((_free[node >> 5] >> (node ^ 1)) & 1) != 0)
            {
                Unset(node ^ 1);
                node = (node >> 1) | _leaves;
            }
            Set(node);
        }

        /// <summary>Whether the whole block is free and on the map by itself.</summary>
        internal bool IsFree(int page, int order)
        {
            int node = _start[order] + (page >> order);
            return ((_free[node >> 5] >> node) & 1) != 0;
        }

        /// <summary>Takes a block that <see cref="IsFree"/> off the map without giving it to anybody.</summary>
        internal void Take(int page, int order)
        {
            Unset(_start[order] + (page >> order));
        }

        private void PutRange(int page, int end)
        {
            // As PieceAt says, but from one piece to the next: they grow, and then they shrink.
            int order = 0, top = TopOrder;
            while (page < end)
            {
                while (order < top && (page & (1 << order)) == 0 && page + (2 << order) <= end)
                {
                    order++;
                }
                while (page + (1 << order) > end)
                {
                    order--;
                }
                Put(page, order);
                page += 1 << order;
            }
        }

        private void Set(int node)
        {
            uint[] free = _free;
            int w = node >> 5;
            uint word = free[w];
            free[w] = word | 1u << node;
            if (word == 0)
            {
                Mark(w >> 1);
            }
        }

        private void Unset(int node)
        {
            int w = node >> 5;
            if ((_free[w] ^= 1u << node) == 0 && _free[w ^ 1] == 0)
            {
                Clear(w >> 1);
            }
        }

        private void Mark(int w)
        {
            if (_middle == null)
            {
                _summary |= 1UL << w;
                return;
            }
            _middle[w >> 6] |= 1UL << w;
            _summary |= 1UL << (w >> 6);
        }

        private void Clear(int w)
        {
            if (_middle == null)
            {
                _summary ^= 1UL << w;
            }
            else if ((_middle[w >> 6] ^= 1UL << w) == 0)
            {
                _summary ^= 1UL << (w >> 6);
            }
        }

        /// <summary>The first pair of words behind pair <paramref name="w"/> that is not 0, or -1.</summary>
        private int NextPair(int w)
        {
            if (_middle == null)
            {
                // Where the summary was no help, the order's nodes begin inside the last word, or nothing is free.
                return -1;
            }
            byte[] table = _table;
            int m = w >> 6;
            ulong bit = _middle[m] & (~1UL << w);
            if (bit == 0)
            {
                bit = _summary & (~1UL << m);
                if (bit == 0)
                {
                    return -1;
                }
                m = table[(int)(((bit & (ulong)-(long)bit) * TrailingZeros.Multiplier) >> TrailingZeros.Shift)];
                bit = _middle[m];
            }
            return (m << 6) + table[(int)(((bit & (ulong)-(long)bit) * TrailingZeros.Multiplier) >> TrailingZeros.Shift)];
        }

        private int CountNodes(int order)
        {
            int first = _start[order], last = _start[order + 1] - 1, count = 0;
            for (int w = first >> 5; w <= last >> 5 && w < _free.Length; w++)
            {
                uint word = _free[w];
                if (w == first >> 5)
                {
                    word &= uint.MaxValue << first;
                }
                if (w == last >> 5)
                {
                    word &= uint.MaxValue >> (31 - (last & 31));
                }
                for (; word != 0; word &= word - 1)
                {
                    count++;
                }
            }
            return count;
        }

        private int OrderAt(int page)
        {
            return _code[page] & (Head - 1);
        }

        /// <summary>An allocation found nothing: the slots give up what they hold and stay closed for a while.</summary>
        /// <returns>Whether it is worth trying again.</returns>
        private bool Relieve()
        {
            bool any = Drain();
            if (!_rests || _hotOrders == 0)
            {
                return any;
            }
            for (int order = 0; order < _hotOrders; order++)
            {
                _hot[order] = Closed;
            }
            _rest = Rest;
            return any;
        }

        private void OpenSlots()
        {
            for (int order = 0; order < _hotOrders; order++)
            {
                _hot[order] = Empty;
            }
        }
    }
}
