using System;

namespace Carveout.Memory
{
    /// <summary>Memory that a handle stands for instead of an address, so that it can be moved to make room for a request that does not
    /// fit.</summary>
    /// <remarks>
    /// <para>Contract: <see cref="Pin"/> gives an address that holds until the matching <see cref="Unpin"/>; without a pin nobody may keep
    /// an address. If the page allocator cannot meet a request although enough pages are free, it compacts, but never for one that is
    /// <see cref="GfpFlags.Atomic"/> or <see cref="GfpFlags.NoRetry"/>, and never more than <see cref="Budget"/> pages for one request.
    /// Blocks that are pinned, mapped for DMA or allocated by address do not move. Nothing moves while pages are hardened, since a
    /// quarantine needs addresses that stay. A block stays in its zone and keeps its alignment.</para>
    /// <para>Pin, Unpin and Free never wait and never fail for a compaction that is under way, in whatever context they are called: a block
    /// is whole where it was until its copy is complete, and one that is touched meanwhile stays there. So they may be called from an
    /// interrupt that stopped the copying as well as from another thread. In one case Pin has work to do. In zones of exact runs one block at
    /// a time may be sliding down by fewer pages than it has; Pin then copies the rest of that block itself. That is at least a page less
    /// than the block, and so less than the budget of the compaction that moves it.</para>
    /// <para>Pages are copied by PhysicalMemory.Copy: through the cache where there is one, by a DMA channel where that is how the board
    /// copies. The lock is held only while a block slides down by fewer pages than it has, and then for one page at a time. So
    /// Copy may neither take the lock nor wait for an interrupt that the lock holds off. An exception out of it passes through the request that
    /// wanted to compact, which has taken nothing. All handles stay valid. Until <see cref="Recover"/> is called, the pages that the
    /// compaction took for itself are not free, and no other compaction begins. Every block is whole except one that was sliding down: Pin
    /// and Recover first copy the rest of it, which may be all of it; Free does not need it.</para>
    /// <para>Slab objects have no handles. Moving one frees no page before its whole slab is empty, each would need 18 bytes here and a pin at
    /// every use, and caches give empty slabs back through their shrinker. To move many small things, keep them in movable pages of your
    /// own.</para>
    /// <para>Costs: 18 bytes a handle and 2 bytes a page. Nothing is allocated from the managed heap after construction. Locking as in
    /// <see cref="PageAllocator"/>; counters are written outside the lock.</para>
    /// </remarks>
    public sealed class MovablePages
    {
        /// <summary>The most handles.</summary>
        public const int MaxHandles = HandleTable.MostHandles;

        /// <summary>No budget: a request may move as many pages as it takes.</summary>
        public const int NoLimit = int.MaxValue;

        internal readonly HandleTable Table;

        private readonly PageAllocator _pages;
        private readonly AllocatorLock? _lock;
        private readonly Compactor _compactor;
        private readonly CompactionRequests _requests;
        private readonly InPlaceSlide _inPlace;

        /// <summary>Movable memory from an allocator's zones, one table for each allocator, at boot.</summary>
        /// <param name="pages">Has a PhysicalMemory, by which blocks are copied.</param>
        /// <param name="handles">Blocks that there can be at once: 1 to <see cref="MaxHandles"/>.</param>
        /// <param name="budget">As <see cref="Budget"/>.</param>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
        /// <exception cref="InvalidOperationException">The allocator has no memory, or movable memory already.</exception>
        public MovablePages(PageAllocator pages, int handles, int budget)
        {
            if (pages == null)
            {
                throw new ArgumentNullException(nameof(pages));
            }
            if (handles < 1 || handles > MaxHandles)
            {
                throw new ArgumentOutOfRangeException(nameof(handles), handles.ToString() + " handles: expected 1 to " + MaxHandles.ToString());
            }
            CheckBudget(budget);
            if (pages.Memory == null || pages.Handles != null)
            {
                throw new InvalidOperationException("movable memory: the allocator " + (pages.Memory == null
                    ? "was made without memory; expected a PhysicalMemory in its constructor"
                    : "has a MovablePages already; expected one for each allocator"));
            }
            _pages = pages;
            _lock = pages.Lock;
            Table = new HandleTable(handles);
            _inPlace = new InPlaceSlide(pages, Table);
            _compactor = new Compactor(pages, Table, _inPlace);
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                pages.ZoneAt(i).Handles = new short[pages.ZoneAt(i).Pages];
            }
            _requests = new CompactionRequests(this, pages, _compactor) { Budget = budget };
            pages.Handles = _requests;
        }

        /// <summary>The movable memory of an allocator, or null.</summary>
        /// <param name="pages">Whose.</param>
        /// <returns>What was made over it, or null.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null.</exception>
        public static MovablePages? Of(PageAllocator pages)
        {
            Misuse.Given(pages);
            return pages.Handles == null ? null : ((CompactionRequests)pages.Handles).Movable;
        }

        /// <summary>The most pages that are copied for one request, which limits how long it can take. 0 if requests do not compact.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
        public int Budget
        {
            get
            {
                return _requests.Budget;
            }
            set
            {
                CheckBudget(value);
                _requests.Budget = value;
            }
        }

        /// <summary>Blocks that there can be at once.</summary>
        public int Capacity { get { return Table.Capacity; } }

        /// <summary>Blocks that there are.</summary>
        public int LiveCount { get { return Table.Count; } }

        /// <summary>Of them, those that are pinned.</summary>
        public int PinnedCount { get { return Table.Pinned; } }

        /// <summary>Allocations that returned 0 because every handle was taken.</summary>
        public long HandleFailureCount { get; private set; }

        /// <summary>Requests that had to compact: the kernel's compact_stall.</summary>
        public int CompactStalls { get { return _requests.Stalls; } }

        /// <summary>Of them, those that were served then: compact_success.</summary>
        public int CompactSuccesses { get { return _requests.Successes; } }

        /// <summary>Of them, those that were not: compact_fail.</summary>
        public int CompactFailures { get { return CompactStalls - CompactSuccesses; } }

        /// <summary>Pages ever moved, by requests and by <see cref="Compact"/>.</summary>
        public long PagesMigrated { get { return _compactor.Migrated; } }

        /// <summary>The most pages that one request or <see cref="Compact"/> copied.</summary>
        public int MaxStop { get { return _requests.LongestStop; } }

        /// <summary>Takes 2^order pages, aligned to their own size wherever they go.</summary>
        /// <param name="gfp">As for PageAllocator.AllocPages; <see cref="GfpFlags.Movable"/> is understood.</param>
        /// <param name="order">0 to 10.</param>
        /// <param name="owner">A number from RegisterOwner.</param>
        /// <returns>A handle, above 0; or 0 for want of memory or of handles.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The order is not 0 to 10, or nobody registered the owner. If no handle is left, neither
        /// is checked.</exception>
        public int AllocPages(GfpFlags gfp, int order, PageOwner owner)
        {
            return HasHandle() ? Enter(_pages.AllocPages(gfp | GfpFlags.Movable, order, owner), 1 << order, order) : 0;
        }

        /// <summary>Takes exactly as many pages as <paramref name="size"/> bytes need, at any page.</summary>
        /// <param name="size">Bytes: 1 to the size of the largest zone.</param>
        /// <param name="gfp">As for <see cref="AllocPages"/>.</param>
        /// <param name="owner">A number from RegisterOwner.</param>
        /// <returns>A handle, above 0; or 0 for want of memory or of handles.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is out of its range, or nobody registered the owner. If no handle is left,
        /// neither is checked.</exception>
        public int AllocPagesExact(int size, GfpFlags gfp, PageOwner owner)
        {
            return HasHandle() ? Enter(_pages.AllocPagesExact(size, gfp | GfpFlags.Movable, owner), ((size - 1) >> _pages.PageShift) + 1, 0) : 0;
        }

        /// <summary>Keeps a block where it is until <see cref="Unpin"/>; pins are counted.</summary>
        /// <remarks>What PhysicalMemory.Copy throws, of a block that is sliding in place, passes through: the block is not pinned, and the next
        /// call goes on where this one stopped.</remarks>
        /// <returns>Its physical address.</returns>
        /// <param name="handle">What the allocation returned.</param>
        /// <exception cref="InvalidOperationException">No block has the handle.</exception>
        public uint Pin(int handle)
        {
            Acquire();
            int slot = Table.Find(handle);
            if (slot == Table.Sliding)
            {
                _inPlace.Finish(slot);
                slot = Table.Find(handle);
            }
            uint address = 0;
            if (slot >= 0)
            {
                Table.Pinned += Table.Pins[slot]++ == 0 ? 1 : 0;
                Table.Moving[slot] = 0;
                address = Table.Address[slot];
            }
            Release();
            if (slot < 0)
            {
                throw MovableMisuse.Stale(_pages, Table, "Pin", handle);
            }
            return address;
        }

        /// <summary>Ends a pin: after the last one the address means nothing any more.</summary>
        /// <param name="handle">What the allocation returned.</param>
        /// <exception cref="InvalidOperationException">No block has the handle, or it is not pinned.</exception>
        public void Unpin(int handle)
        {
            Acquire();
            int slot = Table.Find(handle);
            bool pinned = slot >= 0 && Table.Pins[slot] != 0;
            if (pinned)
            {
                Table.Pinned -= --Table.Pins[slot] == 0 ? 1 : 0;
            }
            Release();
            if (!pinned)
            {
                throw slot < 0 ? MovableMisuse.Stale(_pages, Table, "Unpin", handle) : MovableMisuse.NotPinned(_pages, Table, slot);
            }
        }

        /// <summary>Gives a block back; its handle is stale from now on.</summary>
        /// <param name="handle">What the allocation returned.</param>
        /// <exception cref="InvalidOperationException">No block has the handle, it is pinned, or a device has some of it.</exception>
        public void Free(int handle)
        {
            Acquire();
            int slot = Table.Find(handle), pages = slot < 0 ? 0 : Table.Pages[slot];
            uint address = slot < 0 ? 0 : Table.Address[slot];
            bool pinned = slot >= 0 && Table.Pins[slot] != 0, mapped = slot >= 0 && _pages.IsHeld(address, pages);
            if (slot >= 0 && !pinned && !mapped)
            {
                if (slot == Table.Sliding)
                {
                    _inPlace.Drop();
                }
                Zone zone = _pages.FindZone(address);
                int page = _pages.PageIn(zone, address);
                zone.Handles[page] = 0;
                Table.Give(slot);
                _pages.FreeEntered(zone, page, pages);
                return;
            }
            Release();
            if (slot < 0)
            {
                throw MovableMisuse.Stale(_pages, Table, "Free", handle);
            }
            throw pinned ? MovableMisuse.Pinned(_pages, Table, slot) : Misuse.Held(_pages, address, address, pages);
        }

        /// <summary>Bytes of a block: whole pages.</summary>
        /// <param name="handle">What the allocation returned.</param>
        /// <returns>A multiple of the page size.</returns>
        /// <exception cref="InvalidOperationException">No block has the handle.</exception>
        public int SizeOf(int handle)
        {
            return Table.Pages[Checked("SizeOf", handle)] << _pages.PageShift;
        }

        /// <summary>How often a block is pinned now.</summary>
        /// <param name="handle">What the allocation returned.</param>
        /// <returns>0 where it may be moved.</returns>
        /// <exception cref="InvalidOperationException">No block has the handle.</exception>
        public int PinsOf(int handle)
        {
            return Table.Pins[Checked("PinsOf", handle)];
        }

        /// <summary>Moves a few pages, if that makes the largest free block of a zone larger: for an idle loop, which goes on until it
        /// returns 0. It tries to double the block if the budget allows; otherwise, in a zone of exact runs, it gains what it can.</summary>
        /// <param name="budget">The most pages that are copied, in all zones together.</param>
        /// <returns>Pages copied; 0: nothing can be gained for so many.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The budget is negative.</exception>
        public int Compact(int budget)
        {
            CheckBudget(budget);
            if (!_compactor.Begin())
            {
                return 0;
            }
            for (int i = 0; i < _pages.ZoneCount; i++)
            {
                Enlarge(_pages.ZoneAt(i), budget);
            }
            return _requests.Stop();
        }

        /// <summary>Takes movable memory up again after an exception out of PhysicalMemory.Copy: copies what is left of a block that it stopped
        /// in the middle of its slide, and gives back what the compaction took for itself. Not while another context compacts.</summary>
        /// <remarks>Where copying throws again nothing was given back, and it may be called once more.</remarks>
        public void Recover()
        {
            _compactor.GiveBackAll();
        }

        private void Enlarge(Zone zone, int budget)
        {
            if (zone.Held != null || Table.Count == 0)
            {
                return;
            }
            PageMap map = zone.Map;
            Acquire();
            map.Drain();
            int largest = map.LargestFree(), free = zone.Free;
            Release();
            int twice = 2 * largest;
            if (map.FitsExactly)
            {
                if (largest < free && !_compactor.MakeRoom(zone, twice < free ? twice : free, 1, 0, budget) && largest + 1 < twice)
                {
                    _compactor.MakeRoom(zone, largest + 1, 1, 0, budget);
                }
            }
            else if (largest != 0 && twice <= free && twice <= 1 << map.TopOrder)
            {
                _compactor.MakeRoom(zone, twice, twice, 0, budget);
            }
        }

        private bool HasHandle()
        {
            bool has = Table.Count < Table.Capacity;
            HandleFailureCount += has ? 0 : 1;
            return has;
        }

        private int Enter(uint address, int pages, int alignmentLog)
        {
            if (address == 0)
            {
                return 0;
            }
            Zone zone = _pages.FindZone(address);
            Acquire();
            int slot = Table.Take(address, pages, alignmentLog), handle = slot < 0 ? 0 : Table.HandleOf(slot);
            if (slot >= 0)
            {
                zone.Handles[_pages.PageIn(zone, address)] = (short)(slot + 1);
            }
            Release();
            if (slot < 0)
            {
                // Another context took the last one meanwhile.
                HandleFailureCount++;
                _pages.FreePages(address);
            }
            return handle;
        }

        private int Checked(string call, int handle)
        {
            int slot = Table.Find(handle);
            if (slot < 0)
            {
                throw MovableMisuse.Stale(_pages, Table, call, handle);
            }
            return slot;
        }

        private static void CheckBudget(int budget)
        {
            if (budget < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(budget), budget.ToString() + " pages: expected 0 or more");
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
