using System.Diagnostics;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Makes room in a zone by moving blocks out of the cheapest window, or together within it.</summary>
    /// <remarks>
    /// <para>It tries these ways in turn. Evict: it takes all free pages of a window, so that nothing moves into it and no other request gets them,
    /// and finds a new place for each of the window's blocks. Only then does it copy the first page, so a window that fails costs no copy. It tries
    /// the <see cref="Tries"/> cheapest windows. Slide, if no window can be emptied because every hole is too small: blocks move down into the free
    /// pages below them, one after the other. Where every block may move, this leaves no hole that cannot be used. Grow, in a zone of exact runs, if
    /// walls leave too short a run for both: it makes a longer run first, up to <see cref="Growths"/> times. If all of this fails, it plans windows
    /// more thoroughly, and makes the hole that the largest block of a window needs. Step aside, instead of growing if a zone has few blocks and
    /// pieces: one or two blocks move first if another way works out then, which is known before anything is copied.</para>
    /// <para>If a block's new place does not overlap the old one, the block is whole at the old place until its handle means the new place. The lock
    /// is held while a window is searched and planned and while a move takes effect, but not while pages are copied. Pages that the compaction has
    /// taken meanwhile are marked <see cref="Zone.Migrating"/>: they are not free and have no owner. If a caller pins, frees or maps a block while it
    /// is copied, the block stays where it is, the copy is thrown away, and the attempt fails. <see cref="InPlaceSlide"/> moves a block that slides
    /// down by fewer pages than it has.</para>
    /// <para>If copying throws, nothing has happened to the block, and the caller gives back what the compaction took: <see cref="GiveUp"/>.</para>
    /// </remarks>
    internal sealed class Compactor
    {
        /// <summary>How many windows it tries to empty for one place. Sixteen would cut refusals by a third (half of the blocks movable, 90
        /// % of the pages taken), but take four times the walks.</summary>
        internal const int Tries = 4;

        /// <summary>The most blocks in a window: as many as 1 MB has pages of 4 KB. With 64, a leak of single pages stops compaction from
        /// working after half of the time that docs/scenarios.md gives.</summary>
        internal const int MostMoves = 256;

        /// <summary>How many times it makes a hole larger. Measured with half of the blocks movable and 90 % of the pages taken: two cut refusals by
        /// four ninths compared with none, and copy a tenth more pages for each request that succeeds. Four are hardly better.</summary>
        internal const int Growths = 2;

        /// <summary>For how many windows it makes the hole that the largest block needs. In tiny zones, without blocks that step aside, two
        /// leave one in 8,000 requests refused that moves could have served. Four leave as many.</summary>
        internal const int Steps = 2;

        /// <summary>Blocks step aside if there are at most so many handles, and so many pieces in the zone; then at most so many do, with
        /// so many places tried for each. Refusals of tiny zones that could have been avoided: 10 of 67,700 if no block steps aside, 8 of
        /// 714,000 if one does, 1 if two do; that one needs three.</summary>
        internal const int FewHandles = 8, FewPieces = 32, MostSteps = 2, StepPlaces = 32;

        private readonly PageAllocator _pages;
        private readonly HandleTable _table;
        private readonly AllocatorLock? _lock;
        private readonly PhysicalMemory? _memory;
        private readonly CompactionWindow _window;
        private readonly InPlaceSlide _inPlace;
        private readonly int _shift;

        /// <summary>The planned moves: from this page to that one.</summary>
        private readonly int[] _from = new int[MostMoves], _to = new int[MostMoves];
        private int _moves;

        /// <summary>Size and alignment, in pages, of the block for which the last failed plan had no place.</summary>
        private int _stuckPages, _stuckAlignment;

        /// <summary>How many places may still be tried for blocks that step aside.</summary>
        private int _placesLeft;
        private bool _running;

        internal Compactor(PageAllocator pages, HandleTable table, InPlaceSlide inPlace)
        {
            _pages = pages;
            _table = table;
            _inPlace = inPlace;
            _lock = pages.Lock;
            _memory = pages.Memory;
            _shift = pages.PageShift;
            _window = new CompactionWindow(pages, table);
        }

        /// <summary>Pages that the last call copied, including those in vain.</summary>
        internal int Copied { get; private set; }

        internal long Migrated { get; private set; }

        /// <summary>Reserves the compactor for the caller until <see cref="End"/>.</summary>
        /// <returns>False if another context compacts now.</returns>
        internal bool Begin()
        {
            Acquire();
            bool begins = !_running;
            if (begins)
            {
                _running = true;
                Copied = 0;
            }
            Release();
            return begins;
        }

        internal void End()
        {
            Acquire();
            _running = false;
            CheckZones();
            Release();
        }

        /// <summary>Tries to make a free run of the given length; to be called between <see cref="Begin"/> and <see cref="End"/>.</summary>
        /// <param name="zone">The zone; its pages are not hardened.</param>
        /// <param name="alignment">Alignment of its first page, in pages.</param>
        /// <param name="phase">The alignment counts from a point this many pages below the zone.</param>
        /// <param name="budget">The most pages that all calls since <see cref="Begin"/> copy.</param>
        /// <returns>Whether there is room now; another context may be quicker to take it.</returns>
        internal bool MakeRoom(Zone zone, int pages, int alignment, int phase, int budget)
        {
            _window.Phase = phase;
            bool room = EvictOrSlide(zone, pages, alignment, budget, thorough: false, another: false);
            if (!room && HasFew(zone))
            {
                room = EvictOrSlide(zone, pages, alignment, budget, thorough: true, another: false);
                for (int steps = 1; steps <= MostSteps && !room; steps++)
                {
                    room = StepAside(zone, pages, alignment, budget, steps);
                }
                return room;
            }
            for (int left = zone.Map.FitsExactly ? Growths : 0; left > 0 && !room; left--)
            {
                room = Grow(zone, pages, budget) && EvictOrSlide(zone, pages, alignment, budget, thorough: false, another: false);
            }
            return room || EvictOrSlide(zone, pages, alignment, budget, thorough: true, another: false) || EvictInSteps(zone, pages, alignment, budget);
        }

        /// <summary>Makes the longest free run longer, half-way to the request or by one page, since a longer run takes blocks that no hole
        /// took before. It copies at most seven sixteenths of the request's pages. A limit of one half would give a tenth fewer refusals
        /// and copy 3 % more pages for each request that succeeds (half of the blocks movable, 90 % of the pages taken).</summary>
        private bool Grow(Zone zone, int pages, int budget)
        {
            Acquire();
            int longest = zone.Map.LargestFree(), half = (longest + pages + 1) >> 1, most = Copied + (pages * 7 >> 4);
            Release();
            most = most < budget ? most : budget;
            return longest + 1 < pages && (EvictOrSlide(zone, half, 1, most, thorough: false, another: false) || (half > longest + 1 && EvictOrSlide(zone, longest + 1, 1, most, thorough: false, another: false)));
        }

        private bool EvictOrSlide(Zone zone, int pages, int alignment, int budget, bool thorough, bool another)
        {
            _window.Begin(zone, another ? 0 : -1, zone.PageCount);
            for (int left = Tries; left > 0; left--)
            {
                Acquire();
                bool found = _window.FindNext(pages, alignment, budget - Copied), planned = found && PlanWindow(zone, pages, alignment, thorough);
                Release();
                if (!found)
                {
                    break;
                }
                if (planned && Evict(zone))
                {
                    return true;
                }
            }
            return zone.Map.FitsExactly && Slide(zone, pages, alignment, budget - Copied);
        }

        /// <summary>Whether the zone has exact runs and so few pieces that looking at all of them again and again is cheap.</summary>
        private bool HasFew(Zone zone)
        {
            int pieces = 0;
            Acquire();
            for (int page = 0; zone.Map.FitsExactly && page < zone.PageCount && pieces <= FewPieces; pieces++)
            {
                int extent = zone.Map.ExtentAt(page);
                page += extent < 0 ? -extent : extent;
            }
            Release();
            return zone.Map.FitsExactly && pieces <= FewPieces && _table.Count <= FewHandles;
        }

        /// <summary>Moves up to <paramref name="steps"/> blocks, one after the other, so that another way works out then.</summary>
        private bool StepAside(Zone zone, int pages, int alignment, int budget, int steps)
        {
            _placesLeft = steps * StepPlaces;
            for (int slot = 0; slot < _table.Capacity && _placesLeft > 0; slot++)
            {
                Acquire();
                int to = FindStep(zone, slot, pages, alignment, budget - Copied, steps), length = _table.Pages[slot];
                int from = to < 0 ? -1 : _pages.PageIn(zone, _table.Address[slot]);
                bool moved = to >= 0 && (to < from && from < to + length ? SlideInPlace(zone, from, to, length) : MoveTo(zone, from, to, length));
                Release();
                if (moved)
                {
                    return EvictOrSlide(zone, pages, alignment, budget, thorough: true, another: false)
                        || (steps > 1 && StepAside(zone, pages, alignment, budget, steps - 1));
                }
            }
            return false;
        }

        /// <summary>Finds a place for one block with which the request can be served, perhaps after further blocks step aside. It tries
        /// places in the map, without a copy. Under the lock.</summary>
        /// <returns>The page, or -1.</returns>
        private int FindStep(Zone zone, int slot, int pages, int alignment, int budget, int steps)
        {
            PageMap map = zone.Map;
            uint address = _table.Address[slot];
            int from = address != 0 && _pages.FindZone(address) == zone ? _pages.PageIn(zone, address) : -1, length = _table.Pages[slot], to = -1;
            if (from < 0 || length > budget || !_window.CanMove(zone, from, length))
            {
                return to;
            }
            int down = -1 << _table.AlignmentLog[slot], up = ~down, before = (from - length) & down, behind = (from + length + up) & down, extent;
            budget -= length;
            map.Free(from);
            zone.Handles[from] = 0;
            for (int piece = 0; piece < zone.PageCount && to < 0; piece += extent)
            {
                extent = map.ExtentAt(piece);
                if (extent < length)
                {
                    extent = extent < 0 ? -extent : extent;
                    continue;
                }
                int low = (piece + up) & down, high = (piece + extent - length) & down;
                to = low != from && low <= high && Helps(zone, slot, from, low, pages, alignment, budget, steps) ? low
                    : high != from && low < high && Helps(zone, slot, from, high, pages, alignment, budget, steps) ? high
                    : low < before && before < high && Helps(zone, slot, from, before, pages, alignment, budget, steps) ? before
                    : low < behind && behind < high && Helps(zone, slot, from, behind, pages, alignment, budget, steps) ? behind : -1;
                // Places that overlap the block's own, below it.
                for (int page = from - 1; to < 0 && low < page && page > from - length && from <= high; page--)
                {
                    to = Helps(zone, slot, from, page, pages, alignment, budget, steps) ? page : -1;
                }
            }
            TakeAt(map, from, length);
            zone.Handles[from] = (short)(slot + 1);
            return to;
        }

        /// <summary>Whether the request could be served if a block, which the caller took out of the map, lay at page <paramref
        /// name="to"/>. Under the lock.</summary>
        private bool Helps(Zone zone, int slot, int from, int to, int pages, int alignment, int budget, int steps)
        {
            int length = _table.Pages[slot];
            if (_placesLeft == 0 || (to < from + length && from < to + length && (to > from || _table.AlignmentLog[slot] != 0)))
            {
                return false;
            }
            _placesLeft--;
            TakeAt(zone.Map, to, length);
            zone.Handles[to] = (short)(slot + 1);
            _window.Begin(zone, -1, zone.PageCount);
            bool helps = false;
            for (int left = Tries; left > 0 && !helps && _window.FindNext(pages, alignment, budget); left--)
            {
                helps = PlanWindow(zone, pages, alignment, thorough: true);
                if (helps)
                {
                    GiveBackPlan(zone, _window.Start, _window.End);
                }
            }
            helps = helps || _window.FindSlide(pages, alignment, budget);
            for (int other = 0; steps > 1 && !helps && other < _table.Capacity; other++)
            {
                helps = FindStep(zone, other, pages, alignment, budget, steps - 1) >= 0;
            }
            zone.Handles[to] = 0;
            zone.Map.Free(to);
            return helps;
        }

        /// <summary>For each of the cheapest windows: makes the hole that its largest block needs, and tries again.</summary>
        private bool EvictInSteps(Zone zone, int pages, int alignment, int budget)
        {
            int cost = -1, start = zone.PageCount;
            for (int left = Steps; left > 0; left--)
            {
                Acquire();
                _window.Begin(zone, cost, start);
                bool found = _window.FindNext(pages, alignment, budget - Copied);
                int place = _window.Place, end = _window.End;
                cost = _window.Cost;
                start = _window.Start;
                bool stuck = found && !Plan(zone, place, place + pages, largestFirst: true);
                int hole = _stuckPages, holeAlignment = _stuckAlignment;
                if (stuck)
                {
                    HoldFree(zone, start, end, place, place + pages);
                    _window.Keep(place, place + pages);
                }
                else if (found)
                {
                    // Somebody freed memory meanwhile, so the next attempt will succeed.
                    GiveBackPlan(zone, start, end);
                }
                Release();
                if (!found)
                {
                    return false;
                }
                // The hole is for a block, whose alignment counts from the start of the zone.
                int phase = _window.Phase;
                _window.Phase = 0;
                bool made = !stuck || EvictOrSlide(zone, hole, holeAlignment, budget, thorough: true, another: true);
                _window.Phase = phase;
                Acquire();
                _window.Keep(0, 0);
                GiveBack(zone, place, place + pages);
                Release();
                if (made && EvictOrSlide(zone, pages, alignment, budget, thorough: true, another: false))
                {
                    return true;
                }
            }
            return false;
        }

        /// <summary>Gives back what the attempt held when an exception ended it. A block that was left half-way stays so, since only copies
        /// can complete it.</summary>
        internal void GiveUp()
        {
            Acquire();
            for (int i = 0; i < _pages.ZoneCount; i++)
            {
                GiveBack(_pages.ZoneAt(i), 0, _pages.ZoneAt(i).PageCount);
            }
            _window.Keep(0, 0);
            _running = false;
            Release();
        }

        /// <summary>Completes the block that an exception left half-way, if there is one.</summary>
        internal void FinishSlide()
        {
            Acquire();
            if (_table.Sliding != HandleTable.None)
            {
                Copied += _inPlace.Finish(_table.Sliding);
            }
            Release();
        }

        /// <summary>Plans the window that was found. The quick plan takes all of the window's free pages, which leaves larger holes behind.
        /// The thorough plan takes only those that the request needs, and places the largest blocks first; it tries the lowest place in the
        /// window, then the highest. Under the lock.</summary>
        private bool PlanWindow(Zone zone, int pages, int alignment, bool thorough) =>
            !thorough ? Plan(zone, _window.Start, _window.End, largestFirst: false)
                : Plan(zone, _window.Place, _window.Place + pages, largestFirst: true)
                    || (zone.Map.FitsExactly && _window.MoveUp(pages, alignment) && Plan(zone, _window.Place, _window.Place + pages, largestFirst: true));

        /// <summary>Takes those of the window's free pages that lie in a span, and a new place for each of its blocks. Under the lock.</summary>
        /// <returns>False, with nothing changed, if a block has no place.</returns>
        private bool Plan(Zone zone, int spanStart, int spanEnd, bool largestFirst)
        {
            PageMap map = zone.Map;
            int start = _window.Start, end = _window.End, extent;
            HoldFree(zone, start, end, spanStart, spanEnd);
            int blocks = 0;
            for (int page = start; page < end && blocks <= MostMoves; page += extent)
            {
                extent = map.ExtentAt(page);
                if (extent < 0 && zone.Handles[page] > 0)
                {
                    if (blocks < MostMoves)
                    {
                        _from[blocks] = page;
                    }
                    blocks++;
                }
                extent = extent < 0 ? -extent : extent;
            }
            bool placed = blocks <= MostMoves;
            _moves = 0;
            while (_moves < blocks && placed)
            {
                if (largestFirst)
                {
                    BringLargest(zone, _moves, blocks);
                }
                int slot = zone.Handles[_from[_moves]] - 1, length = _table.Pages[slot], log = _table.AlignmentLog[slot];
                int target = length == 1 << log ? map.Alloc(log, true) : map.AllocRunGrouped(length, 1 << log, true);
                placed = target >= 0;
                if (placed)
                {
                    Hold(zone, target, length);
                    _to[_moves++] = target;
                }
                else
                {
                    _stuckPages = map.BlockFor(length);
                    _stuckAlignment = map.FitsExactly ? 1 << log : _stuckPages;
                }
            }
            for (int i = 0; i < _moves && placed; i++)
            {
                _table.Moving[zone.Handles[_from[i]] - 1] = 1;
            }
            if (!placed)
            {
                GiveBackPlan(zone, start, end);
            }
            return placed;
        }

        /// <summary>Gives back what a plan took, and forgets the plan. Under the lock.</summary>
        private void GiveBackPlan(Zone zone, int start, int end)
        {
            for (int i = 0; i < _moves; i++)
            {
                _table.Moving[zone.Handles[_from[i]] - 1] = 0;
                GiveBack(zone, _to[i], _to[i] + 1);
            }
            _moves = 0;
            GiveBack(zone, start, end);
        }

        private void BringLargest(Zone zone, int first, int count)
        {
            int largest = first;
            for (int i = first + 1; i < count; i++)
            {
                if (_table.Pages[zone.Handles[_from[i]] - 1] > _table.Pages[zone.Handles[_from[largest]] - 1])
                {
                    largest = i;
                }
            }
            int page = _from[largest];
            _from[largest] = _from[first];
            _from[first] = page;
        }

        /// <summary>Takes those free pages of a window that lie in a span. Under the lock.</summary>
        private static void HoldFree(Zone zone, int start, int end, int spanStart, int spanEnd)
        {
            int extent;
            // A failed plan gave pages back, and the map may have parked some of them.
            zone.Map.Drain();
            for (int page = start; page < end; page += extent)
            {
                extent = zone.Map.ExtentAt(page);
                if (extent > 0)
                {
                    TakeFree(zone, page, extent, spanStart, spanEnd);
                }
                else
                {
                    extent = -extent;
                }
            }
        }

        /// <summary>Takes the part of a free piece that lies in a span, and leaves the rest to blocks that move out. A buddy's free block
        /// lies in the span as a whole or not at all.</summary>
        private static void TakeFree(Zone zone, int page, int extent, int start, int end)
        {
            PageMap map = zone.Map;
            int first = page > start ? page : start, last = page + extent < end ? page + extent : end;
            if (first >= last)
            {
                return;
            }
            // Only the first pages of a free piece can be taken, so take those before the span for a moment.
            if (first > page)
            {
                map.TakeAt(page, first - page);
            }
            if (map.TakeAt(first, last - first))
            {
                Hold(zone, first, last - first);
            }
            if (first > page)
            {
                map.Free(page);
            }
        }

        /// <summary>Takes pages in the middle of a free piece; for maps of exact runs.</summary>
        private static void TakeAt(PageMap map, int page, int pages)
        {
            int piece = PieceAt(map, page);
            if (piece < page)
            {
                map.TakeAt(piece, page - piece);
            }
            map.TakeAt(page, pages);
            if (piece < page)
            {
                map.Free(piece);
            }
        }

        /// <summary>The first page of the piece that a page lies in.</summary>
        private static int PieceAt(PageMap map, int page)
        {
            int piece = 0, next = 0;
            while (next <= page)
            {
                piece = next;
                int extent = map.ExtentAt(piece);
                next += extent < 0 ? -extent : extent;
            }
            return piece;
        }

        /// <summary>Carries out the plan and gives back what it held. If all went well, the window is free in one piece.</summary>
        private bool Evict(Zone zone)
        {
            int moved = 0;
            bool whole = true;
            for (; moved < _moves && whole; moved++)
            {
                int from = _from[moved], to = _to[moved];
                Acquire();
                // If the block was freed meanwhile, its pages are free and its slot is gone or no longer marked.
                int slot = zone.Handles[from] - 1, pages = slot >= 0 && _table.Moving[slot] != 0 ? _table.Pages[slot] : 0;
                Release();
                whole = pages != 0;
                if (whole)
                {
                    Copy(zone, from, to, pages);
                    Acquire();
                    whole = Settle(zone, from, to, pages);
                    Release();
                }
            }
            Acquire();
            for (int i = 0; i < _moves; i++)
            {
                int slot = zone.Handles[_from[i]] - 1;
                if (slot >= 0)
                {
                    _table.Moving[slot] = 0;
                }
                GiveBack(zone, _to[i], _to[i] + 1);
            }
            GiveBack(zone, _window.Start, _window.End);
            Release();
            return whole;
        }

        /// <summary>Slides the blocks of the cheapest window together, one by one.</summary>
        private bool Slide(Zone zone, int wanted, int alignment, int budget)
        {
            PageMap map = zone.Map;
            Acquire();
            bool goesOn = _window.FindSlide(wanted, alignment, budget), done = false;
            for (int page = _window.Start; goesOn && !done;)
            {
                // The gap certainly begins here: since the lock was taken, the block before it was looked at or put there.
                int gap = map.ExtentAt(page), from = page + gap;
                done = gap > 0 && _window.Holds(from, gap, wanted, alignment);
                if (done)
                {
                    break;
                }
                int pages = from < zone.PageCount ? -map.ExtentAt(from) : 0;
                goesOn = gap > 0 && pages > 0 && pages <= budget && _window.CanSlide(from, pages);
                if (goesOn)
                {
                    goesOn = pages <= gap ? SlideBefore(zone, from, page, pages) : SlideInPlace(zone, from, page, pages);
                    budget -= pages;
                    page += pages;
                }
            }
            Release();
            return done;
        }

        /// <summary>Moves a block down into a gap that is at least as long. Under the lock, except for the copying.</summary>
        /// <returns>Whether it moved.</returns>
        private bool SlideBefore(Zone zone, int from, int page, int pages)
        {
            int gap = from - page;
            if (pages < gap)
            {
                TakeAt(zone.Map, page + pages, gap - pages);
                Hold(zone, page + pages, gap - pages);
            }
            bool moved = MoveTo(zone, from, page, pages);
            GiveBack(zone, page, from);
            return moved;
        }

        /// <summary>Moves a block to free pages that do not overlap it. Under the lock, except for the copying.</summary>
        /// <returns>Whether it moved.</returns>
        private bool MoveTo(Zone zone, int from, int to, int pages)
        {
            TakeAt(zone.Map, to, pages);
            Hold(zone, to, pages);
            _table.Moving[zone.Handles[from] - 1] = 1;
            Release();
            Copy(zone, from, to, pages);
            Acquire();
            bool moved = Settle(zone, from, to, pages);
            GiveBack(zone, from, from + 1);
            GiveBack(zone, to, to + 1);
            return moved;
        }

        /// <summary>Moves a block down into a gap that is shorter than the block. Under the lock, which is released for a moment after each
        /// page.</summary>
        /// <returns>Whether the block lies at its new place now.</returns>
        private bool SlideInPlace(Zone zone, int from, int page, int pages)
        {
            int slot = zone.Handles[from] - 1, piece = PieceAt(zone.Map, page);
            Rename(zone, from, page, pages);
            if (piece < page)
            {
                // The block goes to the end of a gap, so take the pages before that for a moment.
                zone.Map.TakeAt(piece, page - piece);
            }
            _inPlace.Begin(slot, zone, page, from - page);
            if (piece < page)
            {
                zone.Map.Free(piece);
            }
            Copied += _inPlace.Finish(slot);
            // If the block was freed meanwhile, nothing is known of the pages behind it.
            return zone.Handles[page] == slot + 1 && zone.Map.BlockLength(page) == pages;
        }

        private void Copy(Zone zone, int from, int to, int pages)
        {
            _memory.Copy(zone.First + ((uint)from << _shift), zone.First + ((uint)to << _shift), pages << _shift);
            Copied += pages;
        }

        /// <summary>After a complete copy: if nobody touched the block meanwhile, makes its handle mean the new place and marks the old one
        /// as taken. Under the lock.</summary>
        /// <returns>Whether it moved.</returns>
        private bool Settle(Zone zone, int from, int to, int pages)
        {
            short mark = zone.Handles[from];
            if (mark <= 0 || _table.Moving[mark - 1] == 0 || _pages.IsHeld(zone.First + ((uint)from << _shift), pages))
            {
                return false;
            }
            Rename(zone, from, to, pages);
            zone.Handles[from] = Zone.Migrating;
            return true;
        }

        /// <summary>Makes a block's handle, owner and trace mean its new place. Under the lock.</summary>
        private void Rename(Zone zone, int from, int to, int pages)
        {
            short mark = zone.Handles[from];
            uint source = zone.First + ((uint)from << _shift), target = zone.First + ((uint)to << _shift);
            zone.Handles[from] = 0;
            zone.Handles[to] = mark;
            zone.Owners[to] = zone.Owners[from];
            _table.Address[mark - 1] = target;
            _table.Moving[mark - 1] = 0;
            PageWatch watch = _pages.Watch;
            if (watch != null)
            {
                watch.Move(source, target, pages, (PageOwner)zone.Owners[to]);
            }
            Migrated += pages;
        }

        private static void Hold(Zone zone, int page, int pages)
        {
            zone.Handles[page] = Zone.Migrating;
            zone.Free -= pages;
        }

        /// <summary>Frees those pages of a span that the compaction took. Under the lock.</summary>
        private static void GiveBack(Zone zone, int start, int end)
        {
            short[] handles = zone.Handles;
            for (int page = start; page < end; page++)
            {
                if (handles[page] == Zone.Migrating)
                {
                    handles[page] = 0;
                    zone.Free += zone.Map.Free(page);
                }
            }
        }

        /// <summary>No block is held any more, so the zones' counts of free pages must be those of their maps. This can be checked only for
        /// maps of exact runs, because a buddy keeps freed blocks aside.</summary>
        [Conditional(Invariant.Checked)]
        private void CheckZones()
        {
            for (int i = 0; i < _pages.ZoneCount; i++)
            {
                Zone zone = _pages.ZoneAt(i);
                int free = 0, extent;
                for (int page = 0; zone.Map.FitsExactly && page < zone.PageCount; page += extent)
                {
                    extent = zone.Map.ExtentAt(page);
                    free += extent > 0 ? extent : 0;
                    extent = extent < 0 ? -extent : extent;
                }
                if (zone.Map.FitsExactly && free != zone.Free)
                {
                    Release();
                    throw Invariant.Broken("zone " + zone.Name + " counts the " + free.ToString() + " free pages of its map, not " + zone.Free.ToString());
                }
            }
        }

        private void Acquire()
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
        }

        private void Release()
        {
            if (_lock != null)
            {
                _lock.Release();
            }
        }
    }
}
