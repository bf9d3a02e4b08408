using System.Text;
using Carveout.Diagnostics;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>Random mappings, windows and vmalloc areas in one virtual range, compared with a model that knows the owner and the content of
/// every physical byte.</summary>
[TestClass]
public sealed class IoMemoryProperties
{
    private const int PageSize = 256, Pages = 128, ZoneFirst = 8, ZonePages = 32, VirtualPages = 96, Areas = 10, Requests = 6, TlbEntries = 8;
    private const int WindowPages = 12, OwnerCount = 3;
    private const uint Base = 0x10000000, Start = 0xE0000000, Window = 0x5000;

    /// <summary>Who has a byte; numbers beyond these stand for reservations.</summary>
    private const byte Outside = 0, Runtime = 1, InZone = 2;

    private readonly ManagedMemory _memory = new(Base, Pages * PageSize);
    private readonly byte[] _holders = new byte[Pages * PageSize];
    private readonly byte[] _bytes = new byte[Pages * PageSize];
    private readonly VmallocModel _model = new(VirtualPages, Areas, PageSize, TlbEntries);
    private readonly Dictionary<int, (uint Physical, int Size)> _mappings = [];
    private readonly List<(uint Start, int Size, int Owner)> _requests = [];
    private readonly int[] _frames = new int[WindowPages];
    private readonly int[] _counts = new int[10];

    private PropertyRun _run = null!;
    private PageAllocator _allocator = null!;
    private Vmalloc _space = null!;
    private IoMemory _io = null!;
    private VmArea _window = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(1UL)]
    [DataRow(2UL)]
    [DataRow(3UL)]
    public void Does_what_its_model_does(ulong seed)
    {
        _run = new PropertyRun(TestContext, seed);
        _run.Guard(() =>
        {
            Boot();
            for (int step = TestSeed.Steps(20_000); step > 0; step--)
            {
                Step();
                Compare();
            }
            // Each operation must have happened often enough to mean something.
            _run.Expect(_counts.All(count => count > TestSeed.Steps(100)), string.Join(' ', _counts));
        });
        TestContext.WriteLine($"operations done: {string.Join(' ', _counts)}");
    }

    private void Boot()
    {
        var map = new MemoryMap("random", PageSize);
        Add(map, "SDRAM", 4 * PageSize, 120 * PageSize, Runtime);
        map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, Base + ZoneFirst * PageSize, ZonePages * PageSize, DmaEngines.None, PageMapKind.FreeBlocks));
        _holders.AsSpan(ZoneFirst * PageSize, ZonePages * PageSize).Fill(InZone);
        // The second begins inside the page in which the first ends; the third is separate.
        Add(map, "a", 40 * PageSize, 20 * PageSize + 100, 3);
        Add(map, "b", 60 * PageSize + 100, 20 * PageSize, 4);
        Add(map, "c", 100 * PageSize, 8 * PageSize, 5);
        _memory.Fill(Base, Pages * PageSize, 0);
        _allocator = PageAllocator.Boot(map, _memory, null);
        _allocator.RegisterOwner("camera");
        _allocator.RegisterOwner("display");
        _space = new Vmalloc(_allocator, _memory, Start, VirtualPages, Areas, TlbEntries);
        _io = new IoMemory(_space, Requests);
        _window = new VmArea(_io, "player", Window, WindowPages, VmFlags.Read | VmFlags.Write);
    }

    private void Add(MemoryMap map, string name, int offset, int size, byte holder)
    {
        if (holder == Runtime)
        {
            map.Add(new MemoryRegion(name, MemoryKind.Sdram, Base + (uint)offset, (uint)size, DmaEngines.General, 0));
        }
        else
        {
            map.Add(new Reservation(name, Base + (uint)offset, (uint)size));
        }
        _holders.AsSpan(offset, size).Fill(holder);
    }

    private void Step()
    {
        switch (_run.Random.Below(10))
        {
            case 0:
                Alloc();
                break;
            case 1:
                FreeAnything();
                break;
            case 2 or 3:
                Ioremap();
                break;
            case 4:
                Request();
                break;
            case 5:
                Release();
                break;
            case 6:
                Remap();
                break;
            case 7:
                Unmap();
                break;
            case 8:
                UseArea();
                break;
            default:
                UseWindow();
                break;
        }
    }

    private void Alloc()
    {
        int size = 1 + _run.Random.Below(6 * PageSize), place = _model.FindPlace(size);
        bool fits = place >= 0 && _model.Pages(size) <= _allocator.ZoneAt(0).FreePages;
        _run.Begin($"vmalloc of {size}");
        uint address = _space.Alloc(size, GfpFlags.Zero, (PageOwner)1);
        _run.ExpectEqual(fits ? AddressOf(place) : 0, address, "area");
        if (fits)
        {
            _model.Add(place, size, (PageOwner)1);
            _counts[0]++;
        }
    }

    /// <summary>Gives any address to Free or Iounmap: it is right for one of them, or for none.</summary>
    private void FreeAnything()
    {
        uint address = _run.Chance(80) && PickArea() is { } area
            ? AddressOf(area.First) + (_mappings.TryGetValue(area.First, out var m) ? m.Physical % PageSize : 0) + (_run.Chance(20) ? 1u : 0)
            : Start + (uint)_run.Random.Below((VirtualPages + 2) * PageSize) - PageSize;
        bool unmaps = _run.Chance(60);
        _run.Begin($"{(unmaps ? "iounmap" : "vfree")} of {address:x8}");
        VmallocModelArea? found = _model.Areas.Values.FirstOrDefault(a => _mappings.TryGetValue(a.First, out var mapping)
            ? unmaps && AddressOf(a.First) + mapping.Physical % PageSize == address
            : !unmaps && AddressOf(a.First) == address);
        _run.ExpectEqual(found == null ? 0 : 1, Try(() => Release(unmaps, address)), "freed");
        if (found != null)
        {
            _model.Remove(found);
            _mappings.Remove(found.First);
            _counts[1]++;
        }
    }

    private void Release(bool unmaps, uint address)
    {
        if (unmaps)
        {
            _io.Iounmap(address);
        }
        else
        {
            _space.Free(address);
        }
    }

    private void Ioremap()
    {
        (uint start, int size, int owner) = Span(8 * PageSize);
        int whole = (int)(start % PageSize) + size, place = _model.FindPlace(whole);
        bool allowed = Allowed(start, size) && !_requests.Exists(r => r.Owner != owner && Touch(r.Start, r.Size, start, size));
        _run.Begin($"ioremap of {size} at {start:x8} for {owner}");
        uint address = 0;
        _run.ExpectEqual(allowed ? 1 : 0, Try(() => address = _io.Ioremap(start, size, (PageOwner)owner)), "allowed");
        if (allowed)
        {
            _run.ExpectEqual(place < 0 ? 0 : AddressOf(place) + start % PageSize, address, "address");
            if (place >= 0)
            {
                _model.Add(place, whole, (PageOwner)owner);
                _mappings[place] = (start, size);
                _counts[2]++;
            }
        }
    }

    private void Request()
    {
        (uint start, int size, int owner) = Span(4 * PageSize);
        bool allowed = Allowed(start, size) && !_requests.Exists(r => Touch(r.Start, r.Size, start, size))
            && !_mappings.Any(m => _model.Areas[m.Key].Owner != (PageOwner)owner && Touch(m.Value.Physical, m.Value.Size, start, size));
        _run.Begin($"request of {size} at {start:x8} for {owner}");
        bool done = false;
        _run.ExpectEqual(allowed ? 1 : 0, Try(() => done = _io.RequestRegion(start, size, (PageOwner)owner)), "allowed");
        _run.ExpectEqual(allowed && _requests.Count < Requests ? 1 : 0, done ? 1 : 0, "requested");
        if (done)
        {
            _requests.Add((start, size, owner));
            _counts[3]++;
        }
    }

    private void Release()
    {
        (uint start, int size, int _) = _requests.Count != 0 && _run.Chance(80) ? _run.Choose(_requests) : Span(4 * PageSize);
        size += _run.Chance(10) ? 1 : 0;
        _run.Begin($"release of {size} at {start:x8}");
        int index = _requests.FindIndex(r => r.Start == start && r.Size == size);
        _run.ExpectEqual(index < 0 ? 0 : 1, Try(() => _io.ReleaseRegion(start, size)), "released");
        if (index >= 0)
        {
            _requests.RemoveAt(index);
            _counts[4]++;
        }
    }

    private void Remap()
    {
        (uint start, int size, int owner) = Span(4 * PageSize);
        int frame = (int)(start / PageSize), pages = (size + PageSize - 1) / PageSize, at = _run.Random.Below(WindowPages + 2) - 1;
        int offset = _run.Chance(5) ? 1 : 0, bytes = pages * PageSize;
        start = (uint)frame * PageSize;
        bool allowed = offset == 0 && at >= 0 && at + pages <= WindowPages && Allowed(start, bytes)
            && !_requests.Exists(r => r.Owner != owner && Touch(r.Start, r.Size, start, bytes))
            && _frames.AsSpan(at, pages).IndexOfAnyExcept(0) < 0;
        uint address = Window + (uint)(at * PageSize + offset);
        _run.Begin($"remap of {size} at frame {frame:x} for {owner} at {address:x}");
        _run.ExpectEqual(allowed ? 1 : 0, Try(() => _io.RemapPfnRange(_window, address, frame, size, (PageOwner)owner)), "allowed");
        if (allowed)
        {
            for (int page = 0; page < pages; page++)
            {
                _frames[at + page] = frame + page;
            }
            _counts[5]++;
        }
    }

    private void Unmap()
    {
        int at = _run.Random.Below(WindowPages + 1), size = 1 + _run.Random.Below(3 * PageSize), pages = (size + PageSize - 1) / PageSize;
        _run.Begin($"unmap of {size} at page {at}");
        bool allowed = at + pages <= WindowPages && !_frames.AsSpan(at, pages).Contains(0);
        _run.ExpectEqual(allowed ? 1 : 0, Try(() => _window.Unmap(Window + (uint)(at * PageSize), size)), "unmapped");
        if (allowed)
        {
            _frames.AsSpan(at, pages).Clear();
            _counts[6]++;
        }
    }

    /// <summary>Reads or writes a span of a mapping or an area, or one that goes beyond it.</summary>
    private void UseArea()
    {
        if (PickArea() is not { } area)
        {
            return;
        }
        bool mapped = _mappings.TryGetValue(area.First, out var mapping);
        int inPage = mapped ? (int)(mapping.Physical % PageSize) : 0, size = mapped ? mapping.Size : area.Bytes.Length;
        int offset = _run.Random.Below(size + 2) - 1, length = _run.Random.Below(size + 2);
        uint address = AddressOf(area.First) + (uint)(inPage + offset);
        bool allowed = offset >= 0 && offset + length <= size;
        bool writes = _run.Chance(50);
        byte[] buffer = Bytes(length);
        _run.Begin($"{(writes ? "write" : "read")} of {length} at {address:x8}");
        _run.ExpectEqual(allowed ? 1 : 0, Try(() => Use(writes, address, buffer, length)), "allowed");
        if (allowed)
        {
            Span<byte> expected = mapped
                ? _bytes.AsSpan((int)(mapping.Physical - Base) + offset, length)
                : area.Bytes.AsSpan(offset, length);
            Check(writes, buffer, expected, "area");
            _model.Touch(area, inPage + offset, length);
            _counts[writes ? 7 : 8]++;
        }
    }

    private void Use(bool writes, uint address, byte[] buffer, int length)
    {
        if (writes)
        {
            _space.Write(address, buffer, 0, length);
        }
        else
        {
            _space.Read(address, buffer, 0, length);
        }
    }

    private void UseWindow()
    {
        int offset = _run.Random.Below(WindowPages * PageSize + 2) - 1, length = _run.Random.Below(3 * PageSize);
        uint address = Window + (uint)offset;
        bool writes = _run.Chance(50);
        bool allowed = offset >= 0 && offset + length <= WindowPages * PageSize
            && Enumerable.Range(offset, length).All(at => _frames[at / PageSize] != 0);
        byte[] buffer = Bytes(length), expected = new byte[length];
        _run.Begin($"window {(writes ? "write" : "read")} of {length} at {address:x}");
        _run.ExpectEqual(allowed ? 1 : 0, Try(() =>
        {
            if (writes)
            {
                _window.Write(address, buffer, 0, length);
            }
            else
            {
                _window.Read(address, buffer, 0, length);
            }
        }), "allowed");
        for (int i = 0; allowed && i < length; i++)
        {
            int at = _frames[(offset + i) / PageSize] * PageSize + (offset + i) % PageSize - (int)Base;
            expected[i] = writes ? buffer[i] : _bytes[at];
            _bytes[at] = expected[i];
        }
        if (allowed)
        {
            _run.Expect(buffer.AsSpan().SequenceEqual(expected), "bytes of the window");
            _counts[9]++;
        }
    }

    private void Check(bool writes, byte[] buffer, Span<byte> expected, string what)
    {
        if (writes)
        {
            buffer.CopyTo(expected);
        }
        else
        {
            _run.Expect(expected.SequenceEqual(buffer), "bytes of the " + what);
        }
    }

    private void Compare()
    {
        var text = new StringBuilder();
        int pages = 0;
        foreach (VmallocModelArea area in _model.Areas.Values)
        {
            uint start = AddressOf(area.First), size = (uint)(area.Pages + 1) * PageSize;
            text.Append($"0x{start:x8}-0x{start + size:x8} {size,7} {_allocator.OwnerName(area.Owner)} ");
            bool mapped = _mappings.TryGetValue(area.First, out var mapping);
            text.Append(mapped ? $"phys=0x{mapping.Physical / PageSize * PageSize:x8} ioremap\n" : $"pages={area.Pages} vmalloc\n");
            pages += mapped ? 0 : area.Pages;
        }
        _run.Expect(text.ToString() == VmallocText.VmallocInfo(_space), text.ToString() + VmallocText.VmallocInfo(_space));
        _run.ExpectEqual(ZonePages - pages, _allocator.ZoneAt(0).FreePages, "free pages");
        _run.ExpectEqual(_model.Hits, _space.TlbHits, "hits");
        _run.ExpectEqual(_model.Misses, _space.TlbMisses, "misses");
        _run.ExpectEqual(_frames.Count(frame => frame != 0), _window.MappedPages, "mapped pages");
        _requests.Sort();
        _run.ExpectEqual(_requests.Count, _io.RequestCount, "requests");
        for (int i = 0; i < _requests.Count; i++)
        {
            _run.Expect(_requests[i] == (_io.RequestStartAt(i), _io.RequestSizeAt(i), (int)_io.RequestOwnerAt(i)), "request", i);
        }
        // Bytes that nobody wrote to, and those of others, have not changed.
        byte[] now = new byte[Pages * PageSize];
        _memory.Read(Base, now, 0, now.Length);
        _bytes.AsSpan(ZoneFirst * PageSize, ZonePages * PageSize).CopyTo(now.AsSpan(ZoneFirst * PageSize));
        _run.Expect(now.AsSpan().SequenceEqual(_bytes), "a byte that nobody wrote has changed");
    }

    /// <summary>A random span, usually in a place where it is allowed.</summary>
    private (uint Start, int Size, int Owner) Span(int most)
    {
        int size = _run.Chance(3) ? -_run.Random.Below(2) : 1 + _run.Random.Below(most), at;
        do
        {
            at = _run.Random.Below(Pages * PageSize - most);
        }
        while (_run.Chance(70) && !Allowed(Base + (uint)at, size));
        return (Base + (uint)at, size, _run.Random.Below(OwnerCount));
    }

    /// <summary>Whether all bytes belong to one reservation, or lie outside all regions.</summary>
    private bool Allowed(uint start, int size)
    {
        if (size < 1)
        {
            return false;
        }
        ReadOnlySpan<byte> held = _holders.AsSpan((int)(start - Base), size);
        return held[0] is not (Runtime or InZone) && held.IndexOfAnyExcept(held[0]) < 0;
    }

    private byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)_run.Random.Next();
        }
        return bytes;
    }

    private VmallocModelArea? PickArea() =>
        _model.Areas.Count == 0 ? null : _model.Areas.Values.ElementAt(_run.Random.Below(_model.Areas.Count));

    private static bool Touch(uint a, int aSize, uint b, int bSize) => a < (long)b + bSize && b < (long)a + aSize;

    private static uint AddressOf(int first) => Start + (uint)(first * PageSize);

    /// <returns>1 if it was done, 0 if it was refused as misuse.</returns>
    private static int Try(Action action)
    {
        try
        {
            action();
            return 1;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or InvalidOperationException)
        {
            return 0;
        }
    }
}
