namespace Carveout.Emulator.Tests.Machine;

/// <summary>A small board with every kind of memory: cached and uncached, reached by DMA and not, in zones, reserved, and left to the
/// runtime.</summary>
internal static class TestBoard
{
    /// <summary>Cached, with lines of 32 bytes; half of it is a DMA zone.</summary>
    public const uint Sram = 0x20000000, SramSize = 0x20000, Zone = Sram + 0x10000;

    /// <summary>Not cached; at addresses whose top bit is set.</summary>
    public const uint Sdram = 0xC0000000, Pool = Sdram + 0x80000;

    /// <summary>No engine reaches it.</summary>
    public const uint Ccm = 0x10000000;

    public const int Line = 32, PageSize = 4096;

    public const string PoolName = "pool", User = "driver";

    public static MemoryMap Map()
    {
        var map = new MemoryMap("test", PageSize);
        map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Sram, SramSize, DmaEngines.General, Line));
        map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Sdram, 0x100000, DmaEngines.General, 0));
        map.Add(new MemoryRegion("CCM", MemoryKind.CoreCoupled, Ccm, 0x10000, DmaEngines.None, 0));
        map.Add(new ZonePlan("DMA", ZoneKind.Dma, Zone, 0x10000, DmaEngines.General, PageMapKind.Runs));
        map.Add(new Reservation(PoolName, Pool, 0x80000));
        return map;
    }

    /// <summary>A machine whose bus moves a byte in 10 ns, 64 in a burst.</summary>
    public static EmulatedMachine NewMachine() =>
        new(Map(), new MachineSpec { BurstSize = 64, NanosecondsPerBurst = 640, CacheSize = 1024, CacheWays = 2 });

    /// <summary>Lets a device access the memory; for tests about something else.</summary>
    public static void Open(DmaPort port)
    {
        port.AllowReservation(PoolName);
        port.AllowAccess(Sram, 0x10000);
        port.AllowAccess(Sdram, 0x80000);
        port.AllowAccess(Ccm, 0x10000);
    }

    /// <summary>The number that a test's driver gives to a buffer: that of the page at which it begins.</summary>
    public static int NumberOf(uint buffer) => (int)(buffer / PageSize);

    /// <summary>The buffer with a number.</summary>
    public static uint BufferOf(int number) => (uint)number * PageSize;

    /// <summary>Lets time pass.</summary>
    public static void RunTo(this EmulatedMachine machine, long time) => machine.Events.AdvanceTo(time);

    /// <summary>Lets time pass while the program does nothing.</summary>
    public static void RunFor(this EmulatedMachine machine, long microseconds) => machine.Events.AdvanceTo(machine.Events.Now + microseconds);

    public static byte[] Bytes(int size, int from = 1) => [.. Enumerable.Range(from, size).Select(i => (byte)(i * 7))];

    public static byte[] Read(PhysicalMemory memory, uint address, int length)
    {
        byte[] seen = new byte[length];
        memory.Read(address, seen, 0, length);
        return seen;
    }

    public static void Write(PhysicalMemory memory, uint address, params byte[] bytes) => memory.Write(address, bytes, 0, bytes.Length);
}
