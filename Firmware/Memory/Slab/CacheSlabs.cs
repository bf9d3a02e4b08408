namespace Carveout.Memory
{
    /// <summary>The slabs of one cache: the lists they are on, and the objects in them by number.</summary>
    /// <remarks>An object's number is its bit in <see cref="SlabAllocator.Free"/>: 64 times the words of all slabs before, and its index.
    /// Where contexts share the cache every call is under the lock.</remarks>
    internal sealed class CacheSlabs
    {
        /// <summary>Heads of the lists of slabs with some and with all objects free; a full or active slab is on neither.</summary>
        internal int Partial = SlabAllocator.None, Empty = SlabAllocator.None;

        /// <summary>Slabs in all, those on the empty list, and the most that there ever were.</summary>
        internal int Count, EmptyCount, MaxCount;

        private readonly SlabAllocator _slabs;
        private readonly KmemCache _cache;
        private readonly byte[] _table = TrailingZeros.Table;
        private readonly int _objects, _words;
        private readonly uint _stride, _front;

        /// <summary>The free objects of the last word of an empty slab; the words before it are all ones.</summary>
        private readonly ulong _lastWord;

        internal CacheSlabs(SlabAllocator slabs, KmemCache cache, SlabLayout layout)
        {
            _slabs = slabs;
            _cache = cache;
            _objects = layout.Objects;
            _words = layout.Words;
            _lastWord = layout.LastWord;
            _stride = (uint)layout.Stride;
            _front = (uint)layout.Front;
        }

        /// <summary>The address of a slab's first object.</summary>
        internal uint First(int slab)
        {
            return _slabs.Address[slab] + _front;
        }

        /// <summary>The address of an object.</summary>
        internal uint AddressOf(int number)
        {
            int room = _slabs.Words * 64, slab = number / room;
            return First(slab) + (uint)(number - slab * room) * _stride;
        }

        /// <summary>The number of the object that begins at the address, free or not; -1 where none does.</summary>
        internal int NumberOf(uint address)
        {
            int slab = _slabs.FindSlab(address);
            if (slab < 0 || !_slabs.Belongs(slab, _cache))
            {
                return -1;
            }
            uint offset = address - First(slab), index = offset / _stride;
            return index >= (uint)_objects || index * _stride != offset ? -1 : slab * _slabs.Words * 64 + (int)index;
        }

        /// <summary>Objects of a slab that its bitmap has as free.</summary>
        private int FreeIn(int slab)
        {
            return Bits(_slabs.Free, slab);
        }

        /// <summary>Objects of a slab that are neither free nor held.</summary>
        internal int LiveIn(int slab)
        {
            return _objects - FreeIn(slab) - (_slabs.Held == null ? 0 : Bits(_slabs.Held, slab));
        }

        /// <summary>Whether the bitmap of a slab has a free object.</summary>
        internal bool HasFree(int slab)
        {
            ulong[] free = _slabs.Free;
            int at = slab * _slabs.Words, end = at + _words;
            while (at < end && free[at] == 0)
            {
                at++;
            }
            return at < end;
        }

        /// <summary>Whether the bitmap of a slab has every object free.</summary>
        internal bool IsAllFree(int slab)
        {
            ulong[] free = _slabs.Free;
            int at = slab * _slabs.Words, last = at + _words - 1;
            while (at < last && free[at] == ulong.MaxValue)
            {
                at++;
            }
            return at == last && free[last] == _lastWord;
        }

        /// <summary>Makes every object of a slab free.</summary>
        internal void FreeAll(int slab)
        {
            for (int word = 0; word < _words; word++)
            {
                _slabs.Free[slab * _slabs.Words + word] = word == _words - 1 ? _lastWord : ulong.MaxValue;
            }
        }

        /// <summary>Makes a new slab one of the empty ones.</summary>
        internal void Publish(int slab)
        {
            CountOneMore();
            AddEmpty(slab);
        }

        /// <summary>The cache has one slab more.</summary>
        internal void CountOneMore()
        {
            Count++;
            MaxCount = Count > MaxCount ? Count : MaxCount;
        }

        /// <summary>Takes an empty slab out.</summary>
        /// <returns>The slab, or a negative number.</returns>
        internal int TakeEmpty()
        {
            int slab = Empty;
            if (slab >= 0)
            {
                Empty = Unlink(slab, Empty);
                EmptyCount--;
            }
            return slab;
        }

        /// <summary>Takes a partial slab out.</summary>
        /// <returns>The slab, or a negative number.</returns>
        internal int TakePartial()
        {
            int slab = Partial;
            if (slab >= 0)
            {
                Partial = Unlink(slab, Partial);
            }
            return slab;
        }

        /// <summary>Takes the first free object of a partial slab, or else of an empty one.</summary>
        /// <returns>Its number, or -1 where none is free.</returns>
        internal int TakeFree()
        {
            int slab = Partial >= 0 ? Partial : TakeEmpty();
            if (slab < 0)
            {
                return -1;
            }
            ulong[] free = _slabs.Free;
            int at = slab * _slabs.Words;
            while (free[at] == 0)
            {
                at++;
            }
            ulong bits = free[at], bit = bits & (ulong)-(long)bits;
            free[at] = bits ^ bit;
            bool isFull = bits == bit && !HasFree(slab);
            bool isPartial = _slabs.State[slab] == SlabAllocator.Partial;
            if (isFull)
            {
                Partial = isPartial ? Unlink(slab, Partial) : Partial;
                _slabs.State[slab] = SlabAllocator.Full;
            }
            else if (!isPartial)
            {
                AddPartial(slab);
            }
            return at * 64 + _table[(int)((bit * TrailingZeros.Multiplier) >> TrailingZeros.Shift)];
        }

        /// <summary>Makes an object free and its slab what it is now.</summary>
        /// <returns>Whether the slab is empty now.</returns>
        internal bool PutBack(int number)
        {
            int at = number >> 6, slab = at / _slabs.Words;
            _slabs.Free[at] |= 1UL << number;
            if (_slabs.State[slab] == SlabAllocator.Full)
            {
                AddPartialLast(slab);
            }
            bool empty = IsAllFree(slab);
            if (empty)
            {
                MakeEmpty(slab);
            }
            return empty;
        }

        /// <summary>Moves a partial slab whose last object was freed to the empty ones.</summary>
        internal void MakeEmpty(int slab)
        {
            Partial = Unlink(slab, Partial);
            AddEmpty(slab);
        }

        internal void AddEmpty(int slab)
        {
            _slabs.State[slab] = SlabAllocator.EmptySlab;
            Empty = Link(slab, Empty);
            EmptyCount++;
        }

        /// <summary>Puts a slab at the head of the partial list, so that it serves next.</summary>
        internal void AddPartial(int slab)
        {
            _slabs.State[slab] = SlabAllocator.Partial;
            Partial = Link(slab, Partial);
        }

        /// <summary>Puts a full slab, of which an object was freed, last on the partial list, as SLUB does. The longer a slab waits, the
        /// more of its objects are free when it serves, perhaps all of them.</summary>
        internal void AddPartialLast(int slab)
        {
            // Link, written out: frees into full slabs come here.
            SlabAllocator slabs = _slabs;
            short[] nexts = slabs.Next, previouses = slabs.Previous;
            int head = Partial;
            slabs.State[slab] = SlabAllocator.Partial;
            nexts[slab] = SlabAllocator.None;
            if (head < 0)
            {
                previouses[slab] = (short)slab;
                Partial = slab;
                return;
            }
            int tail = previouses[head];
            nexts[tail] = (short)slab;
            previouses[slab] = (short)tail;
            previouses[head] = (short)slab;
        }

        // The lists: Next ends with None, Previous goes round, so that the head's is the tail.

        /// <returns>The list's new head.</returns>
        private int Link(int slab, int head)
        {
            short[] previouses = _slabs.Previous;
            _slabs.Next[slab] = (short)head;
            previouses[slab] = (short)slab;
            if (head >= 0)
            {
                previouses[slab] = previouses[head];
                previouses[head] = (short)slab;
            }
            return slab;
        }

        /// <returns>The list's new head.</returns>
        private int Unlink(int slab, int head)
        {
            short[] nexts = _slabs.Next, previouses = _slabs.Previous;
            int next = nexts[slab], previous = previouses[slab];
            previouses[next >= 0 ? next : head] = (short)previous;
            if (slab == head)
            {
                return next;
            }
            nexts[previous] = (short)next;
            return head;
        }

        private int Bits(ulong[] bits, int slab)
        {
            int count = 0, at = slab * _slabs.Words, end = at + _words;
            for (; at < end; at++)
            {
                count += CountOf(bits[at]);
            }
            return count;
        }

        internal static int CountOf(ulong word)
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
