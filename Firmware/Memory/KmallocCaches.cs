using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Memory of any size up to 128 KB by address alone: the kernel's kmalloc over caches of powers of two.</summary>
    /// <remarks>Locking: see <see cref="SlabAllocator"/>. The caches are kmalloc-32, kmalloc-64 … kmalloc-131072 and, where there is
    /// a DMA zone beside others, dma-kmalloc-32 and so on. A cache takes no page before its first allocation.</remarks>
    public sealed class KmallocCaches
    {
        /// <summary>The smallest and largest cache, in bytes; the larger sizes only as far as a slab of order 5 holds them.</summary>
        public const int Smallest = 32, Largest = KmemCache.LargestObject;

        private const int SmallestShift = 5;

        private readonly SlabAllocator _slabs;
        private readonly KmemCache[] _caches, _dmaCaches;

        /// <summary>The cache of sizes 32n + 1 to 32n + 32, up to 1024 bytes.</summary>
        private readonly KmemCache[] _bySize = new KmemCache[32];

        /// <summary>The cache that served last: what was allocated last is often freed next.</summary>
        private KmemCache _last;

        /// <summary>Creates the caches.</summary>
        /// <exception cref="InvalidOperationException">Caches of these names exist, or there is no room for them.</exception>
        public KmallocCaches(SlabAllocator slabs)
            : this(slabs, SlabDebug.None, 0)
        {
        }

        /// <summary>Creates hardened caches: what a request that names its owner leaves of its object is a red zone too, while owners are
        /// tracked.</summary>
        /// <remarks>The owner table holds the size that was asked for, as the kernel's orig_size; requests without an owner, whose way in
        /// does not carry the size so far, have their red zone behind the cache's size. A cache whose object fills the largest
        /// slab has no red zone.</remarks>
        /// <param name="slabs">One with memory and a log of findings.</param>
        /// <param name="debug">For all caches; see <see cref="KmemCache"/>.</param>
        /// <param name="quarantine">Freed objects that each cache keeps from being used again; see <see cref="KmemCache"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">The quarantine is none.</exception>
        /// <exception cref="ArgumentException">There is no memory or no log.</exception>
        /// <exception cref="InvalidOperationException">Caches of these names exist, or there is no room for them.</exception>
        public KmallocCaches(SlabAllocator slabs, SlabDebug debug, int quarantine)
        {
            _slabs = slabs;
            int most = slabs.Pages.PageSize << SlabAllocator.LargestSlabOrder, count = 0;
            while (count <= 12 && Smallest << count <= most)
            {
                count++;
            }
            bool dma = false, normal = false;
            for (int i = 0; i < slabs.Pages.ZoneCount; i++)
            {
                dma |= slabs.Pages.ZoneAt(i).Kind == ZoneKind.Dma;
                normal |= slabs.Pages.ZoneAt(i).Kind == ZoneKind.Normal;
            }
            _caches = Create("kmalloc-", count, GfpFlags.Kernel, debug, quarantine);
            _dmaCaches = dma && normal ? Create("dma-kmalloc-", count, GfpFlags.Dma, debug, quarantine) : _caches;
            _last = _caches[0];
            for (int i = 0, index = 0; i < _bySize.Length && index < count; i++)
            {
                _bySize[i] = _caches[index];
                // The next size is above this cache's.
                index += (i + 1) << SmallestShift == Smallest << index ? 1 : 0;
            }
        }

        /// <summary>Takes memory.</summary>
        /// <param name="size">Bytes, 1 to 131,072, or what a slab of order 5 holds.</param>
        /// <param name="gfp">Dma, Atomic, Zero and NoWarn are honoured.</param>
        /// <returns>The address, aligned to the next power of two of the size up to a page, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is none, or more than a cache has.</exception>
        public uint Kmalloc(int size, GfpFlags gfp)
        {
            uint group = (uint)(size - 1) >> SmallestShift;
            if (gfp == GfpFlags.Kernel && group < 32)
            {
                KmemCache cache = _bySize[group];
                _last = cache;
                return cache.Alloc(gfp);
            }
            int index = IndexOf(size);
            KmemCache larger = (gfp & GfpFlags.Dma) == 0 ? _caches[index] : _dmaCaches[index];
            // The field is a hint that another context may have changed again.
            _last = larger;
            return larger.Alloc(gfp);
        }

        /// <summary>Takes memory filled with zero bytes.</summary>
        public uint Kzalloc(int size, GfpFlags gfp)
        {
            return Kmalloc(size, gfp | GfpFlags.Zero);
        }

        /// <summary>The same for an owner, who is recorded with the size where owners are tracked.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The owner is none, or the size, or it is more than a cache has.</exception>
        public uint Kmalloc(int size, GfpFlags gfp, int owner)
        {
            int index = IndexOf(size);
            KmemCache cache = (gfp & GfpFlags.Dma) == 0 ? _caches[index] : _dmaCaches[index];
            _last = cache;
            return cache.Alloc(gfp, owner, size);
        }

        /// <summary>Takes memory filled with zero bytes for an owner.</summary>
        public uint Kzalloc(int size, GfpFlags gfp, int owner)
        {
            return Kmalloc(size, gfp | GfpFlags.Zero, owner);
        }

        /// <summary>Gives memory back by its address.</summary>
        /// <exception cref="InvalidOperationException">No live allocation begins there.</exception>
        public void Kfree(uint address)
        {
            KmemCache cache = _last;
            if (cache.IsActive(address))
            {
                cache.Free(address);
                return;
            }
            int slab = _slabs.FindSlab(address);
            cache = slab < 0 ? null : _slabs.CacheOf(slab);
            if (cache == null || !cache.IsKmalloc)
            {
                throw NotOurs(address, cache);
            }
            if (cache.IsActive(address))
            {
                cache.Free(address);
            }
            else
            {
                cache.FreeFrom(slab, address);
            }
        }

        /// <summary>Bytes that may be used of an allocation: its cache's size, at least what was asked for.</summary>
        /// <remarks>Who asks may use them all: from then on none of them is a red zone, as the kernel's ksize has it.</remarks>
        /// <exception cref="InvalidOperationException">No live allocation begins there.</exception>
        public int Ksize(uint address)
        {
            KmemCache cache = FindLive(address);
            _slabs.Guarded.Resize(cache, address, cache.ObjectSize);
            return cache.ObjectSize;
        }

        /// <summary>Makes an allocation larger or smaller, moving it where it must. It stays its owner's.</summary>
        /// <param name="address">A live allocation, or 0: then this is Kmalloc.</param>
        /// <param name="size">Bytes, as for <see cref="Kmalloc"/>.</param>
        /// <param name="gfp">For a new place. Zero clears what a move adds.</param>
        /// <returns>The address, the same where the size still fits its cache; 0 where there is no memory: then the old one still stands.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is none.</exception>
        /// <exception cref="InvalidOperationException">No live allocation begins there, or a move has no memory to copy in.</exception>
        public uint Krealloc(uint address, int size, GfpFlags gfp)
        {
            if (address == 0)
            {
                return Kmalloc(size, gfp);
            }
            KmemCache cache = FindLive(address);
            if (Smallest << IndexOf(size) == cache.ObjectSize)
            {
                _slabs.Guarded.Resize(cache, address, size);
                return address;
            }
            if (_slabs.Memory == null)
            {
                throw new InvalidOperationException("Krealloc of " + HexText.Of(address) + " has to move it and has no memory to copy in");
            }
            uint moved = Kmalloc(size, gfp, _slabs.Guarded.LookUpOwner(address));
            if (moved != 0)
            {
                int old = _slabs.Guarded.UsableSize(cache, address);
                _slabs.Memory.Copy(address, moved, old < size ? old : size);
                Kfree(address);
            }
            return moved;
        }

        /// <summary>The cache of the allocation in use that begins at an address.</summary>
        private KmemCache FindLive(uint address)
        {
            KmemCache cache = _slabs.FindCache(address);
            if (cache == null || !cache.IsKmalloc)
            {
                throw NotOurs(address, cache);
            }
            if (!cache.IsLive(address))
            {
                throw SlabMisuse.NotLive(_slabs, cache, address);
            }
            return cache;
        }

        private Exception NotOurs(uint address, KmemCache cache)
        {
            return new InvalidOperationException(HexText.Of(address) + " is no allocation of Kmalloc" + (cache == null
                ? _slabs.OwnerText(address)
                : ": it lies in a slab of cache '" + cache.Name + "'") + ". Expected an address that Kmalloc returned");
        }

        /// <summary>Which cache a size goes to.</summary>
        private int IndexOf(int size)
        {
            int index = 0;
            while (index < _caches.Length && size - 1 >> SmallestShift + index != 0)
            {
                index++;
            }
            if (size < 1 || index == _caches.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(size), "Kmalloc of " + size.ToString() + " bytes: expected 1 to "
                    + (Smallest << _caches.Length - 1).ToString() + "; take pages (AllocPages) or, if they need not be contiguous, Vmalloc");
            }
            return index;
        }

        private KmemCache[] Create(string prefix, int count, GfpFlags gfp, SlabDebug debug, int quarantine)
        {
            int page = _slabs.Pages.PageSize;
            var caches = new KmemCache[count];
            for (int i = 0; i < count; i++)
            {
                int size = Smallest << i;
                SlabDebug fits = size == page << SlabAllocator.LargestSlabOrder ? debug & ~SlabDebug.RedZone : debug;
                caches[i] = new KmemCache(_slabs, prefix + size.ToString(), size, size < page ? size : page, gfp, null, fits, quarantine);
                caches[i].IsKmalloc = true;
            }
            return caches;
        }
    }
}
