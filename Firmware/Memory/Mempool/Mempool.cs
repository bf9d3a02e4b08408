using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>A guaranteed number of elements (blocks of pages, or objects of a cache) for code that must not fail: the kernel's mempool.</summary>
    /// <remarks>
    /// <para>Contract: the reserve and the elements that users have are together never fewer than <see cref="MinCount"/>. So a user who
    /// never has more than that at once is never refused, whatever others do. <see cref="Alloc"/> returns 0 if and only if the reserve is
    /// empty and the underlying allocator has nothing for the caller's own flags.</para>
    /// <para>The order is the kernel's (mm/mempool.c, mempool_alloc). It asks the underlying allocator first, without pressure on others
    /// (<see cref="GfpFlags.NoRetry"/>) and without a warning. Then it takes from the reserve. Then it asks the underlying allocator again
    /// with the caller's flags, with shrinkers unless they are Atomic. The kernel would then wait for an element to come back; here the
    /// caller decides. A freed element refills the reserve first.</para>
    /// <para>Elements in the reserve count as the pool's own pages, or as objects of the cache that are in use. If the cache has a
    /// constructor they stay constructed, since nothing is done to them. A wrong free is refused before it gets into the reserve: an
    /// address that is no live element of that size, one that lies in the reserve already, and one that the underlying allocator refuses.
    /// This searches the whole reserve, so pools are for tens of elements. The pool cannot tell its elements from those of another pool
    /// over the same cache, nor from pages that were taken under the pool's name. It accepts those while one of its own is in use.</para>
    /// <para>Nothing is allocated from the managed heap after construction. With a lock, by default the page allocator's, several contexts
    /// may share the pool. The lock is held only for the reserve and the counts, never while the underlying allocator is called. So
    /// contexts may share a pool of objects only if they may share its cache.</para>
    /// </remarks>
    public sealed class Mempool
    {
        /// <summary>The most elements that a reserve can hold.</summary>
        internal const int MaxElements = 4096;

        private const GfpFlags Passed = GfpFlags.Atomic | GfpFlags.Zero | GfpFlags.NoWarn | GfpFlags.NoRetry;

        // Either a cache, or pages of an order.
        internal readonly KmemCache? Cache;
        internal readonly PageAllocator? Pages;
        internal readonly int Order;

        private readonly PageOwner _owner;
        private readonly GfpFlags _gfp;

        private readonly PhysicalMemory? _memory;
        private readonly AllocatorLock? _lock;
        private readonly uint[] _reserve;
        private int _count, _min, _out, _mostOut;
        private bool _destroyed;

        /// <summary>A pool of blocks of pages under the page allocator's lock; takes its minimum at once.</summary>
        /// <param name="name">The name in messages, and the owner of its pages.</param>
        /// <param name="order">Each element has 2^order pages; 0 to 10.</param>
        /// <param name="gfp">Kernel, Dma or NoFallback, which decides the zones.</param>
        /// <param name="minCount">How many elements are guaranteed: 1 to <paramref name="maxCount"/>.</param>
        /// <param name="maxCount">The most that <see cref="Resize"/> can raise it to, up to 4096; each needs 4 bytes.</param>
        /// <exception cref="OutOfMemoryException">Memory is too short; the message says by how much. Everything taken has been freed.</exception>
        public Mempool(string name, PageAllocator pages, int order, GfpFlags gfp, int minCount, int maxCount)
            : this(name, Misuse.Given(pages), order, gfp, minCount, maxCount, pages.Lock)
        {
        }

        /// <summary>A pool of objects under the page allocator's lock; takes its minimum at once.</summary>
        /// <param name="minCount">How many elements are guaranteed: 1 to <paramref name="maxCount"/>.</param>
        /// <param name="maxCount">The most that <see cref="Resize"/> can raise it to, up to 4096; each needs 4 bytes.</param>
        /// <exception cref="OutOfMemoryException">Memory is too short; the message says by how much. Everything taken has been freed.</exception>
        public Mempool(string name, KmemCache cache, int minCount, int maxCount)
            : this(name, Given(cache), minCount, maxCount, cache.Allocator.Pages.Lock)
        {
        }

        /// <summary>A pool of blocks of pages with a lock of its own; takes its minimum at once.</summary>
        /// <param name="name">The name in messages, and the owner of its pages.</param>
        /// <param name="order">Each element has 2^order pages; 0 to 10.</param>
        /// <param name="gfp">Kernel, Dma or NoFallback, which decides the zones.</param>
        /// <param name="minCount">How many elements are guaranteed: 1 to <paramref name="maxCount"/>.</param>
        /// <param name="maxCount">The most that <see cref="Resize"/> can raise it to, up to 4096; each needs 4 bytes.</param>
        /// <param name="poolLock">Held for the reserve and the counts; null if only one context uses the pool.</param>
        /// <exception cref="ArgumentOutOfRangeException">The order or a count is out of its range, or other flags are set.</exception>
        /// <exception cref="OutOfMemoryException">Memory is too short; the message says by how much. Everything taken has been freed.</exception>
        public Mempool(string name, PageAllocator pages, int order, GfpFlags gfp, int minCount, int maxCount, AllocatorLock? poolLock)
        {
            if (name == null || pages == null)
            {
                throw new ArgumentNullException(name == null ? nameof(name) : nameof(pages));
            }
            if ((uint)order > PageMap.MaxPageOrder)
            {
                throw MempoolMisuse.BadOrder(name, order);
            }
            if ((gfp & ~(GfpFlags.Dma | GfpFlags.NoFallback)) != 0)
            {
                throw MempoolMisuse.BadFlags(name, gfp);
            }
            MempoolMisuse.CheckCounts(name, minCount, maxCount);
            Name = name;
            Pages = pages;
            Order = order;
            _gfp = gfp;
            _memory = pages.Memory;
            _lock = poolLock;
            ElementSize = pages.PageSize << order;
            _owner = pages.RegisterOwner(name);
            _reserve = new uint[maxCount];
            Fill(minCount);
        }

        /// <summary>A pool of objects with a lock of its own; takes its minimum at once.</summary>
        /// <inheritdoc cref="Mempool(string, KmemCache, int, int)"/>
        /// <param name="poolLock">Held for the reserve and the counts; null if only one context uses the pool.</param>
        public Mempool(string name, KmemCache cache, int minCount, int maxCount, AllocatorLock? poolLock)
        {
            if (name == null || cache == null)
            {
                throw new ArgumentNullException(name == null ? nameof(name) : nameof(cache));
            }
            MempoolMisuse.CheckCounts(name, minCount, maxCount);
            Name = name;
            Cache = cache;
            SlabAllocator slabs = cache.Allocator;
            slabs.Pooled = slabs.Pooled == null ? new uint[slabs.Free.Length] : slabs.Pooled;
            _memory = cache.Allocator.Memory;
            _lock = poolLock;
            ElementSize = cache.ObjectSize;
            _reserve = new uint[maxCount];
            Fill(minCount);
        }

        /// <summary>The name in messages.</summary>
        public string Name { get; }

        /// <summary>Bytes of an element.</summary>
        public int ElementSize { get; }

        /// <summary>How many elements are guaranteed.</summary>
        public int MinCount { get { return _min; } }

        /// <summary>The most that <see cref="Resize"/> can raise the minimum to.</summary>
        public int MaxCount { get { return _reserve.Length; } }

        /// <summary>How many elements lie in the reserve.</summary>
        public int ReserveCount { get { return _count; } }

        /// <summary>How many elements users have.</summary>
        public int LiveCount { get { return _out; } }

        /// <summary>The most elements that users have had at once.</summary>
        public int MaxLiveCount { get { return _mostOut; } }

        /// <summary>How many allocations the underlying allocator refused and the reserve served.</summary>
        public int SavedCount { get; private set; }

        /// <summary>How many allocations returned 0.</summary>
        public long FailureCount { get; private set; }

        /// <summary>Takes an element. The kernel's mempool_alloc.</summary>
        /// <param name="gfp">Atomic, Zero, NoWarn and NoRetry have an effect; Zero also for elements of the reserve. The zones are always
        /// the pool's.</param>
        /// <returns>Its address, or 0.</returns>
        /// <exception cref="InvalidOperationException">The pool is destroyed, Zero was asked of a cache with a constructor, or there is no
        /// memory to write zeros to.</exception>
        public uint Alloc(GfpFlags gfp)
        {
            bool zero = (gfp & GfpFlags.Zero) != 0;
            if (_destroyed || (zero && (_memory == null || (Cache != null && Cache.HasConstructor))))
            {
                throw _destroyed ? MempoolMisuse.Destroyed(Name) : MempoolMisuse.NothingToZero(this);
            }
            uint address = Take(gfp | GfpFlags.NoWarn | GfpFlags.NoRetry);
            bool saved = false;
            if (_lock != null)
            {
                _lock.Acquire();
            }
            if (address != 0)
            {
                if (++_out > _mostOut)
                {
                    _mostOut = _out;
                }
            }
            else if (_count != 0)
            {
                address = _reserve[--_count];
                if (++_out > _mostOut)
                {
                    _mostOut = _out;
                }
                SavedCount++;
                saved = true;
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (address == 0)
            {
                return TakeHarder(gfp);
            }
            if (saved && zero)
            {
                bool zeroed = false;
                try
                {
                    _memory.Fill(address, ElementSize, 0);
                    zeroed = true;
                }
                finally
                {
                    if (!zeroed)
                    {
                        Free(address);
                    }
                }
            }
            return address;
        }

        /// <summary>Frees an element: into the reserve while that is below the minimum, otherwise to the underlying allocator. The kernel's
        /// mempool_free.</summary>
        /// <param name="address">The result of <see cref="Alloc"/>.</param>
        /// <exception cref="InvalidOperationException">No user has such an element: it is freed already, wild, interior or another's; or
        /// the pool is destroyed.</exception>
        public void Free(uint address)
        {
            if (_destroyed || !IsElement(address))
            {
                throw _destroyed ? MempoolMisuse.Destroyed(Name) : MempoolMisuse.WrongFree(this, address);
            }
            PageAllocator pages = Cache == null ? Pages : Cache.Allocator.Pages;
            if (pages.IsHeldNow(address, ElementSize))
            {
                throw MempoolMisuse.Held(this, pages, address);
            }
            if (_lock != null)
            {
                _lock.Acquire();
            }
            uint[] reserve = _reserve;
            int at = _count - 1;
            while (at >= 0 && reserve[at] != address)
            {
                at--;
            }
            bool valid = at < 0 && _out != 0, kept = valid && _count < _min;
            if (kept)
            {
                reserve[_count++] = address;
                _out--;
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (!valid)
            {
                throw MempoolMisuse.NotOut(Name, address, at >= 0);
            }
            if (!kept)
            {
                // Give may still refuse, and then nothing has changed. Or the memory throws while the element is poisoned, and then it is
                // free. After a success another thread may have taken it already, so it would be an element again: hence the flag.
                bool given = false;
                try
                {
                    Give(address);
                    given = true;
                }
                finally
                {
                    if (given || !IsElement(address))
                    {
                        CountBack();
                    }
                }
            }
        }

        /// <summary>Changes the minimum, and fills up the reserve or frees what is above it. The kernel's mempool_resize.</summary>
        /// <param name="minCount">1 to <see cref="MaxCount"/>.</param>
        /// <returns>False if there is not enough memory; the minimum is unchanged then.</returns>
        /// <exception cref="InvalidOperationException">The pool is destroyed.</exception>
        public bool Resize(int minCount)
        {
            if (_destroyed)
            {
                throw MempoolMisuse.Destroyed(Name);
            }
            MempoolMisuse.CheckCounts(Name, minCount, _reserve.Length);
            int before = _min;
            SetMin(minCount);
            bool filled = false;
            try
            {
                filled = FillUp();
            }
            finally
            {
                if (!filled)
                {
                    SetMin(before);
                }
            }
            return filled;
        }

        /// <summary>Frees every element; the pool cannot be used any more.</summary>
        /// <exception cref="InvalidOperationException">Users still have elements, or the pool is destroyed already; nothing has changed.</exception>
        public void Destroy()
        {
            if (_destroyed || _out != 0)
            {
                throw _destroyed ? MempoolMisuse.Destroyed(Name) : MempoolMisuse.InUse(this);
            }
            _destroyed = true;
            SetMin(0);
        }

        /// <summary>Fills the reserve up to the minimum.</summary>
        /// <returns>False if there is not enough memory.</returns>
        private bool FillUp()
        {
            while (_count < _min)
            {
                uint address = Take(GfpFlags.NoWarn);
                if (address == 0)
                {
                    return false;
                }
                // Another context's free may have filled the reserve meanwhile.
                if (!Keep(address))
                {
                    Give(address);
                }
            }
            return true;
        }

        /// <summary>The last attempt, with the caller's own flags.</summary>
        private uint TakeHarder(GfpFlags gfp)
        {
            uint address = Take(gfp);
            Enter();
            if (address != 0)
            {
                if (++_out > _mostOut)
                {
                    _mostOut = _out;
                }
            }
            else
            {
                FailureCount++;
            }
            Leave();
            return address;
        }

        private static KmemCache Given(KmemCache cache)
        {
            if (cache == null)
            {
                throw new ArgumentNullException(nameof(cache));
            }
            return cache;
        }

        private uint Take(GfpFlags gfp)
        {
            if (Cache == null)
            {
                return Pages.AllocPages(_gfp | (gfp & Passed), Order, _owner);
            }
            uint address = Cache.Alloc(gfp & Passed);
            if (address != 0)
            {
                Cache.SetPooled(address, true);
            }
            return address;
        }

        private void Give(uint address)
        {
            if (Cache == null)
            {
                Pages.FreePages(address, Order);
                return;
            }
            Cache.SetPooled(address, false);
            bool given = false;
            try
            {
                Cache.Free(address);
                given = true;
            }
            finally
            {
                if (!given && Cache.IsLive(address))
                {
                    Cache.SetPooled(address, true);
                }
            }
        }

        /// <summary>Whether a live element begins at the address, in a user's hands or in the reserve.</summary>
        private bool IsElement(uint address)
        {
            if (Cache != null)
            {
                return Cache.IsPooled(address);
            }
            int page = PageOf(address);
            Zone zone = page < 0 ? null : Pages.FindZone(address);
            return zone != null && TakenBlocks.At(zone, page) == 1 << Order && zone.Owners[page] == (int)_owner;
        }

        /// <returns>The number of the page in its zone, if a page begins at the address; else -1.</returns>
        private int PageOf(uint address)
        {
            Zone zone = Pages.FindZone(address);
            return zone == null || (address & (uint)(Pages.PageSize - 1)) != 0 ? -1 : (int)((address - zone.First) >> Pages.PageShift);
        }

        private void Fill(int minCount)
        {
            _min = minCount;
            try
            {
                bool isBulk = Cache == null && Order == 0;
                _count = isBulk ? Pages!.AllocPagesBulk(_gfp, _reserve, 0, minCount, _owner) : 0;
                while (_count < minCount)
                {
                    uint address = isBulk ? 0 : Take(GfpFlags.Kernel);
                    if (address == 0)
                    {
                        throw MempoolMisuse.Missing(this, minCount, _count);
                    }
                    _reserve[_count++] = address;
                }
            }
            finally
            {
                if (_count < minCount)
                {
                    SetMin(0);
                }
            }
        }

        private bool Keep(uint address)
        {
            Enter();
            bool kept = _count < _min;
            if (kept)
            {
                _reserve[_count++] = address;
            }
            Leave();
            return kept;
        }

        private void CountBack()
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
            _out--;
            if (_lock != null)
            {
                _lock.Release();
            }
        }

        /// <summary>Sets the minimum and frees what the reserve holds beyond it.</summary>
        private void SetMin(int minCount)
        {
            uint address;
            do
            {
                Enter();
                _min = minCount;
                address = _count > minCount ? _reserve[--_count] : 0;
                Leave();
                bool given = address == 0;
                try
                {
                    if (!given)
                    {
                        Give(address);
                        given = true;
                    }
                }
                finally
                {
                    if (!given)
                    {
                        // The others are freed all the same.
                        SetMin(minCount);
                    }
                }
            }
            while (address != 0);
        }

        /// <summary>Takes the lock. What most calls come through has it written out.</summary>
        private void Enter()
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
        }

        private void Leave()
        {
            if (_lock != null)
            {
                _lock.Release();
            }
        }
    }
}
