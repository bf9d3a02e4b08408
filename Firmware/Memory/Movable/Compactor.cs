using System.Diagnostics;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Makes room in a zone by moving blocks: empties the cheapest window, or closes one up.</summary>
    /// <remarks>
    /// <para>Evict: all free pages of a window are taken, so that nothing moves into it and no other request gets them. A new place is
    /// found for each of its blocks, and only then is the first page copied. A window that does not work out costs no copy, and the next
    /// cheapest is tried, <see cref="Tries"/> in all. Slide, where no window can be emptied because every hole is too small: blocks move
    /// down into the free pages before them, one after the other; where everything may, that leaves no hole that cannot be used. Grow, where
    /// walls leave a zone of exact runs too short a run for either: a longer one is made first, <see cref="Growths"/> times. Where all of that
    /// fails, windows are planned more thoroughly, and the hole is made that the largest block of a window lacks. Step aside, in place of growing
    /// where blocks and pieces are few: one block or two move first, if one of the others works out then; that is known before they are
    /// copied.</para>
    /// <para>A block whose new place lies beside its old one is whole in the old one until the moment when its handle means the new. The
    /// lock is held while a window is searched and planned and while a move takes effect, not while pages are copied. What the
    /// compaction has taken meanwhile is marked <see cref="Zone.Migrating"/>; it is neither free nor does an owner have it. If a caller pins, frees
    /// or maps a block whose copy is being made, the block stays where it is, the copy is thrown away, and the attempt fails.
    /// <see cref="InPlaceSlide"/> moves a block that slides down by fewer pages than it has.</para>
    /// <para>Where copying throws, nothing else has happened to a block: what the compaction took stays marked until
    /// <see cref="GiveBackAll"/>.</para>
    /// </remarks>
    internal sealed class Compactor
    {
        /// <summary>Windows that are tried to be emptied for one place. Sixteen: a third fewer refusals with half of the blocks movable at 90 %,
        /// for four times the walks.</summary>
        internal const int Tries = 4;

        /// <summary>Blocks in a window: as many as 1 MB has pages of 4 KB. With 64 a leak that settles page by page ends compaction at half the life
        /// that docs/scenarios.md tells of.</summary>
        internal const int MostMoves = 256;

        /// <summary>Times that a hole is made larger first. Two, against none, with half of the blocks movable at 90 %: four ninths fewer
        /// refusals, for a tenth more pages copied for each request that succeeds; four bring hardly more.</summary>
        internal const int Growths = 2;

        /// <summary>Windows for which the hole is made that their largest block lacks. Of the requests of tiny zones that moves could serve, two
        /// leave one in 8,000 refused where no block steps aside, as four do.</summary>
        internal const int Steps = 2;

        /// <summary>Handles, and pieces of a zone, up to which blocks step aside; how many do; and the places that are tried for each of them. With
        /// none, ten of 67,700 refusals of tiny zones were avoidable, with one eight of 714,000, with two one: it takes three.</summary>
        internal const int FewHandles = 8, FewPieces = 32, MostSteps = 2, StepPlaces = 32;

        private readonly PageAllocator _pages;
        private readonly HandleTable _table;
        private readonly AllocatorLock _lock;
        private readonly PhysicalMemory _memory;
        private readonly CompactionWindow _window;
        private readonly InPlaceSlide _inPlace;
        private readonly int _shift;

        /// <summary>The moves that are planned, by page.</summary>
        private readonly int[] _from = new int[MostMoves], _to = new int[MostMoves];
        private int _moves;

        /// <summary>The block that had no place when a plan failed.</summary>
        private int _stuckPages, _stuckAlignment;

        /// <summary>Places that may still be tried for blocks that step aside.</summary>
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

        /// <summary>Pages copied by the last call, those in vain included.</summary>
        internal int Copied { get; private set; }

        /// <summary>Pages ever moved.</summary>
        internal long Migrated { get; private set; }

        /// <summary>Makes the compaction the caller's until <see cref="End"/>.</summary>
        /// <returns>False if another context compacts now, or if an exception ended a compaction half-way.</returns>
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

        /// <summary>Tries to bring so many free pages together; between <see cref="Begin"/> and <see cref="End"/>.</summary>
        /// <param name="zone">Where; its pages are not hardened.</param>
        /// <param name="pages">In a row.</param>
        /// <param name="alignment">Of the first one, in pages.</param>
        /// <param name="phase">Pages before the zone from which the alignment counts.</param>
        /// <param name="budget">The most pages that all calls since <see cref="Begin"/> copy.</param>
        /// <returns>Whether there is such a place; another context may be quicker to take it.</returns>
        internal bool MakeRoom(Zone zone, int pages, int alignment, int phase, int budget)
        {
            _window.Phase = phase;
            bool room = EvictOrSlide(zone, pages, alignment, budget, false, false);
            if (!room && HasFew(zone))
            {
                room = EvictOrSlide(zone, pages, alignment, budget, true, false);
                for (int steps = 1; steps <= MostSteps && !room; steps++)
                {
                    room = StepAside(zone, pages, alignment, budget, steps);
                }
                return room;
            }
            for (int left = zone.Map.FitsExactly ? Growths : 0; left > 0 && !room; left--)
            {
                room = Grow(zone, pages, budget) && EvictOrSlide(zone, pages, alignment, budget, false, false);
            }
            return room || EvictOrSlide(zone, pages, alignment, budget, true, false) || EvictInSteps(zone, pages, alignment, budget);
        }

        /// <summary>Makes the longest free run longer, half-way to the request or by a page: one that long takes blocks which no hole took before.
        /// For seven sixteenths of the request's pages at most: for half of them there would be, with half of the blocks movable at 90 %,
        /// a tenth fewer refusals and three hundredths more pages copied for each request that succeeds.</summary>
        private bool Grow(Zone zone, int pages, int budget)
        {
            Acquire();
            int longest = zone.Map.LargestFree(), half = (longest + pages + 1) >> 1, most = Copied + (pages * 7 >> 4);
            Release();
            most = most < budget ? most : budget;
            return longest + 1 < pages && (EvictOrSlide(zone, half, 1, most, false, false) || (half > longest + 1 && EvictOrSlide(zone, longest + 1, 1, most, false, false)));
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

        /// <summary>Whether so little lies in a zone of exact runs that all of it can be looked at again and again.</summary>
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

        /// <summary>Moves so many blocks to places from which they let the others go, and the others after them.</summary>
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
                    return EvictOrSlide(zone, pages, alignment, budget, true, false)
                        || (steps > 1 && StepAside(zone, pages, alignment, budget, steps - 1));
                }
            }
            return false;
        }

        /// <summary>Where a block lets the others go, if others step aside after it as well, tried in the map without a copy. Under the
        /// lock.</summary>
        /// <returns>A page, or -1.</returns>
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
                // By fewer pages than it has.
                for (int page = from - 1; to < 0 && low < page && page > from - length && from <= high; page--)
                {
                    to = Helps(zone, slot, from, page, pages, alignment, budget, steps) ? page : -1;
                }
            }
            TakeAt(map, from, length);
            zone.Handles[from] = (short)(slot + 1);
            return to;
        }

        /// <summary>Whether the request could be served if a block that was taken out of the map lay at a page of a free piece. Under the
        /// lock.</summary>
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
                helps = PlanWindow(zone, pages, alignment, true);
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

        /// <summary>For the cheapest windows in turn: makes the hole that the window's largest block lacks, and tries again.</summary>
        private bool EvictInSteps(Zone zone, int pages, int alignment, int budget)
        {
            int cost = -1, start = zone.PageCount;
            for (int left = Steps; left > 0 && Copied < budget; left--)
            {
                Acquire();
                _window.Begin(zone, cost, start);
                bool found = _window.FindNext(pages, alignment, budget - Copied);
                int place = _window.Place, end = _window.End;
                cost = _window.Cost;
                start = _window.Start;
                bool stuck = found && !Plan(zone, place, place + pages, true);
                int hole = _stuckPages, holeAlignment = _stuckAlignment;
                if (stuck)
                {
                    HoldFree(zone, start, end, place, place + pages);
                    _window.Keep(place, place + pages);
                }
                else if (found)
                {
                    // Somebody freed memory meanwhile, and the next attempt will find it.
                    GiveBackPlan(zone, start, end);
                }
                Release();
                if (!found)
                {
                    return false;
                }
                // The hole is for a block, which is aligned as pages count in the zone.
                int phase = _window.Phase;
                _window.Phase = 0;
                bool made = !stuck || EvictOrSlide(zone, hole, holeAlignment, budget, true, true);
                _window.Phase = phase;
                Acquire();
                _window.Keep(0, 0);
                GiveBack(zone, place, place + pages);
                Release();
                if (made && EvictOrSlide(zone, pages, alignment, budget, true, false))
                {
                    return true;
                }
            }
            return false;
        }

        /// <summary>Gives back what an attempt held that an exception ended, once the block that it left half-way is whole.</summary>
        internal void GiveBackAll()
        {
            Acquire();
            if (_table.Sliding != HandleTable.None)
            {
                _inPlace.Finish(_table.Sliding);
            }
            for (int i = 0; i < _pages.ZoneCount; i++)
            {
                GiveBack(_pages.ZoneAt(i), 0, _pages.ZoneAt(i).PageCount);
            }
            for (int slot = 0; slot < _table.Capacity; slot++)
            {
                _table.Moving[slot] = 0;
            }
            _window.Keep(0, 0);
            _running = false;
            Release();
        }

        /// <summary>Plans the window that was found. Where that has to be done thoroughly, the window takes no more free pages than the request
        /// needs, its largest blocks choose first, and it lies as low, then as high as its blocks allow. Otherwise it takes all of them: that
        /// leaves larger holes behind, and is tried first. Under the lock.</summary>
        private bool PlanWindow(Zone zone, int pages, int alignment, bool thorough)
        {
            return !thorough ? Plan(zone, _window.Start, _window.End, false)
                : Plan(zone, _window.Place, _window.Place + pages, true)
                    || (zone.Map.FitsExactly && _window.MoveUp(pages, alignment) && Plan(zone, _window.Place, _window.Place + pages, true));
        }

        /// <summary>Takes the window's free pages that lie in a span, and a new place for each of its blocks. Under the lock.</summary>
        /// <returns>False, and nothing changed, where one has no place.</returns>
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

        /// <summary>Gives back what a plan took, and forgets it. Under the lock.</summary>
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

        /// <summary>Takes the free pages of a window that lie in a span. Under the lock.</summary>
        private static void HoldFree(Zone zone, int start, int end, int spanStart, int spanEnd)
        {
            int extent;
            // A plan that failed gave pages back, and the map may keep some aside.
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

        /// <summary>Takes of a free piece what lies in a span, so that blocks which move out find the rest. A buddy's free block lies in it whole
        /// or not at all, and has no parts.</summary>
        private static void TakeFree(Zone zone, int page, int extent, int start, int end)
        {
            PageMap map = zone.Map;
            int first = page > start ? page : start, last = page + extent < end ? page + extent : end;
            if (first >= last)
            {
                return;
            }
            // Only the first pages of a free piece can be taken: those before the span are taken for a moment.
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

        /// <summary>Takes free pages anywhere in a free piece of a map that fits exactly.</summary>
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

        /// <summary>Where the piece begins that a page lies in.</summary>
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

        /// <summary>Carries a plan out, and gives back what it held: the window, if all went well, in one piece.</summary>
        private bool Evict(Zone zone)
        {
            int moved = 0;
            bool whole = true;
            for (; moved < _moves && whole; moved++)
            {
                int from = _from[moved], to = _to[moved];
                Acquire();
                // Whoever freed the block meanwhile took it out of the window.
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

        /// <summary>Closes up the cheapest window that can be, block by block.</summary>
        private bool Slide(Zone zone, int wanted, int alignment, int budget)
        {
            PageMap map = zone.Map;
            Acquire();
            bool goesOn = _window.FindSlide(wanted, alignment, budget), done = false;
            for (int page = _window.Start; goesOn && !done;)
            {
                // Where the gap begins is certain: the block before it was looked at, or put there, since the lock was taken.
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

        /// <summary>Moves a block into a gap before it that takes all of it. Under the lock, but for the copying.</summary>
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

        /// <summary>Moves a block to free pages that are none of its own. Under the lock, but for the copying.</summary>
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

        /// <summary>Moves a block down by a gap that is shorter than it. Under the lock, which others get after each page.</summary>
        /// <returns>Whether it lies there now.</returns>
        private bool SlideInPlace(Zone zone, int from, int page, int pages)
        {
            int slot = zone.Handles[from] - 1, piece = PieceAt(zone.Map, page);
            Rename(zone, from, page, pages);
            if (piece < page)
            {
                // It takes the end of a gap: the pages before are taken for a moment.
                zone.Map.TakeAt(piece, page - piece);
            }
            _inPlace.Begin(slot, zone, page, from - page);
            if (piece < page)
            {
                zone.Map.Free(piece);
            }
            Copied += _inPlace.Finish(slot);
            // It may have been freed meanwhile; then what follows is no longer known.
            return zone.Handles[page] == slot + 1 && zone.Map.BlockLength(page) == pages;
        }

        private void Copy(Zone zone, int from, int to, int pages)
        {
            _memory.Copy(zone.First + ((uint)from << _shift), zone.First + ((uint)to << _shift), pages << _shift);
            Copied += pages;
        }

        /// <summary>The copy is complete: if nobody touched the block meanwhile, its handle means the new place, and the old one is held.
        /// Under the lock.</summary>
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

        /// <summary>A block's handle, owner and trace mean its new place from now on. Under the lock.</summary>
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

        /// <summary>Frees what is held of a span of pages. Under the lock.</summary>
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

        /// <summary>Nothing is held any more, so what zones count as free is what their maps have. Exact runs alone can be added up: a buddy keeps
        /// freed blocks aside.</summary>
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
