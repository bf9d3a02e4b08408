using System;

namespace Carveout.Memory
{
    /// <summary>Movable memory as the page allocator sees it: it makes room for a request that does not fit although enough pages are free,
    /// and supplies the texts of exceptions and reports.</summary>
    /// <remarks>Counters are written without the lock.</remarks>
    internal sealed class CompactionRequests : PageHandles
    {
        internal readonly MovablePages Movable;

        /// <summary>The most pages that are copied for one request; 0 if requests do not compact.</summary>
        internal int Budget;

        private readonly PageAllocator _pages;
        private readonly HandleTable _table;
        private readonly Compactor _compactor;

        internal CompactionRequests(MovablePages movable, PageAllocator pages, Compactor compactor)
        {
            Movable = movable;
            _pages = pages;
            _table = movable.Table;
            _compactor = compactor;
        }

        internal int Stalls { get; private set; }
        internal int Successes { get; private set; }
        internal int LongestStop { get; private set; }

        /// <inheritdoc/>
        internal override int TakeRun(PageMap map, int pages, int alignment, bool movable)
        {
            return map.AllocRunGrouped(pages, alignment, movable);
        }

        /// <inheritdoc/>
        internal override bool MakeRoom(Zone[] zones, int order, int pages, int alignmentPages)
        {
            PlaceRule rule = _pages.RuleOf(alignmentPages);
            if (rule != null)
            {
                // A block that is aligned to its own size cannot cross a boundary.
                alignmentPages = rule.Boundary == 0 || rule.Alignment >= pages ? rule.Alignment : 1 << PageMap.OrderOf(pages);
            }
            bool begun = false, room = false, ended = false;
            try
            {
                if (_table.Sliding != HandleTable.None)
                {
                    // Unless another context compacts now, an exception left a block half-way, and the gap below it counts as taken.
                    begun = _compactor.Begin();
                    if (!begun)
                    {
                        return false;
                    }
                    Stalls++;
                    _compactor.FinishSlide();
                }
                for (int i = 0; i < zones.Length && !room; i++)
                {
                    Zone zone = zones[i];
                    uint first = rule == null ? zone.First : zone.BusFirst;
                    int phase = (int)(first >> _pages.PageShift) & (alignmentPages - 1);
                    // A buddy aligns blocks from the start of the zone. If the alignment counts from elsewhere, ask for a larger block,
                    // which contains an aligned place.
                    int block = zone.Map.BlockFor(phase == 0 || zone.Map.FitsExactly ? pages : pages + alignmentPages - 1);
                    if (Budget == 0 || _table.Count == 0 || zone.Held != null || zone.Free - pages < zone.LimitFor(zones[0], Zone.AtMin)
                        || block > zone.PageCount || (rule != null && ((uint)zone.PageCount << _pages.PageShift) - 1 > rule.Mask - first))
                    {
                        continue;
                    }
                    if (!begun && !_compactor.Begin())
                    {
                        return false;
                    }
                    Stalls += begun ? 0 : 1;
                    begun = true;
                    bool exact = order == PageAllocator.Run && zone.Map.FitsExactly;
                    room = _compactor.MakeRoom(zone, block, exact || (phase == 0 && alignmentPages > block) ? alignmentPages : block, exact ? phase : 0,
                        Budget);
                }
                ended = true;
            }
            finally
            {
                if (begun)
                {
                    Stop(ended);
                }
            }
            return room;
        }

        /// <inheritdoc/>
        internal override void Served() => Successes++;

        /// <summary>Ends a compaction.</summary>
        /// <param name="ended">False if an exception ended it.</param>
        /// <returns>How many pages it copied.</returns>
        internal int Stop(bool ended)
        {
            int copied = _compactor.Copied;
            LongestStop = copied > LongestStop ? copied : LongestStop;
            if (ended)
            {
                _compactor.End();
            }
            else
            {
                _compactor.GiveUp();
            }
            return copied;
        }

        /// <inheritdoc/>
        internal override Exception ByAddress(uint address, short mark) => MovableMisuse.ByAddress(_pages, _table, address, mark);

        /// <inheritdoc/>
        internal override int PagesIn(Zone zone, bool pinned)
        {
            int pages = 0;
            for (int slot = 0; slot < _table.Capacity; slot++)
            {
                uint address = _table.Address[slot];
                pages += address != 0 && _pages.FindZone(address) == zone && _table.Pins[slot] != 0 == pinned ? _table.Pages[slot] : 0;
            }
            return pages;
        }

        /// <inheritdoc/>
        internal override string Counters() =>
            "compact_stall " + Stalls.ToString() + "\n"
                + "compact_fail " + (Stalls - Successes).ToString() + "\n"
                + "compact_success " + Successes.ToString() + "\n"
                + "pages_migrated " + _compactor.Migrated.ToString() + "\n";
    }
}
