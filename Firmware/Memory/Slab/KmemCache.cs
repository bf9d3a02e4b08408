using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Objects of one size, cut out of slabs: the kernel's kmem_cache.</summary>
    /// <remarks>
    /// <para>A bitmap for each slab says which objects are free. The cache keeps one word of one slab to itself, the active word; allocating
    /// takes its lowest bit, and freeing an object of the same word puts the bit back, so both touch two fields and no list. When
    /// the word is used up the next one comes from the same slab, then from the partial slabs, the empty ones, or a new one.</para>
    /// <code>
    ///   partial  -> slab -> slab            some objects free
    ///   empty    -> slab                    all free: a few are kept until somebody needs the pages
    ///   active      slab, word 1            the one that is being allocated from
    ///   full        on no list; the first free finds it by its address and makes it partial
    /// </code>
    /// <para>Where contexts share the cache, the active word is touched under the lock alone, and calls that need nothing else do with one
    /// section of it. A guarded cache, one that tracks or hardens its objects, or of which a device has one, has no active word. Alloc and Free then
    /// work on the bitmaps, and ask <see cref="ObjectGuard"/>, so caches without such checks do not pay for them. Locking: see
    /// <see cref="SlabAllocator"/>.</para>
    /// </remarks>
    public sealed class KmemCache
    {
        /// <summary>The largest object, in bytes, with pages of 4 KB or more: a slab of 32 pages.</summary>
        internal const int MaxObjectSize = 131072;

        /// <summary>The slabs, by number and by state.</summary>
        internal readonly CacheSlabs Slabs;

        private readonly SlabAllocator _slabs;
        private readonly ObjectConstructor? _constructor;
        private readonly byte[] _table = TrailingZeros.Table;
        private readonly GfpFlags _gfp;
        private readonly PageOwner _owner;

        /// <summary>Its red zones, poison and quarantine; null where it is not hardened.</summary>
        internal readonly ObjectHardening? Hardening;

        /// <summary>As <see cref="MaxEmptySlabCount"/>.</summary>
        internal int MostEmpty;

        /// <summary>Bytes in front of a slab's first object.</summary>
        internal readonly int FrontSize;

        /// <summary>Bytes from one object to the next, and 2^32 divided by it, rounded up: a product with that has the number of an object in its
        /// upper half, as with the kernel's reciprocal_divide. That is exact for the address of an object.</summary>
        internal readonly uint Step, Reciprocal;
        private readonly int _pages;

        /// <summary>Objects of a slab.</summary>
        internal readonly int Objects;

        /// <summary>The free objects of the last word of an empty slab; the words before it are all ones.</summary>
        internal readonly uint LastWord;

        /// <summary>The free objects of the active word; 0 where there is none, or where contexts share it.</summary>
        private ulong _bits;

        /// <summary>The free objects of an active word that contexts share; under the lock.</summary>
        private ulong _sharedBits;

        /// <summary>The address of the active word's first object, and the bytes that it covers: 0 where there is none, and one of them always, as one
        /// context has the cache or several. Without the lock <see cref="SharedSpan"/> is a hint.</summary>
        internal uint Base, Span, SharedSpan;

        /// <summary>The active word's slab and half its place in <see cref="SlabAllocator.Free"/>: it is two words there.</summary>
        private int _activeSlab = SlabAllocator.None, _activeWord = SlabAllocator.None;

        private bool _destroyed;

        /// <summary>Pages in empty slabs that a cache keeps at first: what it takes next need not be taken from the page allocator.</summary>
        private const int EmptyPages = 4;

        /// <summary>The flags that belong to a cache: they choose the zones of its slabs.</summary>
        private const GfpFlags Zones = GfpFlags.Dma | GfpFlags.NoFallback | GfpFlags.Movable;

        /// <summary>Reasons to be guarded: owner tracking, hardening, a mapping of an object.</summary>
        private int _guards;

        /// <summary>Objects of a slab that Kfree may put back by itself: none where that wants more than their bits changed, or if they are not
        /// Kmalloc's.</summary>
        internal int OpenToKfree;

        /// <summary>Whether Kfree may free its objects.</summary>
        internal bool IsKmalloc;

        /// <summary>Creates a cache of objects aligned to 8 bytes, from the ordinary zones and without a constructor; it takes no page before the
        /// first allocation.</summary>
        /// <param name="name">Unique among the caches; also the owner of its pages.</param>
        /// <param name="objectSize">Bytes, 1 to 131,072 or what a slab of 32 pages holds.</param>
        /// <exception cref="InvalidOperationException">There is a cache of that name, or no room for another.</exception>
        public KmemCache(SlabAllocator slabs, string name, int objectSize)
            : this(slabs, name, objectSize, SlabAllocator.MinObjectSize, GfpFlags.Kernel, null, null, SlabDebug.None, 0)
        {
        }

        /// <summary>Creates a cache; it takes no page before the first allocation.</summary>
        /// <param name="name">Unique among the caches; also the owner of its pages.</param>
        /// <param name="objectSize">Bytes, 1 to 131,072 or what a slab of 32 pages holds.</param>
        /// <param name="alignment">Bytes, a power of two from 8 to the page size.</param>
        /// <param name="gfp">Kernel, Dma, NoFallback or Movable: which zones its slabs come from.</param>
        /// <param name="constructor">Runs for every object of a new slab; null for none.</param>
        /// <exception cref="ArgumentOutOfRangeException">Size or alignment is out of its range, or a flag is not the cache's but Alloc's.</exception>
        /// <exception cref="InvalidOperationException">There is a cache of that name, or no room for another.</exception>
        public KmemCache(SlabAllocator slabs, string name, int objectSize, int alignment, GfpFlags gfp, ObjectConstructor? constructor)
            : this(slabs, name, objectSize, alignment, gfp, constructor, null, SlabDebug.None, 0)
        {
        }

        /// <summary>Creates a hardened cache; it takes no page before the first allocation.</summary>
        /// <param name="slabs">Where its slabs are kept; for poison or red zones one with memory and a log of findings.</param>
        /// <param name="name">Unique among the caches; also the owner of its pages.</param>
        /// <param name="objectSize">Bytes, as above; with red zones less by the alignment and <see cref="ObjectHardening.SmallestZone"/>.</param>
        /// <param name="alignment">Bytes, a power of two from 8 to the page size. A red zone fills what it leaves, at least 8 bytes.</param>
        /// <param name="gfp">Kernel, Dma, NoFallback or Movable: which zones its slabs come from.</param>
        /// <param name="constructor">Runs for every object of a new slab; null for none, as Poison demands.</param>
        /// <param name="debug">Poison, RedZone or both: the log then shows writes outside an object.</param>
        /// <param name="quarantine">How many of the latest freed objects are not used again unless an allocation would fail; 5 bytes each, at
        /// most 4096.</param>
        /// <exception cref="ArgumentOutOfRangeException">Size, alignment or quarantine is out of its range, or a flag is not the cache's but
        /// Alloc's.</exception>
        /// <exception cref="ArgumentException">Poison is asked of a cache with a constructor, or there is nothing to look at or report
        /// to.</exception>
        /// <exception cref="InvalidOperationException">There is a cache of that name, or no room for another.</exception>
        public KmemCache(SlabAllocator slabs, string name, int objectSize, int alignment, GfpFlags gfp, ObjectConstructor? constructor,
            SlabDebug debug, int quarantine)
            : this(slabs, name, objectSize, alignment, gfp, constructor, SlabAllocator.GuardFor(slabs, debug, quarantine), debug, quarantine)
        {
        }

        /// <summary>The same; without a guard nothing is hardened.</summary>
        internal KmemCache(SlabAllocator slabs, string name, int objectSize, int alignment, GfpFlags gfp, ObjectConstructor? constructor,
            ObjectGuard? guard, SlabDebug debug, int quarantine)
        {
            if ((gfp & ~Zones) != 0)
            {
                throw SlabMisuse.BadFlags(name, gfp);
            }
            var layout = new SlabLayout(slabs, name, objectSize, alignment, (debug & SlabDebug.RedZone) != 0, gfp);
            if (guard != null)
            {
                guard.CheckNew(name, debug, quarantine, constructor != null);
            }
            Name = name;
            ObjectSize = objectSize;
            _slabs = slabs;
            _constructor = constructor;
            _gfp = gfp;
            FrontSize = layout.Front;
            Step = (uint)layout.Stride;
            Reciprocal = uint.MaxValue / Step + 1;
            _pages = layout.Pages;
            Objects = layout.Objects;
            LastWord = layout.LastWord;
            SetOpen();
            MostEmpty = _pages < EmptyPages ? EmptyPages / _pages : 1;
            Slabs = new CacheSlabs(slabs, this, layout);
            slabs.CheckNew(name);
            _owner = slabs.Pages.RegisterOwner(name);
            slabs.Add(this);
            Debug = debug;
            if (guard != null)
            {
                Hardening = guard.Harden(debug, objectSize, layout, quarantine);
                Guard();
            }
            if (slabs.Owners != null)
            {
                Guard();
            }
        }

        /// <summary>The name in reports.</summary>
        public string Name { get; }

        /// <summary>Bytes of an object, as asked for.</summary>
        public int ObjectSize { get; }

        /// <summary>How it is hardened.</summary>
        public SlabDebug Debug { get; }

        /// <summary>Freed objects that are kept from being used again for now.</summary>
        public int QuarantinedObjects { get { return Hardening == null ? 0 : Hardening.Quarantine.Count; } }

        /// <summary>Bytes from one object to the next, red zones included.</summary>
        public int Stride { get { return (int)Step; } }

        internal PageOwner Owner { get { return _owner; } }
        internal SlabAllocator Allocator { get { return _slabs; } }

        /// <summary>Whether objects come constructed, and so cannot come zeroed.</summary>
        internal bool HasConstructor { get { return _constructor != null; } }

        /// <summary>Objects of a slab.</summary>
        public int ObjectsPerSlab { get { return Objects; } }

        /// <summary>Pages of a slab.</summary>
        public int PagesPerSlab { get { return _pages; } }

        /// <summary>Slabs that the cache has.</summary>
        public int SlabCount { get { return Slabs.Count; } }

        /// <summary>The most slabs that it ever had at once, and so, times <see cref="ObjectsPerSlab"/>, the most objects that can have been in use:
        /// counting these themselves would cost every allocation.</summary>
        public int MaxSlabCount { get { return Slabs.MaxCount; } }

        /// <summary>Slabs without an object in use that it keeps, beside the one that it allocates from: further ones go back to the page allocator
        /// as soon as they are empty. At first 4 of a page, 2 of two pages, otherwise 1. The kernel's min_partial.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
        public int MaxEmptySlabCount
        {
            get
            {
                return MostEmpty;
            }
            set
            {
                if (value < 0)
                {
                    throw SlabMisuse.BadEmptyCount(this, value);
                }
                MostEmpty = value;
            }
        }

        /// <summary>Allocations that returned 0.</summary>
        public long FailureCount { get; internal set; }

        /// <summary>Slabs with at least one object in use.</summary>
        public int ActiveSlabCount { get { return Slabs.Count - Slabs.EmptyCount - (IsWhole(_activeSlab) ? 1 : 0); } }

        /// <summary>Objects in use, those in quarantine left out. Counted when asked for, slab by slab: exact while no other context is
        /// inside.</summary>
        public int LiveCount
        {
            get
            {
                int live = 0;
                for (int slab = 0; slab < _slabs.State.Length; slab++)
                {
                    if (_slabs.Belongs(slab, this))
                    {
                        _slabs.Enter();
                        live += _slabs.Belongs(slab, this) ? Slabs.LiveIn(slab) - (slab == _activeSlab ? CacheSlabs.CountOf(_bits | _sharedBits) : 0) : 0;
                        _slabs.Leave();
                    }
                }
                return live;
            }
        }

        /// <summary>Takes an object, in constructed state where the cache has a constructor.</summary>
        /// <param name="gfp">Atomic, Zero, NoWarn and NoRetry are honoured; the zones are the cache's.</param>
        /// <returns>Its address, or 0 where there is no memory.</returns>
        /// <exception cref="InvalidOperationException">The cache is destroyed, or Zero is asked of a cache with a constructor.</exception>
        public uint Alloc(GfpFlags gfp)
        {
            ulong bits = _bits;
            if (bits == 0)
            {
                return AllocSlowly(gfp);
            }
            ulong bit = bits & (ulong)-(long)bits;
            _bits = bits ^ bit;
            uint address = Base + _table[(int)((bit * TrailingZeros.Multiplier) >> TrailingZeros.Shift)] * Step;
            if ((gfp & GfpFlags.Zero) != 0)
            {
                Clear(address);
            }
            return address;
        }

        /// <summary>The same for an owner, who is recorded where owners are tracked.</summary>
        /// <param name="gfp">Atomic, Zero, NoWarn and NoRetry are honoured; the zones are the cache's.</param>
        /// <returns>Its address, or 0 where there is no memory.</returns>
        /// <exception cref="ArgumentOutOfRangeException">Nobody registered the owner.</exception>
        /// <exception cref="InvalidOperationException">The cache is destroyed, or Zero is asked of a cache with a constructor.</exception>
        public uint Alloc(GfpFlags gfp, PageOwner owner)
        {
            return Alloc(gfp, owner, ObjectSize);
        }

        /// <summary>The same for <paramref name="size"/> bytes of an object: what is recorded, and where a red zone begins.</summary>
        internal uint Alloc(GfpFlags gfp, PageOwner owner, int size)
        {
            if ((uint)owner >= (uint)_slabs.Pages.OwnerCount)
            {
                throw Misuse.BadOwner(_slabs.Pages, owner);
            }
            return _guards == 0 ? Alloc(gfp) : AllocGuarded(gfp, owner, size);
        }

        /// <summary>Gives an object back, in constructed state.</summary>
        /// <param name="address">What <see cref="Alloc(GfpFlags)"/> returned.</param>
        /// <exception cref="InvalidOperationException">No object of this cache that is in use begins at the address.</exception>
        public void Free(uint address)
        {
            uint offset = address - Base;
            if (offset >= Span)
            {
                if (offset < SharedSpan && FreeShared(address))
                {
                    return;
                }
                SlabAllocator slabs = _slabs;
                int slab = slabs.FindSlab(address);
                // CacheOf, written out.
                if (slab < 0 || slabs.Caches[slabs.CacheNumbers[slab]] != this)
                {
                    throw SlabMisuse.NotLive(slabs, this, address);
                }
                FreeFrom(slab, address);
                return;
            }
            int index = (int)(offset / Step);
            ulong bits = _bits, mask = _slabs.SingleBits[index];
            if ((uint)index * Step != offset || (bits & mask) != 0)
            {
                throw SlabMisuse.NotLive(_slabs, this, address);
            }
            _bits = bits | mask;
        }

        /// <summary>Gives empty slabs back to the page allocator. It empties the quarantine first, so slabs with objects in it go too.</summary>
        /// <returns>Pages freed.</returns>
        public int Shrink()
        {
            if (Hardening != null)
            {
                _slabs.Guard.ReleaseQuarantine(this);
            }
            return ShrinkNow();
        }

        /// <summary>Gives empty slabs back, the one that it allocates from as well.</summary>
        internal int ShrinkNow()
        {
            _slabs.Enter();
            if (IsWhole(_activeSlab))
            {
                Deactivate();
            }
            _slabs.Leave();
            return ShrinkTo(0);
        }

        /// <summary>Gives back all empty slabs but so many.</summary>
        /// <returns>Pages freed.</returns>
        internal int ShrinkTo(int keep)
        {
            int freed = 0;
            for (int left = Slabs.EmptyCount - keep; left > 0; left--)
            {
                _slabs.Enter();
                int slab = Slabs.EmptyCount > keep ? Slabs.TakeEmpty() : SlabAllocator.None;
                if (slab < 0)
                {
                    _slabs.Leave();
                    return freed;
                }
                Slabs.Count--;
                if (Hardening == null)
                {
                    _slabs.GiveBack(slab, _pages);
                }
                else
                {
                    _slabs.Leave();
                    try
                    {
                        _slabs.Guard.CheckSlab(this, slab);
                    }
                    finally
                    {
                        _slabs.Enter();
                        _slabs.GiveBack(slab, _pages);
                    }
                }
                freed += _pages;
            }
            return freed;
        }

        /// <summary>Checks every object of a hardened cache: poison, red zones, quarantine. Slow: meant for an idle loop. Other contexts may
        /// go on meanwhile.</summary>
        /// <returns>Findings, each in the log.</returns>
        public int Validate()
        {
            return Hardening == null ? 0 : _slabs.Guard.Validate(this);
        }

        /// <summary>Gives everything back; the cache cannot be used any more.</summary>
        /// <exception cref="InvalidOperationException">Objects are in use: says how many and, where that is tracked, whose. Or the cache is
        /// destroyed already. Nothing has changed.</exception>
        public void Destroy()
        {
            if (_destroyed)
            {
                throw SlabMisuse.Destroyed(this, true);
            }
            int live = LiveCount;
            if (live != 0)
            {
                throw SlabMisuse.InUse(_slabs, this, live);
            }
            Shrink();
            _slabs.Remove(this);
            _destroyed = true;
        }

        /// <summary>Adds a reason to look at every call; each is taken back by one <see cref="Unguard"/>.</summary>
        internal void Guard()
        {
            _slabs.Enter();
            if (_guards++ == 0)
            {
                Deactivate();
                SetOpen();
            }
            _slabs.Leave();
        }

        /// <summary>Takes a reason back; after the last one the fast paths are open again.</summary>
        internal void Unguard()
        {
            _slabs.Enter();
            if (--_guards == 0)
            {
                SetOpen();
            }
            _slabs.Leave();
        }

        /// <summary>Makes it one of Kmalloc's caches.</summary>
        internal void OpenForKfree()
        {
            IsKmalloc = true;
            SetOpen();
        }

        private void SetOpen()
        {
            OpenToKfree = !IsKmalloc || _guards != 0 || _slabs.IsShared ? 0 : Objects;
        }

        /// <summary>Whether an object in use begins at the address.</summary>
        internal bool IsLive(uint address)
        {
            _slabs.Enter();
            int number = LiveNumber(address);
            _slabs.Leave();
            return number >= 0;
        }

        /// <summary>Notes whether a mempool has an object, which is in use.</summary>
        internal void SetPooled(uint address, bool pooled)
        {
            _slabs.Enter();
            int number = Slabs.NumberOf(address);
            uint bit = 1u << number;
            _slabs.Pooled[number >> 5] = pooled ? _slabs.Pooled[number >> 5] | bit : _slabs.Pooled[number >> 5] & ~bit;
            _slabs.Leave();
        }

        /// <summary>Whether a mempool has the object in use that begins at the address.</summary>
        internal bool IsPooled(uint address)
        {
            _slabs.Enter();
            int number = LiveNumber(address);
            bool pooled = number >= 0 && (_slabs.Pooled[number >> 5] >> number & 1) != 0;
            _slabs.Leave();
            return pooled;
        }

        /// <summary>Whether the bytes are those of one object in use, or some of them.</summary>
        internal bool IsInUse(uint address, int size)
        {
            int slab = _slabs.FindSlab(address);
            if (slab < 0)
            {
                return false;
            }
            uint first = Slabs.First(slab), within = (address - first) % Step;
            return within < (uint)ObjectSize && size <= ObjectSize - (int)within && IsLive(address - within);
        }

        /// <summary>The number of the object in use that begins at the address, or -1. Under the lock.</summary>
        internal int LiveNumber(uint address)
        {
            int number = Slabs.NumberOf(address);
            if (number < 0)
            {
                return -1;
            }
            int word = number >> 5;
            uint idle = _slabs.Free[word] | (_slabs.Held == null ? 0 : _slabs.Held[word]);
            if (word >> 1 == _activeWord)
            {
                idle |= (uint)((_bits | _sharedBits) >> (number & 32));
            }
            return (idle >> number & 1) == 0 ? number : -1;
        }

        /// <summary>The same for an address in slab <paramref name="slab"/>, one of this cache, that is not in the active word.</summary>
        internal void FreeFrom(int slab, uint address)
        {
            SlabAllocator slabs = _slabs;
            uint[] free = slabs.Free;
            uint offset = address - slabs.Address[slab], index = offset / Step, mask = 1u << (int)index;
            int at = slab * slabs.Words + (int)(index >> 5);
            if (_guards != 0 || slabs.IsShared)
            {
                FreeShared(slab, address);
                return;
            }
            if (index >= (uint)Objects || index * Step != offset || (free[at] & mask) != 0)
            {
                throw SlabMisuse.NotLive(slabs, this, address);
            }
            uint before = free[at], after = before | mask;
            free[at] = after;
            if (before == 0 || after == LastWord || after == uint.MaxValue)
            {
                Place(slab, after);
            }
        }

        /// <summary>As <see cref="CacheSlabs.Place"/>; of empty slabs the cache keeps so many.</summary>
        internal void Place(int slab, uint after)
        {
            if (Slabs.Place(slab, after))
            {
                ShrinkTo(MostEmpty);
            }
        }

        private uint AllocSlowly(GfpFlags gfp)
        {
            return _guards != 0 ? AllocGuarded(gfp, PageOwner.Unknown, ObjectSize)
                : _slabs.IsShared ? AllocShared(gfp)
                : Activate(gfp) ? Alloc(gfp) : 0;
        }

        /// <summary>Takes an object where contexts share the cache.</summary>
        private uint AllocShared(GfpFlags gfp)
        {
            AllocatorLock held = _slabs.Lock!;
            held.Acquire();
            ulong bits = _sharedBits;
            if (bits == 0)
            {
                if (!Activate(gfp))
                {
                    held.Release();
                    return 0;
                }
                bits = _sharedBits;
            }
            ulong bit = bits & (ulong)-(long)bits;
            _sharedBits = bits ^ bit;
            uint address = Base + _table[(int)((bit * TrailingZeros.Multiplier) >> TrailingZeros.Shift)] * Step;
            held.Release();
            if ((gfp & GfpFlags.Zero) != 0)
            {
                Clear(address);
            }
            return address;
        }

        /// <summary>Gives back an object of the active word where contexts share the cache.</summary>
        /// <returns>False, and nothing changed, where it is none in use, or where somebody has to be asked: the long way finds out.</returns>
        internal bool FreeShared(uint address)
        {
            AllocatorLock held = _slabs.Lock!;
            held.Acquire();
            uint offset = address - Base, index = offset / Step;
            ulong bits = _sharedBits, mask = 1UL << (int)index;
            PageHold? hold = _slabs.Source.Hold;
            bool isFreed = offset < SharedSpan && index * Step == offset && (bits & mask) == 0
                && (hold == null || hold.Live == 0 || _slabs.MayGo(address, ObjectSize));
            if (isFreed)
            {
                _sharedBits = bits | mask;
            }
            held.Release();
            return isFreed;
        }

        /// <summary>Gives back an object of any slab where contexts share the cache, or where it is guarded.</summary>
        internal void FreeShared(int slab, uint address)
        {
            if (_guards != 0)
            {
                FreeChecked(address);
                return;
            }
            SlabAllocator slabs = _slabs;
            AllocatorLock held = slabs.Lock!;
            held.Acquire();
            uint[] free = slabs.Free;
            uint offset = address - slabs.Address[slab], index = (uint)((ulong)offset * Reciprocal >> 32), mask = 1u << (int)index;
            int at = slab * slabs.Words + (int)(index >> 5);
            PageHold? hold = slabs.Source.Hold;
            // Without the lock the slab may have become another's since it was found.
            if (index >= (uint)Objects || index * Step != offset || slabs.State[slab] == SlabAllocator.Unused
                || slabs.Caches[slabs.CacheNumbers[slab]] != this
                || (hold != null && hold.Live != 0 && !slabs.MayGo(address, ObjectSize)))
            {
                held.Release();
                FreeChecked(address);
                return;
            }
            if (at >> 1 == _activeWord)
            {
                ulong bit = (index & 32) == 0 ? mask : (ulong)mask << 32;
                bool isTaken = (_sharedBits & bit) == 0;
                _sharedBits |= bit;
                held.Release();
                if (!isTaken)
                {
                    throw SlabMisuse.NotLive(slabs, this, address);
                }
                return;
            }
            uint before = free[at], after = before | mask;
            if (before == after)
            {
                held.Release();
                throw SlabMisuse.NotLive(slabs, this, address);
            }
            free[at] = after;
            bool emptied = (before == 0 || after == LastWord || after == uint.MaxValue) && Slabs.Place(slab, after);
            held.Release();
            if (emptied)
            {
                ShrinkTo(MostEmpty);
            }
        }

        /// <summary>Gives an object back where the cache is guarded, and finds out why it cannot go where a shorter way did not know.</summary>
        private void FreeChecked(uint address)
        {
            SlabAllocator slabs = _slabs;
            if (!slabs.SharesLock)
            {
                CheckUnmapped(address, 0);
            }
            slabs.Enter();
            int number = LiveNumber(address);
            if (number < 0)
            {
                slabs.Leave();
                throw SlabMisuse.NotLive(slabs, this, address);
            }
            if (slabs.SharesLock && slabs.Pages.HasHold(address, ObjectSize))
            {
                slabs.Leave();
                throw SlabMisuse.Held(slabs, this, address);
            }
            ObjectGuard? guard = slabs.Guard;
            if (guard != null)
            {
                guard.FreeEntered(this, address, number);
                return;
            }
            bool emptied = PutBack(number);
            slabs.Leave();
            if (emptied)
            {
                ShrinkTo(MostEmpty);
            }
        }

        /// <summary>Refuses to free an object in use while a device has bytes of it.</summary>
        /// <param name="keep">Bytes that stay its owner's; fewer than it has.</param>
        internal void CheckUnmapped(uint address, int keep)
        {
            if (_slabs.Pages.IsHeldNow(address + (uint)keep, ObjectSize - keep) && IsLive(address))
            {
                throw SlabMisuse.Held(_slabs, this, address);
            }
        }

        /// <summary>Records the new size of an allocation that stays in its object, where that is tracked.</summary>
        internal void Resize(uint address, int size)
        {
            if (_slabs.Guard != null)
            {
                _slabs.Guard.Resize(this, address, size);
            }
        }

        /// <summary>Bytes of an object that are not a red zone.</summary>
        internal int UsableSize(uint address)
        {
            return _slabs.Guard == null ? ObjectSize : _slabs.Guard.UsableSize(this, address);
        }

        /// <summary>Makes an object free, which is in no quarantine any more; under the lock.</summary>
        /// <returns>Whether its slab is on the list of empty ones now.</returns>
        internal bool PutBack(int number)
        {
            if (number >> 6 == _activeWord)
            {
                _sharedBits |= 1UL << number;
                return false;
            }
            return Slabs.PutBack(number);
        }

        /// <summary>Takes an object where the cache is guarded.</summary>
        private uint AllocGuarded(GfpFlags gfp, PageOwner owner, int size)
        {
            if (_destroyed)
            {
                throw SlabMisuse.Destroyed(this, false);
            }
            if ((gfp & GfpFlags.Zero) != 0 && (_constructor != null || _slabs.Memory == null))
            {
                throw SlabMisuse.NothingToZero(this);
            }
            _slabs.Enter();
            int number = Slabs.TakeFree();
            if (number < 0)
            {
                _slabs.Leave();
                int slab = Grow(gfp);
                _slabs.Enter();
                if (slab >= 0)
                {
                    Slabs.Publish(slab);
                }
                // Try again even if there were no pages: an object may have been freed meanwhile.
                number = Slabs.TakeFree();
                if (number < 0 && Hardening != null)
                {
                    _slabs.Leave();
                    _slabs.Guard!.ReleaseQuarantine(this);
                    _slabs.Enter();
                    number = Slabs.TakeFree();
                }
                if (number < 0)
                {
                    FailureCount++;
                    _slabs.Leave();
                    return 0;
                }
            }
            if (_slabs.Guard != null)
            {
                return _slabs.Guard.AllocEntered(this, number, gfp, owner, size);
            }
            uint address = Slabs.AddressOf(number);
            _slabs.Leave();
            if ((gfp & GfpFlags.Zero) != 0)
            {
                Clear(address);
            }
            return address;
        }

        /// <summary>Makes a word with a free object the active one. Where contexts share the cache, under the lock, which is left while pages are
        /// taken.</summary>
        private bool Activate(GfpFlags gfp)
        {
            if (_destroyed)
            {
                _slabs.Leave();
                throw SlabMisuse.Destroyed(this, false);
            }
            SlabAllocator slabs = _slabs;
            int slab = _activeSlab, used = slab;
            if (slab < 0 || !Slabs.HasFree(slab))
            {
                slab = TakeAnyFree();
                if (slab >= 0)
                {
                    if (used >= 0)
                    {
                        slabs.State[used] = SlabAllocator.Full;
                    }
                }
                else
                {
                    Deactivate();
                    slabs.Leave();
                    slab = Grow(gfp);
                    slabs.Enter();
                    if (_sharedBits != 0)
                    {
                        // Another context found a word meanwhile.
                        if (slab >= 0)
                        {
                            Slabs.Publish(slab);
                        }
                        return true;
                    }
                    // A shrinker may have allocated from this cache meanwhile, or freed into it.
                    Deactivate();
                    if (slab >= 0)
                    {
                        Slabs.CountOneMore();
                    }
                    else
                    {
                        slab = TakeAnyFree();
                        if (slab < 0)
                        {
                            FailureCount++;
                            return false;
                        }
                    }
                }
                slabs.State[slab] = SlabAllocator.Active;
                _activeSlab = slab;
            }
            int first = slab * slabs.Words, word = first;
            uint[] free = slabs.Free;
            uint low = free[word], high = free[word + 1];
            while ((low | high) == 0)
            {
                word += 2;
                low = free[word];
                high = free[word + 1];
            }
            _activeWord = word >> 1;
            ulong bits = (ulong)high << 32 | low;
            free[word] = 0;
            free[word + 1] = 0;
            int before = (word - first) << 5, rest = Objects - before;
            uint span = (uint)(rest < 64 ? rest : 64) * Step;
            Base = slabs.Address[slab] + (uint)before * Step;
            if (slabs.IsShared)
            {
                _sharedBits = bits;
                SharedSpan = span;
            }
            else
            {
                _bits = bits;
                Span = span;
            }
            return true;
        }

        /// <returns>A slab with free objects, off its list, or a negative number.</returns>
        private int TakeAnyFree()
        {
            int slab = Slabs.TakePartial();
            return slab < 0 ? Slabs.TakeEmpty() : slab;
        }

        /// <summary>Puts the active word back and its slab where it belongs now.</summary>
        private void Deactivate()
        {
            int slab = _activeSlab;
            if (slab < 0)
            {
                return;
            }
            ulong bits = _bits | _sharedBits;
            _slabs.Free[_activeWord * 2] = (uint)bits;
            _slabs.Free[_activeWord * 2 + 1] = (uint)(bits >> 32);
            if (_slabs.IsShared)
            {
                _sharedBits = 0;
                SharedSpan = 0;
            }
            else
            {
                _bits = 0;
                Span = 0;
            }
            _activeSlab = SlabAllocator.None;
            _activeWord = SlabAllocator.None;
            if (!Slabs.HasFree(slab))
            {
                _slabs.State[slab] = SlabAllocator.Full;
            }
            else if (Slabs.IsAllFree(slab))
            {
                Slabs.AddEmpty(slab);
            }
            else
            {
                Slabs.AddPartial(slab);
            }
        }

        /// <summary>Takes pages for a slab and makes its objects, none of them reachable yet. Without the lock.</summary>
        /// <returns>The slab, or a negative number where there is no memory.</returns>
        internal int Grow(GfpFlags gfp)
        {
            const GfpFlags Passed = GfpFlags.Atomic | GfpFlags.NoWarn | GfpFlags.NoRetry;
            int slab = _slabs.Create(this, _gfp | (gfp & Passed), _pages, _owner);
            if (slab < 0)
            {
                return slab;
            }
            Slabs.FreeAll(slab);
            bool made = false;
            try
            {
                if (Hardening != null)
                {
                    _slabs.Guard.Prepare(this, Slabs.First(slab));
                }
                if (_constructor != null)
                {
                    uint first = Slabs.First(slab);
                    for (int i = 0; i < Objects; i++)
                    {
                        _constructor.Construct(first + (uint)i * Step);
                    }
                }
                made = true;
            }
            finally
            {
                if (!made)
                {
                    _slabs.Enter();
                    _slabs.GiveBack(slab, _pages);
                }
            }
            return slab;
        }

        private void Clear(uint address)
        {
            if (_constructor != null || _slabs.Memory == null)
            {
                Free(address);
                throw SlabMisuse.NothingToZero(this);
            }
            bool cleared = false;
            try
            {
                _slabs.Memory.Fill(address, ObjectSize, 0);
                cleared = true;
            }
            finally
            {
                if (!cleared)
                {
                    Free(address);
                }
            }
        }

        /// <summary>Whether a slab is the active one, of which no object is in use.</summary>
        private bool IsWhole(int slab)
        {
            return slab >= 0 && Slabs.LiveIn(slab) == CacheSlabs.CountOf(_bits | _sharedBits);
        }
    }
}
