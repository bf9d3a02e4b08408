using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Objects of one size, cut out of slabs: the kernel's kmem_cache.</summary>
    /// <remarks>
    /// <para>Of each slab a bitmap says which objects are free. The cache keeps one word of one slab to itself, the active word; allocating
    /// takes its lowest bit, and freeing an object of the same word puts the bit back, so both touch two fields and no list. When
    /// the word is used up the next one comes from the same slab, then from the partial slabs, the empty ones, or a new one.</para>
    /// <code>
    ///   partial  -> slab -> slab            some objects free
    ///   empty    -> slab                    all free: kept until somebody needs the pages
    ///   active      slab, word 1            the one that is being allocated from
    ///   full        on no list; the first free finds it by its address and makes it partial
    /// </code>
    /// <para>Not synchronized; see <see cref="SlabAllocator"/>.</para>
    /// </remarks>
    public sealed class KmemCache
    {
        /// <summary>The largest object, in bytes, with pages of 4 KB or more: a slab of order 5.</summary>
        public const int LargestObject = 131072;

        private readonly SlabAllocator _slabs;
        private readonly ObjectConstructor _constructor;
        private readonly byte[] _table = TrailingZeros.Table;
        private readonly GfpFlags _gfp;
        private readonly int _owner;

        /// <summary>Bytes from one object to the next.</summary>
        private readonly uint _stride;
        private readonly int _order;
        private readonly int _objects;
        private readonly int _words;

        /// <summary>The free objects of the last word of an empty slab; the words before it are all ones.</summary>
        private readonly ulong _lastWord;

        /// <summary>The free objects of the active word, the address of its first object and the bytes that the word covers. 0 all three
        /// where there is none.</summary>
        private ulong _bits;
        private uint _base, _span;
        private int _activeSlab = SlabAllocator.None, _activeWord;

        private int _partial = SlabAllocator.None, _empty = SlabAllocator.None;
        private int _slabCount, _emptyCount;
        private bool _destroyed;

        /// <summary>Whether Kfree may free its objects.</summary>
        internal bool IsKmalloc;

        /// <summary>Creates a cache; it takes no page before the first allocation.</summary>
        /// <param name="slabs">Where its slabs are kept.</param>
        /// <param name="name">Unique among the caches; also the owner of its pages.</param>
        /// <param name="objectSize">Bytes, 1 to <see cref="LargestObject"/> or what a slab of order 5 holds.</param>
        /// <param name="alignment">Bytes, a power of two from 8 to the page size.</param>
        /// <param name="gfp">Kernel, Dma, NoFallback or Movable: which zones its slabs come from.</param>
        /// <param name="constructor">Runs for every object of a new slab; null for none.</param>
        /// <exception cref="ArgumentOutOfRangeException">Size or alignment is out of its range.</exception>
        /// <exception cref="InvalidOperationException">There is a cache of that name, or no room for another.</exception>
        public KmemCache(SlabAllocator slabs, string name, int objectSize, int alignment, GfpFlags gfp, ObjectConstructor constructor)
        {
            int page = slabs.Pages.PageSize, largest = page << SlabAllocator.LargestSlabOrder;
            largest = largest < LargestObject ? largest : LargestObject;
            if (objectSize < 1 || objectSize > largest)
            {
                throw new ArgumentOutOfRangeException(nameof(objectSize), "cache '" + name + "': objects of " + objectSize.ToString()
                    + " bytes: expected 1 to " + largest.ToString());
            }
            if (alignment < SlabAllocator.SmallestObject || alignment > page || (alignment & (alignment - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(alignment), "cache '" + name + "': alignment " + alignment.ToString()
                    + ": expected a power of two from " + SlabAllocator.SmallestObject.ToString() + " to " + page.ToString());
            }
            Name = name;
            ObjectSize = objectSize;
            _slabs = slabs;
            _constructor = constructor;
            _gfp = gfp;
            int stride = (objectSize + alignment - 1) & ~(alignment - 1);
            _stride = (uint)stride;
            while (_order < SlabAllocator.LargestSlabOrder && !Suits(page << _order, stride))
            {
                _order++;
            }
            int fit = (page << _order) / stride, most = slabs.Words * 64;
            _objects = fit < most ? fit : most;
            _words = (_objects + 63) >> 6;
            _lastWord = ulong.MaxValue >> (_words * 64 - _objects);
            slabs.Add(this);
            _owner = slabs.Pages.RegisterOwner(name);
        }

        /// <summary>The name in reports.</summary>
        public string Name { get; }

        /// <summary>Bytes of an object, as asked for.</summary>
        public int ObjectSize { get; }

        /// <summary>Bytes from one object to the next.</summary>
        public int Stride { get { return (int)_stride; } }

        /// <summary>Where its slabs are kept.</summary>
        internal SlabAllocator Slabs { get { return _slabs; } }

        /// <summary>Whether objects come constructed, and so cannot come zeroed.</summary>
        internal bool HasConstructor { get { return _constructor != null; } }

        /// <summary>Objects of a slab.</summary>
        public int ObjectsPerSlab { get { return _objects; } }

        /// <summary>Pages of a slab.</summary>
        public int PagesPerSlab { get { return 1 << _order; } }

        /// <summary>Slabs that the cache has.</summary>
        public int SlabCount { get { return _slabCount; } }

        /// <summary>Slabs with at least one object in use.</summary>
        public int ActiveSlabCount { get { return _slabCount - _emptyCount - (_activeSlab >= 0 && IsWholeActive() ? 1 : 0); } }

        /// <summary>Objects in use. Counted when asked for.</summary>
        public int LiveObjects
        {
            get
            {
                int free = Count(_bits) + _emptyCount * _objects + (_activeSlab >= 0 ? FreeIn(_activeSlab) : 0);
                for (int slab = _partial; slab >= 0; slab = _slabs.Next[slab])
                {
                    free += FreeIn(slab);
                }
                return _slabCount * _objects - free;
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
                return Activate(gfp) ? Alloc(gfp) : 0;
            }
            ulong bit = bits & (ulong)-(long)bits;
            _bits = bits ^ bit;
            uint address = _base + _table[(int)((bit * TrailingZeros.Multiplier) >> TrailingZeros.Shift)] * _stride;
            if ((gfp & GfpFlags.Zero) != 0)
            {
                Clear(address);
            }
            return address;
        }

        /// <summary>Gives an object back, in constructed state.</summary>
        /// <exception cref="InvalidOperationException">No object of this cache that is in use begins at the address.</exception>
        public void Free(uint address)
        {
            uint offset = address - _base;
            if (offset >= _span)
            {
                int slab = _slabs.FindSlab(address);
                if (slab < 0 || _slabs.CacheOf(slab) != this)
                {
                    throw NotLive(address);
                }
                FreeFrom(slab, address);
                return;
            }
            int index = (int)(offset / _stride);
            ulong bits = _bits, mask = 1UL << index;
            if ((uint)index * _stride != offset || (bits & mask) != 0)
            {
                throw NotLive(address);
            }
            _bits = bits | mask;
        }

        /// <summary>Whether <paramref name="address"/> lies in the word that is being allocated from: then <see cref="Free"/> is cheapest.</summary>
        internal bool IsActive(uint address)
        {
            return address - _base < _span;
        }

        /// <summary>Gives empty slabs back to the page allocator.</summary>
        /// <returns>Pages freed.</returns>
        public int Shrink()
        {
            if (_activeSlab >= 0 && IsWholeActive())
            {
                Deactivate();
            }
            int freed = 0;
            while (_empty >= 0)
            {
                int slab = _empty;
                _empty = Unlink(slab, _empty);
                _emptyCount--;
                _slabCount--;
                _slabs.Release(slab, _order);
                freed += 1 << _order;
            }
            return freed;
        }

        /// <summary>Gives everything back; the cache cannot be used any more.</summary>
        /// <exception cref="InvalidOperationException">Objects are in use, or the cache is destroyed already; nothing has changed.</exception>
        public void Destroy()
        {
            int live = LiveObjects;
            if (_destroyed || live != 0)
            {
                throw new InvalidOperationException("cache '" + Name + "' " + (_destroyed
                    ? "is destroyed already"
                    : "cannot be destroyed: " + live.ToString() + " objects of " + ObjectSize.ToString() + " bytes are in use; expected none"));
            }
            Shrink();
            _slabs.Remove(this);
            _destroyed = true;
        }

        /// <summary>Whether an object in use begins at the address.</summary>
        internal bool IsLive(uint address)
        {
            int slab = _slabs.FindSlab(address);
            if (slab < 0 || _slabs.CacheOf(slab) != this)
            {
                return false;
            }
            uint offset = address - _slabs.Address[slab], index = offset / _stride;
            if (index >= (uint)_objects || index * _stride != offset)
            {
                return false;
            }
            int word = (int)(index >> 6);
            ulong free = _slabs.Free[slab * _slabs.Words + word] | (slab == _activeSlab && word == _activeWord ? _bits : 0);
            return ((free >> (int)(index & 63)) & 1) == 0;
        }

        /// <summary>The same for an address in slab <paramref name="slab"/>, one of this cache, that is not in the active word.</summary>
        internal void FreeFrom(int slab, uint address)
        {
            SlabAllocator slabs = _slabs;
            ulong[] free = slabs.Free;
            uint stride = _stride, offset = address - slabs.Address[slab], index = offset / stride;
            int at = slab * slabs.Words + (int)(index >> 6);
            ulong mask = 1UL << (int)index;
            if (index >= (uint)_objects || index * stride != offset || (free[at] & mask) != 0)
            {
                throw NotLive(address);
            }
            ulong before = free[at], after = before | mask;
            free[at] = after;
            bool whole = after == ulong.MaxValue || after == _lastWord;
            if (before != 0 && !whole)
            {
                // Neither full before nor empty now: the slab stays where it is.
                return;
            }
            byte state = _slabs.State[slab];
            if (state == SlabAllocator.Full)
            {
                // Last, as SLUB does it: the longer a slab waits its turn, the more of it is free by then, or all of it.
                _slabs.State[slab] = state = SlabAllocator.Partial;
                _partial = LinkLast(slab, _partial);
            }
            if (whole && state == SlabAllocator.Partial && IsWhole(slab))
            {
                _partial = Unlink(slab, _partial);
                AddEmpty(slab);
            }
        }

        /// <summary>Makes a word with a free object the active one.</summary>
        private bool Activate(GfpFlags gfp)
        {
            if (_destroyed)
            {
                throw new InvalidOperationException("cache '" + Name + "' is destroyed");
            }
            int slab = _activeSlab;
            if (slab < 0 || FreeIn(slab) == 0)
            {
                Deactivate();
                if (_partial >= 0)
                {
                    slab = _partial;
                    _partial = Unlink(slab, _partial);
                }
                else if (_empty >= 0)
                {
                    slab = _empty;
                    _empty = Unlink(slab, _empty);
                    _emptyCount--;
                }
                else
                {
                    slab = Grow(gfp);
                    if (slab < 0)
                    {
                        return false;
                    }
                }
                _slabs.State[slab] = SlabAllocator.Active;
                _activeSlab = slab;
            }
            int first = slab * _slabs.Words, word = 0;
            while (_slabs.Free[first + word] == 0)
            {
                word++;
            }
            _activeWord = word;
            _bits = _slabs.Free[first + word];
            _slabs.Free[first + word] = 0;
            int rest = _objects - word * 64;
            _base = _slabs.Address[slab] + (uint)word * 64 * _stride;
            _span = (uint)(rest < 64 ? rest : 64) * _stride;
            return true;
        }

        /// <summary>Puts the active word back and its slab where it belongs now.</summary>
        private void Deactivate()
        {
            int slab = _activeSlab;
            if (slab < 0)
            {
                return;
            }
            _slabs.Free[slab * _slabs.Words + _activeWord] = _bits;
            _bits = 0;
            _base = 0;
            _span = 0;
            _activeSlab = SlabAllocator.None;
            int free = FreeIn(slab);
            if (free == _objects)
            {
                AddEmpty(slab);
            }
            else if (free == 0)
            {
                _slabs.State[slab] = SlabAllocator.Full;
            }
            else
            {
                _slabs.State[slab] = SlabAllocator.Partial;
                _partial = Link(slab, _partial);
            }
        }

        private int Grow(GfpFlags gfp)
        {
            const GfpFlags Passed = GfpFlags.Atomic | GfpFlags.NoWarn | GfpFlags.NoRetry;
            int slab = _slabs.Create(this, _gfp | (gfp & Passed), _order, _owner);
            if (slab < 0)
            {
                return slab;
            }
            _slabCount++;
            for (int word = 0; word < _words; word++)
            {
                _slabs.Free[slab * _slabs.Words + word] = word == _words - 1 ? _lastWord : ulong.MaxValue;
            }
            for (int i = 0; _constructor != null && i < _objects; i++)
            {
                _constructor.Construct(_slabs.Address[slab] + (uint)i * _stride);
            }
            return slab;
        }

        private void Clear(uint address)
        {
            if (_constructor != null || _slabs.Memory == null)
            {
                Free(address);
                throw new InvalidOperationException("GfpFlags.Zero asked of cache '" + Name + "', which has "
                    + (_constructor != null ? "a constructor: its objects come constructed" : "no memory to write to"));
            }
            _slabs.Memory.Fill(address, ObjectSize, 0);
        }

        /// <summary>Whether all objects of a slab without an active word are free.</summary>
        private bool IsWhole(int slab)
        {
            ulong[] free = _slabs.Free;
            int word = slab * _slabs.Words, last = word + _words - 1;
            while (word < last && free[word] == ulong.MaxValue)
            {
                word++;
            }
            return word == last && free[last] == _lastWord;
        }

        private bool IsWholeActive()
        {
            return FreeIn(_activeSlab) + Count(_bits) == _objects;
        }

        private int FreeIn(int slab)
        {
            int count = 0;
            for (int word = 0; word < _words; word++)
            {
                count += Count(_slabs.Free[slab * _slabs.Words + word]);
            }
            return count;
        }

        private void AddEmpty(int slab)
        {
            _slabs.State[slab] = SlabAllocator.EmptySlab;
            _empty = Link(slab, _empty);
            _emptyCount++;
        }

        // The lists: Next ends with None, Previous goes round, so that the head's is the tail.

        /// <returns>The list's new head.</returns>
        private int Link(int slab, int head)
        {
            _slabs.Next[slab] = (short)head;
            _slabs.Previous[slab] = (short)slab;
            if (head >= 0)
            {
                _slabs.Previous[slab] = _slabs.Previous[head];
                _slabs.Previous[head] = (short)slab;
            }
            return slab;
        }

        /// <returns>The list's head, a new one where the list was empty.</returns>
        private int LinkLast(int slab, int head)
        {
            if (head < 0)
            {
                return Link(slab, head);
            }
            int tail = _slabs.Previous[head];
            _slabs.Next[tail] = (short)slab;
            _slabs.Next[slab] = SlabAllocator.None;
            _slabs.Previous[slab] = (short)tail;
            _slabs.Previous[head] = (short)slab;
            return head;
        }

        /// <returns>The list's new head.</returns>
        private int Unlink(int slab, int head)
        {
            int next = _slabs.Next[slab], previous = _slabs.Previous[slab];
            if (next >= 0)
            {
                _slabs.Previous[next] = (short)previous;
            }
            else
            {
                _slabs.Previous[head] = (short)previous;
            }
            if (slab == head)
            {
                return next;
            }
            _slabs.Next[previous] = (short)next;
            return head;
        }

        /// <summary>The exception for an address at which no object in use begins: says what does lie there.</summary>
        internal Exception NotLive(uint address)
        {
            KmemCache cache = _slabs.FindCache(address);
            string text = HexText.Of(address) + " is no object in use of cache '" + Name + "': ";
            if (cache == null)
            {
                text += "no slab lies there" + _slabs.OwnerText(address);
            }
            else if (cache != this)
            {
                text += "it lies in a slab of cache '" + cache.Name + "'";
            }
            else
            {
                uint offset = address - _slabs.Address[_slabs.FindSlab(address)], within = offset % _stride;
                text += offset / _stride >= (uint)_objects ? "it lies behind the slab's last object"
                    : within != 0 ? "it lies " + within.ToString() + " bytes inside the object at " + HexText.Of(address - within)
                    : "it is free already";
            }
            return new InvalidOperationException(text + ". Expected an address that Alloc returned and that has not been freed since");
        }

        /// <summary>At most an eighth of a slab may be left over, as in the kernel's calculate_slab_order.</summary>
        private static bool Suits(int slabSize, int stride)
        {
            return slabSize >= stride && slabSize % stride * 8 <= slabSize;
        }

        private static int Count(ulong word)
        {
            int count = 0;
            for (; word != 0; word &= word - 1)
            {
                count++;
            }
            return count;
        }
    }
}
