namespace Carveout.Memory
{
    /// <summary>Searches a zone for the place of a request that costs least: the window of neighbouring blocks with the fewest taken pages.</summary>
    /// <remarks>Two page numbers, start and end, walk once over the blocks of a zone. The window between them holds whole blocks and an aligned
    /// place for the request. A block that must not move is a wall, and no window crosses it. The first walk finds the cheapest window, the next walk
    /// the second cheapest, and so on; among windows of equal cost the lowest address comes first. Everything here happens under the page allocator's
    /// lock.</remarks>
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

        internal int Start { get; private set; }

        /// <summary>The page behind the last block of the window. Set for windows that are to be emptied, not for those to slide.</summary>
        internal int End { get; private set; }

        /// <summary>The first page of the request's place. Blocks that move out may still go to free pages of the window below it.</summary>
        internal int Place { get; private set; }

        /// <summary>The alignment counts from a point this many pages below the zone.</summary>
        internal int Phase;

        internal int Cost { get { return _lastCost; } }

        /// <summary>Makes the next search find the cheapest window that comes after a given one.</summary>
        /// <param name="cost">Taken pages of the given window. -1 begins a search; 0 begins one that skips windows without taken pages.</param>
        /// <param name="start">First page of the given window. Of the windows with the same cost, only those above it are found.</param>
        internal void Begin(Zone zone, int cost, int start)
        {
            _zone = zone;
            _lastCost = cost;
            _lastStart = start;
        }

        /// <summary>Keeps a span for a request: from now on no place that is found overlaps it. An empty span ends this.</summary>
        internal void Keep(int start, int end)
        {
            _keptStart = start;
            _keptEnd = end;
        }

        /// <summary>Moves the place of the window that was found as far up as the window allows, so that other free pages are left over.</summary>
        /// <param name="alignment">The request's alignment, in pages.</param>
        /// <returns>False if it cannot lie higher.</returns>
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
        /// <param name="alignment">The request's alignment, in pages.</param>
        /// <param name="budget">The most taken pages in a window.</param>
        /// <returns>False if there is no further window.</returns>
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

        /// <summary>Finds the cheapest window to slide: from one free run to another, with enough free pages in all. Among equals the one
        /// that ends first wins.</summary>
        /// <param name="pages">How many pages must be free in a row afterwards.</param>
        /// <param name="alignment">The alignment of the first of them, in pages.</param>
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
                    // Test the handle first: most walls have none.
                    free = handles[end] > 0 && CanSlide(end, extent) ? free : 0;
                    // If the place must be aligned, the block behind the free pages may have to move, too.
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
                // Drop free runs on the left, with the blocks behind them, while the rest has enough free pages.
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

        /// <summary>Whether <paramref name="free"/> pages before page <paramref name="end"/> contain an aligned place.</summary>
        internal bool Holds(int end, int free, int pages, int alignment) =>
            ((end - free + Phase + alignment - 1) & -alignment) - Phase + pages <= end;

        /// <summary>Whether the block of this many pages at a page may move now.</summary>
        internal bool CanMove(Zone zone, int page, int pages)
        {
            int slot = zone.Handles[page] - 1;
            return slot >= 0 && _table.Pages[slot] == pages && _table.Pins[slot] == 0
                && !_pages.IsHeld(zone.First + ((uint)page << _pages.PageShift), pages);
        }

        /// <summary>Whether the block may move now to any page, because it needs no alignment.</summary>
        internal bool CanSlide(int page, int pages) => CanMove(_zone, page, pages) && _table.AlignmentLog[_zone.Handles[page] - 1] == 0;
    }
}
