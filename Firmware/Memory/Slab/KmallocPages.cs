namespace Carveout.Memory
{
    /// <summary>Allocations of Kmalloc that no cache holds: exact runs of pages, as the kernel's kmalloc_large hands out whole folios.</summary>
    /// <remarks>
    /// <para>The first page of a run is marked in <see cref="Zone.Slabs"/>, so that Kfree takes back these runs and no others. The mark is set and
    /// taken away by whom the run belongs to; a free looks at it under the lock, so that of two frees at once one is refused.</para>
    /// <para>A run belongs to the owner who asked, or to "kmalloc-large". It is the page allocator that tracks, traces and hardens it.</para>
    /// </remarks>
    internal sealed class KmallocPages
    {
        private readonly SlabAllocator _slabs;
        private readonly PageAllocator _pages;
        private readonly PageOwner _owner;

        /// <summary>The name of the owner of runs for which a request named none.</summary>
        internal const string OwnerName = "kmalloc-large";

        internal KmallocPages(SlabAllocator slabs)
        {
            _slabs = slabs;
            _pages = slabs.Pages;
            _owner = _pages.RegisterOwner(OwnerName);
        }

        /// <summary>Takes a run.</summary>
        /// <param name="size">Bytes, 1 or more.</param>
        /// <param name="gfp">Flags of Kmalloc.</param>
        /// <returns>The address, on a page, or 0.</returns>
        internal uint Alloc(int size, GfpFlags gfp, PageOwner owner)
        {
            _pages.CheckOwner(owner);
            PageOwner whose = owner == PageOwner.Unknown ? _owner : owner;
            if (_pages.Refuses(size, gfp, whose))
            {
                return 0;
            }
            uint address = _pages.AllocPagesExact(size, gfp & ~GfpFlags.Zero, whose);
            if (address != 0)
            {
                Zone zone = _pages.FindZone(address)!;
                zone.Slabs![_pages.PageIn(zone, address)] = SlabAllocator.RunMark;
                if ((gfp & GfpFlags.Zero) != 0)
                {
                    Clear(address);
                }
            }
            return address;
        }

        internal void Free(uint address)
        {
            Zone zone = _pages.FindZone(address)!;
            int page = _pages.PageIn(zone, address);
            short[] marks = zone.Slabs!;
            _slabs.Enter();
            bool isOurs = page >= 0 && marks[page] == SlabAllocator.RunMark;
            if (isOurs)
            {
                marks[page] = 0;
            }
            int length = isOurs && _slabs.SharesLock ? TakenBlocks.At(zone, page) : 0;
            if (length != 0 && !_pages.IsHeld(address, length))
            {
                _pages.FreeEntered(zone, page, length);
                return;
            }
            _slabs.Leave();
            if (!isOurs)
            {
                throw SlabMisuse.NoRun(_slabs, address);
            }
            // The lock is another one; or somebody else freed these pages or a device has them, which FreePages refuses with a message.
            bool isFreed = false;
            try
            {
                _pages.FreePages(address);
                isFreed = true;
            }
            finally
            {
                if (!isFreed)
                {
                    marks[page] = SlabAllocator.RunMark;
                }
            }
        }

        internal int SizeAt(uint address)
        {
            Zone zone = _pages.FindZone(address)!;
            int page = _pages.PageIn(zone, address);
            if (page < 0 || zone.Slabs![page] != SlabAllocator.RunMark)
            {
                throw SlabMisuse.NoRun(_slabs, address);
            }
            return zone.Map.BlockLength(page) << _pages.PageShift;
        }

        /// <summary>Bytes of a run in use that are not a red zone.</summary>
        internal int UsableSize(uint address)
        {
            Zone zone = _pages.FindZone(address)!;
            int asked = zone.Held == null ? 0 : HardenedPages.Of(zone).Asked[_pages.PageIn(zone, address)];
            return asked != 0 ? asked : SizeAt(address);
        }

        /// <summary>Whose a run in use is.</summary>
        internal PageOwner OwnerAt(uint address)
        {
            PageOwner owner = _pages.OwnerAt(address);
            return owner == _owner ? PageOwner.Unknown : owner;
        }

        /// <summary>Whether a run in use lies where devices reach it.</summary>
        internal bool IsDma(uint address)
        {
            return _pages.FindZone(address)!.IsDma;
        }

        /// <summary>Lets the owner of a run use so many bytes of it, no more than it has. Pages behind them go back.</summary>
        internal void Resize(uint address, int size)
        {
            int length = SizeAt(address);
            CheckUnmapped(address, size, length);
            if ((size - 1) >> _pages.PageShift < (length - 1) >> _pages.PageShift)
            {
                _pages.TrimPages(address, size);
            }
            PageGuard? guard = PageGuard.Of(_pages);
            if (guard != null && guard.Hardening != null)
            {
                Zone zone = _pages.FindZone(address)!;
                guard.Hardening.MoveRedZone(zone, _pages.PageIn(zone, address), size);
            }
        }

        /// <summary>Refuses to give bytes of a run up while a device has some of them.</summary>
        /// <param name="keep">Bytes that stay its owner's.</param>
        internal void CheckUnmapped(uint address, int keep, int length)
        {
            if (keep < length && _pages.IsHeldNow(address + (uint)keep, length - keep))
            {
                int kept = keep >> _pages.PageShift;
                throw Misuse.Held(_pages, address, address + ((uint)kept << _pages.PageShift), (length >> _pages.PageShift) - kept);
            }
        }

        private void Clear(uint address)
        {
            bool isCleared = false;
            try
            {
                if (_slabs.Memory == null)
                {
                    throw SlabMisuse.NothingToZero();
                }
                _slabs.Memory.Fill(address, UsableSize(address), 0);
                isCleared = true;
            }
            finally
            {
                if (!isCleared)
                {
                    Free(address);
                }
            }
        }
    }
}
