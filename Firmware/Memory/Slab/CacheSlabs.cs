namespace Carveout.Memory
{
    /// <summary>The slabs of one cache: the lists they are on, and the objects in them by number.</summary>
    /// <remarks>An object's number is its bit in <see cref="SlabAllocator.Free"/>: 32 times the words of all slabs before, and its index.
    /// Where contexts share the cache every call is under the lock.</remarks>
    internal sealed class CacheSlabs
    {
        /// <summary>Heads of the lists of slabs with some and with all objects free; a full or active slab is on neither.</summary>
        internal int Partial = SlabAllocator.None, Empty = SlabAllocator.None;

        /// <summary>The end of the partial list, where there is one.</summary>
        private int _lastPartial;

        /// <summary>Slabs in all, those on the empty list, and the most that there ever were.</summary>
        internal int Count, EmptyCount, MaxCount;

        private readonly SlabAllocator _slabs;
        private readonly KmemCache _cache;
        private readonly byte[] _table = TrailingZeros.Table;
        private readonly int _words;

        internal CacheSlabs(SlabAllocator slabs, KmemCache cache, SlabLayout layout)
        {
            _slabs = slabs;
            _cache = cache;
            _words = layout.Words;
        }

        /// <summary>The address of a slab's first object.</summary>
        internal uint First(int slab)
        {
            return _slabs.Address[slab] + (uint)_cache.FrontSize;
        }

        /// <summary>The address of an object.</summary>
        internal uint AddressOf(int number)
        {
            int room = _slabs.Words * 32, slab = number / room;
            return First(slab) + (uint)(number - slab * room) * _cache.Step;
        }

        /// <summary>The number of the object that begins at the address, free or not; -1 where none does.</summary>
        internal int NumberOf(uint address)
        {
            int slab = _slabs.FindSlab(address);
            if (slab < 0 || !_slabs.Belongs(slab, _cache))
            {
                return -1;
            }
            uint offset = address - First(slab), index = offset / _cache.Step;
            return index >= (uint)_cache.Objects || index * _cache.Step != offset ? -1 : slab * _slabs.Words * 32 + (int)index;
        }

        /// <summary>Objects of a slab that its bitmap has as free.</summary>
        private int FreeIn(int slab)
        {
            return Bits(_slabs.Free, slab);
        }

        /// <summary>Objects of a slab that are neither free nor held.</summary>
        internal int LiveIn(int slab)
        {
            return _cache.Objects - FreeIn(slab) - (_slabs.Held == null ? 0 : Bits(_slabs.Held, slab));
        }

        /// <summary>Whether the bitmap of a slab has a free object.</summary>
        internal bool HasFree(int slab)
        {
            uint[] free = _slabs.Free;
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
            uint[] free = _slabs.Free;
            int at = slab * _slabs.Words, last = at + _words - 1;
            while (at < last && free[at] == uint.MaxValue)
            {
                at++;
            }
            return at == last && free[last] == _cache.LastWord;
        }

        /// <summary>Makes every object of a slab free.</summary>
        internal void FreeAll(int slab)
        {
            uint[] free = _slabs.Free;
            int at = slab * _slabs.Words, last = at + _words - 1;
            for (; at < last; at++)
            {
                free[at] = uint.MaxValue;
            }
            free[last] = _cache.LastWord;
            if ((_words & 1) != 0)
            {
                // The other half of its pair, which may be left from another cache's slab.
                free[last + 1] = 0;
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
                Empty = _slabs.Next[slab];
                EmptyCount--;
            }
            return slab;
        }

        /// <summary>Takes the first partial slab out.</summary>
        /// <returns>The slab, or a negative number.</returns>
        internal int TakePartial()
        {
            int slab = Partial;
            if (slab >= 0)
            {
                Partial = slab == _lastPartial ? SlabAllocator.None : _slabs.Next[slab];
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
            uint[] free = _slabs.Free;
            int at = slab * _slabs.Words;
            while (free[at] == 0)
            {
                at++;
            }
            uint bits = free[at], bit = bits & (uint)-(int)bits;
            free[at] = bits ^ bit;
            bool isFull = bits == bit && !HasFree(slab);
            bool isPartial = _slabs.State[slab] == SlabAllocator.Partial;
            if (isFull)
            {
                if (isPartial)
                {
                    TakePartial();
                }
                _slabs.State[slab] = SlabAllocator.Full;
            }
            else if (!isPartial)
            {
                AddPartial(slab);
            }
            return at * 32 + _table[(int)((bit * TrailingZeros.Multiplier) >> TrailingZeros.Shift)];
        }

        /// <summary>Makes an object free and its slab what it is now.</summary>
        /// <returns>Whether the slab is empty now.</returns>
        internal bool PutBack(int number)
        {
            int at = number >> 5;
            uint after = _slabs.Free[at] | 1u << number;
            _slabs.Free[at] = after;
            return Place(at / _slabs.Words, after);
        }

        /// <summary>Puts a slab on the list where it belongs after an object was freed: the last partial one if it was full, as SLUB does. The longer
        /// a slab waits, the more of its objects are free when it serves, perhaps all of them.</summary>
        /// <param name="slab">One that allocation does not use just now.</param>
        /// <param name="after">The word of the object.</param>
        /// <returns>Whether the slab is empty now.</returns>
        internal bool Place(int slab, uint after)
        {
            SlabAllocator slabs = _slabs;
            byte[] states = slabs.State;
            if (states[slab] == SlabAllocator.Full)
            {
                states[slab] = SlabAllocator.Partial;
                AddPartialLast(slab);
            }
            // Only a slab that is empty has such a word.
            if ((after != _cache.LastWord && after != uint.MaxValue) || states[slab] != SlabAllocator.Partial || !IsAllFree(slab))
            {
                return false;
            }
            Unlink(slab);
            AddEmpty(slab);
            return true;
        }

        /// <summary>Makes a slab whose state is Partial the last of the partial list.</summary>
        internal void AddPartialLast(int slab)
        {
            int last = _lastPartial;
            _lastPartial = slab;
            if (Partial < 0)
            {
                Partial = slab;
                return;
            }
            _slabs.Next[last] = (short)slab;
            _slabs.Previous[slab] = (short)last;
        }

        /// <summary>Puts a slab on the list of empty ones, of which the first alone is ever taken, so that it needs no way back.</summary>
        internal void AddEmpty(int slab)
        {
            _slabs.State[slab] = SlabAllocator.EmptySlab;
            _slabs.Next[slab] = (short)Empty;
            Empty = slab;
            EmptyCount++;
        }

        /// <summary>Makes a slab the first of the partial list, so that it serves next.</summary>
        internal void AddPartial(int slab)
        {
            _slabs.State[slab] = SlabAllocator.Partial;
            if (Partial < 0)
            {
                _lastPartial = slab;
            }
            else
            {
                _slabs.Next[slab] = (short)Partial;
                _slabs.Previous[Partial] = (short)slab;
            }
            Partial = slab;
        }

        /// <summary>Takes any slab out of the partial list.</summary>
        private void Unlink(int slab)
        {
            if (slab == Partial)
            {
                TakePartial();
                return;
            }
            int previous = _slabs.Previous[slab];
            if (slab == _lastPartial)
            {
                _lastPartial = previous;
                return;
            }
            int next = _slabs.Next[slab];
            _slabs.Next[previous] = (short)next;
            _slabs.Previous[next] = (short)previous;
        }

        private int Bits(uint[] bits, int slab)
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
