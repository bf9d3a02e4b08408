using Carveout.Emulator.Tests.Properties;
using static Carveout.Emulator.Tests.Machine.TestBoard;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>Random programs and devices use one memory: cache and model agree on every byte and every count.</summary>
[TestClass]
public sealed class DataCacheProperties
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(32, 1024, 2)]
    [DataRow(16, 512, 4)]
    [DataRow(64, 2048, 1)]
    public void Cache_and_model_agree(int line, int size, int ways)
    {
        const int Window = 3 * 4096, Lead = 8192;
        var run = new PropertyRun(TestContext, 20260101);
        run.Guard(() =>
        {
            var map = new MemoryMap("cached", 4096);
            map.Add(new MemoryRegion("RAM", MemoryKind.Sram, Sram, 0x20000, DmaEngines.General, line));
            var machine = new EmulatedMachine(map, new MachineSpec { CacheSize = size, CacheWays = ways });
            DataCache cache = machine.Caches[0];
            DmaPort port = machine.Port("device", DmaEngines.General);
            port.AllowAccess(Sram, 0x20000);
            byte[] memory = new byte[Window + Lead];
            var model = new CacheModel(memory, line, size / line / ways, ways);
            for (int step = TestSeed.Steps(20_000); step > 0; step--)
            {
                // Half of the accesses go to a few lines that share sets, so that they collide.
                int at = Lead + (run.Chance(50) ? run.Random.Below(Window - 300) : run.Random.Below(8) * 1024 + run.Random.Below(64));
                int length = run.Random.Below(run.Chance(20) ? 300 : 40);
                uint address = Sram + (uint)at;
                byte value = (byte)run.Random.Next();
                byte[] bytes = [.. Enumerable.Range(value, length).Select(i => (byte)i)];
                int kind = run.Random.Below(7);
                run.Begin($"operation {kind} at {at}, {length} bytes");
                switch (kind)
                {
                    case 0:
                        byte[] seen = Read(machine.CpuMemory, address, length);
                        byte[] expected = [.. Enumerable.Range(at, length).Select(i => model.Read(i, i == at || i % line == 0))];
                        run.Expect(seen.AsSpan().SequenceEqual(expected), "the CPU reads other bytes");
                        break;
                    case 1 or 2:
                        for (int i = at; i < at + length; i++)
                        {
                            bool whole = i % line == 0 && at + length - i >= line;
                            model.Write(i, kind == 1 ? bytes[i - at] : value, i == at || i % line == 0, whole);
                        }
                        if (kind == 1)
                        {
                            Write(machine.CpuMemory, address, bytes);
                        }
                        else
                        {
                            machine.CpuMemory.Fill(address, length, value);
                        }
                        break;
                    case 3:
                        machine.CpuMemory.CleanCache(address, length);
                        model.Clean(at, length);
                        break;
                    case 4:
                        machine.CpuMemory.InvalidateCache(address, length);
                        model.Invalidate(at, length);
                        break;
                    case 5 when length > 0:
                        port.TryWrite(address, bytes);
                        model.DeviceWrite(at, bytes);
                        break;
                    case 6 when length > 0:
                        byte[] got = new byte[length];
                        port.TryRead(address, got);
                        run.Expect(got.AsSpan().SequenceEqual(model.DeviceRead(at, length)), "the device reads other bytes");
                        break;
                }
                run.ExpectEqual(model.Hits, cache.Hits, "hits");
                run.ExpectEqual(model.Misses, cache.Misses, "misses");
                run.ExpectEqual(model.WriteBacks, cache.WriteBacks, "write-backs");
                run.ExpectEqual(model.OverDma, cache.WriteBacksOverDma, "write-backs over DMA");
                run.ExpectEqual(model.Dropped, cache.DirtyLinesDropped, "dirty lines dropped");
                run.ExpectEqual(model.StaleRead, cache.StaleLinesRead, "stale lines read");
                run.ExpectEqual(model.StaleDeviceLines, cache.StaleLinesReadByDevices, "stale lines read by devices");
                run.ExpectEqual(model.StaleDeviceBytes, cache.StaleBytesReadByDevices, "stale bytes read by devices");
            }
            run.Expect(Read(machine.Memory, Sram, memory.Length).AsSpan().SequenceEqual(memory), "memory differs at the end");
            run.Expect(cache.StaleLinesRead > 0 && cache.StaleBytesReadByDevices > 0 && cache.WriteBacksOverDma > 0, "everything happened");
        });
    }
}
