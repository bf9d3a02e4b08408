using Carveout.Board.Devices;
using Carveout.Emulator.Tests.Machine;
using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>A DMA engine at work in memory that may move, while everything around it does.</summary>
[TestClass]
public sealed class MovedUnderDmaTests
{
    private const uint Start = 0x20000000, Pool = 0xC0000000;
    private const int PageSize = 1024, Pages = 96, Channels = 4, Line = 32;
    private const PageOwner Owner = (PageOwner)1;

    private readonly EmulatedMachine _machine = new(Map(), new MachineSpec
    {
        BurstSize = 64, NanosecondsPerBurst = 640, CacheSize = 1024, CacheWays = 2,
    });

    public TestContext TestContext { get; set; } = null!;

    /// <summary>A handle alone does not keep a block: the mapping does, from which the engine reads while nobody pins the block.</summary>
    [TestMethod]
    public void A_buffer_that_is_mapped_is_never_moved_and_every_byte_arrives()
    {
        var run = new PropertyRun(TestContext, 0xD3A);
        run.Guard(() =>
        {
            var memory = new CopyCounter(_machine.CpuMemory, () => _machine.Interrupts.IsMasked);
            PageAllocator allocator = PageAllocator.Boot(_machine.Map, memory, new InterruptMask(_machine.Interrupts));
            _machine.Guard.Allocator = allocator;
            Assert.AreEqual(Owner, allocator.RegisterOwner("driver"));
            var movable = new MovablePages(allocator, Pages, MovablePages.NoLimit);
            var dma = new DmaAllocator(allocator, _machine.Map, _machine.CpuMemory, null, Channels, 8);
            var streaming = new DmaStreaming(dma);
            var device = new DmaDevice("dma1", DmaEngines.General, 0xFFFFFFFF, 1, 0, 65536, false);
            dma.Attach(device);
            var controller = new EmulatedDmaController(_machine, new DmaControllerSpec("dma1", DmaEngines.General, Channels, 65536, 4, 256));
            controller.Port.AllowOwner("driver");
            controller.Port.AllowReservation("pool");
            var channels = new Transfer?[Channels];
            var ended = new EndLog(_machine);
            var live = new List<int>();
            int delivered = 0;
            for (int step = 0; step < run.Steps(20_000); step++)
            {
                int channel = run.Random.Below(Channels);
                if (channels[channel] is { } transfer && !controller.IsBusy(channel))
                {
                    streaming.UnmapSingle(device, transfer.Bus, transfer.Size, DmaDirection.ToDevice);
                    byte[] seen = TestBoard.Read(_machine.Memory, PlaceOf(channel), transfer.Size);
                    run.Expect(seen.All(b => b == transfer.Value), "bytes are wrong on channel", channel);
                    uint address = movable.Pin(transfer.Handle);
                    run.ExpectEqual(transfer.Address, address, "place of a buffer that was mapped on channel", channel);
                    movable.Unpin(transfer.Handle);
                    movable.Free(transfer.Handle);
                    channels[channel] = null;
                    delivered++;
                }
                else if (channels[channel] is null)
                {
                    int size = (1 + run.Random.Below(4)) * PageSize, handle = movable.AllocPagesExact(size, GfpFlags.Dma, Owner);
                    if (handle != 0)
                    {
                        byte value = (byte)run.Random.Below(256);
                        uint address = movable.Pin(handle);
                        _machine.CpuMemory.Fill(address, size, value);
                        uint bus = streaming.MapSingle(device, address, size, DmaDirection.ToDevice);
                        movable.Unpin(handle);
                        channels[channel] = new Transfer(handle, address, bus, size, value);
                        controller.Copy(channel, bus, PlaceOf(channel), size, ended);
                    }
                }
                Storm(run, movable, live);
                _machine.RunTo(_machine.Events.Now + run.Random.Below(20));
            }
            int moved = (int)movable.PagesMigrated;
            TestContext.WriteLine($"{delivered} buffers delivered, {moved} pages moved meanwhile, {memory.UnderLock} of them in place");
            Assert.IsGreaterThan(run.Steps(20_000) / 20, Math.Min(delivered, Math.Min(moved, memory.UnderLock)));
        });
    }

    /// <summary>Movable blocks come, go and are brought together.</summary>
    private static void Storm(PropertyRun run, MovablePages movable, List<int> live)
    {
        int handle = movable.AllocPagesExact((1 + run.Random.Below(10)) * PageSize, GfpFlags.Dma, 0);
        if (handle != 0)
        {
            live.Add(handle);
        }
        if (live.Count != 0 && (handle == 0 || run.Chance(30)))
        {
            int index = run.Random.Below(live.Count);
            movable.Free(live[index]);
            live[index] = live[^1];
            live.RemoveAt(live.Count - 1);
        }
        if (run.Chance(20))
        {
            movable.Compact(16);
        }
    }

    private static uint PlaceOf(int channel) => Pool + (uint)(channel * 4 * PageSize);

    private static MemoryMap Map()
    {
        var map = new MemoryMap("storm", PageSize);
        map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Start, Pages * PageSize, DmaEngines.General, Line));
        map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Pool, 0x10000, DmaEngines.General, 0));
        map.Add(new ZonePlan("DMA", ZoneKind.Dma, Start, Pages * PageSize, DmaEngines.General, PageMapKind.Runs));
        map.Reserve("pool", Pool, 0x10000);
        return map;
    }

    private sealed record Transfer(int Handle, uint Address, uint Bus, int Size, byte Value);
}
