using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Hands bytes over between CPU and device: copies them to slots and back, writes cache lines back, discards them.</summary>
    /// <remarks>Called outside the lock, by the one context that hands the bytes over; the table's entry does not change meanwhile.</remarks>
    internal sealed class DmaTransfer
    {
        /// <summary>Bytes of a cache line in front of the slots; 0: none.</summary>
        internal readonly int SlotLine;

        private readonly BusMap _bus;
        private readonly PhysicalMemory _memory;
        private readonly BounceBuffers? _slots;
        private readonly DmaMappings _table;

        internal DmaTransfer(DmaAllocator dma)
        {
            _bus = dma.Bus;
            _memory = dma.Memory;
            _slots = dma.Slots;
            _table = dma.Table;
            SlotLine = _slots == null ? 0 : _bus.Line[_bus.Find(_slots.Start)];
        }

        /// <summary>Bytes of the next segment of a run for a device.</summary>
        internal int SegmentAt(DmaDevice device, int region, uint address, int left)
        {
            int step = left < device.MaxSegment ? left : device.MaxSegment;
            if (device.CrossMask != 0)
            {
                uint inside = device.Boundary - ((address + _bus.BusOffset[region]) & ~device.CrossMask);
                step = (uint)step < inside ? step : (int)inside;
            }
            // The cut lies where the device can begin the rest, and on a cache line, so that the two parts share none.
            int granule = device.Alignment > _bus.Line[region] ? device.Alignment : _bus.Line[region];
            if (step < left && granule != 0)
            {
                uint end = address + (uint)step;
                int over = (int)(end & (uint)(granule - 1));
                step = over < step ? step - over : step;
            }
            return step;
        }

        /// <summary>Bytes that are handed over together: lines of the cache in front of what the device uses, slots included, since a
        /// line of which each side had a part would be written back, or discarded, over the other's.</summary>
        internal int Granule(int entry) => _table.Granule[entry] != 0 ? _table.Granule[entry] : 1;

        /// <summary>Where the first line of a part begins, in bytes from the mapping's start.</summary>
        internal int LineStart(int entry, uint handle, int line)
        {
            int offset = (int)(handle - _table.Handle[entry]);
            int over = (int)((LineBase(entry) + (uint)offset) & (uint)(line - 1));
            return over < offset ? offset - over : 0;
        }

        /// <summary>Where the last line of a part ends, in bytes from the mapping's start.</summary>
        internal int LineEnd(int entry, uint handle, int size, int line)
        {
            int end = (int)(handle - _table.Handle[entry]) + size, whole = _table.Size[entry];
            int over = (int)((LineBase(entry) + (uint)end) & (uint)(line - 1));
            int missing = over == 0 ? 0 : line - over;
            return missing < whole - end ? end + missing : whole;
        }

        /// <summary>Where lines are counted from: slots begin on one.</summary>
        private uint LineBase(int entry) => _table.Slot[entry] >= 0 ? 0 : _table.Address[entry];

        /// <summary>Counts bytes that are copied to or from slots; mappings of the direction <paramref name="except"/> copy none.</summary>
        internal void CountCopy(int entry, int bytes, DmaDirection except)
        {
            if (_table.Slot[entry] >= 0 && _table.DirectionOf(entry) != except)
            {
                _slots.BytesCopied += bytes;
            }
        }

        /// <summary>Whether the end of a mapping copies bytes or discards lines.</summary>
        internal bool Pulls(int entry) =>
            _table.Granule[entry] != 0 && (_table.Slot[entry] >= 0 || _table.DirectionOf(entry) != DmaDirection.ToDevice);

        /// <summary>To the device: what the CPU wrote goes to where the device reads.</summary>
        internal void Push(int entry, int from, int to, bool copies)
        {
            int slot = _table.Slot[entry];
            uint address = _table.Address[entry];
            if (slot >= 0)
            {
                uint place = _slots.AddressOf(slot);
                if (copies)
                {
                    _memory.Copy(address + (uint)from, place + (uint)from, to - from);
                }
                address = place;
            }
            if (_table.Granule[entry] > 1)
            {
                _memory.CleanCache(address + (uint)from, to - from);
            }
        }

        /// <summary>To the CPU: what the device wrote goes to where the CPU reads.</summary>
        internal void Pull(int entry, int from, int to)
        {
            if (from >= to || _table.DirectionOf(entry) == DmaDirection.ToDevice)
            {
                return;
            }
            int slot = _table.Slot[entry];
            uint address = _table.Address[entry], place = slot >= 0 ? _slots.AddressOf(slot) : address;
            if (_table.Granule[entry] > 1)
            {
                _memory.InvalidateCache(place + (uint)from, to - from);
            }
            if (slot >= 0)
            {
                _memory.Copy(place + (uint)from, address + (uint)from, to - from);
            }
        }
    }
}
