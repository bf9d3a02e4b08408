using Carveout.Emulator.Tests.Properties;
using Carveout.Firmware.Tests.Memory;

namespace Carveout.Emulator.Tests.Dma;

/// <summary>Devices and the CPU use the same memory in any order that the rules allow, behind a cache that fetches and writes back when it
/// likes; every byte must be the one that a model without cache and bounce buffers has.</summary>
/// <remarks>The board's tests share their fixture, which is static, so these run one after the other.</remarks>
[TestClass]
[DoNotParallelize]
public sealed class DmaRandomTests
{
    private const int Capacity = 12;
    private static readonly (uint Start, int Size)[] s_areas =
        [(DmaTestBoard.Free, 0x400), (DmaTestBoard.Sdram + 0x1000, 0x400), (DmaTestBoard.Psram, 0x400)];

    private readonly List<DmaModelMapping> _mappings = [];
    private readonly Dictionary<uint, byte> _bytes = [];
    private readonly Dictionary<string, int> _counts = [];
    private DmaCheckedMemory _checked = null!;
    private DmaDevice[] _devices = null!;
    private PropertyRun _run = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Every_byte_is_where_the_model_has_it()
    {
        _run = new PropertyRun(TestContext, 0xD0A);
        _run.Guard(() =>
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, Capacity);
            _checked = new DmaCheckedMemory(DmaTestBoard.Dma);
            _devices = [DmaTestBoard.Camera, DmaTestBoard.Attach("aligned", 16, 256), DmaTestBoard.Snooper];
            int steps = TestSeed.Steps(30_000);
            for (int step = 0; step < steps; step++)
            {
                Step();
                if (step % 16 == 0)
                {
                    CompareAll();
                }
            }
        });
        TestContext.WriteLine(string.Join(", ", _counts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}")));
        TestContext.WriteLine($"bounced {DmaTestBoard.Bounce.Bounced}, copied {DmaTestBoard.Bounce.BytesCopied}");
        foreach (string expected in (string[])["map", "unmap", "map direct", "map bounced", "map without room", "overlap", "sync cpu", "sync device",
            "sync two parts", "sync not the cpu's", "cpu write", "cpu refused", "device write", "wrong unmap"])
        {
            Assert.IsGreaterThan(TestSeed.Steps(50), _counts.GetValueOrDefault(expected), expected);
        }
    }

    private void Step()
    {
        switch (_run.Random.Below(9))
        {
            case 0:
                Map();
                break;
            case 1:
                Unmap();
                break;
            case 2:
                SyncForCpu();
                break;
            case 3:
                SyncForDevice();
                break;
            case 4 or 5:
                CpuAccess();
                break;
            case 6:
                DeviceWrite();
                break;
            case 7:
                WrongUnmap();
                break;
            default:
                // The cache fetches and writes back on its own.
                (uint start, int size) = _run.Choose(s_areas);
                DmaTestBoard.Memory.Turn(start + (uint)_run.Random.Below(size));
                DmaTestBoard.Memory.Turn(DmaTestBoard.SlotStart + (uint)_run.Random.Below(DmaTestBoard.Slots * DmaTestBoard.SlotSize));
                break;
        }
    }

    private void Map()
    {
        (uint start, int whole) = _run.Choose(s_areas);
        int line = start == DmaTestBoard.Sdram + 0x1000 ? 1 : DmaTestBoard.Line;
        int offset = _run.Random.Below(whole), size = 1 + _run.Random.Below(Math.Min(200, whole - offset));
        if (_run.Chance(50))
        {
            (offset, size) = (offset & -32, Math.Min(whole - (offset & -32), (size + 31) & -32));
        }
        var direction = (DmaDirection)_run.Random.Below(3);
        DmaDevice device = _run.Choose(_devices);
        uint address = start + (uint)offset;
        _run.Begin($"map {size} at {address:x8} {direction} for {device.Name}");
        bool overlap = _mappings.Exists(m => m.Overlaps(address, size)
            && (m.Direction != DmaDirection.ToDevice || direction != DmaDirection.ToDevice));
        uint bus = address - DmaTestBoard.Sdram < DmaTestBoard.SdramSize ? address - DmaTestBoard.Sdram + DmaTestBoard.SdramBus : address;
        bool bounces = start == DmaTestBoard.Psram || bus % (uint)device.Alignment != 0
            || (device.Boundary != 0 && bus / device.Boundary != (bus + (uint)size - 1) / device.Boundary)
            || (line > 1 && !device.Snoops && direction != DmaDirection.ToDevice && ((bus | (uint)size) & 31) != 0);
        uint handle = 0;
        bool refused = Refused(() => handle = DmaTestBoard.Streaming.MapSingle(device, address, size, direction));
        _run.Expect(refused == overlap, "refusal of an overlap");
        Count(overlap ? "overlap" : handle == 0 ? "map without room" : "map");
        if (handle == 0)
        {
            _run.Expect(overlap || _mappings.Count == Capacity || bounces, "a mapping without a reason to fail");
            return;
        }
        _run.Expect(bounces ? handle - DmaTestBoard.SlotStart < 2048 : handle == bus, $"bounces {bounces}, handle {handle:x8}");
        Count(bounces ? "map bounced" : "map direct");
        var mapping = new DmaModelMapping(device, address, size, direction, handle, DmaTestBoard.Cpu(handle),
            device.Snoops ? 1 : bounces ? DmaTestBoard.Line : line);
        for (int i = 0; i < size; i++)
        {
            mapping.DeviceBytes[i] = _bytes.GetValueOrDefault(address + (uint)i);
        }
        _mappings.Add(mapping);
    }

    private void Unmap()
    {
        if (_mappings.Count != 0)
        {
            DmaModelMapping mapping = _run.Choose(_mappings);
            _run.Begin($"unmap {mapping}");
            DmaTestBoard.Streaming.UnmapSingle(mapping.Device, mapping.Handle, mapping.Size, mapping.Direction);
            ToCpu(mapping, 0, mapping.Size);
            _mappings.Remove(mapping);
            Count("unmap");
        }
    }

    private void SyncForCpu()
    {
        if (Part(out int from, out int to) is { } mapping)
        {
            _run.Begin($"sync for cpu {from} to {to} of {mapping}");
            (int first, int last) = mapping.Whole(from, to);
            bool[] after = [.. mapping.Cpu.Select((has, i) => has || (i >= first && i < last))];
            bool apart = Parts(after) > 1;
            bool refused = Refused(() => DmaTestBoard.Streaming.SyncForCpu(
                mapping.Device, mapping.Handle + (uint)from, to - from, mapping.Direction));
            _run.Expect(refused == apart, $"refusal of two parts: {refused}");
            Count(apart ? "sync two parts" : "sync cpu");
            if (!apart)
            {
                ToCpu(mapping, first, last);
            }
        }
    }

    private void SyncForDevice()
    {
        if (Part(out int from, out int to) is { } mapping)
        {
            _run.Begin($"sync for device {from} to {to} of {mapping}");
            (int first, int last) = mapping.Whole(from, to);
            bool[] after = [.. mapping.Cpu.Select((has, i) => has && (i < first || i >= last))];
            bool nothing = after.SequenceEqual(mapping.Cpu), apart = Parts(after) > 1;
            bool refused = Refused(() => DmaTestBoard.Streaming.SyncForDevice(
                mapping.Device, mapping.Handle + (uint)from, to - from, mapping.Direction));
            _run.Expect(refused == (nothing || apart), $"refusal: {refused}, nothing to hand over: {nothing}, two parts: {apart}");
            Count(nothing ? "sync not the cpu's" : apart ? "sync two parts" : "sync device");
            for (int i = 0; !refused && i < mapping.Size; i++)
            {
                if (mapping.Cpu[i] && !after[i])
                {
                    mapping.Cpu[i] = false;
                    if (mapping.Direction != DmaDirection.FromDevice)
                    {
                        mapping.DeviceBytes[i] = _bytes.GetValueOrDefault(mapping.Address + (uint)i);
                    }
                }
            }
        }
    }

    private void CpuAccess()
    {
        (uint start, int whole) = _run.Choose(s_areas);
        int offset = _run.Random.Below(whole), size = 1 + _run.Random.Below(Math.Min(48, whole - offset));
        uint address = start + (uint)offset;
        bool writes = _run.Chance(70);
        _run.Begin($"cpu {(writes ? "write" : "read")} {size} at {address:x8}");
        bool held = _mappings.Exists(m => m.Overlaps(address, size) && Holds(m, address, size, writes));
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            bytes[i] = (byte)_run.Random.Below(256);
        }
        bool refused = Refused(() =>
        {
            if (writes)
            {
                _checked.Write(address, bytes, 0, size);
            }
            else
            {
                _checked.Read(address, bytes, 0, size);
            }
        });
        _run.Expect(refused == held, $"refusal: {refused}");
        Count(held ? "cpu refused" : writes ? "cpu write" : "cpu read");
        for (int i = 0; !held && i < size; i++)
        {
            if (writes)
            {
                _bytes[address + (uint)i] = bytes[i];
            }
            _run.ExpectEqual(_bytes.GetValueOrDefault(address + (uint)i), bytes[i], "byte", i);
        }
    }

    private static bool Holds(DmaModelMapping mapping, uint address, int size, bool writes)
    {
        if (mapping.Direction == DmaDirection.FromDevice && writes)
        {
            return true;
        }
        int from = (int)Math.Max(0, (long)address - mapping.Address), to = (int)Math.Min(mapping.Size, (long)address + size - mapping.Address);
        return (writes || mapping.Direction != DmaDirection.ToDevice) && mapping.Cpu.AsSpan(from..to).Contains(false);
    }

    private void DeviceWrite()
    {
        if (Part(out int from, out int to) is { } mapping && mapping.Direction != DmaDirection.ToDevice)
        {
            _run.Begin($"device write {from} to {to} of {mapping}");
            for (int i = from; i < to; i++)
            {
                if (!mapping.Cpu[i])
                {
                    mapping.DeviceBytes[i] = (byte)_run.Random.Below(256);
                    DmaTestBoard.Memory.DeviceWrite(DmaTestBoard.Cpu(mapping.Handle) + (uint)i, mapping.DeviceBytes[i]);
                    if (mapping.Device.Snoops)
                    {
                        // The coherent interconnect updates the CPU's cache.
                        byte[] one = [mapping.DeviceBytes[i]];
                        DmaTestBoard.Memory.Write(DmaTestBoard.Cpu(mapping.Handle) + (uint)i, one, 0, 1);
                    }
                }
            }
            Count("device write");
        }
    }

    private void WrongUnmap()
    {
        if (_mappings.Count != 0)
        {
            DmaModelMapping right = _run.Choose(_mappings);
            DmaDevice device = _run.Choose(_devices);
            uint handle = right.Handle + (uint)_run.Random.Below(3) - 1;
            int size = right.Size + _run.Random.Below(3) - 1;
            var direction = (DmaDirection)_run.Random.Below(3);
            if (!_mappings.Exists(m => m.Device == device && m.Handle == handle && m.Size == size && m.Direction == direction))
            {
                _run.Begin($"wrong unmap of {right}");
                _run.Expect(Refused(() => DmaTestBoard.Streaming.UnmapSingle(device, handle, size, direction)), "a wrong unmap");
                Count("wrong unmap");
            }
        }
    }

    /// <summary>The CPU gets the bytes of [from, to) that the device still owned.</summary>
    private void ToCpu(DmaModelMapping mapping, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (!mapping.Cpu[i])
            {
                mapping.Cpu[i] = true;
                if (mapping.Direction != DmaDirection.ToDevice)
                {
                    _bytes[mapping.Address + (uint)i] = mapping.DeviceBytes[i];
                }
            }
        }
    }

    /// <summary>Every mapping is where the model has it, and device and CPU read the model's bytes.</summary>
    private void CompareAll()
    {
        _run.ExpectEqual(_mappings.Count, DmaTestBoard.Dma.MappingCount, "mappings");
        int slots = 0;
        foreach (DmaModelMapping mapping in _mappings)
        {
            slots += mapping.Handle - DmaTestBoard.SlotStart < 2048 ? (mapping.Size - 1) / DmaTestBoard.SlotSize + 1 : 0;
            for (int i = 0; i < mapping.Size; i++)
            {
                if (!mapping.Cpu[i] && !mapping.Device.Snoops)
                {
                    byte seen = DmaTestBoard.Memory.DeviceRead(DmaTestBoard.Cpu(mapping.Handle) + (uint)i);
                    _run.ExpectEqual(mapping.DeviceBytes[i], seen, $"what the device sees of {mapping}, byte", i);
                }
            }
        }
        _run.ExpectEqual(slots, DmaTestBoard.Bounce.LiveCount, "slots");
        byte[] bytes = new byte[1];
        foreach ((uint start, int size) in s_areas)
        {
            for (uint address = start; address < start + (uint)size; address++)
            {
                if (!_mappings.Exists(m => m.Overlaps(address, 1) && Holds(m, address, 1, false)))
                {
                    DmaTestBoard.Memory.Read(address, bytes, 0, 1);
                    _run.ExpectEqual(_bytes.GetValueOrDefault(address), bytes[0], $"what the CPU sees at {address:x8}");
                }
            }
        }
    }

    private DmaModelMapping? Part(out int from, out int to)
    {
        from = to = 0;
        if (_mappings.Count == 0)
        {
            return null;
        }
        DmaModelMapping mapping = _run.Choose(_mappings);
        // If the same device has the same bytes twice, a part may belong to either mapping; the board's tests check that case.
        if (_mappings.Exists(m => m != mapping && m.Device == mapping.Device && m.Overlaps(mapping.Address, mapping.Size)))
        {
            return null;
        }
        from = _run.Chance(50) ? 0 : _run.Random.Below(mapping.Size);
        to = _run.Chance(50) ? mapping.Size : from + 1 + _run.Random.Below(mapping.Size - from);
        return mapping;
    }

    private static int Parts(bool[] has)
    {
        int parts = 0;
        for (int i = 0; i < has.Length; i++)
        {
            parts += has[i] && (i == 0 || !has[i - 1]) ? 1 : 0;
        }
        return parts;
    }

    private static bool Refused(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}
