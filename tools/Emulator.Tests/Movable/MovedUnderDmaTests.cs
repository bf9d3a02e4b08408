using Carveout.Emulator.Tests.Machine;
using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Displays receive frames from movable memory while everything around these frames moves.</summary>
[TestClass]
public sealed class MovedUnderDmaTests
{
    private const uint Start = 0x20000000;
    private const int PageSize = 1024, Pages = 96, Displays = 4, Line = 32;
    private const PageOwner Owner = (PageOwner)1;

    private readonly EmulatedMachine _machine = new(Map(), new MachineSpec
    {
        BurstSize = 64, NanosecondsPerBurst = 640, CacheSize = 1024, CacheWays = 2,
    });

    public TestContext TestContext { get; set; } = null!;

    /// <summary>A handle alone does not keep a block in place. The mapping does while a display reads from it, although nobody pins the
    /// block.</summary>
    [TestMethod]
    public void A_buffer_that_is_mapped_is_never_moved_and_every_byte_arrives()
    {
        var run = new PropertyRun(TestContext, 0xD3A);
        run.Guard(() =>
        {
            var memory = new CopyCounter(_machine.CpuMemory, () => _machine.Interrupts.IsMasked);
            PageAllocator allocator = PageAllocator.Boot(_machine.Map, memory, new InterruptMask(_machine.Interrupts));
            _machine.Allocator = allocator;
            Assert.AreEqual(Owner, allocator.RegisterOwner("driver"));
            var movable = new MovablePages(allocator, Pages, MovablePages.NoLimit);
            var dma = new DmaAllocator(allocator, _machine.Map, _machine.CpuMemory, null, Displays, 8);
            var streaming = new DmaStreaming(dma);
            var device = new DmaDevice("dma1", DmaEngines.General) { MaxSegment = 65536 };
            dma.Attach(device);
            EmulatedSpiDisplay[] displays = [.. Enumerable.Range(1, Displays).Select(NewDisplay)];
            var sent = new Frame?[Displays];
            var live = new List<int>();
            int delivered = 0;
            for (int step = 0; step < TestSeed.Steps(20_000); step++)
            {
                int index = run.Random.Below(Displays);
                EmulatedSpiDisplay display = displays[index];
                if (sent[index] is { } frame && !display.IsBusy)
                {
                    streaming.UnmapSingle(device, frame.Bus, display.FrameSize, DmaDirection.ToDevice);
                    run.Expect(!display.LastFrame.ContainsAnyExcept(frame.Value), "bytes are wrong on display", index);
                    uint address = movable.Pin(frame.Handle);
                    run.ExpectEqual(frame.Address, address, "place of a buffer that was mapped for display", index);
                    movable.Unpin(frame.Handle);
                    movable.Free(frame.Handle);
                    sent[index] = null;
                    delivered++;
                }
                else if (sent[index] is null)
                {
                    int size = display.FrameSize, handle = movable.AllocPagesExact(size, GfpFlags.Dma, Owner);
                    if (handle != 0)
                    {
                        byte value = (byte)run.Random.Below(256);
                        uint address = movable.Pin(handle);
                        _machine.CpuMemory.Fill(address, size, value);
                        uint bus = streaming.MapSingle(device, address, size, DmaDirection.ToDevice);
                        movable.Unpin(handle);
                        sent[index] = new Frame(handle, address, bus, value);
                        display.Send(bus, 0, new DeafListener());
                    }
                }
                Storm(run, movable, live);
                _machine.RunTo(_machine.Events.Now + run.Random.Below(20));
            }
            int moved = (int)movable.PagesMigrated;
            TestContext.WriteLine($"{delivered} buffers delivered, {moved} pages moved meanwhile, {memory.UnderLock} of them in place");
            Assert.IsGreaterThan(TestSeed.Steps(20_000) / 20, Math.Min(delivered, Math.Min(moved, memory.UnderLock)));
        });
    }

    /// <summary>Allocates and frees movable blocks, and compacts.</summary>
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

    /// <summary>A display with frames of so many pages, on a wire that is faster than the bus.</summary>
    private EmulatedSpiDisplay NewDisplay(int pages)
    {
        var display = new EmulatedSpiDisplay(_machine, new SpiDisplaySpec($"lcd{pages}", DmaEngines.General, 32, 16 * pages, 64, 1_600_000_000)
        {
            PieceSize = 256, TransferOverhead = 0,
        });
        display.Port.AllowOwner("driver");
        return display;
    }

    private static MemoryMap Map()
    {
        var map = new MemoryMap("storm", PageSize);
        map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Start, Pages * PageSize, DmaEngines.General, Line));
        map.Add(new ZonePlan("DMA", ZoneKind.Dma, Start, Pages * PageSize, DmaEngines.General, PageMapKind.Runs));
        return map;
    }

    private sealed record Frame(int Handle, uint Address, uint Bus, byte Value);
}
