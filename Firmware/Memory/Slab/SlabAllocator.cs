using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The slabs of all caches: their descriptors, the way from an address to its slab, and the shrinker that gives empty slabs
    /// back.</summary>
    /// <remarks>
    /// <para>A slab is a block or run of pages cut into objects of one size. J. Bonwick, "The Slab Allocator: An Object-Caching Kernel Memory
    /// Allocator" (USENIX Summer, 1994); here all descriptors and the bitmaps of free objects lie outside the slabs, in arrays of fixed size, so that
    /// an overrun can ruin objects but never the allocator. The kernel's cache colouring is left out: it spreads equal offsets over the sets of a
    /// large associative cache, and these chips have a small one or none.</para>
    /// <para>With a lock, by default the page allocator's, several contexts may share it: they may call Alloc and Free of caches, Kmalloc and Kfree
    /// at once, with <see cref="GfpFlags.Atomic"/> from a callback that interrupts another call. The lock is never held while pages are taken; if it
    /// is the page allocator's, a slab's pages go back in the section that gives up the slab. Without a lock only one context may use allocator and
    /// caches. In either case one context creates and destroys caches and switches tracking while no other is inside, that is, at boot.</para>
    /// <para>The way from an address to its slab needs no lock. The slab of an object in use cannot go away, so a right free always finds its slab;
    /// what a wrong address finds is checked again under the lock before anything is changed.</para>
    /// </remarks>
    public sealed class SlabAllocator : Shrinker
    {
        /// <summary>The smallest distance between two objects, in bytes.</summary>
        internal const int MinObjectSize = 8;

        /// <summary>Slabs that one allocator can describe: their numbers are 16-bit.</summary>
        public const int MaxSlabs = 32766;

        internal const int MaxCaches = 64;

        internal const int None = -1;

        /// <summary>In <see cref="Zone.Slabs"/>: a run that Kmalloc took begins at this page. <see cref="FindSlab"/> then answers <see cref="Run"/>.</summary>
        internal const short RunMark = -1;

        internal const int Run = RunMark - 1;

        /// <summary>States of a slab.</summary>
        internal const byte Unused = 0, Active = 1, Partial = 2, Full = 3, EmptySlab = 4;

        internal readonly PhysicalMemory? Memory;

        /// <summary>The table of <see cref="Carveout.Memory.SingleBits"/>, once for all caches.</summary>
        internal readonly ulong[] SingleBits = Carveout.Memory.SingleBits.Table;

        /// <summary>32-bit words of free-object bits that each slab has, and so objects / 32 that it can hold: an even number, since an active word
        /// is two of them.</summary>
        internal readonly int Words;

        // By slab.
        internal readonly uint[] Address;
        internal readonly byte[] State;
        internal readonly short[] Next, Previous;

        /// <summary>Free objects: word w of slab s is at s * Words + w. The active word of a cache is kept by the cache and is 0 here.</summary>
        internal readonly uint[] Free;

        /// <summary>The same for objects that are neither free nor in use: in quarantine, or on their way. Null before the first hardened
        /// cache.</summary>
        internal uint[]? Held;

        /// <summary>The same for objects that a mempool has taken, out or in its reserve. Null before the first pool over a cache.</summary>
        internal uint[]? Pooled;

        /// <summary>Null where one context alone uses the caches.</summary>
        internal readonly AllocatorLock? Lock;

        /// <summary>Whether the lock is the page allocator's: then an object is looked at and freed in one section.</summary>
        internal readonly bool SharesLock;

        /// <summary>The owner table and the checks: what a cache goes through that tracks or hardens its objects. Null before the first of
        /// them.</summary>
        internal ObjectGuard? Guard;

        private readonly FindingLog? _log;

        /// <summary>Whether every cache is guarded because contexts share it.</summary>
        internal readonly bool IsShared;

        /// <summary>By slab, the number of its cache in <see cref="Caches"/>.</summary>
        internal readonly byte[] CacheNumbers;

        internal readonly KmemCache?[] Caches = new KmemCache[MaxCaches];

        /// <summary>As <see cref="Pages"/>, for what is called often.</summary>
        internal readonly PageAllocator Source;

        private readonly Zone[] _zones;

        /// <summary>The marks of the largest zone, most likely the one of an address, and where that begins.</summary>
        internal readonly short[] Marks;

        internal readonly uint MarksStart;
        internal readonly int PageShift;
        private int _unused;

        /// <summary>An allocator of slabs that uses the page allocator's lock and memory, so that contexts which share that one may share this one
        /// too. After construction only the creation of caches allocates from the managed heap.</summary>
        /// <param name="pages">Where slabs come from; this registers as one of its shrinkers.</param>
        /// <param name="slabs">Slabs at most, 1 to <see cref="MaxSlabs"/>; each costs 26 bytes with pages of 4 KB.</param>
        /// <exception cref="InvalidOperationException">The page allocator has a slab allocator already, or no room for a shrinker.</exception>
        public SlabAllocator(PageAllocator pages, int slabs)
            : this(Misuse.Given(pages), pages.Memory, slabs, pages.Lock, null)
        {
        }

        /// <summary>The same with another memory and lock, or with a log for what hardening finds.</summary>
        /// <param name="pages">Where slabs come from; this registers as one of its shrinkers.</param>
        /// <param name="memory">What <see cref="GfpFlags.Zero"/> writes to and hardening checks; may be null. Not a
        /// <c>DmaCheckedMemory</c>, because that takes the lock under which the checks are made.</param>
        /// <param name="slabs">Slabs at most, 1 to <see cref="MaxSlabs"/>; each costs 26 bytes with pages of 4 KB, with hardened caches 42.</param>
        /// <param name="allocatorLock">Held for parts of calls, never nested; may be the page allocator's. Null where one context alone
        /// uses it. With a lock Alloc and Free cost half as much again, and the lock.</param>
        /// <param name="log">Where hardened caches report; may be null where there are none. Written under the lock.</param>
        /// <exception cref="InvalidOperationException">The page allocator has a slab allocator already, or no room for a shrinker.</exception>
        public SlabAllocator(PageAllocator pages, PhysicalMemory? memory, int slabs, AllocatorLock? allocatorLock, FindingLog? log)
        {
            Misuse.Given(pages);
            Misuse.CheckRange(nameof(slabs), slabs, " slabs", 1, MaxSlabs);
            Source = pages;
            Memory = memory;
            Lock = allocatorLock;
            IsShared = allocatorLock != null;
            SharesLock = allocatorLock == pages.Lock;
            _log = log;
            _zones = pages.Zones;
            if (pages.Slabs != null)
            {
                throw SlabMisuse.TakenZone(_zones[0]);
            }
            pages.RegisterShrinker(this);
            pages.Slabs = this;
            Zone largest = _zones[0];
            for (int i = 0; i < _zones.Length; i++)
            {
                _zones[i].Slabs = new short[_zones[i].Pages];
                largest = _zones[i].Pages > largest.Pages ? _zones[i] : largest;
            }
            Marks = largest.Slabs!;
            MarksStart = largest.First;
            PageShift = pages.PageShift;
            // A page full of 32-byte objects, Kmalloc's smallest.
            Words = (((pages.PageSize >> 5) + 63) >> 6) * 2;
            Address = new uint[slabs];
            State = new byte[slabs];
            Next = new short[slabs];
            Previous = new short[slabs];
            Free = new uint[slabs * Words];
            CacheNumbers = new byte[slabs];
            for (int i = 0; i < slabs; i++)
            {
                Next[i] = (short)(i + 1 < slabs ? i + 1 : None);
            }
        }

        /// <inheritdoc/>
        public override string Name { get { return "slab"; } }

        /// <summary>Where the slabs' pages come from.</summary>
        public PageAllocator Pages { get { return Source; } }

        /// <summary>How many caches there are, destroyed ones left out.</summary>
        public int CacheCount { get; private set; }

        /// <summary>Cache <paramref name="index"/>, in the order of creation.</summary>
        /// <param name="index">0 to <see cref="CacheCount"/> - 1.</param>
        public KmemCache CacheAt(int index)
        {
            Misuse.CheckIndex("cache", index, CacheCount);
            return Caches[index]!;
        }

        /// <summary>Bytes of metadata: descriptors and bitmaps; the zones count two bytes a page beside that.</summary>
        public int MetadataSize
        {
            get
            {
                int size = 4 * Address.Length + State.Length + 2 * (Next.Length + Previous.Length) + 4 * Free.Length + CacheNumbers.Length;
                for (int i = 0; i < CacheCount; i++)
                {
                    size += Caches[i].Hardening == null ? 0 : 5 * Caches[i].Hardening.Quarantine.Capacity;
                }
                return size + 4 * ((Held == null ? 0 : Held.Length) + (Pooled == null ? 0 : Pooled.Length));
            }
        }

        /// <summary>The table of who took which object, or null.</summary>
        public OwnerTable? Owners { get { return Guard == null ? null : Guard.Owners; } }

        /// <summary>Records from now on, in all caches, who takes which object; null stops it. Meanwhile no cache has an active word.</summary>
        /// <remarks>What is in use already stays unrecorded. At boot, or while no other context is inside.</remarks>
        /// <param name="table">Null, or an empty table that nobody else uses. A slab's first object has the same address as its block of
        /// pages, so the page allocator's table could not tell them apart.</param>
        /// <exception cref="InvalidOperationException">The table holds records already, or somebody uses it, the page allocator for one; nothing
        /// has changed.</exception>
        public void TrackOwners(OwnerTable? table)
        {
            if (table != null && table != Owners && (table.Count != 0 || table.IsUsed))
            {
                throw WatchMisuse.UsedOwnerTable(table.Count);
            }
            bool was = Owners != null;
            if (was)
            {
                Owners.IsUsed = false;
            }
            if (table != null)
            {
                table.IsUsed = true;
            }
            if (was || table != null)
            {
                MakeGuard().Owners = table;
            }
            for (int i = 0; i < CacheCount && was != (table != null); i++)
            {
                if (was)
                {
                    Caches[i].Unguard();
                }
                else
                {
                    Caches[i].Guard();
                }
            }
        }

        /// <summary>Checks the poison, red zones and quarantine of all hardened caches. Slow: meant for an idle loop. Other contexts may go on
        /// meanwhile.</summary>
        /// <returns>Findings, each in the log.</returns>
        public int Validate()
        {
            int findings = 0;
            for (int i = 0; i < CacheCount; i++)
            {
                findings += Caches[i].Validate();
            }
            return findings;
        }

        /// <summary>Gives empty slabs back, cache by cache, until there are enough.</summary>
        /// <param name="pages">How many are wanted.</param>
        /// <returns>Pages that went back to the page allocator; more than were wanted where a cache had them.</returns>
        public override int Shrink(int pages)
        {
            int freed = 0;
            for (int i = 0; i < CacheCount && freed < pages; i++)
            {
                freed += Caches[i].Shrink();
            }
            return freed;
        }

        /// <inheritdoc/>
        internal override int ShrinkNow(int pages)
        {
            int freed = 0;
            for (int i = 0; i < CacheCount && freed < pages && MayInterrupt; i++)
            {
                // A hardened cache looks at every byte of a slab before it lets it go.
                freed += Caches[i].Hardening == null ? Caches[i].ShrinkNow() : 0;
            }
            return freed;
        }

        /// <inheritdoc/>
        internal override int UnusedPages(int owner)
        {
            int pages = 0;
            for (int i = 0; i < CacheCount; i++)
            {
                KmemCache cache = Caches[i];
                pages += owner < 0 || owner == (int)cache.Owner ? (cache.SlabCount - cache.ActiveSlabCount) * cache.PagesPerSlab : 0;
            }
            return pages;
        }

        /// <summary>The cache whose slab holds <paramref name="address"/>, or null.</summary>
        /// <param name="address">Physical.</param>
        /// <returns>The cache, whether the object is in use or not; null where no slab is.</returns>
        public KmemCache? FindCache(uint address)
        {
            int slab = FindSlab(address);
            return slab < 0 ? null : CacheOf(slab);
        }

        internal KmemCache CacheOf(int slab)
        {
            return Caches[CacheNumbers[slab]]!;
        }

        /// <summary>Whether a slab is one of <paramref name="cache"/>, published and not given back.</summary>
        internal bool Belongs(int slab, KmemCache cache)
        {
            return State[slab] != Unused && CacheOf(slab) == cache;
        }

        /// <summary>The slab that an address lies in; <see cref="Run"/> in the first page of a run of Kmalloc's, <see cref="None"/>
        /// elsewhere.</summary>
        internal int FindSlab(uint address)
        {
            short[] marks = Marks;
            uint place = address - MarksStart >> PageShift;
            if (place < (uint)marks.Length)
            {
                return marks[place] - 1;
            }
            Zone[] zones = _zones;
            for (int i = 0; i < zones.Length; i++)
            {
                Zone zone = zones[i];
                int page = (int)(address - zone.First >> PageShift);
                if (page < zone.PageCount)
                {
                    return zone.Slabs[page] - 1;
                }
            }
            return None;
        }

        internal void Enter()
        {
            if (Lock != null)
            {
                Lock.Acquire();
            }
        }

        internal void Leave()
        {
            if (Lock != null)
            {
                Lock.Release();
            }
        }

        /// <summary>Whether an Atomic request of the page allocator may use the caches. It may not if only one context may use the caches
        /// while several share the pages.</summary>
        private bool MayInterrupt { get { return Lock != null || SharesLock; } }

        /// <summary>Whether no device has bytes of an object, under the lock. False where that is kept by another lock.</summary>
        internal bool MayGo(uint address, int size)
        {
            return SharesLock && !Pages.HasHold(address, size);
        }

        /// <summary>What caches go through that track or harden, made for the first of them. Nobody else calls this, so that a program without such
        /// caches does not have it.</summary>
        internal ObjectGuard MakeGuard()
        {
            Guard = Guard ?? new GuardedObjects(this, _log);
            return Guard;
        }

        /// <summary>The same where anything is hardened; null where nothing is, or where there is no allocator.</summary>
        internal static ObjectGuard? GuardFor(SlabAllocator? slabs, SlabDebug debug, int quarantine)
        {
            return slabs == null || (debug == SlabDebug.None && quarantine == 0) ? null : slabs.MakeGuard();
        }

        /// <summary>Who took an object, looked up under the lock; unknown where that is not recorded.</summary>
        internal PageOwner LookUpOwner(uint address)
        {
            return Guard == null ? PageOwner.Unknown : Guard.LookUpOwner(address);
        }

        /// <summary>Throws unless there is room for a cache of that name.</summary>
        internal void CheckNew(string name)
        {
            if (CacheCount == MaxCaches)
            {
                throw SlabMisuse.TooManyCaches(name);
            }
            for (int i = 0; i < CacheCount; i++)
            {
                if (Caches[i].Name == name)
                {
                    throw SlabMisuse.TakenName(name);
                }
            }
        }

        /// <summary>Takes in a cache that <see cref="CheckNew"/> found room for.</summary>
        internal void Add(KmemCache cache)
        {
            Caches[CacheCount++] = cache;
        }

        internal void Remove(KmemCache cache)
        {
            int index = IndexOf(cache);
            CacheCount--;
            for (; index < CacheCount; index++)
            {
                Caches[index] = Caches[index + 1];
                for (int slab = 0; slab < CacheNumbers.Length; slab++)
                {
                    if (CacheNumbers[slab] == index + 1)
                    {
                        CacheNumbers[slab] = (byte)index;
                    }
                }
            }
            Caches[CacheCount] = null;
        }

        /// <summary>Takes pages for a slab of <paramref name="cache"/>, which is Unused until its cache publishes it.</summary>
        /// <returns>The slab, or None where pages or descriptors are exhausted.</returns>
        internal int Create(KmemCache cache, GfpFlags gfp, int pages, PageOwner owner)
        {
            // If every page is a slab, the descriptors run out before the pages do, and the page allocator never asks for empty slabs.
            if (_unused == None && ((gfp & GfpFlags.NoRetry) != 0 || ((gfp & GfpFlags.Atomic) != 0 ? ShrinkNow(1) : Shrink(1)) == 0))
            {
                return None;
            }
            uint address = 0;
            if ((pages & (pages - 1)) == 0)
            {
                address = Source.AllocPages(gfp, PageMap.OrderOf(pages), owner);
            }
            else if (!Source.Refuses(pages << PageShift, gfp, owner))
            {
                address = Source.AllocPagesExact(pages << PageShift, gfp, owner);
            }
            if (address == 0)
            {
                return None;
            }
            int index = IndexOf(cache);
            Enter();
            // Asked again: a shrinker or another context may have taken the last descriptor.
            int slab = _unused;
            if (slab != None)
            {
                _unused = Next[slab];
                Address[slab] = address;
                CacheNumbers[slab] = (byte)index;
                Zone zone = Source.FindZone(address);
                Mark(zone!, (int)(address - zone.First >> PageShift), pages, slab + 1);
            }
            Leave();
            if (slab == None)
            {
                Pages.FreePages(address);
            }
            return slab;
        }

        /// <summary>Gives up the descriptor and the pages of a slab that is on no list. Entered with the lock, which it leaves.</summary>
        internal void GiveBack(int slab, int pages)
        {
            uint address = Address[slab];
            Zone zone = Source.FindZone(address);
            int page = (int)(address - zone.First >> PageShift);
            Mark(zone, page, pages, 0);
            State[slab] = Unused;
            Next[slab] = (short)_unused;
            _unused = slab;
            if (SharesLock && TakenBlocks.At(zone, page) == pages && !Source.IsHeld(address, pages))
            {
                Source.FreeEntered(zone, page, pages);
                return;
            }
            // The lock is another one; or somebody else freed these pages or a device has them, which FreePages refuses with a message.
            Leave();
            Pages.FreePagesExact(address, pages << PageShift);
        }

        private static void Mark(Zone zone, int page, int pages, int value)
        {
            short[] slabs = zone.Slabs;
            for (int i = 0; i < pages; i++)
            {
                slabs[page + i] = (short)value;
            }
        }

        private int IndexOf(KmemCache cache)
        {
            int index = 0;
            while (Caches[index] != cache)
            {
                index++;
            }
            return index;
        }
    }
}
