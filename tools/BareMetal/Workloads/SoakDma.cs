using Carveout.Board;
using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>The DMA part of <see cref="SoakMix"/>: coherent blocks with two tail policies, descriptors, and streaming mappings. Buffers
    /// that the device cannot take in place go through bounce buffers. The CPU plays the device.</summary>
    internal sealed class SoakDma
    {
        /// <summary>Bytes of a pool's object.</summary>
        internal const int DescriptorSize = 24;

        /// <summary>Half of the buffers are moved by so many bytes, so that the device cannot take them in place.</summary>
        internal const int Misalignment = 4;

        /// <summary>Bytes that the bounce buffers keep for good.</summary>
        internal const int BounceSize = SlotSize * SlotCount;

        private const int SlotSize = 256, SlotCount = 4, Mappings = 16, Blocks = 32, PoolPages = 4;
        private const int DeviceAlignment = 16, LongestSegment = 65536;

        /// <summary>Masks an address to a multiple of Kmalloc's smallest object, which is where a buffer was before it was moved.</summary>
        private const uint PlaceMask = ~31u;

        private readonly PhysicalMemory _memory;
        private readonly DmaAllocator _dma;
        private readonly DmaStreaming _streaming;
        private readonly DmaDevice _exact, _trimmed;
        private readonly DmaPool _pool;

        // By slot.
        private readonly uint[] _handle;
        private readonly int[] _size;
        private readonly bool[] _isTrimmed, _isMapped, _isToDevice;

        /// <param name="pages">The allocator, whose DMA zone is used.</param>
        /// <param name="map">The memory's map.</param>
        /// <param name="memory">The memory's bytes.</param>
        /// <param name="slots">The most allocations at once.</param>
        internal SoakDma(PageAllocator pages, MemoryMap map, PhysicalMemory memory, int slots)
        {
            _memory = memory;
            _dma = new DmaAllocator(pages, map, memory, BounceBuffers.FromPages(pages, "bounce", SlotSize, SlotCount), Mappings, Blocks);
            _exact = NewDevice("exact");
            _trimmed = NewDevice("trimmed");
            _dma.Attach(_exact);
            _dma.Attach(_trimmed, DmaTail.Trim, null);
            _streaming = new DmaStreaming(_dma);
            _pool = new DmaPool("descriptors", _dma, _exact, DescriptorSize, 8, 0, PoolPages);
            _handle = new uint[slots];
            _size = new int[slots];
            _isTrimmed = new bool[slots];
            _isMapped = new bool[slots];
            _isToDevice = new bool[slots];
        }

        /// <summary>How many mappings went through bounce buffers.</summary>
        internal int Bounced { get { return (int)_dma.Bounce!.Bounced; } }

        internal uint AllocCoherent(int slot, int size, GfpFlags gfp, Xorshift random)
        {
            _isTrimmed[slot] = random.Below(2) == 0;
            return _dma.AllocCoherent(_isTrimmed[slot] ? _trimmed : _exact, size, gfp, out _handle[slot]);
        }

        internal void FreeCoherent(int slot, uint address, int size)
        {
            _dma.FreeCoherent(_isTrimmed[slot] ? _trimmed : _exact, size, address, _handle[slot]);
        }

        internal uint AllocPooled(int slot, GfpFlags gfp)
        {
            return _pool.Alloc(gfp, out _handle[slot]);
        }

        internal void FreePooled(int slot, uint address)
        {
            _pool.Free(address, _handle[slot]);
        }

        /// <summary>Moves every second buffer to where the device cannot take it.</summary>
        internal uint Place(uint buffer, Xorshift random)
        {
            return buffer == 0 || random.Below(2) == 0 ? buffer : buffer + Misalignment;
        }

        /// <summary>Where a buffer was before <see cref="Place"/>.</summary>
        internal static uint PlaceOf(uint address)
        {
            return address & PlaceMask;
        }

        /// <summary>Hands a buffer to the device.</summary>
        /// <returns>The device's address of the buffer, or 0 if the device did not get it.</returns>
        internal uint Map(int slot, uint address, int size, Xorshift random)
        {
            bool toDevice = random.Below(2) == 0;
            uint handle = _streaming.MapSingle(_exact, address, size, toDevice ? DmaDirection.ToDevice : DmaDirection.FromDevice);
            _isToDevice[slot] = toDevice;
            _isMapped[slot] = handle != 0;
            _handle[slot] = handle;
            _size[slot] = size;
            return handle;
        }

        internal bool IsMapped(int slot)
        {
            return _isMapped[slot];
        }

        /// <summary>Whether the device finds the stamp in a mapped buffer's first bytes.</summary>
        internal bool DeviceSees(int slot, byte stamp, byte[] buffer)
        {
            int length = _size[slot] < buffer.Length ? _size[slot] : buffer.Length;
            _memory.Read(_handle[slot], buffer, 0, length);
            for (int i = 0; i < length; i++)
            {
                if (buffer[i] != stamp)
                {
                    return false;
                }
            }
            return true;
        }

        /// <summary>Takes a buffer back. If the direction allows it, the device has written to it.</summary>
        /// <returns>The byte that the CPU must find in it.</returns>
        internal byte Unmap(int slot, byte stamp)
        {
            bool toDevice = _isToDevice[slot];
            if (!toDevice)
            {
                stamp ^= 0x55;
                _memory.Fill(_handle[slot], _size[slot], stamp);
            }
            _streaming.UnmapSingle(_exact, _handle[slot], _size[slot], toDevice ? DmaDirection.ToDevice : DmaDirection.FromDevice);
            _isMapped[slot] = false;
            return stamp;
        }

        /// <summary>Frees the pool's pages.</summary>
        internal void Drain()
        {
            _pool.Destroy();
        }

        private static DmaDevice NewDevice(string name)
        {
            return new DmaDevice(name, DmaEngines.General) { Alignment = DeviceAlignment, MaxSegment = LongestSegment };
        }
    }
}
