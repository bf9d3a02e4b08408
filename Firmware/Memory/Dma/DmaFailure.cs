using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The last request that a DMA allocator refused for another reason than a lack of pages: a mapping, or a block without a
    /// place in a table or pool.</summary>
    internal sealed class DmaFailure : FailureCause
    {
        private enum Lack
        {
            /// <summary>A mapping needs bounce slots.</summary>
            Slots,

            /// <summary>A mapping needs a place in the table of mappings.</summary>
            Mapping,

            /// <summary>A noncoherent block needs one, too.</summary>
            MappingOfBlock,

            /// <summary>A block needs a place in the table of blocks.</summary>
            Block,

            /// <summary>A block needs a buffer of the device's pool.</summary>
            Buffer,
        }

        private readonly DmaAllocator _dma;
        private DmaDevice? _device;
        private uint _address;
        private int _size;
        private DmaDirection _direction;
        private Lack _lack;

        internal DmaFailure(DmaAllocator dma) => _dma = dma;

        internal void NoteMapping(DmaDevice device, uint address, int size, DmaDirection direction, bool tableWasFull)
        {
            _address = address;
            _direction = direction;
            Note(device, size, tableWasFull ? Lack.Mapping : Lack.Slots);
        }

        /// <summary>Notes a block for which there was memory, but no place in a table.</summary>
        internal void NoteBlock(DmaDevice device, int size, bool blocksWereFull)
        {
            Note(device, size, blocksWereFull ? Lack.Block : Lack.MappingOfBlock);
        }

        /// <summary>Notes a block for which the device's pool had no buffer.</summary>
        internal void NoteBuffer(DmaDevice device, int size) => Note(device, size, Lack.Buffer);

        /// <inheritdoc/>
        internal override string ToText()
        {
            string reason = _lack switch
            {
                Lack.Slots => "they cannot stay where they lie, since " + WhyBounced() + "; " + WhyNoSlots(),
                Lack.Block => "all " + _dma.BlockCapacity.ToString() + " places in the table of blocks were in use",
                Lack.Buffer => "all " + _device.TailPool.Count.ToString() + " buffers of pool '" + _device.TailPool.Name + "' were taken",
                _ => "all " + _dma.MappingCapacity.ToString() + " mappings were in use",
            };
            string device = ", DMA device '" + _device.Name + "': " + reason + "\n";
            return _lack <= Lack.Mapping
                ? "dma mapping failure: " + _size.ToString() + " bytes at " + HexText.Of(_address) + " " + DmaMisuse.NameOf(_direction) + device
                : "dma block failure: " + _size.ToString() + " bytes" + device;
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

        private void Note(DmaDevice device, int size, Lack lack)
        {
            _device = device;
            _size = size;
            _lack = lack;
            _dma.Pages.LastFailure.Cause = this;
        }
    }
}
