namespace Carveout.Memory
{
    /// <summary>The slow path of <see cref="PageAllocator"/>: allocations, frees and trims while owners are tracked, pages are hardened or
    /// operations are traced.</summary>
    /// <remarks>A block that is freed or trimmed is checked and filled without the lock. Meanwhile it is marked as held back, so nobody
    /// else can free or trim it, and it is on no free list yet.</remarks>
    internal sealed class PageGuard : PageWatch
    {
        private readonly PageAllocator _pages;
        private readonly AllocatorLock? _lock;
        private readonly int _shift;

        internal OwnerTable? Owners;
        internal PageHardening? Hardening;
        internal TraceRing? Trace;

        internal PageGuard(PageAllocator pages)
        {
            _pages = pages;
            _lock = pages.Lock;
            OwnerPageCounts = pages.OwnerPageCounts;
            _shift = pages.PageShift;
        }

        internal static PageGuard? Of(PageAllocator pages) => (PageGuard?)pages.Watch;

        /// <summary>The guard of an allocator; one that watches nothing yet where there was none.</summary>
        internal static PageGuard For(PageAllocator pages) => Of(pages) ?? new PageGuard(pages);

        internal bool Watches { get { return Owners != null || Hardening != null || Trace != null; } }

        /// <inheritdoc/>
        internal override uint Alloc(Zone[] zones, GfpFlags gfp, int order, int pages, int alignmentPages, PageOwner owner, int size)
        {
            uint address = _pages.TryZones(zones, gfp, Zone.AtLow, order, pages, alignmentPages, owner, 0);
            if (address == 0 && ReleaseQuarantine())
            {
                address = _pages.TryZones(zones, gfp, Zone.AtLow, order, pages, alignmentPages, owner, 0);
            }
            if (address == 0)
            {
                address = _pages.AskHarder(zones, gfp, order, pages, alignmentPages, owner);
                if (address == 0)
                {
                    if (Trace != null)
                    {
                        RecordRequest(0, order, pages, alignmentPages, owner, size);
                    }
                    return 0;
                }
            }
            if (Trace != null)
            {
                // Record the request before the block is filled: if there is no memory to fill, the block is freed at once.
                RecordRequest(address, order, pages, alignmentPages, owner, size);
            }
            Zone zone = _pages.FindZone(address)!;
            int page = _pages.PageIn(zone, address);
            if (Hardening != null)
            {
                Prepare(zone, page, pages, 0);
            }
            if ((gfp & GfpFlags.Zero) != 0)
            {
                _pages.FillWithZero(address, pages, owner);
            }
            if (Hardening != null && size != 0)
            {
                Prepare(zone, page, 0, size);
            }
            if (Owners != null)
            {
                Acquire();
                Owners.Record(address, pages << _shift, owner);
                Release();
            }
            return address;
        }

        /// <summary>Checks the poison of new pages, and puts a red zone behind the bytes that were asked for. If the memory throws, frees
        /// the pages.</summary>
        private void Prepare(Zone zone, int page, int pages, int size)
        {
            bool whole = false;
            try
            {
                Hardening.CheckTaken(zone, page, pages);
                if (size != 0)
                {
                    Hardening.GuardSlack(zone, page, size);
                }
                whole = true;
            }
            finally
            {
                if (!whole)
                {
                    _pages.FreePages(zone.First + ((uint)page << _shift));
                }
            }
        }

        /// <summary>Frees a block, into quarantine if there is one.</summary>
        internal override void Free(uint address, int expectedPages)
        {
            // Written out here and at the end, and not called, because every free passes through.
            if (_lock != null)
            {
                _lock.Acquire();
            }
            FreeEntered(address, expectedPages);
        }

        /// <inheritdoc/>
        internal override void FreeEntered(uint address, int expectedPages)
        {
            Zone zone = _pages.FindZone(address);
            int page = _pages.PageIn(zone, address);
            PageOwner owner = PageOwner.Unknown;
            int length = Length(zone!, page);
            bool valid = length != 0 && (expectedPages == 0 || expectedPages == length)
                && ((_pages.Hold == null && _pages.Handles == null) || !(_pages.IsMovable(zone!, page) || _pages.IsHeld(zone.First + ((uint)page << _pages.PageShift), length)));
            if (valid)
            {
                owner = (PageOwner)zone.Owners[page];
                OwnerPageCounts[(int)owner] -= length;
                if (Owners != null)
                {
                    Owners.Forget(address);
                }
                if (Trace != null)
                {
                    Trace.Record(TraceKind.Free, address, length << _shift, -1, owner);
                }
                if (Hardening == null)
                {
                    GiveBack(zone!, page);
                }
                else
                {
                    HardenedPages.Of(zone!).Hold(page);
                }
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (!valid)
            {
                throw Misuse.WrongFree(_pages, address, expectedPages);
            }
            if (Hardening != null)
            {
                try
                {
                    Hardening.Retire(zone!, page, 0, length, owner);
                }
                finally
                {
                    Acquire();
                    GiveBack(Hardening.Hold(address));
                    Release();
                }
            }
        }

        /// <inheritdoc/>
        internal override void Trim(uint address, int size)
        {
            Zone zone = _pages.FindZone(address);
            int page = _pages.PageIn(zone, address), keep = size < 1 ? 0 : ((size - 1) >> _shift) + 1;
            Acquire();
            int length = Length(zone!, page);
            uint tail = address + ((uint)keep << _shift);
            bool fits = keep > 0 && keep <= length && !_pages.IsMovable(zone!, page);
            bool mapped = fits && _pages.IsHeld(tail, length - keep), valid = fits && !mapped;
            if (valid && Hardening != null)
            {
                HardenedPages.Of(zone!).Hold(page);
                Release();
                try
                {
                    Hardening.Retire(zone!, page, keep, length, (PageOwner)zone.Owners[page]);
                }
                finally
                {
                    Acquire();
                    HardenedPages.Of(zone!).LetGo(page);
                    Cut(zone!, page, keep, length, size);
                    Release();
                }
                return;
            }
            if (valid)
            {
                Cut(zone!, page, keep, length, size);
            }
            Release();
            if (mapped)
            {
                throw Misuse.Held(_pages, address, tail, length - keep);
            }
            if (!valid)
            {
                throw Misuse.WrongTrim(_pages, address, size, length);
            }
        }

        /// <summary>Gives back the tail of a block and records that. Under the lock.</summary>
        private void Cut(Zone zone, int page, int keep, int length, int size)
        {
            uint address = zone.First + ((uint)page << _shift);
            _pages.CutTail(zone, page, keep, length);
            if (Owners != null)
            {
                Owners.Resize(address, keep << _shift);
            }
            if (Trace != null)
            {
                Trace.Record(TraceKind.Trim, address, size, -1, (PageOwner)zone.Owners[page]);
            }
        }

        /// <inheritdoc/>
        internal override void Move(uint from, uint to, int pages, PageOwner owner)
        {
            if (Owners != null)
            {
                Owners.Move(from, to);
            }
            if (Trace != null)
            {
                // A trace knows blocks by their addresses: a block that moves is freed at the old one and allocated at the new one.
                Trace.Record(TraceKind.Free, from, pages << _shift, -1, owner);
                Trace.Record(TraceKind.Run, to, pages << _shift, _shift, owner);
            }
        }

        /// <summary>Frees every block that is held back, the oldest first.</summary>
        /// <returns>Whether there was one.</returns>
        internal override bool ReleaseQuarantine()
        {
            bool any = false;
            // Release at most as many as the quarantine can hold, since others may free blocks meanwhile.
            for (int left = Hardening == null ? 0 : Hardening.QuarantineCapacity; left > 0; left--)
            {
                Acquire();
                uint address = Hardening.TakeOldest();
                GiveBack(address);
                Release();
                if (address == 0)
                {
                    return any;
                }
                any = true;
            }
            return any;
        }

        /// <summary>Records a request and its result: an address, or 0.</summary>
        private void RecordRequest(uint address, int order, int pages, int alignmentPages, PageOwner owner, int size)
        {
            int shift = _shift;
            if (order == PageAllocator.Run)
            {
                for (int align = _pages.AlignmentOf(alignmentPages); align > 1; align >>= 1)
                {
                    shift++;
                }
            }
            else if (size == 0)
            {
                // A request for an order gets a block that is aligned to its size; a request for bytes gets one that is aligned to a page.
                shift += order;
            }
            int bytes = size != 0 ? size : pages << _shift;
            Acquire();
            Trace.Record(address == 0 ? TraceKind.Failure : order == PageAllocator.Run ? TraceKind.Run : TraceKind.Block, address, bytes, shift, owner);
            Release();
        }

        /// <summary>Pages of the block that may be freed or trimmed at this page; 0 if there is none.</summary>
        private static int Length(Zone zone, int page) => page < 0 ? 0 : TakenBlocks.At(zone, page);

        private void GiveBack(uint address)
        {
            if (address != 0)
            {
                Zone zone = _pages.FindZone(address)!;
                int page = _pages.PageIn(zone, address);
                HardenedPages.Of(zone).LetGo(page);
                GiveBack(zone, page);
            }
        }

        private static void GiveBack(Zone zone, int page)
        {
            int pages = zone.Map.Free(page);
            zone.Free += pages;
            zone.Freed += pages;
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
