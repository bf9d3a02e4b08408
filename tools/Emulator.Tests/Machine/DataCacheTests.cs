using static Carveout.Emulator.Tests.Machine.TestBoard;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>What a cache hides from CPU and devices: 1024 bytes, two ways, 32 bytes a line, so addresses 512 apart share a set.</summary>
[TestClass]
public sealed class DataCacheTests
{
    private const int SetStride = 512;

    private readonly EmulatedMachine _machine = NewMachine();
    private readonly DmaPort _port;

    public DataCacheTests()
    {
        _port = _machine.Port("device", DmaEngines.General);
        Open(_port);
    }

    private CpuView Cpu => _machine.CpuMemory;

    private DataCache Cache => _machine.Caches[0];

    [TestMethod]
    public void What_the_CPU_writes_reaches_memory_when_it_is_cleaned()
    {
        Write(Cpu, Sram + 4, 1, 2, 3);
        Assert.AreSequenceEqual((byte[])[1, 2, 3], Read(Cpu, Sram + 4, 3));
        Assert.AreSequenceEqual((byte[])[0, 0, 0], Read(_machine.Memory, Sram + 4, 3));
        Cpu.CleanCache(Sram + 4, 1);
        Assert.AreSequenceEqual((byte[])[1, 2, 3], Read(_machine.Memory, Sram + 4, 3));
        Assert.AreEqual(1, Cache.WriteBacks);
        Cpu.CleanCache(Sram + 4, 1);
        Assert.AreEqual(1, Cache.WriteBacks, "a clean line is not written");
    }

    [TestMethod]
    public void A_device_reads_old_bytes_where_the_CPU_did_not_clean_and_the_count_says_so()
    {
        Write(Cpu, Sram, Bytes(64));
        byte[] seen = new byte[40];
        _port.TryRead(Sram + 8, seen);
        Assert.AreSequenceEqual(new byte[40], seen, "the device sees memory, which is 0");
        Assert.AreEqual(2, Cache.StaleLinesReadByDevices);
        Assert.AreEqual(40, Cache.StaleBytesReadByDevices);

        Cpu.CleanCache(Sram, 64);
        _port.TryRead(Sram + 8, seen);
        Assert.AreSequenceEqual(Bytes(64)[8..48], seen);
        Assert.AreEqual(2, Cache.StaleLinesReadByDevices);
        Assert.AreEqual(2, _machine.StaleLines);
    }

    [TestMethod]
    public void The_CPU_reads_old_bytes_where_it_did_not_invalidate_and_the_count_says_so()
    {
        Read(Cpu, Sram, 64);
        _port.TryWrite(Sram + 32, Bytes(32));
        Assert.AreEqual(0, Read(Cpu, Sram + 32, 32).Count(b => b != 0), "the CPU sees its copy");
        Assert.AreEqual(1, Cache.StaleLinesRead);
        Read(Cpu, Sram, 32);
        Assert.AreEqual(1, Cache.StaleLinesRead, "the line beside it is not stale");

        Cpu.InvalidateCache(Sram + 32, 32);
        Assert.AreSequenceEqual(Bytes(32), Read(Cpu, Sram + 32, 32));
        Assert.AreEqual(1, Cache.StaleLinesRead);
    }

    [TestMethod]
    public void Memory_that_is_not_cached_is_never_stale()
    {
        Write(Cpu, Sdram, 1, 2, 3);
        byte[] seen = new byte[3];
        _port.TryRead(Sdram, seen);
        Assert.AreSequenceEqual((byte[])[1, 2, 3], seen);
        _port.TryWrite(Sdram, (ReadOnlySpan<byte>)[4, 5, 6]);
        Assert.AreSequenceEqual((byte[])[4, 5, 6], Read(Cpu, Sdram, 3));
        Assert.AreEqual(0, _machine.StaleLines + Cache.Hits + Cache.Misses);
    }

    [TestMethod]
    public void Invalidating_a_part_of_a_line_loses_what_the_neighbour_wrote()
    {
        Write(Cpu, Sram, 1, 2, 3);
        Cpu.InvalidateCache(Sram + 16, 4);
        Assert.AreSequenceEqual((byte[])[0, 0, 0], Read(Cpu, Sram, 3));
        Assert.AreEqual(1, Cache.DirtyLinesDropped);
    }

    [TestMethod]
    public void A_dirty_line_that_is_evicted_goes_over_what_a_device_wrote()
    {
        Write(Cpu, Sram, 1);
        _port.TryWrite(Sram, Bytes(32));
        Read(Cpu, Sram + SetStride, 1);
        Assert.AreEqual(0, Cache.WriteBacks, "there is room for two");
        Read(Cpu, Sram + (2 * SetStride), 1);
        Assert.AreEqual(1, Cache.WriteBacks);
        Assert.AreEqual(1, Cache.WriteBacksOverDma);
        byte[] left = Read(_machine.Memory, Sram, 32);
        Assert.AreEqual(1, left[0]);
        Assert.AreEqual(31, left.Count(b => b == 0), "the device's bytes are gone");
    }

    [TestMethod]
    public void A_line_that_the_CPU_overwrites_wholly_is_stale_no_more()
    {
        Read(Cpu, Sram, 64);
        _port.TryWrite(Sram, Bytes(64));
        Write(Cpu, Sram, Bytes(32, 5));
        Read(Cpu, Sram, 32);
        Assert.AreEqual(0, Cache.StaleLinesRead);
        Write(Cpu, Sram + 32, 9);
        Assert.AreEqual(1, Cache.StaleLinesRead, "a part of a line keeps the stale rest");
    }

    [TestMethod]
    public void Lines_are_counted_as_found_or_not()
    {
        Read(Cpu, Sram + 30, 4);
        Assert.AreEqual(2, Cache.Misses);
        Cpu.Fill(Sram, 64, 3);
        Assert.AreEqual(2, Cache.Hits);
        Cpu.Copy(Sram, Sram + 128, 32);
        Assert.AreEqual(3, Cache.Hits);
        Assert.AreEqual(3, Cache.Misses);
        Assert.AreSequenceEqual(Enumerable.Repeat((byte)3, 32).ToArray(), Read(Cpu, Sram + 128, 32));
    }

    [TestMethod]
    public void Copies_what_overlaps_and_across_the_border_of_what_is_cached()
    {
        Write(Cpu, Sram, 1, 2, 3, 4, 5, 6);
        Cpu.Copy(Sram, Sram + 2, 4);
        Assert.AreSequenceEqual((byte[])[1, 2, 1, 2, 3, 4], Read(Cpu, Sram, 6));
        Cpu.Copy(Sram, Sdram + 8, 6);
        Assert.AreSequenceEqual((byte[])[1, 2, 1, 2, 3, 4], Read(_machine.Memory, Sdram + 8, 6));
        Cpu.Copy(Sdram + 8, Sram + 100, 6);
        Assert.AreSequenceEqual((byte[])[1, 2, 1, 2, 3, 4], Read(Cpu, Sram + 100, 6));
    }

    [TestMethod]
    public void A_line_filled_by_speculation_hides_what_a_device_wrote_since()
    {
        Cache.Prefetch(Sram + 70);
        Assert.AreEqual(0, Cache.Misses);
        _port.TryWrite(Sram + 64, Bytes(32));
        Assert.AreEqual(0, Read(Cpu, Sram + 64, 1)[0]);
        Assert.AreEqual(1, Cache.StaleLinesRead);
    }

    [TestMethod]
    public void Speculation_fills_lines_of_pages_that_were_used_and_repeats_from_its_seed()
    {
        (long First, long Hits) Run(int interval)
        {
            var machine = new EmulatedMachine(Map(), new MachineSpec { SpeculationInterval = interval, Seed = 5 });
            for (int i = 0; i < 2000; i++)
            {
                Read(machine.CpuMemory, Sram + (uint)(i * 8 % PageSize), 1);
            }
            return (machine.Caches[0].Misses, machine.Caches[0].Hits);
        }
        Assert.AreEqual((128L, 1872L), Run(0));
        Assert.AreEqual(Run(2), Run(2));
        Assert.IsLessThan(128L, Run(2).First, "some lines were there before they were asked for");
    }

    [TestMethod]
    public void Spans_outside_a_region_are_refused_and_change_nothing()
    {
        byte[] buffer = new byte[8];
        foreach (Action access in (Action[])[() => Cpu.Fill(Sram - 1, 2, 1), () => Cpu.Copy(Sram, 0x30000000, 4), () => Cpu.Copy(0x30000000, Sram, 4),
            () => Cpu.Read(Sram + SramSize, buffer, 0, 1), () => Cpu.Write(Sram + SramSize - 1, buffer, 0, 2), () => Cpu.CleanCache(Sram, -1),
            () => Cpu.InvalidateCache(Ccm - 1, 1), () => _machine.Memory.CleanCache(Ccm - 1, 1), () => Cpu.Read(Sram, buffer, 4, 5)])
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(access);
        }
        Assert.AreEqual(0, Cache.Hits + Cache.Misses);
    }

    [TestMethod]
    [DataRow(3, 1024, 2)]
    [DataRow(32, 1000, 2)]
    [DataRow(32, 1024, 3)]
    [DataRow(32, 32, 2)]
    [DataRow(8192, 65536, 2)]
    public void A_cache_of_impossible_shape_is_refused(int line, int size, int ways) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DataCache(_machine.Memory, line, size, ways));
}
