using System.Text;
using Carveout.Diagnostics;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>Random operations on <see cref="Vmalloc"/> and on its model: the same answers, bytes, counts and text after every
/// step.</summary>
/// <remarks>The seed is printed; the environment variable CARVEOUT_SEED repeats a run.</remarks>
[TestClass]
public class VmallocPropertyTests
{
    private const int PageSize = 256, ZonePages = 96, VirtualPages = 128, Areas = 12, TlbEntries = 8;
    private const uint ZoneStart = 0x10000000, Start = 0xE0000000;

    private readonly ManagedMemory _memory = new(ZoneStart, ZonePages * PageSize);
    private readonly ScatterList _list = new(ZonePages);
    private readonly DescriptorChain _chain = new(ZonePages * PageSize, 92, 1);
    private readonly List<uint> _others = [];
    private readonly VmallocModel _model = new(VirtualPages, Areas, PageSize, TlbEntries);
    private readonly PageAllocator _allocator;
    private readonly Vmalloc _space;
    private readonly PageOwner[] _owners;
    private SplitMix64 _random = new(0);

    public VmallocPropertyTests()
    {
        Zone[] zones = [new Zone("NORMAL", ZoneKind.Normal, ZoneStart, PageMap.Create(PageMapKind.FreeBlocks, ZonePages))];
        _allocator = new PageAllocator(zones, PageSize, null, null);
        _owners = [.. new[] { "camera", "display", "others" }.Select(_allocator.RegisterOwner)];
        _space = new Vmalloc(_allocator, _memory, Start, VirtualPages, Areas, TlbEntries);
    }

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow(1UL)]
    [DataRow(2UL)]
    [DataRow(3UL)]
    public void Does_what_its_model_does(ulong standard)
    {
        ulong seed = TestSeed.Or(standard);
        TestContext.WriteLine($"CARVEOUT_SEED={seed}");
        _random = new SplitMix64(seed);
        _memory.Fill(ZoneStart, ZonePages * PageSize, 0xEE);
        int step = 0;
        try
        {
            for (; step < 20_000; step++)
            {
                Step();
                Compare();
            }
        }
        finally
        {
            TestContext.WriteLine($"ended at step {step}");
        }
    }

    private void Step()
    {
        switch (_random.Below(10))
        {
            case 0 or 1:
                Alloc();
                break;
            case 2:
                Free();
                break;
            case 3 or 4:
                Write();
                break;
            case 5:
                Read();
                break;
            case 6:
                Fill();
                break;
            case 7:
                Map();
                break;
            case 8:
                Misuse();
                break;
            default:
                Disturb();
                break;
        }
    }

    private void Alloc()
    {
        int size = 1 + _random.Below(_random.Below(4) == 0 ? 48 * PageSize : 8 * PageSize);
        PageOwner owner = _owners[_random.Below(2)];
        bool zero = _random.Below(2) == 0;
        int place = _model.FindPlace(size), free = _allocator.ZoneAt(0).FreePages;
        long failures = _space.FailureCount;
        uint address = _space.Alloc(size, zero ? GfpFlags.Zero : GfpFlags.Kernel, owner);
        if (place < 0 || _model.Pages(size) > free)
        {
            Assert.AreEqual(0u, address);
            Assert.AreEqual(failures + 1, _space.FailureCount);
            return;
        }
        Assert.AreEqual(Start + (uint)(place * PageSize), address);
        VmallocModelArea area = _model.Add(place, size, owner);
        if (!zero)
        {
            // Nobody promises the content of pages that are not zeroed.
            _space.Fill(address, size, 0x11);
            area.Bytes.AsSpan().Fill(0x11);
            _model.Touch(area, 0, size);
        }
    }

    private void Free()
    {
        if (PickArea() is { } area)
        {
            // Not always: reading all of the area puts its own pages into every TLB entry that the free has to clear, and into no other.
            if (_random.Below(2) == 0)
            {
                CompareBytes(area, 0, area.Bytes.Length);
            }
            _space.Free(AddressOf(area));
            _model.Remove(area);
        }
    }

    private void Write()
    {
        if (PickSpan(out int offset, out int length) is { } area)
        {
            var bytes = new byte[length + 5];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)_random.Next();
            }
            int from = _random.Below(6);
            _space.Write(AddressOf(area) + (uint)offset, bytes, from, length);
            bytes.AsSpan(from, length).CopyTo(area.Bytes.AsSpan(offset));
            _model.Touch(area, offset, length);
        }
    }

    private void Read()
    {
        if (PickSpan(out int offset, out int length) is { } area)
        {
            CompareBytes(area, offset, length);
        }
    }

    private void Fill()
    {
        if (PickSpan(out int offset, out int length) is { } area)
        {
            var value = (byte)_random.Next();
            _space.Fill(AddressOf(area) + (uint)offset, length, value);
            area.Bytes.AsSpan(offset, length).Fill(value);
            _model.Touch(area, offset, length);
        }
    }

    /// <summary>A scatter list and its chain carry the area's bytes, in order.</summary>
    private void Map()
    {
        if (PickSpan(out int offset, out int length) is not { } area || length == 0)
        {
            return;
        }
        Assert.IsTrue(_list.Build(_space, AddressOf(area) + (uint)offset, length));
        for (int i = 1; i < _list.Count; i++)
        {
            Assert.AreNotEqual(_list.AddressAt(i - 1) + (uint)_list.LengthAt(i - 1), _list.AddressAt(i), "runs that follow each other are one");
        }
        Assert.IsTrue(_chain.Build(_list));
        var bytes = new byte[length];
        int done = 0;
        for (int i = 0; i < _chain.Count; i++)
        {
            Assert.IsTrue(_chain.LengthAt(i) is >= 1 and <= 92);
            _memory.Read(_chain.AddressAt(i), bytes, done, _chain.LengthAt(i));
            done += _chain.LengthAt(i);
        }
        Assert.AreEqual(length, done);
        Assert.IsTrue(area.Bytes.AsSpan(offset, length).SequenceEqual(bytes));
        Assert.AreEqual(length, (int)_list.TotalLength);
        Assert.AreEqual(length, (int)_chain.TotalLength);
    }

    /// <summary>Any address and length: refused exactly if the model has no area around them.</summary>
    private void Misuse()
    {
        uint offset = (uint)_random.Below((VirtualPages + 4) * PageSize) - 2 * PageSize, address = Start + offset;
        int length = _random.Below(4 * PageSize) - 8;
        VmallocModelArea? around = _model.Areas.Values.FirstOrDefault(a =>
            length >= 0 && offset >= (uint)(a.First * PageSize) && (long)offset + length <= a.First * PageSize + a.Bytes.Length);
        var buffer = new byte[4 * PageSize];
        bool read = Succeeds(() => _space.Read(address, buffer, 0, length));
        Assert.AreEqual(around != null, read, $"read of {length} at {address:x8}");
        if (around != null)
        {
            _model.Touch(around, (int)offset - around.First * PageSize, length);
        }
        long page = offset / PageSize;
        VmallocModelArea? mapped = _model.Areas.Values.FirstOrDefault(a => page >= a.First && page < a.First + a.Pages);
        Assert.AreEqual(mapped != null, Succeeds(() => _space.Translate(address)), $"translation of {address:x8}");
        if (mapped != null)
        {
            _model.Touch(mapped, (int)offset - mapped.First * PageSize, 1);
        }
        if (!_model.Areas.Values.Any(a => offset == (uint)(a.First * PageSize)))
        {
            Assert.IsFalse(Succeeds(() => _space.Free(address)), $"free of {address:x8}");
        }
    }

    /// <summary>Other users of the zone allocate and free, so that an area's frames are in no order.</summary>
    private void Disturb()
    {
        if (_others.Count > 0 && _random.Below(2) == 0)
        {
            int index = _random.Below(_others.Count);
            _allocator.FreePages(_others[index]);
            _others.RemoveAt(index);
        }
        else if (_others.Count < 24)
        {
            uint address = _allocator.AllocPages(GfpFlags.Kernel, _random.Below(2), _owners[2]);
            if (address != 0)
            {
                _others.Add(address);
            }
        }
    }

    private void Compare()
    {
        Assert.AreEqual(_model.Hits, _space.TlbHits, "hits");
        Assert.AreEqual(_model.Misses, _space.TlbMisses, "misses");
        var text = new StringBuilder();
        int[] pages = new int[(int)_owners[1] + 1];
        var frames = new HashSet<int>();
        foreach (VmallocModelArea area in _model.Areas.Values)
        {
            int size = (area.Pages + 1) * PageSize;
            uint start = AddressOf(area);
            text.Append($"0x{start:x8}-0x{start + (uint)size:x8} {size,7} {_allocator.OwnerName(area.Owner)} pages={area.Pages} vmalloc\n");
            pages[(int)area.Owner] += area.Pages;
            for (int page = 0; page < area.Pages; page++)
            {
                Assert.IsTrue(frames.Add(_space.VmallocToPfn(start + (uint)(page * PageSize))), "a frame has two pages");
            }
        }
        Assert.AreEqual(text.ToString(), VmallocText.VmallocInfo(_space));
        Assert.AreEqual(pages[(int)_owners[0]], _allocator.OwnerPages(_owners[0]));
        Assert.AreEqual(pages[(int)_owners[1]], _allocator.OwnerPages(_owners[1]));
        int largest = _space.LargestFreePages;
        Assert.IsTrue(largest == 0 || _model.FindPlace(largest * PageSize) >= 0);
        Assert.IsLessThan(0, _model.FindPlace((largest + 1) * PageSize));
    }

    private void CompareBytes(VmallocModelArea area, int offset, int length)
    {
        var bytes = new byte[length];
        _space.Read(AddressOf(area) + (uint)offset, bytes, 0, length);
        _model.Touch(area, offset, length);
        Assert.IsTrue(area.Bytes.AsSpan(offset, length).SequenceEqual(bytes), $"bytes of the area at {AddressOf(area):x8}");
    }

    private VmallocModelArea? PickArea() =>
        _model.Areas.Count == 0 ? null : _model.Areas.Values.ElementAt(_random.Below(_model.Areas.Count));

    private VmallocModelArea? PickSpan(out int offset, out int length)
    {
        offset = length = 0;
        if (PickArea() is not { } area)
        {
            return null;
        }
        offset = _random.Below(area.Bytes.Length + 1);
        length = _random.Below(area.Bytes.Length - offset + 1);
        return area;
    }

    private static uint AddressOf(VmallocModelArea area) => Start + (uint)(area.First * PageSize);

    private static bool Succeeds(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException)
        {
            return false;
        }
    }
}
