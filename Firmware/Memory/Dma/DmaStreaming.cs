using System;

namespace Carveout.Memory
{
    /// <summary>Buffers that change hands between the CPU and a device: the kernel's dma_map_single, dma_map_sg and dma_sync.</summary>
    /// <remarks>
    /// <para>Contract: a mapping returns where the device finds the bytes, or 0 if and only if the table of mappings is full, or the bytes need
    /// bounce slots and there are none that the device can take. Until it is unmapped the device owns the bytes, but for the part that SyncForCpu
    /// handed back to the CPU.</para>
    /// <para>Bytes bounce where the device does not reach them, cannot take them at their alignment or boundary, or would write, without snooping, to
    /// a cache line that they share: the line would be discarded with what a neighbour wrote to it meanwhile. Bytes that the device only reads need
    /// only a clean, which does no harm to neighbours. The kernel decides likewise (include/linux/dma-map-ops.h, dma_kmalloc_needs_bounce).</para>
    /// <para>If memory is cached and the device does not snoop, its lines are cleaned when the device gets it, also for FromDevice, so that no dirty
    /// line is later written over what the device wrote. They are discarded when the CPU gets it, since a line may have been fetched. That is arm64's
    /// way (arch/arm64/mm/dma-mapping.c). Discarding before a FromDevice transfer as well would lose what the CPU wrote to bytes that the device then
    /// leaves alone; so they come back as they were, bounced or not (which is why a FromDevice buffer is copied into its slots too, as in
    /// kernel/dma/swiotlb.c, swiotlb_tbl_map_single).</para>
    /// <para>Syncs of a part hand over whole cache lines of the mapping. The CPU has one part of a mapping at a time: parts that do not join are
    /// refused. As in the kernel (Documentation/core-api/dma-api.rst) a FromDevice buffer is for the CPU to read only, as long as it is mapped: what
    /// it writes there may never reach the device.</para>
    /// <para>Memory that is not allocated is refused: free pages of a zone, blocks in quarantine, and bytes of a slab that do not lie in one object
    /// in use. Otherwise the device would write to whoever gets the memory next.</para>
    /// <para>Nothing is allocated from the managed heap. Locking as in <see cref="DmaAllocator"/>; two contexts may use mappings at once, but not the
    /// same one.</para>
    /// </remarks>
    public sealed class DmaStreaming
    {
        private readonly DmaAllocator _dma;
        private readonly DmaDevices _devices;
        private readonly DmaEntries _entries;
        private readonly DmaTransfer _transfer;
        private readonly BusMap _bus;
        private readonly BounceBuffers? _slots;
        private readonly DmaMappings _table;
        private readonly AllocatorLock? _lock;

        /// <summary>The mappings of an allocator's devices.</summary>
        public DmaStreaming(DmaAllocator dma)
        {
            Misuse.Given(dma, nameof(dma));
            _dma = dma;
            _devices = dma.Devices;
            _bus = dma.Bus;
            _transfer = new DmaTransfer(dma);
            _entries = new DmaEntries(dma, _transfer);
            _slots = dma.Slots;
            _table = dma.Table;
            _lock = dma.Lock;
        }

        /// <summary>Hands a buffer to a device.</summary>
        /// <param name="address">Physical.</param>
        /// <param name="size">Bytes, 1 or more, of one region and not beyond the device's boundary.</param>
        /// <returns>Where the device finds them, or 0.</returns>
        /// <exception cref="InvalidOperationException">The device is not attached, bytes are mapped already and not both mappings are ToDevice, or
        /// they are not all allocated: pages of a zone that are free or in quarantine, or of a slab but not of one object in use.</exception>
        public uint MapSingle(DmaDevice device, uint address, int size, DmaDirection direction)
        {
            _devices.Check(device);
            int region = CheckSpan(device, address, size, direction);
            if (device.CrossMask != 0 && (uint)(size - 1) >= device.Boundary)
            {
                throw DmaMisuse.BadSize(device, size, device.Boundary);
            }
            int entry = _entries.Enter(device, region, address, size, direction);
            if (entry < 0)
            {
                if (entry != DmaEntries.NoRoom)
                {
                    throw Refusal(device, address, size, direction, entry);
                }
                return 0;
            }
            if (_table.Granule[entry] != 0)
            {
                _entries.Push(entry, size);
            }
            return _table.Handle[entry];
        }

        /// <summary>Ends a mapping: the CPU may read what the device wrote, and the buffer belongs to its owner again.</summary>
        /// <param name="handle">What the mapping returned.</param>
        /// <param name="size">The bytes that were mapped.</param>
        /// <exception cref="InvalidOperationException">The device is not attached, or has no such mapping: unmapped twice, or another
        /// size, direction or device.</exception>
        public void UnmapSingle(DmaDevice device, uint handle, int size, DmaDirection direction)
        {
            _devices.Check(device);
            CheckDirection(device, direction);
            if (!_entries.Unmap(handle, size, DmaMappings.UseOf(device, direction)))
            {
                throw DmaMisuse.NotMapped(_dma, "UnmapSingle", device, handle, size, direction);
            }
        }

        /// <summary>Hands a list of buffers to a device, all or nothing. Entries are cut where the device's segments or its boundary end,
        /// at multiples of its alignment and of a cache line, and never merged.</summary>
        /// <param name="source">Physical runs.</param>
        /// <param name="mapped">Another list, whose contents are replaced by where the device finds the bytes, in their order; empty where
        /// nothing was mapped.</param>
        /// <returns>False, and nothing mapped, for want of entries, mappings or bounce slots.</returns>
        /// <exception cref="ArgumentException">Both are one list, or the source is empty.</exception>
        /// <exception cref="InvalidOperationException">As for <see cref="MapSingle"/>.</exception>
        public bool MapScatterList(DmaDevice device, ScatterList source, ScatterList mapped, DmaDirection direction)
        {
            _devices.Check(device);
            CheckDirection(device, direction);
            if (source == null || mapped == null)
            {
                throw new ArgumentNullException(source == null ? nameof(source) : nameof(mapped));
            }
            if (source == mapped || source.Count == 0)
            {
                throw new ArgumentException("scatter list for DMA device '" + device.Name + "': " + (source == mapped
                    ? "expected another list for where the device finds the bytes"
                    : "expected one entry or more"), nameof(source));
            }
            for (int i = 0; i < source.Count; i++)
            {
                CheckSpan(device, source.AddressAt(i), source.LengthAt(i), direction);
            }
            mapped.Clear();
            for (int i = 0; i < source.Count; i++)
            {
                uint address = source.AddressAt(i);
                int left = source.LengthAt(i), region = _bus.Find(address);
                while (left > 0)
                {
                    int step = _transfer.SegmentAt(device, region, address, left);
                    int entry = mapped.Count == mapped.Capacity ? DmaEntries.NoRoom : _entries.Enter(device, region, address, step, direction);
                    if (entry < 0)
                    {
                        // The mapping in the way is described before it is removed: it may be an entry of this list.
                        Exception refusal = entry == DmaEntries.NoRoom ? null : Refusal(device, address, step, direction, entry);
                        _entries.Withdraw(mapped, DmaMappings.UseOf(device, direction));
                        if (refusal != null)
                        {
                            throw refusal;
                        }
                        return false;
                    }
                    mapped.AppendApart(_table.Handle[entry], step);
                    bool pushed = false;
                    try
                    {
                        _transfer.Push(entry, 0, step, true);
                        pushed = true;
                    }
                    finally
                    {
                        if (!pushed)
                        {
                            _entries.Withdraw(mapped, DmaMappings.UseOf(device, direction));
                        }
                    }
                    address += (uint)step;
                    left -= step;
                }
            }
            return true;
        }

        /// <summary>Ends the mappings of a list, all or none. The list stays as it is.</summary>
        /// <param name="mapped">What <see cref="MapScatterList"/> made.</param>
        /// <exception cref="InvalidOperationException">The device is not attached, or an entry is not one of its mappings.</exception>
        public void UnmapScatterList(DmaDevice device, ScatterList mapped, DmaDirection direction)
        {
            _devices.Check(device);
            CheckDirection(device, direction);
            if (mapped == null)
            {
                throw new ArgumentNullException(nameof(mapped));
            }
            int use = DmaMappings.UseOf(device, direction);
            for (int i = 0; i < mapped.Count; i++)
            {
                if (!_entries.Leave(mapped.AddressAt(i), mapped.LengthAt(i), use))
                {
                    for (int back = 0; back < i; back++)
                    {
                        _entries.Stay(mapped.AddressAt(back), mapped.LengthAt(back), use);
                    }
                    throw DmaMisuse.NotMapped(_dma, "UnmapScatterList", device, mapped.AddressAt(i), mapped.LengthAt(i), direction);
                }
            }
            FinishFrom(mapped, 0, use | DmaMappings.Leaving);
        }

        /// <summary>Ends the mappings of a list from one on, the rest too where memory throws at one.</summary>
        private void FinishFrom(ScatterList mapped, int from, int use)
        {
            int next = from;
            try
            {
                while (next < mapped.Count)
                {
                    int entry = _entries.FindWhole(mapped.AddressAt(next), mapped.LengthAt(next), use);
                    next++;
                    _entries.Finish(entry);
                }
            }
            finally
            {
                if (next < mapped.Count)
                {
                    FinishFrom(mapped, next, use);
                }
            }
        }

        /// <summary>Lends the CPU a mapped buffer, or a part of it: what the device wrote is there to be read. Nothing happens where the CPU
        /// has it already.</summary>
        /// <param name="handle">What the mapping returned, or an address of the part.</param>
        /// <param name="size">Bytes of the part, 1 or more; the CPU gets every cache line of the mapping that they touch.</param>
        /// <exception cref="InvalidOperationException">The device is not attached, has no such mapping, or the CPU has another part of it
        /// that does not join this one.</exception>
        public void SyncForCpu(DmaDevice device, uint handle, int size, DmaDirection direction)
        {
            _devices.Check(device);
            CheckDirection(device, direction);
            if (_lock != null)
            {
                _lock.Acquire();
            }
            int entry = _entries.FindPart(handle, size, DmaMappings.UseOf(device, direction)), from = 0, to = 0, cpuFrom = 0, cpuTo = 0, wasFrom = 0, wasTo = 0;
            bool apart = false;
            if (entry >= 0)
            {
                int line = _transfer.Granule(entry);
                wasFrom = _table.CpuFrom[entry];
                wasTo = _table.CpuTo[entry];
                from = _transfer.LineStart(entry, handle, line);
                to = _transfer.LineEnd(entry, handle, size, line);
                cpuFrom = wasFrom;
                cpuTo = wasTo;
                if (cpuFrom == cpuTo)
                {
                    cpuFrom = cpuTo = to;
                }
                apart = from > cpuTo || to < cpuFrom;
                if (!apart)
                {
                    _table.CpuFrom[entry] = from < cpuFrom ? from : cpuFrom;
                    _table.CpuTo[entry] = to > cpuTo ? to : cpuTo;
                    _table.CheckCpuPart(entry);
                    _transfer.CountCopy(entry, (from < cpuFrom ? cpuFrom - from : 0) + (to > cpuTo ? to - cpuTo : 0), DmaDirection.ToDevice);
                }
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (entry < 0)
            {
                throw DmaMisuse.NotMapped(_dma, "SyncForCpu", device, handle, size, direction);
            }
            if (apart)
            {
                throw DmaMisuse.TwoParts(_table, entry, "SyncForCpu", handle, size);
            }
            bool pulled = false;
            try
            {
                // The part that the CPU has already is left alone, since the CPU may have written there.
                _transfer.Pull(entry, from, to < cpuFrom ? to : cpuFrom);
                _transfer.Pull(entry, from > cpuTo ? from : cpuTo, to);
                pulled = true;
            }
            finally
            {
                if (!pulled)
                {
                    _entries.SetCpuPart(entry, wasFrom, wasTo);
                }
            }
        }

        /// <summary>Takes what the CPU has of a mapped buffer, or of a part of it, back for the device, which sees what the CPU wrote.</summary>
        /// <param name="handle">What the mapping returned, or an address of the part.</param>
        /// <param name="size">Bytes of the part, 1 or more; every cache line of the mapping that they touch goes.</param>
        /// <exception cref="InvalidOperationException">The device is not attached, has no such mapping, owns all of the part already, or
        /// would get the middle of what the CPU has.</exception>
        public void SyncForDevice(DmaDevice device, uint handle, int size, DmaDirection direction)
        {
            _devices.Check(device);
            CheckDirection(device, direction);
            if (_lock != null)
            {
                _lock.Acquire();
            }
            int entry = _entries.FindPart(handle, size, DmaMappings.UseOf(device, direction)), from = 0, to = 0, cpuFrom = 0, cpuTo = 0;
            bool middle = false;
            if (entry >= 0)
            {
                int line = _transfer.Granule(entry);
                cpuFrom = _table.CpuFrom[entry];
                cpuTo = _table.CpuTo[entry];
                from = _transfer.LineStart(entry, handle, line);
                to = _transfer.LineEnd(entry, handle, size, line);
                from = from < cpuFrom ? cpuFrom : from;
                to = to > cpuTo ? cpuTo : to;
                middle = from > cpuFrom && to < cpuTo && from < to;
                if (!middle && from < to)
                {
                    _table.CpuFrom[entry] = from == cpuFrom ? to : cpuFrom;
                    _table.CpuTo[entry] = from == cpuFrom ? cpuTo : from;
                    _table.CheckCpuPart(entry);
                    _transfer.CountCopy(entry, to - from, DmaDirection.FromDevice);
                }
            }
            if (_lock != null)
            {
                _lock.Release();
            }
            if (entry < 0)
            {
                throw DmaMisuse.NotMapped(_dma, "SyncForDevice", device, handle, size, direction);
            }
            if (middle)
            {
                throw DmaMisuse.TwoParts(_table, entry, "SyncForDevice", handle, size);
            }
            if (from >= to)
            {
                throw DmaMisuse.NotTheCpus(_table, entry, handle, size);
            }
            bool pushed = false;
            try
            {
                _transfer.Push(entry, from, to, direction != DmaDirection.FromDevice);
                pushed = true;
            }
            finally
            {
                if (!pushed)
                {
                    _entries.SetCpuPart(entry, cpuFrom, cpuTo);
                }
            }
        }

        /// <returns>The region that holds the whole span.</returns>
        private int CheckSpan(DmaDevice device, uint address, int size, DmaDirection direction)
        {
            CheckDirection(device, direction);
            if (size < 1)
            {
                throw DmaMisuse.BadSize(device, size, int.MaxValue);
            }
            uint[] start = _bus.Start, lengths = _bus.Size;
            for (int region = 0; region < start.Length; region++)
            {
                uint behind = address - start[region], length = lengths[region];
                if (behind < length && (uint)(size - 1) < length - behind && (_slots == null || address - _slots.Start >= _slots.Size))
                {
                    return region;
                }
            }
            throw DmaMisuse.NoMemory(_dma, device, address, size);
        }

        /// <summary>Why a mapping was not entered although there was room.</summary>
        private Exception Refusal(DmaDevice device, uint address, int size, DmaDirection direction, int result)
        {
            if (result == DmaEntries.Nobodys)
            {
                return DmaMisuse.NotInUse(_dma.Pages, device, address, size, _entries.FindNobodys(address, size));
            }
            // Searched again, under the lock: another context may have ended the mapping since.
            if (_lock != null)
            {
                _lock.Acquire();
            }
            Exception overlap = DmaMisuse.Overlap(_table, device, address, size, direction, _table.FindConflict(address, size, direction));
            if (_lock != null)
            {
                _lock.Release();
            }
            return overlap;
        }

        private static void CheckDirection(DmaDevice device, DmaDirection direction)
        {
            if ((uint)direction > (uint)DmaDirection.FromDevice)
            {
                throw DmaMisuse.BadDirection(device, direction);
            }
        }
    }
}
