namespace Carveout.Memory
{
    /// <summary>The search for neighbouring blocks that are worth emptying: the fewest taken pages around a place for a request.</summary>
    /// <remarks>
    /// Two pages of a zone, start and end, walk once over its blocks; between them lie whole blocks that hold an aligned place of the
    /// length asked for. A block that may not move is a wall, and no window crosses it. One walk finds the cheapest window, the next walk the one
    /// after it; of equals the lower address comes first. Everything here happens under the page allocator's lock.
    /// </remarks>
    internal sealed class CompactionWindow
    {
        private readonly PageAllocator _pages;
        private readonly HandleTable _table;
        private Zone _zone;
        private int _lastCost, _lastStart, _keptStart, _keptEnd;

        internal CompactionWindow(PageAllocator pages, HandleTable table)
        {
            _pages = pages;
            _table = table;
        }

        /// <summary>First page of the window that was found.</summary>
        internal int Start { get; private set; }

        /// <summary>The page behind the last block of the window, where it is to be emptied.</summary>
        internal int End { get; private set; }

        /// <summary>Where the request will lie: free pages of the window before this page may still take what moves out.</summary>
        internal int Place { get; private set; }

        /// <summary>Alignments count from so many pages before the zone.</summary>
        internal int Phase;

        /// <summary>Taken pages of the window that was found.</summary>
        internal int Cost { get { return _lastCost; } }

        /// <summary>The next search finds the cheapest window of this zone behind another one.</summary>
        /// <param name="zone">Whose blocks are looked at.</param>
        /// <param name="cost">Taken pages of that one. -1 where the search begins; 0 where it shall find no window that is free already.</param>
        /// <param name="start">First page of that one: of as many taken pages, only windows that begin further up are found.</param>
        internal void Begin(Zone zone, int cost, int start)
        {
            _zone = zone;
            _lastCost = cost;
            _lastStart = start;
        }

        /// <summary>Keeps a span for a request: no place that is found from now on lies in it. An empty span ends that.</summary>
        internal void Keep(int start, int end)
        {
            _keptStart = start;
            _keptEnd = end;
        }

        /// <summary>Moves the place of the window that was found as far up as its blocks allow, so that other free pages are left beside
        /// it.</summary>
        /// <param name="pages">Of the request.</param>
        /// <param name="alignment">Of the request, in pages.</param>
        /// <returns>False where it cannot lie higher.</returns>
        internal bool MoveUp(int pages, int alignment)
        {
            int extent = End < _zone.PageCount ? _zone.Map.ExtentAt(End) : 0, end = extent > 0 ? End + extent : End;
            int place = ((end - pages + Phase) & -alignment) - Phase;
            if (place <= Place || (_keptStart < place + pages && place < _keptEnd))
            {
                return false;
            }
            End = end;
            Place = place;
            return true;
        }

        /// <summary>Finds the next window to be emptied.</summary>
        /// <param name="pages">Of the request.</param>
        /// <param name="alignment">Of the request, in pages.</param>
        /// <param name="budget">The most taken pages in a window.</param>
        /// <returns>False where there is none left.</returns>
        internal bool FindNext(int pages, int alignment, int budget)
        {
            PageMap map = _zone.Map;
            map.Drain();
            int total = map.PageCount, best = budget == int.MaxValue ? budget : budget + 1, found = -1, start = 0, end = 0, cost = 0;
            int up = Phase + alignment - 1, behind = pages - Phase;
            while (true)
            {
                int need = ((start + up) & -alignment) + behind;
                if (need > total)
                {
                    break;
                }
                bool wall = false;
                while (end < need && !wall)
                {
                    int extent = map.ExtentAt(end);
                    if (extent > 0)
                    {
                        end += extent;
                        continue;
                    }
                    wall = !CanMove(_zone, end, -extent);
                    end -= extent;
                    cost -= extent;
                }
                if (wall)
                {
                    start = end;
                    cost = 0;
                    continue;
                }
                if (cost < best && (cost > _lastCost || (cost == _lastCost && start > _lastStart))
                    && (need <= _keptStart || need - pages >= _keptEnd))
                {
                    best = cost;
                    found = start;
                    End = end;
                    Place = need - pages;
                }
                int first = map.ExtentAt(start);
                start += first > 0 ? first : -first;
                cost -= first > 0 ? 0 : -first;
            }
            Start = found;
            _lastCost = best;
            _lastStart = found;
            return found >= 0;
        }

        /// <summary>Finds the cheapest window that closes up towards its start: from a free run to a free run, with enough free in all, and of
        /// equals the one that ends first.</summary>
        /// <param name="pages">To lie free in a row in the end.</param>
        /// <param name="alignment">Of the first of them, in pages.</param>
        /// <param name="budget">The most taken pages in the window.</param>
        internal bool FindSlide(int pages, int alignment, int budget)
        {
            PageMap map = _zone.Map;
            short[] handles = _zone.Handles;
            int total = map.PageCount, best = budget == int.MaxValue ? budget : budget + 1, found = -1, extent;
            int start = 0, first = 0, free = 0, cost = 0;
            for (int end = 0; end < total; end += extent)
            {
                extent = map.ExtentAt(end);
                if (extent < 0)
                {
                    extent = -extent;
                    cost += extent;
                    // Most walls have no handle.
                    free = handles[end] > 0 && CanSlide(end, extent) ? free : 0;
                    // Where a place must be aligned, the block behind it may have to go, too.
                    if (alignment > 1 && free != 0 && cost < best && Holds(end + extent, free, pages, alignment))
                    {
                        best = cost;
                        found = start;
                    }
                    continue;
                }
                if (free == 0)
                {
                    start = end;
                    first = extent;
                    cost = 0;
                }
                free += extent;
                // From the left goes what it does not need: runs without which enough is free, and the blocks behind them.
                while (Holds(end + extent, free - first, pages, alignment))
                {
                    start += first;
                    free -= first;
                    for (first = map.ExtentAt(start); first < 0; first = map.ExtentAt(start))
                    {
                        start -= first;
                        cost += first;
                    }
                }
                if (cost < best && Holds(end + extent, free, pages, alignment))
                {
                    best = cost;
                    found = start;
                }
            }
            Start = found;
            return found >= 0;
        }

        /// <summary>Whether so many free pages before an end hold an aligned place.</summary>
        internal bool Holds(int end, int free, int pages, int alignment)
        {
            return ((end - free + Phase + alignment - 1) & -alignment) - Phase + pages <= end;
        }

        /// <summary>Whether the block of so many pages that begins at a page may go elsewhere now.</summary>
        internal bool CanMove(Zone zone, int page, int pages)
        {
            int slot = zone.Handles[page] - 1;
            return slot >= 0 && _table.Pages[slot] == pages && _table.Pins[slot] == 0
                && !_pages.IsHeld(zone.First + ((uint)page << _pages.PageShift), pages);
        }

        /// <summary>The same of one that lies at any page.</summary>
        internal bool CanSlide(int page, int pages)
        {
            return CanMove(_zone, page, pages) && _table.AlignmentLog[_zone.Handles[page] - 1] == 0;
        }
    }
}
