namespace Carveout.Emulator.Tests.Properties;

/// <summary>Device memory, windows and pools allocate nothing from the managed heap once they are made.</summary>
[TestClass]
public sealed class IoMemoryAllocationTests
{
    private const int PageSize = 256, ZonePages = 64, WindowPages = 16;
    private const uint Base = 0x10000000, Buffer = Base + 64 * PageSize, Start = 0xE0000000, Window = 0x1000;

    [TestMethod]
    public void A_hundred_thousand_operations_allocate_no_byte()
    {
        var machine = new Machine();
        Assert.AreEqual(0L, ManagedHeap.LeastTaken(() => machine.Churn(100_000)));
        foreach (int count in machine.Counts)
        {
            Assert.IsGreaterThan(1_000, count, string.Join(' ', machine.Counts));
        }
        Assert.IsGreaterThan(1_000, machine.Saved);
    }

    /// <summary>One object of each kind, made before anything is counted.</summary>
    private sealed class Machine
    {
        internal readonly int[] Counts = new int[12];

        private readonly SplitMix64 _random = new(1);
        private readonly byte[] _bytes = new byte[WindowPages * PageSize];
        private readonly uint[] _elements = new uint[2 * 64];
        private readonly int[] _out = new int[2];
        private readonly Mempool[] _pools = new Mempool[2];
        private readonly PageAllocator _allocator;
        private readonly Vmalloc _space;
        private readonly IoMemory _io;
        private readonly VmArea _window;

        internal Machine()
        {
            var map = new MemoryMap("small", PageSize);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Base, 128 * PageSize, DmaEngines.General, 0));
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, Base, ZonePages * PageSize, DmaEngines.None, PageMapKind.FreeBlocks));
            map.Add(new Reservation("buffer", Buffer, 64 * PageSize));
            var memory = new ManagedMemory(Base, 128 * PageSize);
            _allocator = PageAllocator.Boot(map, memory, new FlatLock());
            _space = new Vmalloc(_allocator, memory, Start, 96, 8, 8);
            _io = new IoMemory(_space, 8);
            _window = new VmArea(_io, "player", Window, WindowPages, VmFlags.Read | VmFlags.Write);
            var cache = new KmemCache(new SlabAllocator(_allocator, memory, ZonePages, null, null), "node", 120, 8, GfpFlags.Kernel, null);
            _pools[0] = new Mempool("pages", _allocator, 1, GfpFlags.Kernel, 4, 16, new FlatLock());
            _pools[1] = new Mempool("nodes", cache, 4, 16, new FlatLock());
        }

        internal int Saved => _pools[0].SavedCount + _pools[1].SavedCount;

        internal void Churn(int operations)
        {
            for (int i = 0; i < operations; i++)
            {
                int operation = _random.Below(12);
                Counts[operation] += operation < 7 ? Device(operation) : Pool(operation, _random.Below(2));
            }
        }

        /// <returns>1 if there was something to do.</returns>
        private int Device(int operation)
        {
            int area = _space.AreaCount == 0 ? -1 : _random.Below(_space.AreaCount), page = _random.Below(WindowPages - 4);
            switch (operation)
            {
                case 0:
                    return _io.Ioremap(Buffer + (uint)_random.Below(2000), 1 + _random.Below(8 * PageSize), 0) != 0 ? 1 : 0;
                case 1:
                    return area < 0 ? 0 : Unmap(area);
                case 2:
                    return area < 0 ? 0 : Use(area);
                case 3:
                    return _io.RequestCount == 0 && _io.RequestRegion(Buffer, PageSize, 0) ? 1 : 0;
                case 4 when _io.RequestCount != 0:
                    _io.ReleaseRegion(_io.RequestStartAt(0), _io.RequestSizeAt(0));
                    return 1;
                case 5 when _window.MappedPages == 0:
                    _io.RemapPfnRange(_window, Window + (uint)(page * PageSize), (int)(Buffer / PageSize) + page, 3 * PageSize + 1, 0);
                    _window.Write(Window + (uint)(page * PageSize) + 7, _bytes, 0, 3 * PageSize);
                    _window.Read(Window + (uint)(page * PageSize) + 7, _bytes, 0, 3 * PageSize);
                    _window.Unmap(Window + (uint)(page * PageSize), 4 * PageSize);
                    return 1;
                case 6:
                    return _space.Alloc(1 + _random.Below(4 * PageSize), GfpFlags.NoWarn, 0) != 0 ? 1 : 0;
                default:
                    return 0;
            }
        }

        private int Unmap(int area)
        {
            uint physical = _space.AreaPhysicalAt(area), start = _space.AreaStartAt(area);
            if (physical == 0)
            {
                _space.Free(start);
            }
            else
            {
                _io.Iounmap(start + physical % PageSize);
            }
            return 1;
        }

        private int Use(int area)
        {
            uint address = _space.AreaStartAt(area) + _space.AreaPhysicalAt(area) % PageSize;
            _space.Write(address, _bytes, 0, _space.AreaSizeAt(area));
            _space.Read(address, _bytes, 0, _space.AreaSizeAt(area));
            return 1;
        }

        private int Pool(int operation, int which)
        {
            Mempool pool = _pools[which];
            int first = which * 64;
            if (operation == 7)
            {
                return pool.Resize(1 + _random.Below(8)) ? 1 : 0;
            }
            if (operation < 10)
            {
                uint address = _out[which] == 64 ? 0 : pool.Alloc(operation == 8 ? GfpFlags.Zero : GfpFlags.Atomic);
                if (address == 0)
                {
                    return 0;
                }
                _elements[first + _out[which]++] = address;
                return 1;
            }
            if (_out[which] == 0)
            {
                return 0;
            }
            int at = first + _random.Below(_out[which]);
            pool.Free(_elements[at]);
            _elements[at] = _elements[first + --_out[which]];
            return 1;
        }
    }
}
