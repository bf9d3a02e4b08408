using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Moves a block down by fewer pages than it has: page by page, so that no copy overlaps its source. One block at a time.</summary>
    /// <remarks>
    /// <para>From <see cref="Begin"/> on, handle, owner and trace say that the block lies at its new place. For the page map the gap and the block
    /// are one taken block, so no other request gets any of it. The first pages lie at the new place already; the others still lie higher up by the
    /// length of the gap. The unused pages travel up through the block and become free behind it at the end.</para>
    /// <para>A page is copied under the page allocator's lock, so nobody ever sees half of one; between two pages others get the lock. A caller that
    /// needs the whole block copies the rest itself, and a caller that frees the block drops the rest. The copy needs the lock because an interrupt
    /// could not discard it: wherever the block ends up, the page that is being written is part of it.</para>
    /// <para>If copying throws, the block stays half-way, and the next caller goes on with the same page.</para>
    /// </remarks>
    internal sealed class InPlaceSlide
    {
        private readonly HandleTable _table;
        private readonly AllocatorLock? _lock;
        private readonly PhysicalMemory? _memory;
        private readonly int _shift;

        private Zone _zone;
        private int _first, _gap, _done;

        internal InPlaceSlide(PageAllocator pages, HandleTable table)
        {
            _table = table;
            _lock = pages.Lock;
            _memory = pages.Memory;
            _shift = pages.PageShift;
        }

        /// <summary>Takes the gap below a block; the block begins there from now on. Under the lock, while no other block is half-way.</summary>
        /// <param name="slot">The block's slot, which means the new place already.</param>
        /// <param name="gap">Pages of the gap, fewer than the block has.</param>
        internal void Begin(int slot, Zone zone, int first, int gap)
        {
            zone.Map.TakeAt(first, gap);
            zone.Map.Join(first);
            Check(zone, first, gap + _table.Pages[slot], "the gap and the block that slides over it are one taken block");
            zone.Free -= gap;
            _zone = zone;
            _first = first;
            _gap = gap;
            _done = 0;
            _table.Sliding = slot;
        }

        /// <summary>Copies the rest of a block, if it is the one that is half-way. Under the lock, which is released for a moment after
        /// each page, and for good if copying throws.</summary>
        /// <returns>How many pages this call copied.</returns>
        internal int Finish(int slot)
        {
            int copied = 0;
            while (_table.Sliding == slot)
            {
                CopyPage();
                copied++;
                if (++_done == _table.Pages[slot])
                {
                    GiveBackGap();
                }
                else if (_lock != null)
                {
                    _lock.Release();
                    _lock.Acquire();
                }
            }
            return copied;
        }

        /// <summary>Ends the slide without copying the rest, because the block is being freed. Under the lock.</summary>
        internal void Drop() => GiveBackGap();

        private void GiveBackGap()
        {
            int pages = _table.Pages[_table.Sliding];
            _zone.Map.Trim(_first, pages);
            Check(_zone, _first, pages, "a block that has slid down has as many pages as before");
            _zone.Free += _gap;
            _table.Sliding = HandleTable.None;
        }

        /// <summary>A map that lost pages here would hand them out twice.</summary>
        private void Check(Zone zone, int page, int pages, string sentence)
        {
            if (zone.Map.BlockLength(page) != pages)
            {
                if (_lock != null)
                {
                    _lock.Release();
                }
                throw Invariant.Broken(sentence);
            }
        }

        private void CopyPage()
        {
            uint target = _zone.First + ((uint)(_first + _done) << _shift);
            bool copied = false;
            try
            {
                _memory.Copy(target + ((uint)_gap << _shift), target, 1 << _shift);
                copied = true;
            }
            finally
            {
                // Release it here, because no lock may be held when an exception leaves.
                if (!copied && _lock != null)
                {
                    _lock.Release();
                }
            }
        }
    }
}
