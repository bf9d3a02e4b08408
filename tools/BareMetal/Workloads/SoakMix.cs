using Carveout.Board;
using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Random requests to everything that allocates memory; the memory is written and read back.</summary>
    /// <remarks>
    /// It is compiled for the machines and for the host, and for one seed it is the same on all of them: addresses count from the start of
    /// the memory. With pages of 256 bytes it fits into 12 KB, all that the smallest machine has. After construction nothing is allocated
    /// from the managed heap.
    /// </remarks>
    internal sealed class SoakMix
    {
        /// <summary>Bytes of memory that it needs.</summary>
        internal const int MemorySize = NormalSize + DmaSize;

        /// <summary>The seed of the run by which all machines and the host are compared.</summary>
        internal const uint StandardSeed = 20261122;
        internal const int StandardOperations = 20000;

        private const int PageSize = 256, NormalSize = 28 * PageSize, DmaSize = 20 * PageSize;

        /// <summary>An address at which no machine has memory, below the registers of Cortex-M.</summary>
        private const uint VirtualStart = 0xD0000000;
        private const int VirtualPages = 48, VirtualAreas = 12, TlbEntries = 8;

        private const int Slabs = 32, Slots = 64;

        /// <summary>The kinds of a slot.</summary>
        private const byte Nothing = 0, Block = 1, ExactRun = 2, Bytes = 3, Object = 4, Virtual = 5, Coherent = 6, Pooled = 7, Mapped = 8, Kinds = 8;

        /// <summary>The constants of FNV-1a (G. Fowler, L. Noll, P. Vo, 1991), used over words.</summary>
        private const uint HashStart = 2166136261, HashPrime = 16777619;

        private readonly PhysicalMemory _memory;
        private readonly PageAllocator _pages;
        private readonly SlabAllocator _slabs;
        private readonly KmallocCaches _kmalloc;
        private readonly KmemCache _objects;
        private readonly Vmalloc _vmalloc;
        private readonly SoakDma _dma;
        private readonly Xorshift _random;
        private readonly uint _start;
        private readonly PageOwner _owner;

        // By slot.
        private readonly byte[] _kind = new byte[Slots];
        private readonly uint[] _address = new uint[Slots];
        private readonly int[] _size = new int[Slots];
        private readonly byte[] _stamp = new byte[Slots];

        private readonly byte[] _buffer = new byte[16];

        /// <param name="memory">The memory behind the addresses.</param>
        /// <param name="start">The first of <see cref="MemorySize"/> bytes: a multiple of 4 KB.</param>
        /// <param name="seed">Not 0.</param>
        internal SoakMix(PhysicalMemory memory, uint start, uint seed)
        {
            var map = new MemoryMap("soak", PageSize);
            map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, start, MemorySize, DmaEngines.General, 0));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, start, NormalSize, DmaEngines.None, PageMapKind.FreeBlocks));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, start + NormalSize, DmaSize, DmaEngines.General, PageMapKind.Runs));
            _memory = memory;
            _start = start;
            _random = new Xorshift(seed);
            _pages = PageAllocator.Boot(map, memory, null);
            _owner = _pages.RegisterOwner("soak");
            _slabs = new SlabAllocator(_pages, memory, Slabs, null, null);
            // Few caches, as the smallest machine has little room for them; what is larger than four pages gets runs.
            _kmalloc = new KmallocCaches(_slabs, KmallocSizes.Standard(4 * PageSize));
            _objects = new KmemCache(_slabs, "object", 40, 8, GfpFlags.Kernel, null);
            _vmalloc = new Vmalloc(_pages, memory, VirtualStart, VirtualPages, VirtualAreas, TlbEntries);
            _dma = new SoakDma(_pages, map, memory, Slots);
            Checksum = HashStart;
        }

        /// <summary>The hash of every address that was returned, and of every 0.</summary>
        internal uint Checksum { get; private set; }

        /// <summary>How many requests returned an address.</summary>
        internal int Allocations { get; private set; }

        /// <summary>How many requests returned 0.</summary>
        internal int Failures { get; private set; }

        /// <summary>How many allocations were freed.</summary>
        internal int Frees { get; private set; }

        /// <summary>How many allocations did not contain what was written to them, or were not 0 although that was asked for.</summary>
        internal int Damaged { get; private set; }

        /// <summary>How often the shrinkers were asked.</summary>
        internal int Stalls { get { return _pages.StallCount; } }

        /// <summary>How many mappings went through bounce buffers.</summary>
        internal int Bounced { get { return _dma.Bounced; } }

        /// <summary>How many pages are not free, without those of the bounce buffers.</summary>
        internal int UsedPages
        {
            get { return MemorySize / PageSize - _pages.ZoneAt(0).FreePages - _pages.ZoneAt(1).FreePages - SoakDma.BounceSize / PageSize; }
        }

        /// <summary>So many times: allocates into an empty slot, or frees a full one.</summary>
        internal void Run(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                int slot = _random.Below(Slots);
                if (_kind[slot] == Nothing)
                {
                    Allocate(slot);
                }
                else
                {
                    Free(slot);
                }
            }
        }

        /// <summary>Frees everything, including empty slabs.</summary>
        internal void Drain()
        {
            for (int slot = 0; slot < Slots; slot++)
            {
                if (_kind[slot] != Nothing)
                {
                    Free(slot);
                }
            }
            _dma.Drain();
            _slabs.Shrink(int.MaxValue);
        }

        private void Allocate(int slot)
        {
            byte kind = (byte)(1 + _random.Below(Kinds));
            GfpFlags gfp = _random.Below(8) == 0 ? GfpFlags.Zero : GfpFlags.Kernel;
            int size = SizeFor(kind);
            uint address = Take(slot, kind, size, gfp);
            // The distance from the start is the same wherever the memory lies.
            Note(kind == Virtual || address == 0 ? address : address - _start);
            if (address == 0)
            {
                Failures++;
                return;
            }
            Allocations++;
            _kind[slot] = kind;
            _address[slot] = address;
            _size[slot] = size;
            _stamp[slot] = 0;
            if ((gfp & GfpFlags.Zero) != 0)
            {
                Check(slot);
            }
            _stamp[slot] = (byte)(1 + _random.Below(255));
            if (kind == Virtual)
            {
                for (int offset = 0; offset < size; offset += PageSize)
                {
                    Note((uint)_vmalloc.VmallocToPfn(address + (uint)offset) - _start / PageSize);
                }
                _vmalloc.Fill(address, size, _stamp[slot]);
            }
            else
            {
                _memory.Fill(address, size, _stamp[slot]);
            }
            if (kind == Mapped)
            {
                uint handle = _dma.Map(slot, address, size, _random);
                Note(handle == 0 ? 0 : handle - _start);
                Failures += handle == 0 ? 1 : 0;
            }
        }

        private int SizeFor(byte kind)
        {
            switch (kind)
            {
                case Block: return PageSize << _random.Below(4);
                case ExactRun: return 1 + _random.Below(10 * PageSize);
                case Bytes: return 1 + _random.Below(32 << _random.Below(6));
                case Object: return _objects.ObjectSize;
                case Coherent: return 1 + _random.Below(3 * PageSize);
                case Pooled: return SoakDma.DescriptorSize;
                case Mapped: return 1 + _random.Below(2 * PageSize);
                default: return 1 + _random.Below(8 * PageSize);
            }
        }

        private uint Take(int slot, byte kind, int size, GfpFlags gfp)
        {
            switch (kind)
            {
                case Block: return _pages.AllocBlock(size, gfp | (_random.Below(2) == 0 ? GfpFlags.Movable : 0), _owner);
                case ExactRun: return _pages.AllocPagesExact(size, gfp | GfpFlags.Dma, _owner, PageSize << _random.Below(3));
                case Bytes: return _kmalloc.Kmalloc(size, gfp | (_random.Below(4) == 0 ? GfpFlags.Dma : 0));
                case Object: return _objects.Alloc(gfp);
                case Coherent: return _dma.AllocCoherent(slot, size, gfp, _random);
                case Pooled: return _dma.AllocPooled(slot, gfp);
                case Mapped: return _dma.Place(_kmalloc.Kmalloc(size + SoakDma.Misalignment, gfp), _random);
                default: return _vmalloc.Alloc(size, gfp, _owner);
            }
        }

        private void Free(int slot)
        {
            uint address = _address[slot];
            if (_kind[slot] == Mapped && _dma.IsMapped(slot))
            {
                Damaged += _dma.DeviceSees(slot, _stamp[slot], _buffer) ? 0 : 1;
                _stamp[slot] = _dma.Unmap(slot, _stamp[slot]);
            }
            Check(slot);
            switch (_kind[slot])
            {
                case Block: _pages.FreePages(address, PageMap.OrderOf(_size[slot] / PageSize)); break;
                case ExactRun: _pages.FreePagesExact(address, _size[slot]); break;
                case Bytes: _kmalloc.Kfree(address); break;
                case Object: _objects.Free(address); break;
                case Coherent: _dma.FreeCoherent(slot, address, _size[slot]); break;
                case Pooled: _dma.FreePooled(slot, address); break;
                case Mapped: _kmalloc.Kfree(SoakDma.PlaceOf(address)); break;
                default: _vmalloc.Free(address); break;
            }
            _kind[slot] = Nothing;
            Frees++;
        }

        /// <summary>Checks both ends of an allocation, where an overlap with a neighbour shows first.</summary>
        private void Check(int slot)
        {
            int length = _size[slot] < _buffer.Length ? _size[slot] : _buffer.Length;
            if (!IsStamped(slot, _address[slot], length) || !IsStamped(slot, _address[slot] + (uint)(_size[slot] - length), length))
            {
                Damaged++;
            }
        }

        private bool IsStamped(int slot, uint address, int length)
        {
            if (_kind[slot] == Virtual)
            {
                _vmalloc.Read(address, _buffer, 0, length);
            }
            else
            {
                _memory.Read(address, _buffer, 0, length);
            }
            for (int i = 0; i < length; i++)
            {
                if (_buffer[i] != _stamp[slot])
                {
                    return false;
                }
            }
            return true;
        }

        private void Note(uint number)
        {
            Checksum = (Checksum ^ number) * HashPrime;
        }
    }
}
