using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Dma;

/// <summary>Once devices are attached, DMA takes nothing from the managed heap, and never takes its lock while it holds it.</summary>
[TestClass]
public sealed class DmaAllocationTests
{
    private const uint Start = 0x10000000;
    private const int PageSize = 1024, Operations = 100_000, Live = 16;

    private readonly uint[] _mapped = new uint[Live], _handles = new uint[Live], _objects = new uint[Live], _objectHandles = new uint[Live];
    private readonly int[] _sizes = new int[Live];
    private readonly uint[] _blocks = new uint[Live], _blockHandles = new uint[Live];
    private readonly ScatterList _source = new(4), _list = new(16);
    private readonly long[] _counts = new long[7];
    private SplitMix64 _random = new(1);
    private DmaAllocator _dma = null!;
    private DmaStreaming _streaming = null!;
    private DmaDevice _device = null!;
    private DmaPool _pool = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void A_hundred_thousand_operations_allocate_no_byte()
    {
        var map = new MemoryMap("dma", PageSize);
        map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Start, 0x20000, DmaEngines.General, 32, 0x80000000));
        map.Add(new ZonePlan("DMA", ZoneKind.Dma, Start, 0x4000, DmaEngines.General, PageMapKind.Runs));
        var flat = new FlatLock();
        PageAllocator pages = PageAllocator.Boot(map, null, flat);
        var bounce = new BounceBuffers("swiotlb", Start + 0x18000, 512, 8);
        _dma = new DmaAllocator(pages, map, new ManagedMemory(Start, 0x20000), bounce, Live + 4, 64);
        _device = new DmaDevice("camera", DmaEngines.General) { Alignment = 4, Boundary = 4096, MaxSegment = 300, Snoops = true };
        _dma.Attach(_device, DmaTail.Trim, null);
        _streaming = new DmaStreaming(_dma);
        _pool = new DmaPool("descriptors", _dma, _device, 24, 8, 0, 2);

        Assert.AreEqual(0L, ManagedHeap.LeastTaken(() => Churn(Operations)));
        Assert.IsFalse(flat.IsHeld);
        TestContext.WriteLine($"{string.Join(' ', _counts)}; bounced {bounce.Bounced}, failed {_dma.MappingFailureCount}, {_dma.FailureCount}");
        foreach (long count in _counts)
        {
            Assert.IsGreaterThan(1_000, count, string.Join(' ', _counts));
        }
        Assert.IsGreaterThan(1_000, Math.Min(bounce.Bounced, _dma.FailureCount));
    }

    private void Churn(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            int operation = _random.Below(5), slot = _random.Below(Live);
            switch (operation)
            {
                case 0:
                    Stream(slot);
                    break;
                case 1 when _mapped[slot] != 0:
                    _streaming.SyncForCpu(_device, _handles[slot], _sizes[slot], DmaDirection.Bidirectional);
                    _streaming.SyncForDevice(_device, _handles[slot], _sizes[slot], DmaDirection.Bidirectional);
                    _counts[1]++;
                    break;
                case 2:
                    Block(slot);
                    break;
                case 3:
                    Object(slot);
                    break;
                case 4:
                    List();
                    break;
            }
        }
    }

    private void Stream(int slot)
    {
        if (_mapped[slot] != 0)
        {
            _streaming.UnmapSingle(_device, _handles[slot], _sizes[slot], DmaDirection.Bidirectional);
            _mapped[slot] = 0;
            return;
        }
        _sizes[slot] = 1 + _random.Below(1000);
        uint address = Start + 0x10000 + (uint)(slot * 1024) + (uint)_random.Below(8);
        _handles[slot] = _streaming.MapSingle(_device, address, _sizes[slot], DmaDirection.Bidirectional);
        _mapped[slot] = _handles[slot] == 0 ? 0 : address;
        _counts[0]++;
    }

    private void Block(int slot)
    {
        if (_blocks[slot] != 0)
        {
            _dma.FreeCoherent(_device, slot * 400 + 1, _blocks[slot], _blockHandles[slot]);
            _blocks[slot] = 0;
            return;
        }
        bool fits = slot * 400 + 1 <= 4096;
        _blocks[slot] = fits ? _dma.AllocCoherent(_device, slot * 400 + 1, GfpFlags.Zero, out _blockHandles[slot]) : 0;
        if (!fits && _dma.AllocNoncoherent(_device, 3000, DmaDirection.ToDevice, GfpFlags.Kernel, out uint handle) is var block and not 0)
        {
            _dma.FreeNoncoherent(_device, 3000, block, handle, DmaDirection.ToDevice);
            _counts[6]++;
        }
        _counts[2]++;
    }

    private void Object(int slot)
    {
        if (_objects[slot] != 0)
        {
            _pool.Free(_objects[slot], _objectHandles[slot]);
            _objects[slot] = 0;
            return;
        }
        _objects[slot] = _pool.Alloc(GfpFlags.Zero, out _objectHandles[slot]);
        _counts[3]++;
    }

    private void List()
    {
        _source.Clear();
        _source.Append(Start + 0x14000 + 0x1000 + (uint)_random.Below(4), 700);
        _source.Append(Start + 0x17000, 200);
        _counts[4]++;
        if (_streaming.MapScatterList(_device, _source, _list, DmaDirection.FromDevice))
        {
            _streaming.UnmapScatterList(_device, _list, DmaDirection.FromDevice);
            _counts[5]++;
        }
    }
}
