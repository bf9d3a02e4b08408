using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Memory of any size by address alone: the kernel's kmalloc over caches of a few sizes, and over pages above the largest of
    /// them.</summary>
    /// <remarks>
    /// <para>Locking: see <see cref="SlabAllocator"/>. The caches are kmalloc-32, kmalloc-64 … kmalloc-8192 or those of sizes given at
    /// boot and, where there is a DMA zone beside others, dma-kmalloc-32 and so on. A cache takes no page before its first allocation.</para>
    /// <para>What is larger than the largest cache gets as many pages as it needs (<see cref="PageAllocator.AllocPagesExact(int, GfpFlags,
    /// PageOwner)"/>), which belong to who asked for them, or to "kmalloc-large". What watches pages watches them: owner tables, hardening and
    /// traces of the page allocator. Only Kfree may give them back.</para>
    /// <para>Alignment: a size that is a power of two is aligned to itself up to a page, any other to the largest power of two that divides its
    /// cache's size, 32 at least.</para>
    /// </remarks>
    public sealed class KmallocCaches
    {
        /// <summary>The smallest and largest cache, in bytes; the larger sizes only as far as a slab of 32 pages holds them.</summary>
        public const int MinSize = KmallocSizes.Step, MaxSize = KmemCache.MaxObjectSize;

        private const int GroupShift = 5;
        private const string Prefix = "kmalloc-", DmaPrefix = "dma-kmalloc-";

        /// <summary>The flags that a request may have. The caches decide the zones, so NoFallback and Movable would have no effect.</summary>
        private const GfpFlags Honoured = GfpFlags.Dma | GfpFlags.Atomic | GfpFlags.Zero | GfpFlags.NoWarn | GfpFlags.NoRetry;

        private readonly SlabAllocator _slabs;
        private readonly bool _isShared;
        private readonly int[] _sizes;
        private readonly KmemCache[] _caches, _dmaCaches;

        /// <summary>The cache of sizes 32n + 1 to 32n + 32, up to 1024 bytes.</summary>
        private readonly KmemCache[] _bySize = new KmemCache[32];

        /// <summary>By (size - 1) / 256, the first cache that may hold such a size; from 8 KB on, the last of them.</summary>
        private readonly byte[] _first = new byte[CoarseGroups];

        private const int CoarseShift = 8, CoarseGroups = 32;

        private readonly KmallocPages _large;

        /// <summary>The cache that served last: what was allocated last is often freed next.</summary>
        private KmemCache _last;

        /// <summary>Creates caches of the sizes of <see cref="KmallocSizes.Default"/>.</summary>
        /// <param name="slabs">Where the caches are created; it must not have caches of Kmalloc yet.</param>
        /// <exception cref="ArgumentException">An object of the largest size does not fit into a slab.</exception>
        /// <exception cref="InvalidOperationException">Caches of these names exist, or there is no room for them.</exception>
        public KmallocCaches(SlabAllocator slabs)
            : this(slabs, KmallocSizes.Default(slabs), null, SlabDebug.None, 0)
        {
        }

        /// <summary>Creates caches of the given sizes.</summary>
        /// <param name="sizes">As below.</param>
        /// <exception cref="ArgumentException">The sizes are not of that form; nothing has been created.</exception>
        /// <exception cref="InvalidOperationException">Caches of these names exist, or there is no room for them.</exception>
        public KmallocCaches(SlabAllocator slabs, int[] sizes)
            : this(slabs, KmallocSizes.Checked(sizes, slabs), null, SlabDebug.None, 0)
        {
        }

        /// <summary>Creates hardened caches. While owners are tracked, the unused rest of an object is a red zone too, if the request names its
        /// owner.</summary>
        /// <remarks>The owner table holds the size that was asked for, as the kernel's orig_size. Requests without an owner do not pass on
        /// their size, so their red zone begins behind the cache's size. A cache whose objects leave no room for one in the largest slab
        /// has no red zone. Runs of pages are hardened by <c>WatchedPages.Harden</c>.</remarks>
        /// <param name="slabs">Where their slabs are kept; where anything is hardened, one with memory and a log of findings.</param>
        /// <param name="sizes">Bytes, ascending: multiples of 32 up to <see cref="MaxSizeIn"/>, with every power of two from the first to the last
        /// among them, the last 1024 at least; copied. <see cref="KmallocSizes"/> has sets ready.</param>
        /// <param name="debug">For all caches; see <see cref="KmemCache"/>.</param>
        /// <param name="quarantine">Freed objects that each cache keeps from being used again; see <see cref="KmemCache"/>.</param>
        /// <exception cref="ArgumentException">The sizes are not of that form, or there is no memory or no log; nothing has been created.</exception>
        /// <exception cref="InvalidOperationException">Caches of these names exist, or there is no room for them or no owner's number; nothing
        /// has been created.</exception>
        public KmallocCaches(SlabAllocator slabs, int[] sizes, SlabDebug debug, int quarantine)
            : this(slabs, KmallocSizes.Checked(sizes, slabs), SlabAllocator.GuardFor(slabs, debug, quarantine), debug, quarantine)
        {
        }

        private KmallocCaches(SlabAllocator slabs, int[] sizes, ObjectGuard? guard, SlabDebug debug, int quarantine)
        {
            _slabs = slabs;
            _isShared = slabs.IsShared;
            PageAllocator pages = slabs.Pages;
            bool both = pages.ZonesFor(GfpFlags.Dma).Length != 0 && pages.ZonesFor(GfpFlags.NoFallback).Length != 0;
            int count = both ? 2 * sizes.Length : sizes.Length;
            if (count > SlabAllocator.MaxCaches - slabs.CacheCount)
            {
                throw SlabMisuse.TooManyCaches(slabs, count);
            }
            int owners = NewOwners(slabs, Prefix, sizes) + (both ? NewOwners(slabs, DmaPrefix, sizes) : 0)
                + (pages.FindOwner(KmallocPages.OwnerName) < 0 ? 1 : 0), left = PageAllocator.MaxOwners - pages.OwnerCount;
            if (owners > left)
            {
                throw SlabMisuse.TooManyOwners(owners, left);
            }
            _sizes = sizes;
            _caches = Create(Prefix, GfpFlags.Kernel, guard, debug, quarantine);
            _dmaCaches = both ? Create(DmaPrefix, GfpFlags.Dma, guard, debug, quarantine) : _caches;
            _large = new KmallocPages(slabs);
            _last = _caches[0];
            for (int i = 0, index = 0; i < _first.Length; i++)
            {
                while (index + 1 < _sizes.Length && _sizes[index] <= i << CoarseShift)
                {
                    index++;
                }
                _first[i] = (byte)index;
            }
            int most = _sizes[_sizes.Length - 1];
            for (int i = 0; i < _bySize.Length && (i + 1) << GroupShift <= most; i++)
            {
                _bySize[i] = _caches[IndexOf((i + 1) << GroupShift)];
            }
        }

        /// <summary>How many sizes there are caches for.</summary>
        public int SizeCount { get { return _sizes.Length; } }

        /// <summary>The size of cache <paramref name="index"/>, in bytes, the smallest first.</summary>
        /// <param name="index">0 to <see cref="SizeCount"/> - 1.</param>
        /// <returns>Bytes of its objects.</returns>
        public int SizeAt(int index)
        {
            Misuse.CheckIndex("size", index, _sizes.Length);
            return _sizes[index];
        }

        /// <summary>The largest size that caches of <paramref name="slabs"/> can have, in bytes.</summary>
        /// <returns>The lesser of 131,072 and a slab of 32 pages.</returns>
        public static int MaxSizeIn(SlabAllocator slabs)
        {
            Misuse.Given(slabs, nameof(slabs));
            int slab = slabs.Pages.PageSize * SlabLayout.MostPages;
            return slab < MaxSize ? slab : MaxSize;
        }

        /// <summary>Takes memory.</summary>
        /// <param name="size">Bytes, 1 or more.</param>
        /// <param name="gfp">Dma, Atomic, Zero, NoWarn and NoRetry.</param>
        /// <returns>The address, or 0; for more than any zone has, as well.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1, or another flag is asked for.</exception>
        /// <exception cref="InvalidOperationException">Zero is asked for, and the allocator was made without memory.</exception>
        public uint Kmalloc(int size, GfpFlags gfp)
        {
            uint group = (uint)(size - 1) >> GroupShift;
            if (gfp == GfpFlags.Kernel && group < 32)
            {
                KmemCache cache = _bySize[group];
                _last = cache;
                return cache.Alloc(gfp);
            }
            KmemCache? larger = CacheFor(size, gfp);
            if (larger == null)
            {
                return _large.Alloc(size, Reached(gfp), PageOwner.Unknown);
            }
            // The field is only a hint: another context may have changed it again.
            _last = larger;
            return larger.Alloc(gfp);
        }

        /// <summary>Takes memory filled with zero bytes.</summary>
        /// <param name="size">Bytes, as for <see cref="Kmalloc(int, GfpFlags)"/>.</param>
        /// <param name="gfp">As for <see cref="Kmalloc(int, GfpFlags)"/>.</param>
        /// <returns>The address, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1, or another flag is asked for.</exception>
        /// <exception cref="InvalidOperationException">The allocator was made without memory, so nobody can fill it.</exception>
        public uint Kzalloc(int size, GfpFlags gfp)
        {
            return Kmalloc(size, gfp | GfpFlags.Zero);
        }

        /// <summary>The same for an owner, who is recorded with the size where owners are tracked.</summary>
        /// <param name="size">Bytes, as for <see cref="Kmalloc(int, GfpFlags)"/>.</param>
        /// <param name="gfp">Dma, Atomic, Zero, NoWarn and NoRetry.</param>
        /// <returns>The address, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1, nobody registered the owner, or another flag is asked for.</exception>
        /// <exception cref="InvalidOperationException">Zero is asked for, and the allocator was made without memory.</exception>
        public uint Kmalloc(int size, GfpFlags gfp, PageOwner owner)
        {
            KmemCache? cache = CacheFor(size, gfp);
            if (cache == null)
            {
                return _large.Alloc(size, Reached(gfp), owner);
            }
            _last = cache;
            return cache.Alloc(gfp, owner, size);
        }

        /// <summary>Takes memory filled with zero bytes for an owner.</summary>
        /// <param name="size">Bytes, as for <see cref="Kmalloc(int, GfpFlags)"/>.</param>
        /// <param name="gfp">As for <see cref="Kmalloc(int, GfpFlags)"/>.</param>
        /// <returns>The address, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1, nobody registered the owner, or another flag is asked for.</exception>
        /// <exception cref="InvalidOperationException">The allocator was made without memory, so nobody can fill it.</exception>
        public uint Kzalloc(int size, GfpFlags gfp, PageOwner owner)
        {
            return Kmalloc(size, gfp | GfpFlags.Zero, owner);
        }

        /// <summary>Gives memory back by its address.</summary>
        /// <param name="address">What Kmalloc, Kzalloc or Krealloc returned.</param>
        /// <exception cref="InvalidOperationException">No live allocation begins there.</exception>
        public void Kfree(uint address)
        {
            KmemCache last = _last;
            uint offset = address - last.Base;
            if (offset < last.Span)
            {
                last.Free(address);
                return;
            }
            if (_isShared)
            {
                if (offset >= last.SharedSpan || !last.FreeShared(address))
                {
                    FreeShared(address);
                }
                return;
            }
            SlabAllocator slabs = _slabs;
            // FindSlab, CacheOf and FreeFrom, written out: what goes on without a call here is most that is freed at random.
            short[] marks = slabs.Marks;
            uint page = address - slabs.MarksStart >> slabs.PageShift;
            int slab = page < (uint)marks.Length ? marks[page] - 1 : slabs.FindSlab(address);
            byte[] numbers = slabs.CacheNumbers;
            if ((uint)slab < (uint)numbers.Length)
            {
                KmemCache cache = slabs.Caches[numbers[slab]]!;
                if (cache == last || address - cache.Base >= cache.Span)
                {
                    uint[] free = slabs.Free;
                    offset = address - slabs.Address[slab];
                    uint index = (uint)((ulong)offset * cache.Reciprocal >> 32);
                    if (index < (uint)cache.OpenToKfree && index * cache.Step == offset)
                    {
                        int at = slab * slabs.Words + (int)(index >> 5);
                        uint before = free[at], after = before | 1u << (int)index;
                        if (before != after)
                        {
                            free[at] = after;
                            if (after == cache.LastWord || after == uint.MaxValue)
                            {
                                cache.Place(slab, after);
                            }
                            else if (before == 0 && slabs.State[slab] == SlabAllocator.Full)
                            {
                                slabs.State[slab] = SlabAllocator.Partial;
                                cache.Slabs.AddPartialLast(slab);
                            }
                            return;
                        }
                    }
                }
            }
            FreeElsewhere(slab, address);
        }

        /// <summary>Kfree of what is in no slab or in another active word, is guarded or not in use.</summary>
        private void FreeElsewhere(int slab, uint address)
        {
            if (slab < 0)
            {
                FreeRun(slab, address);
                return;
            }
            KmemCache cache = OwnerOf(slab, address);
            if (address - cache.Base < cache.Span)
            {
                cache.Free(address);
                return;
            }
            cache.FreeFrom(slab, address);
        }

        /// <summary>Kfree where contexts share the caches, of what is not in the active word of the last one.</summary>
        private void FreeShared(uint address)
        {
            int slab = _slabs.FindSlab(address);
            if (slab < 0)
            {
                FreeRun(slab, address);
                return;
            }
            OwnerOf(slab, address).FreeShared(slab, address);
        }

        /// <summary>The cache that has a slab; throws where that is not Kmalloc's.</summary>
        private KmemCache OwnerOf(int slab, uint address)
        {
            SlabAllocator slabs = _slabs;
            KmemCache cache = slabs.Caches[slabs.CacheNumbers[slab]]!;
            if (!cache.IsKmalloc)
            {
                throw SlabMisuse.NotOfKmalloc(cache, address);
            }
            return cache;
        }

        /// <summary>Bytes that may be used of an allocation: its cache's size or its pages, at least what was asked for.</summary>
        /// <remarks>The caller may use all of them: from then on none is a red zone, as with the kernel's ksize.</remarks>
        /// <param name="address">What Kmalloc, Kzalloc or Krealloc returned.</param>
        /// <returns>Bytes.</returns>
        /// <exception cref="InvalidOperationException">No live allocation begins there.</exception>
        public int Ksize(uint address)
        {
            KmemCache? cache = FindLive(address);
            int size = cache == null ? _large.SizeAt(address) : cache.ObjectSize;
            if (cache == null)
            {
                _large.Resize(address, size);
            }
            else
            {
                cache.Resize(address, size);
            }
            return size;
        }

        /// <summary>Makes an allocation larger or smaller, moving it where it must. It stays its owner's.</summary>
        /// <param name="address">A live allocation, or 0: then this is Kmalloc.</param>
        /// <param name="size">Bytes, as for <see cref="Kmalloc(int, GfpFlags)"/>.</param>
        /// <param name="gfp">For a new place. Zero clears the bytes that a move adds; Dma forces a move if engines do not reach the old
        /// place.</param>
        /// <returns>The address, the same if the size goes to the same cache, or if it needs pages and has no more than it had; 0 if there is no
        /// memory: then the old allocation stays.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is below 1, or a flag is not Kmalloc's.</exception>
        /// <exception cref="InvalidOperationException">No live allocation begins there, a move has no memory to copy in, or a device has bytes
        /// that would go.</exception>
        public uint Krealloc(uint address, int size, GfpFlags gfp)
        {
            if (address == 0)
            {
                return Kmalloc(size, gfp);
            }
            if ((gfp & ~Honoured) != 0)
            {
                throw SlabMisuse.BadKmallocFlags(gfp);
            }
            KmemCache? cache = FindLive(address), next = CacheFor(size, gfp & ~GfpFlags.Dma);
            int held = cache == null ? _large.SizeAt(address) : cache.ObjectSize;
            bool mayStay = (gfp & GfpFlags.Dma) == 0 || _dmaCaches == _caches
                || (cache == null ? _large.IsDma(address) : cache == CacheFor(size, gfp));
            if (mayStay && (cache == null ? next == null && size <= held : next != null && next.ObjectSize == held))
            {
                if (cache == null)
                {
                    _large.Resize(address, size);
                    return address;
                }
                if (size < held)
                {
                    cache.CheckUnmapped(address, size);
                }
                cache.Resize(address, size);
                return address;
            }
            if (_slabs.Memory == null)
            {
                throw new InvalidOperationException("Krealloc of " + HexText.Of(address) + " has to move it and has no memory to copy in");
            }
            if (cache == null)
            {
                _large.CheckUnmapped(address, 0, held);
            }
            else
            {
                cache.CheckUnmapped(address, 0);
            }
            uint moved = Kmalloc(size, gfp, cache == null ? _large.OwnerAt(address) : _slabs.LookUpOwner(address));
            if (moved != 0)
            {
                int old = cache == null ? _large.UsableSize(address) : cache.UsableSize(address);
                bool copied = false;
                try
                {
                    _slabs.Memory.Copy(address, moved, old < size ? old : size);
                    copied = true;
                }
                finally
                {
                    Kfree(copied ? address : moved);
                }
            }
            return moved;
        }

        /// <summary>The cache that holds a request; null where none is large enough.</summary>
        private KmemCache? CacheFor(int size, GfpFlags gfp)
        {
            int index = IndexOf(size);
            if ((gfp & ~Honoured) != 0)
            {
                throw SlabMisuse.BadKmallocFlags(gfp);
            }
            return index < 0 ? null : (gfp & GfpFlags.Dma) == 0 ? _caches[index] : _dmaCaches[index];
        }

        /// <summary>The flags with which pages are asked for: engines reach all of them where there are no caches for Dma.</summary>
        private GfpFlags Reached(GfpFlags gfp)
        {
            return _dmaCaches == _caches ? gfp & ~GfpFlags.Dma : gfp;
        }

        /// <summary>The cache of the allocation in use that begins at an address; null where a run of pages does.</summary>
        private KmemCache? FindLive(uint address)
        {
            int slab = _slabs.FindSlab(address);
            if (slab == SlabAllocator.Run)
            {
                return null;
            }
            if (slab < 0)
            {
                throw SlabMisuse.NoRun(_slabs, address);
            }
            KmemCache cache = OwnerOf(slab, address);
            if (!cache.IsLive(address))
            {
                throw SlabMisuse.NotLive(_slabs, cache, address);
            }
            return cache;
        }

        /// <summary>Kfree of an address that lies in no slab.</summary>
        private void FreeRun(int slab, uint address)
        {
            if (slab != SlabAllocator.Run)
            {
                throw SlabMisuse.NoRun(_slabs, address);
            }
            _large.Free(address);
        }

        /// <summary>Which cache a size goes to: the smallest that holds it; -1 where none does.</summary>
        private int IndexOf(int size)
        {
            int[] sizes = _sizes;
            if (size < 1)
            {
                throw SlabMisuse.BadKmallocSize(size);
            }
            if (size > sizes[sizes.Length - 1])
            {
                return -1;
            }
            int group = (size - 1) >> CoarseShift, index = _first[group < CoarseGroups ? group : CoarseGroups - 1];
            while (sizes[index] < size)
            {
                index++;
            }
            return index;
        }

        /// <summary>Throws unless every cache can have its name, so that all are created or none.</summary>
        /// <returns>How many numbers of owners they need.</returns>
        private static int NewOwners(SlabAllocator slabs, string prefix, int[] sizes)
        {
            int owners = 0;
            for (int i = 0; i < sizes.Length; i++)
            {
                string name = prefix + sizes[i].ToString();
                slabs.CheckNew(name);
                owners += slabs.Pages.FindOwner(name) < 0 ? 1 : 0;
            }
            return owners;
        }

        private KmemCache[] Create(string prefix, GfpFlags gfp, ObjectGuard? guard, SlabDebug debug, int quarantine)
        {
            int page = _slabs.Pages.PageSize;
            var caches = new KmemCache[_sizes.Length];
            for (int i = 0; i < caches.Length; i++)
            {
                int size = _sizes[i], alignment = size & -size;
                alignment = alignment < page ? alignment : page;
                bool hasRoom = size <= SlabLayout.LargestObject(page, alignment, true);
                SlabDebug own = hasRoom ? debug : debug & ~SlabDebug.RedZone;
                caches[i] = new KmemCache(_slabs, prefix + size.ToString(), size, alignment, gfp, null,
                    own == SlabDebug.None && quarantine == 0 ? null : guard, own, quarantine);
                caches[i].OpenForKfree();
            }
            return caches;
        }
    }
}
