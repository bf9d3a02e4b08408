using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The one block that moves down by fewer pages than it has: page by page, so that no copy overlaps its source.</summary>
    /// <remarks>
    /// <para>From <see cref="Begin"/> on the block is where it goes to: handle, owner and trace mean the new place. The page map has the
    /// gap and the block as one taken block, so that no other request can get any of it. The first pages already lie at the new
    /// place, the others still a gap further up. The unused pages travel up through the block and become free behind it at the end.
    /// </para>
    /// <para>A page is copied under the page allocator's lock, so nobody ever sees half of one, and between two pages others get it. A caller
    /// that needs the whole block copies the rest of it; a caller that frees it drops the rest. The lock is needed because an interrupt could
    /// not have the interrupted copy thrown away: wherever the block ends up, the page that is being written is part of it.
    /// </para>
    /// <para>If copying throws, the block stays as it is, and the next caller goes on with the same page.</para>
    /// </remarks>
    internal sealed class InPlaceSlide
    {
        private readonly HandleTable _table;
        private readonly AllocatorLock _lock;
        private readonly PhysicalMemory _memory;
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

        /// <summary>Takes the gap before a block, which then begins there. Under the lock; no other block is half-way.</summary>
        /// <param name="slot">The block's, which means the new place already.</param>
        /// <param name="zone">Whose map takes runs at any page.</param>
        /// <param name="first">Where the gap begins.</param>
        /// <param name="gap">Its pages, fewer than the block has.</param>
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

        /// <summary>Copies what is left of a block, if it is the one that is half-way. Under the lock, which others get after each page; where
        /// copying throws, it is released.</summary>
        /// <returns>Pages that were copied here.</returns>
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

        /// <summary>Ends it without copying what is left: nobody wants what is in the block any more. Under the lock.</summary>
        internal void Drop()
        {
            GiveBackGap();
        }

        private void GiveBackGap()
        {
            int pages = _table.Pages[_table.Sliding];
            _zone.Map.Trim(_first, pages);
            Check(_zone, _first, pages, "a block that has slid down has as many pages as before");
            _zone.Free += _gap;
            _table.Sliding = HandleTable.None;
        }

        /// <summary>A map that loses pages here would hand them out twice.</summary>
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
                // Released here, because no lock may be held when an exception leaves.
                if (!copied && _lock != null)
                {
                    _lock.Release();
                }
            }
        }
    }
}
