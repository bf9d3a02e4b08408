using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The last request that a DMA allocator refused for another reason than a lack of pages: a mapping, or a block without a
    /// place in a table or pool.</summary>
    internal sealed class DmaFailure : FailureCause
    {
        private readonly DmaAllocator _dma;
        private DmaDevice? _device;
        private uint _address;
        private int _size;
        private DmaDirection _direction;
        private bool _isMapping, _wasFull;

        internal DmaFailure(DmaAllocator dma)
        {
            _dma = dma;
        }

        /// <summary>Notes a mapping that was refused.</summary>
        internal void NoteMapping(DmaDevice device, uint address, int size, DmaDirection direction, bool wasFull)
        {
            _isMapping = true;
            _wasFull = wasFull;
            _address = address;
            _direction = direction;
            Note(device, size);
        }

        /// <summary>Notes a block that got no place, although there were pages or a pool.</summary>
        internal void NoteBlock(DmaDevice device, int size)
        {
            _isMapping = false;
            Note(device, size);
        }

        /// <inheritdoc/>
        internal override string ToText()
        {
            if (_isMapping)
            {
                return "dma mapping failure: " + _size.ToString() + " bytes at " + HexText.Of(_address) + " " + DmaMisuse.NameOf(_direction)
                    + ", DMA device '" + _device.Name + "': " + (_wasFull
                        ? "all " + _dma.MappingCapacity.ToString() + " mappings were in use"
                        : "they cannot stay where they lie, since " + WhyBounced() + "; " + WhyNoSlots()) + "\n";
            }
            return "dma block failure: " + _size.ToString() + " bytes, DMA device '" + _device.Name + "': "
                + (_device.TailPolicy == DmaTail.Pool
                    ? "all " + _device.TailPool.Count.ToString() + " buffers of pool '" + _device.TailPool.Name
                        + "' were taken, or the table of blocks was full"
                    : "the table of blocks, or that of mappings, was full") + "\n";
        }

        private string WhyBounced()
        {
            int region = _dma.Bus.Find(_address);
            uint bus = _address + _dma.Bus.BusOffset[region];
            if (!_dma.Bus.Reaches(_device!, region, _address, (uint)_size))
            {
                return "the device does not reach them";
            }
            if ((bus & _device.AlignMask) != 0)
            {
                return "their bus address " + HexText.Of(bus) + " is no multiple of " + _device.Alignment.ToString();
            }
            return !_device.Fits(bus, _size)
                ? "they cross a multiple of " + _device.Boundary.ToString() + " on the bus"
                : "they share a cache line of " + _dma.Bus.Line[region].ToString() + " bytes with others";
        }

        private string WhyNoSlots()
        {
            if (!_device.CanBounce)
            {
                return _dma.Slots == null ? "there are no bounce buffers" : "the device does not reach the bounce buffers";
            }
            return "bounce buffers had no " + (((_size - 1) / _dma.Slots.SlotSize) + 1).ToString() + " slots of "
                + _dma.Slots.SlotSize.ToString() + " bytes in a row that the device can take (" + _dma.Slots.LiveCount.ToString() + " of "
                + _dma.Slots.SlotCount.ToString() + " are in use)";
        }

        private void Note(DmaDevice device, int size)
        {
            _device = device;
            _size = size;
            _dma.Pages.LastFailure.Cause = this;
        }
    }
}
