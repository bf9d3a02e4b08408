namespace Carveout.Memory
{
    /// <summary>Enters mappings into the table, finds them by their handles, and removes them.</summary>
    /// <remarks>Every change is made under the page allocator's lock; bytes are copied outside it. A mapping that is leaving stays in the
    /// table until its bytes are back, and cannot be found by a second unmap.</remarks>
    internal sealed class DmaEntries
    {
        /// <summary>What <see cref="Enter"/> returns where there is no room.</summary>
        internal const int NoRoom = -1;

        /// <summary>The result if a device may not have the bytes, because they are not allocated or belong to another object.</summary>
        internal const int Nobodys = NoRoom - 1;

        /// <summary>The result if a mapping has one of the bytes, unless both only bring the device data.</summary>
        internal const int Overlaps = Nobodys - 1;

        private readonly DmaTransfer _transfer;
        private readonly BusMap _bus;
        private readonly BounceBuffers? _slots;
        private readonly DmaMappings _table;
        private readonly AllocatorLock? _lock;
        private readonly DmaFailure _failure;
        private readonly PageAllocator _pages;

        internal DmaEntries(DmaAllocator dma, DmaTransfer transfer)
        {
            _transfer = transfer;
            _bus = dma.Bus;
            _slots = dma.Slots;
            _table = dma.Table;
            _lock = dma.Lock;
            _pages = dma.Pages;
            _failure = dma.LastRefusal;
        }

        /// <summary>The first byte of a span that nobody may map, or 0: in a free page, in a block in quarantine, or in a slab. Their cache checks
        /// objects of slabs. Called under the lock.</summary>
        /// <remarks>Cost: a step for each block that the span touches; where it begins inside a block, one for each page before it, too, up to
        /// the block's first.</remarks>
        internal uint FindNobodys(uint address, int size)
        {
            Zone[] zones = _pages.Zones;
            int shift = _pages.PageShift;
            for (int i = 0; i < zones.Length; i++)
            {
                Zone zone = zones[i];
                uint offset = address - zone.First;
                int page = (int)(offset >> shift), end = (int)((offset + (uint)(size - 1)) >> shift);
                if (page >= zone.PageCount)
                {
                    if (0 - offset > (uint)(size - 1))
                    {
                        continue;
                    }
                    page = 0;
                }
                do
                {
                    int first = page, length = zone.Map.BlockLength(page);
                    if (length == 0)
                    {
                        first = zone.Map.BlockAt(page);
                        length = first < 0 ? 0 : zone.Map.BlockLength(first);
                    }
                    if (length == 0 || (zone.Held != null && zone.Held.IsHeld(first)) || (zone.Slabs != null && zone.Slabs[page] > 0))
                    {
                        return zone.First + ((uint)page << shift);
                    }
                    page = first + length;
                }
                while (page <= end && page < zone.PageCount);
                if (page > end)
                {
                    return 0;
                }
            }
            return 0;
        }

        /// <summary>Enters a mapping into the table, with slots where it needs them; nothing is copied yet.</summary>
        /// <returns>Its number; <see cref="NoRoom"/>, <see cref="Nobodys"/> or <see cref="Overlaps"/>.</returns>
        internal int Enter(DmaDevice device, int region, uint address, int size, DmaDirection direction)
        {
            KmemCache? cache = _pages.Slabs == null ? null : ((SlabAllocator)_pages.Slabs).FindCache(address);
            if (cache != null && !cache.IsInUse(address, size))
            {
                return Nobodys;
            }
            if (_lock != null)
            {
                _lock.Acquire();
            }
            int entry = _table.FindConflict(address, size, direction);
            if (entry >= 0)
            {
                entry = Overlaps;
            }
            else if (cache == null && FindNobodys(address, size) != 0)
            {
                entry = Nobodys;
            }
            else
            {
                uint bus = address + _bus.BusOffset[region], last = bus + (uint)(size - 1);
                int line = device.IsCoherent ? 0 : _bus.Line[region];
                // BusMap.Reaches and DmaDevice.Fits, written out, since every mapping asks them; and a line that the device would write to is
                // shared with nobody.
                bool bounces = (_bus.Engines[region] & device.EngineBit) == 0 || last > device.LastAddress || last < bus || bus == 0
                    || (bus & device.AlignMask) != 0 || ((bus ^ last) & device.CrossMask) != 0
                    || (line != 0 && direction != DmaDirection.ToDevice && ((address | (uint)size) & (uint)(line - 1)) != 0);
                entry = bounces || _table.Live == _table.Capacity ? EnterBounced(device, address, size, direction)
                    : _table.Insert(_table.Place, address, size, bus, DmaMappings.UseOf(device, direction), DmaMappings.Direct, line);
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (entry >= 0)
            {
                // While one of its objects is mapped a cache looks at each free.
                if (cache != null)
                {
                    _table.Guarded[entry] = cache;
                    cache.Guard();
                }
            }
            else if (entry == NoRoom)
            {
                _failure.NoteMapping(device, address, size, direction, _table.Live == _table.Capacity);
            }
            return entry;
        }

        /// <summary>Enters a mapping with slots. Under the lock, behind a search for the mapping's place.</summary>
        private int EnterBounced(DmaDevice device, uint address, int size, DmaDirection direction)
        {
            int slot = device.CanBounce && _table.Live != _table.Capacity ? _slots.Take(device, size) : -1;
            if (slot < 0)
            {
                _table.FailureCount++;
                return NoRoom;
            }
            int entry = _table.Insert(_table.Place, address, size, _slots.BusOf(slot), DmaMappings.UseOf(device, direction), slot,
                device.IsCoherent || _transfer.SlotLine == 0 ? 1 : _transfer.SlotLine);
            _slots.Assign(slot, entry);
            _slots.BytesCopied += size;
            return entry;
        }

        /// <summary>The mapping of just the bytes that a device finds at a handle; -1 where there is none. Under the lock.</summary>
        /// <param name="handle">Where the device finds the first.</param>
        /// <param name="use">Whose, from <see cref="DmaMappings.UseOf"/>, and whether it is <see cref="DmaMappings.Leaving"/>.</param>
        internal int FindWhole(uint handle, int size, int use)
        {
            int region = _bus.FindBus(handle);
            if (region < 0)
            {
                return -1;
            }
            uint address = handle - _bus.BusOffset[region];
            if (_slots == null || address - _slots.Start >= _slots.Size)
            {
                return _table.FindWhole(address, size, use);
            }
            int entry = _slots.MappingAt(address);
            return entry >= 0 && _table.IsWhole(entry, handle - _table.Handle[entry], size, use) ? entry : -1;
        }

        /// <summary>A mapping that holds the bytes that a device finds at a handle; -1 where there is none. Under the lock; its parameters
        /// are those of <see cref="FindWhole"/>.</summary>
        internal int FindPart(uint handle, int size, int use)
        {
            int region = _bus.FindBus(handle);
            if (region < 0)
            {
                return -1;
            }
            uint address = handle - _bus.BusOffset[region];
            if (_slots == null || address - _slots.Start >= _slots.Size)
            {
                return _table.FindPart(address, size, use);
            }
            int entry = _slots.MappingAt(address);
            return entry >= 0 && _table.HasPart(entry, handle - _table.Handle[entry], size, use) ? entry : -1;
        }

        /// <summary>Ends a mapping. Its parameters are those of <see cref="FindWhole"/>.</summary>
        /// <returns>False where there is none.</returns>
        internal bool Unmap(uint handle, int size, int use)
        {
            KmemCache cache = null;
            if (_lock != null)
            {
                _lock.Acquire();
            }
            int entry = FindWhole(handle, size, use);
            bool found = entry >= 0 && _table.Slot[entry] != DmaMappings.Noncoherent, pulls = found && _table.Granule[entry] != 0 && _transfer.Pulls(entry);
            if (pulls)
            {
                _table.Leave(entry);
            }
            else if (found)
            {
                cache = _table.Remove(entry);
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (pulls)
            {
                Finish(entry);
            }
            else if (cache != null)
            {
                cache.Unguard();
            }
            return found;
        }

        /// <summary>Finds a mapping that is to end, so that nobody else can end it. Its parameters are those of <see cref="FindWhole"/>.</summary>
        /// <returns>False where there is none.</returns>
        internal bool Leave(uint handle, int size, int use)
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
            int entry = FindWhole(handle, size, use);
            bool found = entry >= 0 && _table.Slot[entry] != DmaMappings.Noncoherent;
            if (found)
            {
                _table.Leave(entry);
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            return found;
        }

        internal void Stay(uint handle, int size, int use)
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
            _table.Stay(FindWhole(handle, size, use | DmaMappings.Leaving));
            if (_lock != null)
            {
                _lock.Release();
            }
        }

        /// <summary>Makes the part of a leaving mapping that the device still owns visible to the CPU, and takes the mapping out of the
        /// table.</summary>
        internal void Finish(int entry)
        {
            int size = _table.Size[entry], cpuFrom = _table.CpuFrom[entry], cpuTo = _table.CpuTo[entry];
            try
            {
                _transfer.Pull(entry, 0, cpuFrom);
                _transfer.Pull(entry, cpuTo, size);
            }
            finally
            {
                if (_lock != null)
                {
                    _lock.Acquire();
                }
                _transfer.CountCopy(entry, size - (cpuTo - cpuFrom), DmaDirection.ToDevice);
                KmemCache? cache = Remove(entry);
                if (_lock != null)
                {
                    _lock.Release();
                }
                Unguard(cache);
            }
        }

        /// <summary>Brings the device all of a new mapping; where memory throws there is no such mapping.</summary>
        internal void Push(int entry, int size)
        {
            bool pushed = false;
            try
            {
                _transfer.Push(entry, 0, size, true);
                pushed = true;
            }
            finally
            {
                if (!pushed)
                {
                    End(entry);
                }
            }
        }

        /// <summary>Says again which part the CPU has, where memory threw before it changed hands.</summary>
        internal void SetCpuPart(int entry, int from, int to)
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
            _table.CpuFrom[entry] = from;
            _table.CpuTo[entry] = to;
            if (_lock != null)
            {
                _lock.Release();
            }
        }

        private void End(int entry)
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
            KmemCache? cache = Remove(entry);
            if (_lock != null)
            {
                _lock.Release();
            }
            Unguard(cache);
        }

        /// <summary>Ends the mappings of a list that could not be mapped whole; no device has seen them.</summary>
        internal void Withdraw(ScatterList mapped, int use)
        {
            for (int i = 0; i < mapped.Count; i++)
            {
                if (_lock != null)
                {
                    _lock.Acquire();
                }
                KmemCache? cache = Remove(FindWhole(mapped.AddressAt(i), mapped.LengthAt(i), use));
                if (_lock != null)
                {
                    _lock.Release();
                }
                Unguard(cache);
            }
            mapped.Clear();
        }

        private static void Unguard(KmemCache? cache)
        {
            if (cache != null)
            {
                cache.Unguard();
            }
        }

        /// <summary>Takes a mapping out of the table and gives its slots back.</summary>
        /// <returns>The cache that checked because of it, or null.</returns>
        private KmemCache? Remove(int entry)
        {
            if (_table.Slot[entry] >= 0)
            {
                _slots.Give(_table.Slot[entry]);
            }
            return _table.Remove(entry);
        }
    }
}
