using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Knows which pages of a zone are free, which are taken, and which belong to one block.</summary>
    /// <remarks>Pages are counted from 0 inside the zone. All metadata lie outside the memory they describe. A map trusts its zone: page numbers are
    /// in range, orders are at most <see cref="MaxOrder"/>; but the map itself checks whether a page may be freed. Not synchronized: <see
    /// cref="PageAllocator"/> holds its lock around every call.</remarks>
    public abstract class PageMap
    {
        /// <summary>The kernel's MAX_ORDER: the largest block is 2^10 pages, 4 MB of 4 KB pages.</summary>
        public const int MaxPageOrder = 10;

        /// <summary>Orders with a hot slot in a map that is made without saying how many: 0 to 3.</summary>
        public const int DefaultHotOrders = 4;

        // Fields beside the properties: a property costs the interpreter four times as much.
        internal readonly int PageCount, TopOrder;

        /// <summary>As <see cref="LongRunPages"/>.</summary>
        internal int LongFrom = int.MaxValue;

        /// <summary>Whether <see cref="LongFrom"/> was set: a comparison would cost each allocation an instruction more.</summary>
        internal bool ExpectsFrames;

        /// <summary>The name of the zone that has it; null where none has it yet.</summary>
        internal string? Taker;

        /// <summary>A map of <paramref name="pages"/> pages, with the largest order that fits.</summary>
        /// <param name="pages">How many, 1 or more.</param>
        /// <param name="maxOrder">The largest order of its blocks, at most what <see cref="MaxOrderIn"/> says.</param>
        protected PageMap(int pages, int maxOrder)
        {
            PageCount = pages;
            TopOrder = maxOrder;
        }

        /// <summary>A map of a kind, with all pages free and <see cref="DefaultHotOrders"/>.</summary>
        /// <param name="pages">How many it accounts for: 1 to <see cref="MaxPages"/>.</param>
        /// <returns>A map that no zone has yet.</returns>
        public static PageMap Create(PageMapKind kind, int pages)
        {
            return Create(kind, pages, DefaultHotOrders);
        }

        /// <summary>A map of a kind, with all pages free.</summary>
        /// <param name="pages">How many it accounts for: 1 to <see cref="MaxPages"/>.</param>
        /// <param name="hotOrders">Orders, from 0 up, that keep one block that was freed last at hand: 0 to 11. A map of runs has none, and
        /// does not look at it.</param>
        /// <returns>A map that no zone has yet.</returns>
        public static PageMap Create(PageMapKind kind, int pages, int hotOrders)
        {
            switch (kind)
            {
                case PageMapKind.Runs: return new RunMap(pages);
                case PageMapKind.GroupedFreeBlocks: return new GroupedBlockMap(pages, hotOrders);
                default: return new FreeBlockMap(pages, hotOrders);
            }
        }

        /// <summary>The most pages that one map of a kind accounts for.</summary>
        /// <returns>Pages.</returns>
        public static int MaxPages(PageMapKind kind)
        {
            return kind == PageMapKind.Runs ? RunMap.MaxRunPages : FreeBlockMap.MaxBlockPages;
        }

        /// <summary>Pages of the zone.</summary>
        public int Pages { get { return PageCount; } }

        /// <summary>Pages from which on a run is long, as a frame is, for maps that keep long and short runs apart; see
        /// <see cref="PageAllocator.ExpectFrames"/>.</summary>
        protected int LongRunPages { get { return LongFrom; } }

        /// <summary>The largest order that the zone can ever hold, at most <see cref="MaxPageOrder"/>.</summary>
        public int MaxOrder { get { return TopOrder; } }

        /// <summary>Bytes of metadata for the zone: array data, without the runtime's headers.</summary>
        public abstract int MetadataSize { get; }

        /// <summary>Takes 2^order pages, aligned to their own size.</summary>
        /// <param name="order">0 to <see cref="MaxOrder"/>.</param>
        /// <param name="movable">Whether the contents can be moved; a hint.</param>
        /// <returns>The first page, or -1 when no block is large enough.</returns>
        public abstract int Alloc(int order, bool movable);

        /// <summary>Takes exactly <paramref name="pages"/> pages in a row.</summary>
        /// <param name="pages">1 to <see cref="Pages"/>.</param>
        /// <param name="alignment">A power of two: the first page is a multiple of it, counted from the zone's start.</param>
        /// <returns>The first page, or -1 when there is no such place for this map.</returns>
        public abstract int AllocRun(int pages, int alignment);

        /// <summary><see cref="AllocRun"/> in a zone that has movable memory: a map that groups runs by mobility keeps what stays for ever away
        /// from what can be moved.</summary>
        /// <param name="pages">1 to <see cref="Pages"/>.</param>
        /// <param name="alignment">As for <see cref="AllocRun"/>.</param>
        /// <param name="movable">Whether the contents can be moved; a hint.</param>
        /// <returns>As for <see cref="AllocRun"/>.</returns>
        public virtual int AllocRunGrouped(int pages, int alignment, bool movable)
        {
            return AllocRun(pages, alignment);
        }

        /// <summary>Takes exactly <paramref name="pages"/> pages in a row where pages have other numbers than the zone's: on a bus, or
        /// where the zone does not begin on a multiple of the alignment.</summary>
        /// <remarks>Considers every place that the map could give: any free pages in a map of runs, pages inside one free block in a buddy's. A map
        /// that does not override this takes what <see cref="AllocRun"/> gives, once as it comes and once aligned so that it crosses no boundary, and
        /// gives it back where it does not fit.</remarks>
        /// <param name="pages">1 to <see cref="Pages"/>.</param>
        /// <param name="origin">The other number of the zone's page 0, 0 or more. The page whose other number is 0 is not given: it has the
        /// address that means failure.</param>
        /// <param name="alignment">A power of two that the other number of the first page is a multiple of.</param>
        /// <param name="boundary">A power of two, at least the alignment, that the run crosses no multiple of; 0: none.</param>
        /// <param name="end">The zone's first page, counted from 0, that the run must not reach.</param>
        /// <returns>The first page, counted in the zone, or -1 when there is no such place for this map.</returns>
        public virtual int AllocRunAt(int pages, int origin, int alignment, int boundary, int end)
        {
            for (int attempt = 0; attempt < 2; attempt++)
            {
                int page = AllocRun(pages, attempt == 0 ? 1 : boundary == 0 || alignment >= pages ? alignment : 1 << OrderOf(pages));
                if (page >= 0 && page + pages <= end && FirstPlace(page, pages, origin, alignment, boundary) == page)
                {
                    return page;
                }
                if (page >= 0)
                {
                    Free(page);
                }
            }
            return -1;
        }

        /// <summary>Gives a whole block back.</summary>
        /// <param name="page">0 to <see cref="Pages"/> - 1.</param>
        /// <returns>How many pages were freed; 0, and nothing changed, unless a taken block begins at the page.</returns>
        public abstract int Free(int page);

        /// <summary>Takes single pages that lie in a row: those that as many calls of <see cref="Alloc"/> with order 0 would give.</summary>
        /// <param name="most">How many at most, 1 or more.</param>
        /// <returns>How many, 1 or more if a page is free; else 0.</returns>
        internal virtual int AllocSingles(int most, bool movable, out int page)
        {
            page = Alloc(0, movable);
            return page < 0 ? 0 : 1;
        }

        /// <summary>How many of the pages from one on are taken blocks of one page, up to the first that is not.</summary>
        /// <param name="count">How many are looked at, 1 or more.</param>
        /// <returns>0 to <paramref name="count"/>.</returns>
        internal virtual int CountSingles(int page, int count)
        {
            int singles = 0;
            while (singles < count && BlockLength(page + singles) == 1)
            {
                singles++;
            }
            return singles;
        }

        /// <summary>Gives single pages that lie in a row back: what as many calls of <see cref="Free"/> would do.</summary>
        /// <returns>How many were freed: those that are taken blocks.</returns>
        internal virtual int FreeSingles(int page, int count)
        {
            int freed = 0;
            while (--count >= 0)
            {
                freed += Free(page++);
            }
            return freed;
        }

        /// <summary>Keeps the first <paramref name="pages"/> pages of the block at <paramref name="page"/> and gives the rest back.</summary>
        /// <param name="page">The first page of a taken block.</param>
        /// <param name="pages">1 to the block's length.</param>
        public abstract void Trim(int page, int pages);

        /// <summary>The first page of the taken block that <paramref name="page"/> lies in, or -1 where it is free. Slow: for reports.</summary>
        /// <param name="page">0 to <see cref="Pages"/> - 1.</param>
        /// <returns>A page's number, or -1.</returns>
        public abstract int BlockAt(int page);

        /// <summary>Pages of the taken block that begins at <paramref name="page"/>; 0 where none does.</summary>
        /// <param name="page">0 to <see cref="Pages"/> - 1.</param>
        /// <returns>Pages, or 0.</returns>
        public abstract int BlockLength(int page);

        /// <summary>Pages that must lie free in a row before <see cref="AllocRun"/> can take <paramref name="pages"/> of them: a buddy
        /// takes a whole block first.</summary>
        /// <param name="pages">1 or more.</param>
        /// <returns>Pages, at least as many.</returns>
        public abstract int BlockFor(int pages);

        /// <summary>Pages of the largest block that is free; what was kept aside counts block by block, so that after a
        /// <see cref="Drain"/> it is the largest that one call could take, and before it may be less.</summary>
        /// <returns>Pages; 0 where none is free.</returns>
        public abstract int LargestFree();

        /// <summary>Adds the free blocks of each order to <paramref name="counts"/>, as /proc/buddyinfo counts them.</summary>
        /// <param name="counts">Not null: at least <see cref="MaxPageOrder"/> + 1 numbers. Runs count as the aligned blocks they consist of.</param>
        public abstract void CountFree(int[] counts);

        /// <summary>The order of the pageblocks by which the map groups by mobility; -1 where it does not.</summary>
        public virtual int PageblockOrder { get { return -1; } }

        /// <summary>Pageblocks that are kept for small unmovable blocks now; 0 where the map does not group.</summary>
        public virtual int UnmovablePageblocks { get { return 0; } }

        /// <summary>Adds those free blocks that lie in pageblocks kept for small unmovable ones: none where the map does not group.</summary>
        /// <param name="counts">Not null: at least <see cref="MaxPageOrder"/> + 1 numbers.</param>
        public virtual void CountFreeUnmovable(int[] counts)
        {
        }

        /// <summary>What begins at <paramref name="page"/>, for those who walk from page 0 to the end: pages of a free piece, or, negative, of
        /// a taken block.</summary>
        /// <remarks>Exact after a <see cref="Drain"/>.</remarks>
        /// <param name="page">Where a piece begins.</param>
        /// <returns>Pages of what begins there: above 0 free, below 0 taken.</returns>
        public abstract int ExtentAt(int page);

        /// <summary>Takes pages at a place of the caller's choice.</summary>
        /// <param name="page">Where a free piece begins, as <see cref="ExtentAt"/> says.</param>
        /// <param name="pages">The whole piece or, where the map <see cref="FitsExactly"/>, its first pages.</param>
        /// <returns>False, and nothing changed, where there is no such piece.</returns>
        public abstract bool TakeAt(int page, int pages);

        /// <summary>Makes a taken block and the taken one behind it one block. Only where the map <see cref="FitsExactly"/>.</summary>
        /// <param name="page">Where the first of them begins.</param>
        /// <exception cref="InvalidOperationException">The map does not fit exactly.</exception>
        public virtual void Join(int page)
        {
            throw new InvalidOperationException("expected a map that FitsExactly");
        }

        /// <summary>Whether a run may begin at any page and have any length.</summary>
        public virtual bool FitsExactly { get { return false; } }

        /// <summary>Merges whatever was kept aside for speed. False where there was nothing.</summary>
        /// <returns>True where something was merged, so that what failed may be tried again.</returns>
        public abstract bool Drain();

        /// <summary>The smallest order whose block has at least <paramref name="pages"/> pages (1 to 2^30).</summary>
        /// <param name="pages">How many the block must have.</param>
        /// <returns>0 to 30.</returns>
        public static int OrderOf(int pages)
        {
            int order = 0;
            while (1 << order < pages)
            {
                order++;
            }
            return order;
        }

        /// <summary>The first page from one on where a run may begin under the rules of <see cref="AllocRunAt"/>.</summary>
        /// <param name="page">Where to begin to look, 0 or more.</param>
        /// <param name="pages">The run's, 1 or more.</param>
        /// <param name="origin">As for <see cref="AllocRunAt"/>.</param>
        /// <param name="alignment">As for <see cref="AllocRunAt"/>.</param>
        /// <param name="boundary">As for <see cref="AllocRunAt"/>.</param>
        /// <returns>The page, which may lie behind the last; -1 where the run is longer than the boundary.</returns>
        protected internal static int FirstPlace(int page, int pages, int origin, int alignment, int boundary)
        {
            int number = origin + page;
            number = ((number == 0 ? 1 : number) + alignment - 1) & -alignment;
            if (boundary != 0 && (number & (boundary - 1)) + pages > boundary)
            {
                number = (number + boundary - 1) & -boundary;
                if (pages > boundary)
                {
                    return -1;
                }
            }
            return number - origin;
        }

        /// <summary>The order of the largest block that begins at a page and ends before <paramref name="end"/>.</summary>
        internal int PieceAt(int page, int end)
        {
            int order = 0;
            while (order < TopOrder && (page & ((2 << order) - 1)) == 0 && page + (2 << order) <= end)
            {
                order++;
            }
            return order;
        }

        /// <summary>What a buddy does for an exact run: takes a block that holds it and gives the tail back.</summary>
        /// <param name="pages">How many are kept, 1 or more.</param>
        /// <param name="alignment">Pages, a power of two, that the first page's number is a multiple of.</param>
        /// <param name="movable">As for <see cref="Alloc"/>.</param>
        /// <returns>The first page, or -1 where no block is free that holds them.</returns>
        protected int AllocAndTrim(int pages, int alignment, bool movable)
        {
            int order = OrderOf(pages < alignment ? alignment : pages);
            if (order > MaxOrder)
            {
                return -1;
            }
            int page = Alloc(order, movable);
            if (page >= 0 && 1 << order != pages)
            {
                Trim(page, pages);
            }
            return page;
        }

        /// <summary>The largest order, up to <see cref="MaxPageOrder"/>, of which <paramref name="pages"/> pages hold a block.</summary>
        /// <param name="pages">1 or more.</param>
        /// <returns>0 to <see cref="MaxPageOrder"/>.</returns>
        protected static int MaxOrderIn(int pages)
        {
            int order = 0;
            while (order < MaxPageOrder && 2 << order <= pages)
            {
                order++;
            }
            return order;
        }
    }
}
