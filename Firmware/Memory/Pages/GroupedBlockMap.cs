namespace Carveout.Memory
{
    /// <summary>Two buddy systems over one zone: small blocks that stay for ever live in pageblocks of their own.</summary>
    /// <remarks>
    /// <para>The kernel's grouping by mobility (mm/page_alloc.c, pageblock_order), reduced to the distinction that matters to frames: a small
    /// unmovable block in the middle of a large one keeps it from merging for as long as it lives. The main map lends whole pageblocks
    /// to the map of the small ones and gets each back once it is empty.</para>
    /// <para>Grouping is not guaranteed: if no pageblock can be lent, the small block comes from the main map, and a request that the main map
    /// cannot meet is tried in the lent pageblocks. An allocation fails if and only if neither map has a free block that is large enough.</para>
    /// </remarks>
    internal sealed class GroupedBlockMap : PageMap
    {
        /// <summary>The largest order that counts as small: the kernel's PAGE_ALLOC_COSTLY_ORDER.</summary>
        public const int SmallOrder = 3;

        private readonly FreeBlockMap _main;
        private readonly FreeBlockMap _small;
        private readonly int _blockOrder;

        /// <summary>By pageblock: 1 where the main map has lent it.</summary>
        private readonly byte[] _lent;

        /// <summary>All pages free, none lent.</summary>
        /// <param name="pages">1 to <see cref="FreeBlockMap.MaxBlockPages"/>.</param>
        /// <param name="hotOrders">Hot slots of each of the two maps, 0 to 11.</param>
        public GroupedBlockMap(int pages, int hotOrders)
            : base(pages, MaxOrderIn(pages))
        {
            _main = new FreeBlockMap(pages, hotOrders);
            // About 32 pageblocks a zone: small enough to lend a few, large enough to be worth keeping whole.
            int order = OrderOf(pages) - 5;
            order = order > TopOrder ? TopOrder : order;
            _blockOrder = order > SmallOrder ? order : SmallOrder + 1;
            _small = FreeBlockMap.CreateEmpty(pages, hotOrders, _blockOrder <= TopOrder ? _blockOrder : TopOrder);
            _lent = new byte[(pages >> _blockOrder) + 1];
        }

        /// <inheritdoc/>
        public override int MetadataSize
        {
            get { return _main.MetadataSize + _small.MetadataSize + _lent.Length; }
        }

        /// <inheritdoc/>
        public override int Alloc(int order, bool movable)
        {
            int page = -1;
            if (order <= SmallOrder && !movable)
            {
                page = _small.Alloc(order, false);
                if (page < 0 && Lend())
                {
                    page = _small.Alloc(order, false);
                }
            }
            if (page < 0)
            {
                page = _main.Alloc(order, movable);
            }
            if (page < 0 && order < _blockOrder)
            {
                page = _small.Alloc(order, movable);
            }
            if (page < 0)
            {
                _small.Drain();
                if (TakeBackEmpty())
                {
                    page = _main.Alloc(order, movable);
                }
            }
            return page;
        }

        /// <inheritdoc/>
        public override int AllocRun(int pages, int alignment)
        {
            return AllocAndTrim(pages, alignment, false);
        }

        /// <inheritdoc/>
        public override int AllocRunGrouped(int pages, int alignment, bool movable)
        {
            return AllocAndTrim(pages, alignment, movable);
        }

        /// <inheritdoc/>
        public override int AllocRunAt(int pages, int origin, int alignment, int boundary, int end)
        {
            _small.Drain();
            TakeBackEmpty();
            int page = _main.AllocRunAt(pages, origin, alignment, boundary, end);
            return page >= 0 ? page : _small.AllocRunAt(pages, origin, alignment, boundary, end);
        }

        /// <inheritdoc/>
        public override int Free(int page)
        {
            if (_lent[page >> _blockOrder] == 0)
            {
                return _main.Free(page);
            }
            int pages = _small.Free(page);
            if (pages != 0)
            {
                TakeBack(page >> _blockOrder);
            }
            return pages;
        }

        /// <inheritdoc/>
        public override void Trim(int page, int pages)
        {
            MapOf(page).Trim(page, pages);
        }

        /// <inheritdoc/>
        /// <remarks>A lent pageblock counts as one taken block: it holds small blocks, and emptying a part of it makes no room for a larger
        /// request.</remarks>
        public override int ExtentAt(int page)
        {
            return _main.ExtentAt(page);
        }

        /// <inheritdoc/>
        public override bool TakeAt(int page, int pages)
        {
            return _main.TakeAt(page, pages);
        }

        /// <inheritdoc/>
        public override int BlockAt(int page)
        {
            return MapOf(page).BlockAt(page);
        }

        /// <inheritdoc/>
        public override int BlockLength(int page)
        {
            return MapOf(page).BlockLength(page);
        }

        /// <inheritdoc/>
        public override int BlockFor(int pages)
        {
            return 1 << OrderOf(pages);
        }

        /// <inheritdoc/>
        public override int LargestFree()
        {
            int main = _main.LargestFree(), small = _small.LargestFree();
            return main > small ? main : small;
        }

        /// <inheritdoc/>
        public override void CountFree(int[] counts)
        {
            _main.CountFree(counts);
            _small.CountFree(counts);
        }

        /// <inheritdoc/>
        /// <remarks>A zone too small to hold a pageblock lends none and does not group.</remarks>
        public override int PageblockOrder
        {
            get { return _blockOrder <= TopOrder ? _blockOrder : -1; }
        }

        /// <inheritdoc/>
        public override int UnmovablePageblocks
        {
            get
            {
                int lent = 0;
                for (int block = 0; block < _lent.Length; block++)
                {
                    lent += _lent[block];
                }
                return lent;
            }
        }

        /// <inheritdoc/>
        public override void CountFreeUnmovable(int[] counts)
        {
            _small.CountFree(counts);
        }

        /// <inheritdoc/>
        public override bool Drain()
        {
            bool any = _small.Drain();
            // A failed allocation may have drained the slots before, and left a whole pageblock behind.
            any |= TakeBackEmpty();
            return _main.Drain() || any;
        }

        private FreeBlockMap MapOf(int page)
        {
            return _lent[page >> _blockOrder] == 0 ? _main : _small;
        }

        private bool Lend()
        {
            int page = _blockOrder <= TopOrder ? _main.Alloc(_blockOrder, false) : -1;
            if (page < 0)
            {
                return false;
            }
            _lent[page >> _blockOrder] = 1;
            _small.Put(page, _blockOrder);
            return true;
        }

        /// <summary>Returns a lent pageblock to the main map if it is whole again.</summary>
        private bool TakeBack(int block)
        {
            int page = block << _blockOrder;
            if (!_small.IsFree(page, _blockOrder))
            {
                return false;
            }
            _small.Take(page, _blockOrder);
            _lent[block] = 0;
            _main.Free(page);
            return true;
        }

        private bool TakeBackEmpty()
        {
            bool any = false;
            for (int block = 0; block < _lent.Length; block++)
            {
                if (_lent[block] != 0 && TakeBack(block))
                {
                    any = true;
                }
            }
            return any;
        }
    }
}
