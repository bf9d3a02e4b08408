using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The way in and out of a cache that tracks or hardens its objects: what is locked, recorded and checked at each object.</summary>
    /// <remarks>
    /// <para>Such a cache has no active word; every call comes here, once the object's bit is found. The lock is held for lists,
    /// bitmaps, the owner table, the findings and the buffer of the checks, and for nothing else: pages are taken,
    /// objects constructed, filled and zeroed, and exceptions thrown, without it.</para>
    /// <code>
    ///   Alloc   [take a free bit; held]  check and fill  [owner; no longer held]
    ///   Free    [live? forget the owner; held]  check and fill  [into the quarantine, the oldest out of it]  check that  [its bit is free]
    /// </code>
    /// <para>A held object is neither free nor in use: a second context can neither get it nor free it. Caches without hardening need no
    /// such state and one section of the lock a call.</para>
    /// <para>A check looks at <see cref="PatternCheck.Chunk"/> bytes in one section, and at the object's state in the same section, so that a
    /// context which comes in between is never reported. Overwritten bytes are restored in the same section, so that one overrun is one
    /// finding. The object stays in use: withdrawing it would turn every overrun into a leak.</para>
    /// </remarks>
    internal sealed class GuardedObjects : ObjectGuard
    {
        /// <summary>The state that an object must still have when it is checked: any, free, live with the recorded size, or, from 0 on, in
        /// that place of the quarantine.</summary>
        private const int InHand = -1, AsFree = -2, AsLive = -3;

        private readonly SlabAllocator _slabs;
        private readonly FindingLog? _findings;

        /// <summary>Null where poison and red zones cannot be looked at: there is no memory to read, or nowhere to report to.</summary>
        private readonly PatternCheck? _check;

        internal GuardedObjects(SlabAllocator slabs, FindingLog? findings)
        {
            _slabs = slabs;
            _findings = findings;
            _check = findings == null || slabs.Memory == null ? null : new PatternCheck(slabs.Memory);
        }

        /// <inheritdoc/>
        internal override void CheckNew(string name, SlabDebug debug, int quarantine, bool hasConstructor)
        {
            if ((uint)quarantine > ObjectHardening.MostQuarantined)
            {
                throw SlabMisuse.BadQuarantine(name, quarantine);
            }
            if ((debug & SlabDebug.Poison) != 0 && hasConstructor)
            {
                throw SlabMisuse.PoisonedConstructor(name);
            }
            if (debug != SlabDebug.None && _check == null)
            {
                throw SlabMisuse.NothingToCheck(name);
            }
        }

        /// <inheritdoc/>
        internal override ObjectHardening Harden(SlabDebug debug, int objectSize, SlabLayout layout, int quarantine)
        {
            _slabs.Held = _slabs.Held == null ? new uint[_slabs.Free.Length] : _slabs.Held;
            return new ObjectHardening(_slabs.Memory!, debug, objectSize, layout.Stride - objectSize, layout.Front, quarantine);
        }

        /// <inheritdoc/>
        internal override void Prepare(KmemCache cache, uint first)
        {
            cache.Hardening.Prepare(first, cache.ObjectsPerSlab);
        }

        /// <inheritdoc/>
        internal override uint AllocEntered(KmemCache cache, int number, GfpFlags gfp, PageOwner owner, int size)
        {
            uint address = cache.Slabs.AddressOf(number);
            ObjectHardening hardening = cache.Hardening;
            int usable = hardening != null && hardening.HasZones && Owners != null ? size : cache.ObjectSize;
            if (hardening != null)
            {
                Hold(number);
                _slabs.Leave();
                bool live = false;
                try
                {
                    CheckFree(cache, address, PageOwner.Unknown, InHand);
                    hardening.MakeLive(address, IsFirst(cache, address), usable);
                    live = true;
                }
                finally
                {
                    if (!live)
                    {
                        Return(cache, number);
                    }
                }
                _slabs.Enter();
                LetGo(number);
            }
            if (Owners != null)
            {
                Owners.Record(address, size, owner);
            }
            _slabs.Leave();
            if ((gfp & GfpFlags.Zero) != 0)
            {
                bool zeroed = false;
                try
                {
                    _slabs.Memory.Fill(address, usable, 0);
                    zeroed = true;
                }
                finally
                {
                    if (!zeroed)
                    {
                        cache.Free(address);
                    }
                }
            }
            return address;
        }

        /// <inheritdoc/>
        internal override void FreeEntered(KmemCache cache, uint address, int number)
        {
            PageOwner owner = OwnerOf(address);
            int size = SizeOf(cache, address);
            if (Owners != null)
            {
                Owners.Forget(address);
            }
            ObjectHardening hardening = cache.Hardening;
            if (hardening == null)
            {
                bool emptied = cache.PutBack(number);
                _slabs.Leave();
                if (emptied)
                {
                    cache.ShrinkTo(cache.MostEmpty);
                }
                return;
            }
            Hold(number);
            _slabs.Leave();
            bool made = false;
            try
            {
                CheckLive(cache, address, owner, size, InHand);
                hardening.MakeFree(address, IsFirst(cache, address));
                made = true;
            }
            finally
            {
                if (!made)
                {
                    Return(cache, number);
                }
            }
            if (hardening.Quarantine.Capacity == 0)
            {
                Return(cache, number);
                return;
            }
            _slabs.Enter();
            uint oldest = 0;
            PageOwner last = PageOwner.Unknown;
            if (hardening.Quarantine.IsFull)
            {
                last = hardening.OwnerAt(hardening.Quarantine.Oldest);
                oldest = hardening.Quarantine.Pop();
            }
            hardening.Push(address, owner);
            _slabs.Leave();
            if (oldest != 0)
            {
                Discharge(cache, oldest, last);
            }
        }

        /// <inheritdoc/>
        internal override void ReleaseQuarantine(KmemCache cache)
        {
            ObjectHardening hardening = cache.Hardening;
            // Only those that are in it now: another context may go on freeing objects.
            for (int left = hardening.Quarantine.Count; left > 0; left--)
            {
                _slabs.Enter();
                if (hardening.Quarantine.Count == 0)
                {
                    _slabs.Leave();
                    return;
                }
                PageOwner owner = hardening.OwnerAt(hardening.Quarantine.Oldest);
                uint oldest = hardening.Quarantine.Pop();
                _slabs.Leave();
                Discharge(cache, oldest, owner);
            }
        }

        /// <inheritdoc/>
        internal override void Resize(KmemCache cache, uint address, int size)
        {
            if (Owners == null)
            {
                return;
            }
            bool guards = cache.Hardening != null && cache.Hardening.HasZones;
            _slabs.Enter();
            PageOwner owner = OwnerOf(address);
            int old = SizeOf(cache, address);
            _slabs.Leave();
            if (guards)
            {
                CheckSlack(cache, address, owner, old, AsLive);
                // A size is recorded only when its red zone is complete.
                _slabs.Enter();
                Owners.Resize(address, cache.ObjectSize);
                bool recorded = Owners.Find(address) >= 0;
                _slabs.Leave();
                if (recorded)
                {
                    cache.Hardening.GuardSlack(address, size);
                }
            }
            _slabs.Enter();
            Owners.Resize(address, size);
            _slabs.Leave();
        }

        /// <inheritdoc/>
        internal override PageOwner LookUpOwner(uint address)
        {
            _slabs.Enter();
            PageOwner owner = OwnerOf(address);
            _slabs.Leave();
            return owner;
        }

        /// <inheritdoc/>
        internal override int UsableSize(KmemCache cache, uint address)
        {
            bool guards = cache.Hardening != null && cache.Hardening.HasZones;
            _slabs.Enter();
            int size = guards ? SizeOf(cache, address) : cache.ObjectSize;
            _slabs.Leave();
            return size;
        }

        /// <inheritdoc/>
        internal override string OwnerText(uint address)
        {
            int slot = Owners == null ? -1 : Owners.Find(address);
            return slot < 0 ? "" : " (owner '" + _slabs.Pages.OwnerName(Owners.OwnerAt(slot)) + "')";
        }

        /// <inheritdoc/>
        internal override string QuarantineText(KmemCache cache, uint address)
        {
            int place = cache.Hardening == null ? -1 : cache.Hardening.Quarantine.Find(address);
            if (place < 0)
            {
                return "";
            }
            PageOwner owner = cache.Hardening.OwnerAt(place);
            return " and in quarantine" + (owner == PageOwner.Unknown
                ? ""
                : "; its last owner was '" + _slabs.Pages.OwnerName(owner) + "'");
        }

        /// <summary>Who took an object; unknown where that is not recorded.</summary>
        private PageOwner OwnerOf(uint address)
        {
            int slot = Owners == null ? -1 : Owners.Find(address);
            return slot < 0 ? PageOwner.Unknown : (PageOwner)Owners.Owners[slot];
        }

        /// <summary>Bytes that the owner asked for: all where no size is recorded.</summary>
        private int SizeOf(KmemCache cache, uint address)
        {
            int slot = Owners == null ? -1 : Owners.Find(address);
            return slot < 0 ? cache.ObjectSize : Owners.Sizes[slot];
        }

        /// <inheritdoc/>
        internal override int Validate(KmemCache cache)
        {
            int findings = 0;
            for (int slab = 0; slab < _slabs.State.Length; slab++)
            {
                for (int i = 0; i < cache.ObjectsPerSlab && _slabs.Belongs(slab, cache); i++)
                {
                    findings += ValidateObject(cache, slab, slab * _slabs.Words * 32 + i);
                }
            }
            ObjectHardening hardening = cache.Hardening;
            for (int place = 0; place < hardening.Quarantine.Capacity; place++)
            {
                _slabs.Enter();
                uint address = hardening.Quarantine.At(place);
                PageOwner owner = hardening.OwnerAt(place);
                _slabs.Leave();
                findings += address == 0 ? 0 : CheckFree(cache, address, owner, place);
            }
            return findings;
        }

        /// <inheritdoc/>
        internal override void CheckSlab(KmemCache cache, int slab)
        {
            uint address = cache.Slabs.First(slab);
            for (int i = 0; i < cache.ObjectsPerSlab; i++)
            {
                CheckFree(cache, address, PageOwner.Unknown, InHand);
                address += (uint)cache.Stride;
            }
        }

        private int ValidateObject(KmemCache cache, int slab, int number)
        {
            _slabs.Enter();
            bool belongs = _slabs.Belongs(slab, cache), free = belongs && IsSet(_slabs.Free, number);
            bool live = belongs && !free && !IsSet(_slabs.Held!, number);
            uint address = belongs ? cache.Slabs.AddressOf(number) : 0;
            PageOwner owner = live ? OwnerOf(address) : PageOwner.Unknown;
            int size = live ? SizeOf(cache, address) : 0;
            _slabs.Leave();
            return free ? CheckFree(cache, address, owner, AsFree) : live ? CheckLive(cache, address, owner, size, AsLive) : 0;
        }

        /// <summary>Takes an object out of the quarantine, and checks it once more while its last owner is known.</summary>
        private void Discharge(KmemCache cache, uint address, PageOwner owner)
        {
            try
            {
                CheckFree(cache, address, owner, InHand);
            }
            finally
            {
                _slabs.Enter();
                int number = cache.Slabs.NumberOf(address);
                _slabs.Leave();
                Return(cache, number);
            }
        }

        /// <summary>Makes a held object a free one.</summary>
        private void Return(KmemCache cache, int number)
        {
            // Enter and Leave, written out: every free of a hardened cache comes here.
            AllocatorLock? held = _slabs.Lock;
            if (held != null)
            {
                held.Acquire();
            }
            LetGo(number);
            bool emptied = cache.Slabs.PutBack(number);
            if (held != null)
            {
                held.Release();
            }
            if (emptied)
            {
                cache.ShrinkTo(cache.MostEmpty);
            }
        }

        private int CheckFree(KmemCache cache, uint address, PageOwner owner, int state)
        {
            ObjectHardening hardening = cache.Hardening;
            int findings = 0;
            if (hardening.HasPoison)
            {
                int body = cache.ObjectSize - 1;
                bool isFound = Check(cache, address, owner, state, 0, body, ObjectHardening.FreeByte, false);
                // The last byte has a different value, but belongs to the same finding.
                isFound |= Check(cache, address, owner, state, body, 1, ObjectHardening.EndByte, isFound);
                findings = isFound ? 1 : 0;
            }
            return findings + CheckZones(cache, address, owner, state, ObjectHardening.InactiveByte);
        }

        private int CheckLive(KmemCache cache, uint address, PageOwner owner, int size, int state)
        {
            return CheckZones(cache, address, owner, state, ObjectHardening.ActiveByte) + CheckSlack(cache, address, owner, size, state);
        }

        private int CheckZones(KmemCache cache, uint address, PageOwner owner, int state, byte expected)
        {
            ObjectHardening hardening = cache.Hardening;
            if (!hardening.HasZones)
            {
                return 0;
            }
            int findings = Check(cache, address, owner, state, cache.ObjectSize, hardening.ZoneSize, expected, false) ? 1 : 0;
            if (IsFirst(cache, address))
            {
                findings += Check(cache, address, owner, state, -hardening.FrontSize, hardening.FrontSize, expected, false) ? 1 : 0;
            }
            return findings;
        }

        private int CheckSlack(KmemCache cache, uint address, PageOwner owner, int size, int state)
        {
            return cache.Hardening.HasZones
                && Check(cache, address, owner, state, size, cache.ObjectSize - size, ObjectHardening.ActiveByte, false) ? 1 : 0;
        }

        /// <summary>Checks a span that should hold one value and restores it; the first byte with another value becomes a finding.</summary>
        /// <param name="offset">Where the span begins, from the object's first byte.</param>
        /// <returns>Whether there was such a byte, or <paramref name="isFound"/>.</returns>
        private bool Check(KmemCache cache, uint address, PageOwner owner, int state, int offset, int length, byte expected, bool isFound)
        {
            int end = offset + length, size = offset;
            for (int at = offset; at < end; at += PatternCheck.Chunk)
            {
                int part = end - at < PatternCheck.Chunk ? end - at : PatternCheck.Chunk;
                uint from = address + (uint)at;
                _slabs.Enter();
                if (!IsStill(cache, address, state, expected == ObjectHardening.ActiveByte && end == cache.ObjectSize ? size : -1))
                {
                    _slabs.Leave();
                    return isFound;
                }
                try
                {
                    int other = _check.FirstOther(from, part, expected);
                    if (other >= 0)
                    {
                        if (!isFound)
                        {
                            Report(cache, address, owner, at + other, end - at - other, expected);
                            isFound = true;
                        }
                        _slabs.Memory.Fill(from, part, expected);
                    }
                }
                finally
                {
                    _slabs.Leave();
                }
            }
            return isFound;
        }

        private void Report(KmemCache cache, uint address, PageOwner owner, int offset, int rest, byte expected)
        {
            int count = rest < FindingLog.MaxBytes ? rest : FindingLog.MaxBytes;
            bool poison = expected == ObjectHardening.FreeByte || expected == ObjectHardening.EndByte;
            _findings.Record(poison ? FindingKind.PoisonOverwritten : FindingKind.RedZoneOverwritten, address, cache.ObjectSize, owner,
                cache.Name, offset, _check.Bytes(address + (uint)offset, count), count, expected);
        }

        /// <param name="size">The size that it must still have, or -1.</param>
        private bool IsStill(KmemCache cache, uint address, int state, int size)
        {
            if (state == InHand)
            {
                return true;
            }
            if (state >= 0)
            {
                return cache.Hardening.Quarantine.At(state) == address;
            }
            int number = cache.Slabs.NumberOf(address);
            return number >= 0 && IsSet(_slabs.Free, number) == (state == AsFree) && !IsSet(_slabs.Held!, number)
                && (size < 0 || SizeOf(cache, address) == size);
        }

        /// <summary>Whether an object is the first of its slab, with a zone in front of it.</summary>
        private bool IsFirst(KmemCache cache, uint address)
        {
            int slab = _slabs.FindSlab(address);
            return slab >= 0 && address == cache.Slabs.First(slab);
        }

        private void Hold(int number)
        {
            _slabs.Held[number >> 5] |= 1u << number;
        }

        private void LetGo(int number)
        {
            _slabs.Held[number >> 5] &= ~(1u << number);
        }

        private static bool IsSet(uint[] bits, int number)
        {
            return (bits[number >> 5] >> number & 1) != 0;
        }
    }
}
