using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Hands out physically contiguous pages from zones, as the kernel's alloc_pages does.</summary>
    /// <remarks>
    /// <para>An exception of the memory, of a shrinker or of anybody else who is called passes through. An allocation that throws has
    /// taken nothing. A free that throws because memory could not be filled has freed the pages.</para>
    /// <para>Contract: a request returns an address, or 0 if and only if no zone that it may use has both a free place for it and, once it is
    /// taken, at least as many free pages as it must leave (watermark, and lowmem_reserve where it falls back). It never throws for want of
    /// memory. Misuse (a wrong free, an impossible size) throws, names address, owner and what was expected, and changes nothing.</para>
    /// <para>Blocks of AllocPages are aligned to their own size, counted from the start of their zone; what <see cref="AllocPagesExact(int,
    /// GfpFlags, PageOwner, int)"/> and a DMA device ask for is aligned as the address is, wherever the zone begins. In a map of runs any place is a
    /// free place; in a buddy's map it has to lie inside one free block.</para>
    /// <para>Nothing is allocated from the managed heap once the last owner and shrinker are registered. A call holds the lock given to the
    /// constructor, if any, while it works on a zone: once for a free, once for each attempt of an allocation, never while shrinkers run or
    /// pages are filled; when pages are moved, see <c>MovablePages</c>. What a failure notes (<see cref="FailureCount"/>,
    /// <see cref="StallCount"/>, <see cref="LastFailure"/>) is written outside it: of two failures at once, one may go uncounted. Registration
    /// is for boot, before anybody shares the allocator.</para>
    /// <para>Owner tracking, hardening and tracing are <c>WatchedPages</c>, in the room above. While one of them is on, every call takes the
    /// long way through <see cref="PageWatch"/>. While all are off, no call pays for them.</para>
    /// </remarks>
    public sealed class PageAllocator
    {
        /// <summary>Owners that can be registered, "unknown" included: their numbers are bytes.</summary>
        public const int MaxOwners = 256;

        /// <summary>Pages from which a run can be long: shorter ones, taken from both ends, would be in each other's way.</summary>
        private const int MinLongRun = 4;

        /// <summary>In place of an order: a run of pages is asked for, and no block.</summary>
        internal const int Run = -1;

        internal const int MaxShrinkers = 8;

        /// <summary>Beside <see cref="ZoneAt"/>, which looks at its index, for those who pass through all of them.</summary>
        internal readonly Zone[] Zones;

        private readonly Zone[] _normalZones, _dmaZones, _normalThenDma;
        private readonly MemoryMap? _map;
        private readonly PhysicalMemory? _memory;
        private readonly AllocatorLock? _lock;
        private readonly int _pageShift;
        private readonly uint _offsetMask;

        /// <summary>Knows which taken pages must not be freed now. Null if nobody holds any.</summary>
        internal PageHold? Hold;

        /// <summary>Movable memory, whose blocks have handles and are not freed by their address. Null if there is none.</summary>
        internal PageHandles? Handles
        {
            get
            {
                return _handles;
            }
            set
            {
                _handles = value;
                Route();
            }
        }

        /// <summary>Where devices need their memory to lie, by number. Null if no rule was added.</summary>
        internal PlaceRule[]? Rules;

        private PageHandles? _handles;

        /// <summary>The slab allocator over these pages, for rooms above that have to ask it; null where there is none.</summary>
        internal Shrinker? Slabs;

        private readonly int _largestPages;

        /// <summary>Null if nobody registered a shrinker.</summary>
        private ShrinkerList? _shrinkers;

        private readonly PageOwners _owners = new PageOwners();

        /// <summary>The array of PageOwners, in which every allocation and free counts. A longer one takes its place when it is full.</summary>
        internal int[] OwnerPageCounts;

        /// <summary>What has to see every call; null while owner tracking, hardening and tracing are off.</summary>
        private PageWatch? _watch;

        /// <summary>Owners as the short paths see them: none where these do not serve.</summary>
        private int _plainOwners;

        /// <summary>Whether nobody has to see calls, and no block goes by a handle.</summary>
        internal bool IsPlain { get { return _firstNormal != null; } }

        /// <summary>The zones that serve most calls, those of a Kernel and of a Dma request. What they serve is written out, since a call of
        /// <see cref="TryZones"/> with its arguments costs as much as all the rest. Null where there is none, where somebody has to see the call, or
        /// where blocks may go by a handle.</summary>
        private Zone? _firstNormal, _firstDma;

        /// <summary>Zone 0, for the free by address alone; null where somebody has to see the call, or where blocks may go by a handle.</summary>
        private Zone? _firstZone;

        /// <summary>An allocator over zones of one's own making.</summary>
        /// <param name="zones">At least one, none of them another allocator's; of a kind, the first is tried first. Copied.</param>
        /// <param name="pageSize">Bytes of a page: a power of two from 256 to 65,536.</param>
        /// <param name="memory">What <see cref="GfpFlags.Zero"/> and hardening write to; may be null. Then a request for zeroed pages that finds
        /// some throws InvalidOperationException, having taken and returned them, which <see cref="Zone.PagesAllocated"/> and
        /// <see cref="Zone.PagesFreed"/> count; one that finds none returns 0.</param>
        /// <param name="allocatorLock">Held while zones are worked on; null where one context alone uses the allocator.</param>
        /// <exception cref="ArgumentNullException"><paramref name="zones"/> or one of them is null.</exception>
        /// <exception cref="ArgumentException">There is no zone, the page size is not such a power of two, or a zone is not on a page, begins at
        /// 0, ends beyond the address space or overlaps another.</exception>
        /// <exception cref="InvalidOperationException">A zone is another allocator's already.</exception>
        public PageAllocator(Zone[] zones, int pageSize, PhysicalMemory? memory, AllocatorLock? allocatorLock)
            : this(Zonelists.CopyOf(zones), pageSize, memory, allocatorLock, null)
        {
        }

        private PageAllocator(Zone[] zones, int pageSize, PhysicalMemory? memory, AllocatorLock? allocatorLock, MemoryMap? map)
        {
            if (zones.Length == 0 || pageSize < 256 || pageSize > 65536 || (pageSize & (pageSize - 1)) != 0)
            {
                throw Misuse.BadZones(zones, pageSize);
            }
            Zonelists.Check(zones, pageSize);
            OwnerPageCounts = _owners.Pages;
            _largestPages = Zonelists.LargestPages(zones);
            Zones = zones;
            _offsetMask = (uint)pageSize - 1;
            _memory = memory;
            _lock = allocatorLock;
            _map = map;
            _pageShift = PageMap.OrderOf(pageSize);
            _normalZones = Zonelists.OfKind(zones, ZoneKind.Normal);
            _dmaZones = Zonelists.OfKind(zones, ZoneKind.Dma);
            _normalThenDma = Zonelists.NormalThenDma(_normalZones, _dmaZones);
            RegisterOwner("unknown");
            for (int i = 0; i < zones.Length; i++)
            {
                zones[i].Taker = map == null ? "zones without a map" : map.Name;
                zones[i].Owners = new byte[zones[i].Pages];
            }
        }

        /// <summary>Makes the zones that a map plans, with the default reserves: <see cref="DefaultMinFree"/> and a lowmem_reserve ratio of
        /// 1. The map is sealed.</summary>
        /// <param name="map">A map without faults.</param>
        /// <param name="memory">The memory behind it; may be null.</param>
        /// <param name="allocatorLock">Held while zones are worked on; may be null.</param>
        /// <returns>An allocator with all pages free.</returns>
        /// <exception cref="ArgumentException">The map has a fault, or plans no zone.</exception>
        public static PageAllocator Boot(MemoryMap map, PhysicalMemory? memory, AllocatorLock? allocatorLock)
        {
            return Boot(map, null, memory, allocatorLock);
        }

        /// <summary>The same over page maps that the caller made, for example ones that count, check or fail.</summary>
        /// <param name="map">A map without faults.</param>
        /// <param name="pageMaps">By zone of the map, as many pages as it plans; null for those that it plans.</param>
        /// <param name="memory">The memory behind it; may be null.</param>
        /// <param name="allocatorLock">Held while zones are worked on; may be null.</param>
        /// <returns>An allocator with all pages free.</returns>
        /// <exception cref="ArgumentException">The map has a fault, or plans no zone, another number of them, or a zone of another size.</exception>
        /// <exception cref="InvalidOperationException">One of the page maps belongs to a zone already.</exception>
        public static PageAllocator Boot(MemoryMap map, PageMap[]? pageMaps, PhysicalMemory? memory, AllocatorLock? allocatorLock)
        {
            Misuse.Given(map, nameof(map));
            MapFault[] faults = map.Validate();
            if (faults.Length != 0)
            {
                throw new ArgumentException("memory map " + map.Name + ": " + faults[0].Text
                    + (faults.Length == 1 ? "" : " (and " + (faults.Length - 1).ToString() + " more faults)"), nameof(map));
            }
            if (pageMaps != null && pageMaps.Length != map.ZoneCount)
            {
                throw new ArgumentException(pageMaps.Length.ToString() + " page maps: expected one for each of the " + map.ZoneCount.ToString()
                    + " zones of map " + map.Name, nameof(pageMaps));
            }
            var zones = new Zone[map.ZoneCount];
            for (int i = 0; i < zones.Length; i++)
            {
                ZonePlan plan = map.ZoneAt(i);
                int pages = (int)(plan.Size / (uint)map.PageSize);
                zones[i] = new Zone(plan.Name, plan.Kind, plan.Start, pageMaps != null ? pageMaps[i] : PageMap.Create(plan.Map, pages));
                if (zones[i].Pages != pages)
                {
                    throw new ArgumentException("zone " + plan.Name + ": a page map of " + zones[i].Pages.ToString() + " pages: expected the "
                        + pages.ToString() + " that map " + map.Name + " plans", nameof(pageMaps));
                }
            }
            var allocator = new PageAllocator(zones, map.PageSize, memory, allocatorLock, map);
            allocator.SetWatermarks(allocator.DefaultMinFree(), 1);
            map.Seal();
            return allocator;
        }

        /// <summary>Bytes of a page.</summary>
        public int PageSize { get { return (int)_offsetMask + 1; } }

        /// <summary>What <see cref="GfpFlags.Zero"/> writes to, or null.</summary>
        internal PhysicalMemory? Memory { get { return _memory; } }

        internal int PageShift { get { return _pageShift; } }

        /// <summary>The lock that every call holds, for others who share memory that comes from here; null if one context alone uses it.</summary>
        public AllocatorLock? Lock { get { return _lock; } }

        /// <summary>How many zones there are.</summary>
        public int ZoneCount { get { return Zones.Length; } }

        /// <summary>Zone <paramref name="index"/>, in the order of the map.</summary>
        /// <param name="index">0 to <see cref="ZoneCount"/> - 1.</param>
        public Zone ZoneAt(int index)
        {
            Misuse.CheckIndex("zone", index, Zones.Length);
            return Zones[index];
        }

        /// <summary>The map the allocator was booted from, or null.</summary>
        public MemoryMap? Map { get { return _map; } }

        /// <summary>How many owners are registered, "unknown" included.</summary>
        public int OwnerCount { get { return _owners.Count; } }

        /// <summary>The name of an owner.</summary>
        public string OwnerName(PageOwner owner)
        {
            CheckOwner(owner);
            return _owners.Name(owner);
        }

        /// <summary>Pages that an owner has now.</summary>
        /// <returns>Pages taken and not given back, tails that were trimmed left out.</returns>
        public int OwnerPages(PageOwner owner)
        {
            CheckOwner(owner);
            return OwnerPageCounts[(int)owner];
        }

        /// <summary>Allocations that failed, those with NoWarn included.</summary>
        public long FailureCount { get; private set; }

        /// <summary>Times that an allocation had to ask the shrinkers first.</summary>
        public int StallCount { get { return _shrinkers == null ? 0 : _shrinkers.Runs; } }

        /// <summary>The latest allocation that failed without NoWarn; its <see cref="PageFailure.Pages"/> are 0 while none did.</summary>
        public PageFailure LastFailure { get; } = new PageFailure();

        /// <summary>Gives a user of memory a number; the same name gives the same number.</summary>
        /// <returns>1 to 255.</returns>
        /// <exception cref="InvalidOperationException">All numbers are taken.</exception>
        public PageOwner RegisterOwner(string name)
        {
            Misuse.Given(name, nameof(name));
            int owner = _owners.Find(name);
            if (owner >= 0)
            {
                return (PageOwner)owner;
            }
            if (_owners.IsFull)
            {
                // A context that allocates meanwhile counts in the old array if it comes before this, and in the new one afterwards.
                int[] counts = _owners.LongerPages(name);
                Enter();
                _owners.Lengthen(counts);
                OwnerPageCounts = counts;
                if (_watch != null)
                {
                    _watch.OwnerPageCounts = counts;
                }
                Leave();
            }
            owner = _owners.Add(name);
            Route();
            return (PageOwner)owner;
        }

        /// <summary>The number of a registered owner, or -1.</summary>
        internal int FindOwner(string name)
        {
            return _owners.Find(name);
        }

        /// <summary>Adds a shrinker; they are asked in the order in which they were added.</summary>
        /// <param name="shrinker">Asked, outside of Atomic requests, when there is too little free.</param>
        /// <exception cref="InvalidOperationException">There are 8 already.</exception>
        public void RegisterShrinker(Shrinker shrinker)
        {
            Misuse.Given(shrinker, nameof(shrinker));
            _shrinkers = _shrinkers ?? new ShrinkerList();
            _shrinkers.Add(shrinker);
        }

        /// <summary>What has to see every call, or null. While it is set, no call takes the short path.</summary>
        internal PageWatch? Watch
        {
            get
            {
                return _watch;
            }
            set
            {
                _watch = value;
                Route();
            }
        }

        /// <summary>Pages that are kept free unless <see cref="SetWatermarks"/> says otherwise: the lesser of the kernel's formula and 1/64 of all
        /// zones.</summary>
        /// <remarks>The kernel's min_free_kbytes is 4 * sqrt(KB) (mm/page_alloc.c, init_per_zone_wmark_min), made for machines of 16 MB
        /// and more: of a zone of 64 KB it would keep half.</remarks>
        /// <returns>Pages, of all zones together.</returns>
        public int DefaultMinFree()
        {
            return Watermarks.DefaultMinFree(Zones, _pageShift);
        }

        /// <summary>Sets every zone's watermarks and what it keeps back from requests that fall back to it.</summary>
        /// <param name="minFree">Pages, shared among the zones by their size: the kernel's min_free_kbytes.</param>
        /// <param name="lowmemReserveRatio">A DMA zone keeps 1/ratio of all NORMAL pages from NORMAL requests; 0 keeps nothing, as in the
        /// story. The kernel's sysctl_lowmem_reserve_ratio.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is negative, or <paramref name="minFree"/> is more than there is.</exception>
        public void SetWatermarks(int minFree, int lowmemReserveRatio)
        {
            Watermarks.Set(Zones, minFree, lowmemReserveRatio);
        }

        /// <summary>Says how large the smallest of the buffers is that are large and come and go, as frames do. From then on zones of runs take
        /// requests of as many bytes and more, without an alignment, from the high ends of what is free, so that small blocks which stay do not
        /// lie between frames, and of several places that fit equally well the lower one.</summary>
        /// <param name="size">Bytes. Frames of less than 4 pages are not large, and more than was said before changes nothing.</param>
        public void ExpectFrames(int size)
        {
            int pages = size >> _pageShift;
            for (int i = 0; i < Zones.Length && pages >= MinLongRun; i++)
            {
                PageMap map = Zones[i].Map;
                if (pages < map.LongFrom)
                {
                    map.LongFrom = pages;
                    map.ExpectsFrames = true;
                }
            }
        }

        /// <summary>Takes 2^order pages, aligned to their own size.</summary>
        /// <param name="gfp">Which zones, how far down, and whether zeroed.</param>
        /// <param name="order">0 to 10.</param>
        /// <returns>The physical address, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The order is not 0 to 10, or nobody registered the owner.</exception>
        /// <exception cref="InvalidOperationException">Zero is asked for, and the allocator was made without memory.</exception>
        public uint AllocPages(GfpFlags gfp, int order, PageOwner owner)
        {
            Zone? zone = gfp == GfpFlags.Kernel ? _firstNormal : gfp == GfpFlags.Dma ? _firstDma : null;
            if (zone == null || (uint)order > PageMap.MaxPageOrder || (uint)owner >= (uint)_plainOwners)
            {
                return AllocOrder(gfp, order, owner, 0, 0);
            }
            AllocatorLock? held = _lock;
            if (held != null)
            {
                held.AcquireToAlloc(false);
            }
            int wanted = 1 << order;
            if (zone.Free - wanted >= zone.LowLimit)
            {
                int page = zone.Map.Alloc(order, false);
                if (page >= 0)
                {
                    zone.Free -= wanted;
                    zone.Owners[page] = (byte)owner;
                    OwnerPageCounts[(int)owner] += wanted;
                    if (held != null)
                    {
                        held.Release();
                    }
                    return zone.First + ((uint)page << _pageShift);
                }
            }
            if (held != null)
            {
                held.Release();
            }
            return AllocOrder(gfp, order, owner, 0, 1);
        }

        /// <summary>The least order whose block holds <paramref name="size"/> bytes: the kernel's get_order.</summary>
        /// <param name="size">Bytes: 1 to 1024 pages.</param>
        /// <returns>0 to 10: what <see cref="AllocPages"/> takes.</returns>
        public int GetOrder(int size)
        {
            return OrderFor(size, PageOwner.Unknown);
        }

        /// <summary>Takes the smallest block of at least <paramref name="size"/> bytes: <see cref="GetOrder"/> and <see cref="AllocPages"/> in
        /// one.</summary>
        /// <param name="size">Bytes: 1 to 1024 pages.</param>
        /// <param name="gfp">Which zones, how far down, and whether zeroed.</param>
        /// <returns>The physical address, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is not 1 byte to 1024 pages, or nobody registered the owner.</exception>
        /// <exception cref="InvalidOperationException">Zero is asked for, and the allocator was made without memory.</exception>
        public uint AllocBlock(int size, GfpFlags gfp, PageOwner owner)
        {
            return AllocOrder(gfp, OrderFor(size, owner), owner, size, 0);
        }

        /// <summary>Takes exactly as many pages as <paramref name="size"/> bytes need: a run from a RunMap zone, elsewhere a block whose
        /// tail goes back at once. The kernel's alloc_pages_exact.</summary>
        /// <remarks>For zones of runs (<see cref="PageMapKind.Runs"/>). In a zone of blocks others take the tails that go back, and no block can be
        /// whole again until they are gone: of a movie's requests 22 % fail there that none does in a zone of runs (docs/costs.md).</remarks>
        /// <param name="size">Bytes: 1 to the size of the largest zone.</param>
        /// <param name="gfp">Which zones, how far down, and whether zeroed.</param>
        /// <returns>The physical address, on a page, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is not 1 byte to the largest zone's, or nobody registered the owner.</exception>
        /// <exception cref="InvalidOperationException">Zero is asked for, and the allocator was made without memory.</exception>
        public uint AllocPagesExact(int size, GfpFlags gfp, PageOwner owner)
        {
            Zone? zone = gfp == GfpFlags.Kernel ? _firstNormal : gfp == GfpFlags.Dma ? _firstDma : null;
            if (zone == null || size < 1 || (uint)owner >= (uint)_plainOwners)
            {
                return AllocRun(size, gfp, owner, 1, 0);
            }
            AllocatorLock? held = _lock;
            if (held != null)
            {
                held.AcquireToAlloc(false);
            }
            int pages = ((size - 1) >> _pageShift) + 1;
            if (zone.Free - pages >= zone.LowLimit)
            {
                int page = zone.Map.AllocRun(pages, 1);
                if (page >= 0)
                {
                    zone.Free -= pages;
                    zone.Owners[page] = (byte)owner;
                    OwnerPageCounts[(int)owner] += pages;
                    if (held != null)
                    {
                        held.Release();
                    }
                    return zone.First + ((uint)page << _pageShift);
                }
            }
            if (held != null)
            {
                held.Release();
            }
            return AllocRun(size, gfp, owner, 1, 1);
        }

        /// <summary><see cref="AllocPagesExact(int, GfpFlags, PageOwner)"/> at a multiple of <paramref name="alignment"/>.</summary>
        /// <param name="size">Bytes: 1 to the size of the largest zone.</param>
        /// <param name="gfp">Which zones, how far down, and whether zeroed.</param>
        /// <param name="alignment">Bytes, a power of two, at least a page, of which the physical address is a multiple.</param>
        /// <returns>The physical address, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">Size or alignment is out of its range, or nobody registered the owner.</exception>
        /// <exception cref="InvalidOperationException">Zero is asked for, and the allocator was made without memory.</exception>
        public uint AllocPagesExact(int size, GfpFlags gfp, PageOwner owner, int alignment)
        {
            if ((uint)owner < (uint)_owners.Count && (alignment <= (int)_offsetMask || (alignment & (alignment - 1)) != 0))
            {
                throw Misuse.BadAlignment(this, alignment, owner);
            }
            return AllocRun(size, gfp, owner, alignment >> _pageShift, 0);
        }

        /// <summary>The short path of <see cref="AllocPagesExact(int, GfpFlags, PageOwner)"/>, for those who have zones of their own.</summary>
        /// <param name="zone">Whom to ask, while <see cref="IsPlain"/>.</param>
        /// <returns>The address, or 0 if the zone does not serve it at once.</returns>
        internal uint TryRun(Zone zone, int pages, PageOwner owner, bool atomic)
        {
            AllocatorLock? held = _lock;
            if (held != null)
            {
                held.AcquireToAlloc(atomic);
            }
            int page = zone.Free - pages < zone.LowLimit ? -1 : zone.Map.AllocRun(pages, 1);
            if (page >= 0)
            {
                zone.Free -= pages;
                zone.Owners[page] = (byte)owner;
                OwnerPageCounts[(int)owner] += pages;
            }
            if (held != null)
            {
                held.Release();
            }
            return page < 0 ? 0 : zone.First + ((uint)page << _pageShift);
        }

        /// <summary><see cref="AllocPagesExact(int, GfpFlags, PageOwner, int)"/> with the alignment in pages, from the zone of this number in
        /// the list on.</summary>
        private uint AllocRun(int size, GfpFlags gfp, PageOwner owner, int alignmentPages, int first)
        {
            int pages = ((size - 1) >> _pageShift) + 1;
            if (size < 1 || pages > _largestPages || (uint)owner >= (uint)_owners.Count)
            {
                throw Misuse.BadSize(this, size, (long)_largestPages << _pageShift, owner);
            }
            Zone[] zones = ZonesFor(gfp);
            return _watch != null ? _watch.Alloc(zones, gfp, Run, pages, alignmentPages, owner, size)
                : Finish(zones, TryZones(zones, gfp, Zone.AtLow, Run, pages, alignmentPages, owner, first), gfp, Run, pages, alignmentPages, owner);
        }

        /// <summary>Gives a block or run back by its address alone.</summary>
        /// <param name="address">What the allocation returned.</param>
        /// <exception cref="InvalidOperationException">No taken block begins there: a double, wild or interior free.</exception>
        public void FreePages(uint address)
        {
            Zone? zone = _firstZone;
            for (int i = 1; zone != null; i++)
            {
                byte[] owners = zone.Owners!;
                uint page = address - zone.First >> _pageShift;
                if (page >= (uint)owners.Length)
                {
                    zone = i < Zones.Length ? Zones[i] : null;
                    continue;
                }
                if ((address & _offsetMask) != 0)
                {
                    break;
                }
                AllocatorLock? held = _lock;
                if (held != null)
                {
                    held.Acquire();
                }
                int pages = Hold != null && Hold.Live != 0 && IsHeld(address, zone.Map.BlockLength((int)page)) ? 0 : zone.Map.Free((int)page);
                zone.Free += pages;
                zone.Freed += pages;
                OwnerPageCounts[owners[page]] -= pages;
                if (held != null)
                {
                    held.Release();
                }
                if (pages != 0)
                {
                    return;
                }
                break;
            }
            Release(address, 0);
        }

        /// <summary>Gives a block back and checks that it is what the caller believes it is.</summary>
        /// <param name="address">What the allocation returned.</param>
        /// <param name="order">The order that was asked for.</param>
        /// <exception cref="ArgumentOutOfRangeException">The order is not 0 to 10.</exception>
        /// <exception cref="InvalidOperationException">No taken block begins there, or it has another length.</exception>
        public void FreePages(uint address, int order)
        {
            if ((uint)order > PageMap.MaxPageOrder)
            {
                throw Misuse.BadFreeOrder(this, order, address);
            }
            Release(address, 1 << order);
        }

        /// <summary>Gives a run back and checks that it is what the caller believes it is. The kernel's free_pages_exact.</summary>
        /// <param name="address">What the allocation returned.</param>
        /// <param name="size">The bytes that were asked for.</param>
        /// <exception cref="ArgumentOutOfRangeException">The size is not 1 byte to the largest zone's.</exception>
        /// <exception cref="InvalidOperationException">No taken run begins there, or it has another length.</exception>
        public void FreePagesExact(uint address, int size)
        {
            int largest = _largestPages;
            if (size < 1 || (size - 1) >> _pageShift >= largest)
            {
                throw Misuse.BadFreeSize(this, size, largest, address);
            }
            Release(address, ((size - 1) >> _pageShift) + 1);
        }

        /// <summary>Keeps the first <paramref name="size"/> bytes of a block, rounded up to pages, and gives the rest back: what ARM's
        /// dma_alloc does after split_page. The block is still freed as one, by its address.</summary>
        /// <param name="address">What the allocation returned.</param>
        /// <param name="size">Bytes to keep: 1 to the block's length.</param>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1 or more than the block has.</exception>
        /// <exception cref="InvalidOperationException">No taken block begins there, or a device has some of what would go back.</exception>
        public void TrimPages(uint address, int size)
        {
            if (_watch != null)
            {
                _watch.Trim(address, size);
                return;
            }
            Zone? zone = FindZone(address);
            int page = PageIn(zone, address), keep = size < 1 ? 0 : ((size - 1) >> _pageShift) + 1;
            Enter();
            int length = page < 0 ? 0 : zone.Map.BlockLength(page);
            bool valid = keep > 0 && keep <= length && !IsMovable(zone!, page);
            bool mapped = valid && IsHeld(address + ((uint)keep << _pageShift), length - keep);
            if (valid && !mapped)
            {
                CutTail(zone!, page, keep, length);
            }
            Leave();
            if (mapped)
            {
                throw Misuse.Held(this, address, address + ((uint)keep << _pageShift), length - keep);
            }
            if (!valid)
            {
                throw Misuse.WrongTrim(this, address, size, length);
            }
        }

        /// <summary>Merges everything that zones keep aside for speed, and releases the quarantine, so that the free lists show what there
        /// is.</summary>
        public void DrainAllPages()
        {
            if (_watch != null)
            {
                _watch.ReleaseQuarantine();
            }
            Enter();
            for (int i = 0; i < Zones.Length; i++)
            {
                Zones[i].Map.Drain();
            }
            Leave();
        }

        /// <summary>The zone that owns an address, or null.</summary>
        /// <param name="address">Physical.</param>
        /// <returns>The zone; null for reserved memory and where there is none.</returns>
        public Zone? FindZone(uint address)
        {
            Zone[] zones = Zones;
            for (int i = 0; i < zones.Length; i++)
            {
                Zone zone = zones[i];
                if (address - zone.First >> _pageShift < (uint)zone.PageCount)
                {
                    return zone;
                }
            }
            return null;
        }

        /// <summary>Where the block that <paramref name="address"/> lies in begins.</summary>
        /// <param name="address">Physical.</param>
        /// <returns>An address; 0 for free memory and outside the zones.</returns>
        public uint BlockAt(uint address)
        {
            Zone? zone = FindZone(address);
            int first = zone == null ? -1 : zone.Map.BlockAt((int)(address - zone.First >> _pageShift));
            return first < 0 ? 0 : zone.First + ((uint)first << _pageShift);
        }

        /// <summary>The owner of the block that <paramref name="address"/> lies in; of free memory, the owner of the last block that began
        /// at that very page.</summary>
        /// <param name="address">Physical.</param>
        /// <returns>An owner's number; <see cref="PageOwner.Unknown"/> outside the zones and where no block ever began.</returns>
        public PageOwner OwnerAt(uint address)
        {
            Zone? zone = FindZone(address);
            uint first = BlockAt(address);
            return zone == null ? PageOwner.Unknown : (PageOwner)zone.Owners[(int)((first == 0 ? address : first) - zone.First >> _pageShift)];
        }

        /// <summary>What follows the first attempt: a second one with more effort if it failed, and zeroing.</summary>
        internal uint Finish(Zone[] zones, uint address, GfpFlags gfp, int order, int pages, int alignmentPages, PageOwner owner)
        {
            if (address == 0)
            {
                address = AskHarder(zones, gfp, order, pages, alignmentPages, owner);
                if (address == 0)
                {
                    return 0;
                }
            }
            if ((gfp & GfpFlags.Zero) != 0)
            {
                FillWithZero(address, pages, owner);
            }
            return address;
        }

        /// <summary>Zeroes pages that were just taken; frees them if that throws.</summary>
        internal void FillWithZero(uint address, int pages, PageOwner owner)
        {
            bool zeroed = false;
            try
            {
                if (_memory == null)
                {
                    throw Misuse.NothingToZero(this, owner);
                }
                _memory.Fill(address, pages << _pageShift, 0);
                zeroed = true;
            }
            finally
            {
                if (!zeroed)
                {
                    FreePages(address);
                }
            }
        }

        /// <summary>The second attempt: shrinkers first, then deeper into the reserves, then compaction.</summary>
        internal uint AskHarder(Zone[] zones, GfpFlags gfp, int order, int pages, int alignmentPages, PageOwner owner)
        {
            int level = (gfp & GfpFlags.Atomic) != 0 ? Zone.AtAtomic : Zone.AtMin;
            uint address = 0;
            if ((gfp & (GfpFlags.Atomic | GfpFlags.NoRetry)) == 0 && _shrinkers != null)
            {
                address = _shrinkers.Ask(this, zones, gfp, order, pages, alignmentPages, owner);
            }
            if (address == 0)
            {
                address = TryFreed(zones, gfp, level, order, pages, alignmentPages, owner);
            }
            while (address == 0 && Slabs != null && (gfp & GfpFlags.NoRetry) == 0 && Slabs.ShrinkNow(pages) != 0)
            {
                address = TryFreed(zones, gfp, level, order, pages, alignmentPages, owner);
            }
            if (address == 0 && _handles != null && (gfp & (GfpFlags.Atomic | GfpFlags.NoRetry)) == 0
                && _handles.MakeRoom(zones, order, pages, alignmentPages))
            {
                address = TryZones(zones, gfp, Zone.AtMin, order, pages, alignmentPages, owner, 0);
                if (address != 0)
                {
                    _handles.Served();
                }
            }
            if (address == 0)
            {
                Fail(zones, gfp, order, pages, alignmentPages, owner);
            }
            return address;
        }

        /// <summary>An attempt after somebody freed pages: what they freed may be held back.</summary>
        internal uint TryFreed(Zone[] zones, GfpFlags gfp, int level, int order, int pages, int alignmentPages, PageOwner owner)
        {
            if (_watch != null)
            {
                _watch.ReleaseQuarantine();
            }
            return TryZones(zones, gfp, level, order, pages, alignmentPages, owner, 0);
        }

        /// <summary>Notes a request for more than the largest zone has as one that failed, for those who may ask for any size.</summary>
        /// <returns>Whether it is such a request.</returns>
        internal bool Refuses(int size, GfpFlags gfp, PageOwner owner)
        {
            int pages = ((size - 1) >> _pageShift) + 1;
            bool isRefused = pages > _largestPages;
            if (isRefused)
            {
                Fail(ZonesFor(gfp), gfp, Run, pages, 1, owner);
            }
            return isRefused;
        }

        private void Fail(Zone[] zones, GfpFlags gfp, int order, int pages, int alignmentPages, PageOwner owner)
        {
            FailureCount++;
            if ((gfp & GfpFlags.NoWarn) == 0)
            {
                PageFailure failure = LastFailure;
                failure.Pages = pages;
                failure.Alignment = order == Run ? AlignmentOf(alignmentPages) << _pageShift : 0;
                failure.Rule = RuleOf(alignmentPages);
                failure.Zones = zones;
                // A device's zones begin with those for DMA. Where the last is one, too, its request asked no other.
                failure.Gfp = FailedForDevice && zones.Length != 0 && zones[zones.Length - 1].IsDma ? gfp | GfpFlags.Dma : gfp;
                failure.Owner = owner;
                failure.Cause = null;
            }
        }

        /// <summary>Whether a DMA device made the request that failed last: it has zones of its own.</summary>
        internal bool FailedForDevice
        {
            get
            {
                Zone[] zones = LastFailure.Zones;
                return zones != null && zones != _normalThenDma && zones != _dmaZones && zones != _normalZones;
            }
        }

        /// <summary>Where a run could lie now, or 0; as for <see cref="PageMap.AllocRunAt"/>. Nothing is taken. Slow: for reports.</summary>
        internal uint PlaceNow(Zone zone, int pages, int origin, int alignmentPages, int boundary, int end)
        {
            Enter();
            int page = zone.Map.AllocRunAt(pages, origin, alignmentPages, boundary, end);
            if (page >= 0)
            {
                zone.Map.Free(page);
                zone.Map.Drain();
            }
            Leave();
            return page < 0 ? 0 : zone.First + ((uint)page << _pageShift);
        }

        /// <summary>One attempt at one level of the reserves, under the lock.</summary>
        /// <param name="zones">Whom to ask, in order. Those that are of another kind than the first are fallbacks.</param>
        /// <param name="level">How far below its reserves a zone may go.</param>
        /// <param name="alignmentPages">Of a run, in pages; below 0: the rule of this number in <see cref="Rules"/>.</param>
        /// <param name="first">The number of the first zone that is asked.</param>
        internal uint TryZones(Zone[] zones, GfpFlags gfp, int level, int order, int pages, int alignmentPages, PageOwner owner, int first)
        {
            if (_lock != null)
            {
                _lock.AcquireToAlloc((gfp & GfpFlags.Atomic) != 0);
            }
            uint address = 0;
            for (int i = first; i < zones.Length; i++)
            {
                Zone zone = zones[i];
                // Zone.LimitFor, written out.
                if (zone.Free - pages < zone.Limits[zone.IsDma == zones[0].IsDma ? level : Zone.FallbackClass * Zone.Levels + level])
                {
                    continue;
                }
                int page;
                if (order != Run)
                {
                    page = zone.Map.Alloc(order, (gfp & GfpFlags.Movable) != 0);
                }
                else
                {
                    page = alignmentPages != 1 ? TakeAt(zone, pages, alignmentPages, (gfp & GfpFlags.Movable) != 0)
                        : zone.Handles == null ? zone.Map.AllocRun(pages, alignmentPages)
                        : _handles!.TakeRun(zone.Map, pages, alignmentPages, (gfp & GfpFlags.Movable) != 0);
                }
                if (page >= 0)
                {
                    zone.Free -= pages;
                    zone.Owners[page] = (byte)owner;
                    OwnerPageCounts[(int)owner] += pages;
                    address = zone.First + ((uint)page << _pageShift);
                    break;
                }
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            return address;
        }

        /// <summary>Takes a run that has to lie at certain places. Called under the lock.</summary>
        /// <returns>The first page, or -1.</returns>
        private int TakeAt(Zone zone, int pages, int alignmentPages, bool movable)
        {
            if (alignmentPages < 0)
            {
                return Rules[~alignmentPages].Take(zone, pages, _pageShift);
            }
            int origin = (int)(zone.First >> _pageShift), page = -1;
            if ((origin & (alignmentPages - 1)) == 0)
            {
                page = zone.Handles == null ? zone.Map.AllocRun(pages, alignmentPages) : _handles!.TakeRun(zone.Map, pages, alignmentPages, movable);
                if (page >= 0 || zone.Map.FitsExactly)
                {
                    return page;
                }
                // A buddy first takes a block as large as the alignment. If there is none, a smaller block may still lie right.
            }
            return zone.Map.AllocRunAt(pages, origin, alignmentPages, 0, zone.PageCount);
        }

        /// <summary>The rule that a request names, or null where it gives an alignment.</summary>
        internal PlaceRule? RuleOf(int alignmentPages)
        {
            return alignmentPages < 0 ? Rules[~alignmentPages] : null;
        }

        /// <summary>Pages that the address is a multiple of, for a request that may name a rule.</summary>
        internal int AlignmentOf(int alignmentPages)
        {
            return alignmentPages < 0 ? Rules[~alignmentPages].Alignment : alignmentPages;
        }

        private void Release(uint address, int expectedPages)
        {
            if (_watch != null)
            {
                _watch.Free(address, expectedPages);
                return;
            }
            Enter();
            Zone? zone = FindZone(address);
            int page = PageIn(zone, address), length = page < 0 ? 0 : zone!.Map.BlockLength(page), pages = 0;
            if (length != 0 && (expectedPages == 0 || length == expectedPages) && !IsMovable(zone!, page) && !IsHeld(address, length))
            {
                pages = zone!.Map.Free(page);
                Credit(zone, page, pages);
            }
            Leave();
            if (pages == 0)
            {
                throw Misuse.WrongFree(this, address, expectedPages);
            }
        }

        /// <summary>Frees the block that begins at a page, which nobody else can free, as its user gives it up: in one section of the lock, so that
        /// nobody can take hold of it in between. Entered with the lock, which it leaves.</summary>
        internal void FreeEntered(Zone zone, int page, int pages)
        {
            if (_watch != null)
            {
                _watch.FreeEntered(zone.First + ((uint)page << _pageShift), pages);
                return;
            }
            zone.Map.Free(page);
            zone.Free += pages;
            zone.Freed += pages;
            OwnerPageCounts[zone.Owners[page]] -= pages;
            if (_lock != null)
            {
                _lock.Release();
            }
        }

        /// <summary>Keeps the first pages of a taken block and gives the others back, with their account. Under the lock.</summary>
        internal void CutTail(Zone zone, int page, int keep, int length)
        {
            zone.Map.Trim(page, keep);
            Credit(zone, page, length - keep);
        }

        internal void Enter()
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
        }

        internal void Leave()
        {
            if (_lock != null)
            {
                _lock.Release();
            }
        }

        /// <summary>Takes pages down from the account of the block that begins at a page. Under the lock.</summary>
        private void Credit(Zone zone, int page, int pages)
        {
            zone.Free += pages;
            zone.Freed += pages;
            OwnerPageCounts[zone.Owners[page]] -= pages;
        }

        internal void CheckOwner(PageOwner owner)
        {
            if ((uint)owner >= (uint)_owners.Count)
            {
                throw Misuse.BadOwner(this, owner);
            }
        }

        /// <summary><see cref="AllocPages"/> where its short path does not serve, from the zone of this number in the list on.</summary>
        private uint AllocOrder(GfpFlags gfp, int order, PageOwner owner, int size, int first)
        {
            if ((uint)order > PageMap.MaxPageOrder || (uint)owner >= (uint)_owners.Count)
            {
                throw Misuse.BadOrder(this, order, owner);
            }
            Zone[] zones = ZonesFor(gfp);
            int pages = 1 << order;
            return _watch != null ? _watch.Alloc(zones, gfp, order, pages, 1, owner, size)
                : Finish(zones, TryZones(zones, gfp, Zone.AtLow, order, pages, 1, owner, first), gfp, order, pages, 1, owner);
        }

        /// <summary>The order of the block that holds a request.</summary>
        private int OrderFor(int size, PageOwner owner)
        {
            int most = 1 << PageMap.MaxPageOrder << _pageShift;
            if (size < 1 || size > most)
            {
                throw Misuse.BadSize(this, size, most, owner);
            }
            return PageMap.OrderOf(((size - 1) >> _pageShift) + 1);
        }

        /// <summary>Opens the short paths, or shuts them where somebody has to see every call.</summary>
        private void Route()
        {
            bool plain = _watch == null && _handles == null;
            _plainOwners = plain ? _owners.Count : 0;
            _firstZone = plain ? Zones[0] : null;
            _firstNormal = plain ? _normalThenDma[0] : null;
            _firstDma = plain && _dmaZones.Length != 0 ? _dmaZones[0] : null;
        }

        /// <summary>The zones that a request may use, in the order in which they are asked.</summary>
        internal Zone[] ZonesFor(GfpFlags gfp)
        {
            return (gfp & GfpFlags.Dma) != 0 ? _dmaZones : (gfp & GfpFlags.NoFallback) != 0 ? _normalZones : _normalThenDma;
        }

        /// <summary>Whether every zone that serves a request takes exactly as many pages as it asks for.</summary>
        internal bool GivesRuns(GfpFlags gfp)
        {
            Zone[] zones = ZonesFor(gfp);
            int zone = 0;
            while (zone < zones.Length && zones[zone].Map.FitsExactly)
            {
                zone++;
            }
            return zone == zones.Length;
        }

        /// <summary>Whether a device has any bytes at all.</summary>
        internal bool HasHolds { get { return Hold != null && Hold.Live != 0; } }

        /// <summary>Whether a device has one of these bytes, for those who hand memory out in other pieces than pages. Under the lock.</summary>
        internal bool HasHold(uint address, int size)
        {
            return HasHolds && Hold!.Find(address, size) >= 0;
        }

        /// <summary>The same; takes the lock.</summary>
        internal bool IsHeldNow(uint address, int size)
        {
            if (!HasHolds)
            {
                return false;
            }
            Enter();
            bool mapped = HasHold(address, size);
            Leave();
            return mapped;
        }

        /// <summary>Whether a device has one of these pages; under the lock.</summary>
        internal bool IsHeld(uint address, int pages)
        {
            return pages != 0 && HasHold(address, pages << _pageShift);
        }

        /// <summary>Whether the taken block that begins at a page goes by a handle, or compaction has it; under the lock.</summary>
        internal bool IsMovable(Zone zone, int page)
        {
            return zone.Handles != null && zone.Handles[page] != 0;
        }

        /// <returns>The page that begins at the address, or -1 where none does.</returns>
        internal int PageIn(Zone? zone, uint address)
        {
            return zone == null || (address & _offsetMask) != 0 ? -1 : (int)(address - zone.Start >> _pageShift);
        }

        internal int LargestZonePages { get { return _largestPages; } }
    }
}
