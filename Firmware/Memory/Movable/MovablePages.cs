using System;

namespace Carveout.Memory
{
    /// <summary>Memory that callers know by a handle instead of an address, so that blocks can be moved to make room for a request that
    /// does not fit.</summary>
    /// <remarks>
    /// <para>Contract: <see cref="Pin"/> gives an address that is valid until the matching <see cref="Unpin"/>; nobody may keep an address without a
    /// pin. If the page allocator cannot meet a request although enough pages are free, it compacts. It never does so for a request that is <see
    /// cref="GfpFlags.Atomic"/> or <see cref="GfpFlags.NoRetry"/>, and it never copies more than <see cref="Budget"/> pages for one request. Blocks
    /// that are pinned, mapped for DMA or allocated by address do not move. Nothing moves while pages are hardened, since a quarantine needs
    /// addresses that stay. A block stays in its zone and keeps its alignment.</para>
    /// <para>Pin, Unpin and Free never wait for a compaction and never fail because of one, in whatever context they are called. A block is whole at
    /// its old place until its copy is complete, and a block that is touched meanwhile stays there. So an interrupt that stopped the copying may call
    /// them, as may another thread. In one case Pin has work to do: in a zone of exact runs, one block at a time may be sliding down by fewer pages
    /// than it has. Pin then copies the rest of that block itself, which is at least a page less than the block, and so less than the budget of the
    /// compaction that moves it.</para>
    /// <para>PhysicalMemory.Copy copies the pages: through the cache if there is one, or with a DMA channel if the board copies so. The lock is held
    /// only while a block slides down by fewer pages than it has, for one page at a time. So Copy must neither take the lock nor wait for an
    /// interrupt that the lock holds off. If Copy throws, the exception passes through the request that wanted to compact, which has taken nothing
    /// and gives back what the compaction held. All handles stay valid. Every block is whole, except one that was sliding down: its Pin, the next
    /// compaction and <see cref="Recover"/> first copy the rest of it, which may be all of it; Free need not.</para>
    /// <para>Slab objects have no handles. Moving an object frees no page until its whole slab is empty, each object would need 18 bytes here and a
    /// pin at every use, and caches give back empty slabs through their shrinker. To move many small things, keep them in movable pages of your
    /// own.</para>
    /// <para>It needs 18 bytes for a handle and 2 bytes for a page. Nothing is allocated from the managed heap after construction. Locking is that of
    /// <see cref="PageAllocator"/>; counters are written without the lock.</para>
    /// </remarks>
    public sealed class MovablePages
    {
        /// <summary>The most handles.</summary>
        public const int MaxHandles = HandleTable.MostHandles;

        /// <summary>As a budget: a request may move as many pages as it needs.</summary>
        public const int NoLimit = int.MaxValue;

        internal readonly HandleTable Table;

        private readonly PageAllocator _pages;
        private readonly AllocatorLock? _lock;
        private readonly Compactor _compactor;
        private readonly CompactionRequests _requests;
        private readonly InPlaceSlide _inPlace;

        /// <summary>Makes the movable memory of an allocator, one table for each allocator, at boot.</summary>
        /// <param name="pages">The allocator. It has a PhysicalMemory, which copies the blocks.</param>
        /// <param name="handles">How many blocks there can be at once: 1 to <see cref="MaxHandles"/>.</param>
        /// <param name="budget">The first value of <see cref="Budget"/>.</param>
        /// <exception cref="InvalidOperationException">The allocator has no memory, or movable memory already.</exception>
        public MovablePages(PageAllocator pages, int handles, int budget)
        {
            Misuse.Given(pages, nameof(pages));
            Misuse.CheckRange(nameof(handles), handles, " handles", 1, MaxHandles);
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
        /// <returns>Its movable memory, or null if it has none.</returns>
        public static MovablePages? Of(PageAllocator pages)
        {
            Misuse.Given(pages);
            return pages.Handles == null ? null : ((CompactionRequests)pages.Handles).Movable;
        }

        /// <summary>The most pages that are copied for one request, which limits how long a request can take. 0 if requests do not compact.</summary>
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

        /// <summary>How many blocks there can be at once.</summary>
        public int Capacity { get { return Table.Capacity; } }

        /// <summary>How many blocks there are.</summary>
        public int LiveCount { get { return Table.Count; } }

        /// <summary>How many blocks are pinned.</summary>
        public int PinnedCount { get { return Table.Pinned; } }

        /// <summary>How many allocations returned 0 because every handle was in use.</summary>
        public long HandleFailureCount { get; private set; }

        /// <summary>How many requests had to compact: the kernel's compact_stall.</summary>
        public int CompactStalls { get { return _requests.Stalls; } }

        /// <summary>How many of these requests were served then: compact_success.</summary>
        public int CompactSuccesses { get { return _requests.Successes; } }

        /// <summary>How many of these requests were not served: compact_fail.</summary>
        public int CompactFailures { get { return CompactStalls - CompactSuccesses; } }

        /// <summary>How many pages requests and <see cref="Compact"/> have moved so far.</summary>
        public long PagesMigrated { get { return _compactor.Migrated; } }

        /// <summary>The most pages that one request, or one call of <see cref="Compact"/>, copied.</summary>
        public int MaxStop { get { return _requests.LongestStop; } }

        /// <summary>Takes 2^order pages, aligned to their own size wherever they move.</summary>
        /// <param name="gfp">As for PageAllocator.AllocPages; <see cref="GfpFlags.Movable"/> is understood.</param>
        /// <param name="order">0 to 10.</param>
        /// <returns>A handle, above 0; 0 if no memory or no handle is left.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The order is not 0 to 10, or nobody registered the owner. If no handle is left, neither
        /// is checked.</exception>
        public int AllocPages(GfpFlags gfp, int order, PageOwner owner) =>
            HasHandle() ? Enter(_pages.AllocPages(gfp | GfpFlags.Movable, order, owner), 1 << order, order) : 0;

        /// <summary>Takes exactly as many pages as <paramref name="size"/> bytes need, at any page.</summary>
        /// <param name="size">Bytes: 1 to the size of the largest zone.</param>
        /// <returns>A handle, above 0; 0 if no memory or no handle is left.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is out of its range, or nobody registered the owner. If no handle is left,
        /// neither is checked.</exception>
        public int AllocPagesExact(int size, GfpFlags gfp, PageOwner owner) =>
            HasHandle() ? Enter(_pages.AllocPagesExact(size, gfp | GfpFlags.Movable, owner), ((size - 1) >> _pages.PageShift) + 1, 0) : 0;

        /// <summary>Keeps a block where it is until <see cref="Unpin"/>. Pins are counted.</summary>
        /// <remarks>If the block is sliding in place and PhysicalMemory.Copy throws, the exception passes through. The block is not pinned
        /// then, and the next call goes on where this one stopped.</remarks>
        /// <returns>Its physical address.</returns>
        /// <param name="handle">The allocation's result.</param>
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

        /// <summary>Ends a pin. After the last one the address is no longer valid.</summary>
        /// <param name="handle">The allocation's result.</param>
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

        /// <summary>Frees a block; its handle is stale from now on.</summary>
        /// <param name="handle">The allocation's result.</param>
        /// <exception cref="InvalidOperationException">No block has the handle, the block is pinned, or some of it is mapped for a
        /// device.</exception>
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

        /// <summary>Bytes of a block, which has whole pages.</summary>
        /// <param name="handle">The allocation's result.</param>
        /// <returns>A multiple of the page size.</returns>
        /// <exception cref="InvalidOperationException">No block has the handle.</exception>
        public int SizeOf(int handle) => Table.Pages[Checked("SizeOf", handle)] << _pages.PageShift;

        /// <summary>How many pins a block has now.</summary>
        /// <param name="handle">The allocation's result.</param>
        /// <returns>0 if the block may move.</returns>
        /// <exception cref="InvalidOperationException">No block has the handle.</exception>
        public int PinsOf(int handle) => Table.Pins[Checked("PinsOf", handle)];

        /// <summary>Moves a few pages if that makes the largest free block of a zone larger. An idle loop calls it until it returns 0. It
        /// tries to double that block if the budget allows it; otherwise, in a zone of exact runs, it gains what it can.</summary>
        /// <param name="budget">The most pages that are copied, in all zones together.</param>
        /// <returns>How many pages were copied; 0 if this budget gains nothing.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The budget is negative.</exception>
        public int Compact(int budget)
        {
            CheckBudget(budget);
            if (!_compactor.Begin())
            {
                return 0;
            }
            bool ended = false;
            int copied = 0;
            try
            {
                _compactor.FinishSlide();
                for (int i = 0; i < _pages.ZoneCount; i++)
                {
                    Enlarge(_pages.ZoneAt(i), budget);
                }
                ended = true;
            }
            finally
            {
                copied = _requests.Stop(ended);
            }
            return copied;
        }

        /// <summary>Copies the rest of a block that was left half-way in a slide because PhysicalMemory.Copy threw, and moves nothing else: for
        /// programs that choose the time. Otherwise the next compaction or the next Pin of the block does it. May be called again if copying
        /// throws again.</summary>
        public void Recover() => _compactor.FinishSlide();

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
                // Another context took the last handle meanwhile.
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
