using System.Reflection;
using Carveout.Emulator.Replay;
using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of a whole call: arguments, zonelist, watermark, map and owner. Two zones of 2048 pages, no lock.</summary>
[TestClass]
public sealed class PageAllocatorCostTests
{
    private const int PageSize = 4096, Rounds = 10_000;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Counts are exact, so the budgets are the costs that were reached: a change that costs more fails here.</summary>
    [TestMethod]
    [DataRow(GfpFlags.Kernel, 89, 134)]
    [DataRow(GfpFlags.Dma, 93, 98)]
    public void Churn_of_one_order_stays_within_its_budget(GfpFlags gfp, int alloc, int free)
    {
        IlMeter meter = DeviceMeter.Load();
        Churn(meter, Boot(meter), gfp, alloc, free);
    }

    private void Churn(IlMeter meter, object allocator, GfpFlags gfp, int alloc, int free)
    {
        var allocPages = meter.Bind<Func<int, int, int, uint>>(allocator, nameof(PageAllocator.AllocPages));
        var freePages = meter.Bind<Action<uint>>(allocator, nameof(PageAllocator.FreePages));
        var allocs = new IlDistribution(Rounds);
        var frees = new IlDistribution(Rounds);
        uint address = 0;
        for (int i = 0; i < Rounds; i++)
        {
            allocs.Add(meter.Measure(() => address = allocPages((int)gfp, 1, 0)).Instructions);
            Assert.AreNotEqual(0u, address);
            frees.Add(meter.Measure(() => freePages(address)).Instructions);
        }
        TestContext.WriteLine($"AllocPages({gfp}): {allocs}; FreePages: {frees}");
        Assert.IsLessThanOrEqualTo(alloc, allocs.Median);
        Assert.IsLessThanOrEqualTo(free, frees.Median);
    }

    /// <summary>Whole calls over a map of runs: pages80, requests that find a place, with everything that a call pays for. A map that is told of
    /// frames (0: it is not) compares runs of one length.</summary>
    [TestMethod]
    [DataRow(0, 220, 198)]
    [DataRow(32 * 1024, 250, 198)]
    public void Exact_runs_stay_within_their_budget(int frameSize, int alloc, int free)
    {
        IlMeter meter = DeviceMeter.Load();
        object map = meter.Create(typeof(MemoryMap).FullName!, "cost", PageSize);
        Add(meter, map, meter.Create(typeof(MemoryRegion).FullName!, "SDRAM", (int)MemoryKind.Sdram, 0xC0000000u, 0x800000u, (int)DmaEngines.General, 0));
        Add(meter, map, meter.Create(typeof(ZonePlan).FullName!, "NORMAL", (int)ZoneKind.Normal, 0xC0000000u, 0x800000u, (int)DmaEngines.None,
            (int)PageMapKind.Runs));
        object allocator = DeviceMeter.Boot(meter, map);
        var allocPages = meter.Bind<Func<int, int, int, uint>>(allocator, nameof(PageAllocator.AllocPagesExact));
        var freePages = meter.Bind<Action<uint>>(allocator, nameof(PageAllocator.FreePages));
        meter.Bind<Action<int>>(allocator, nameof(PageAllocator.ExpectFrames))(frameSize);
        IlDistribution allocs = new(), frees = new();
        TraceFile trace = Traces.Read("pages80");
        uint[] live = new uint[trace.SlotCount];
        foreach (TraceOperation operation in trace.Operations)
        {
            int slot = operation.Slot;
            if (operation.IsAllocation)
            {
                long cost = meter.Measure(() => live[slot] = allocPages(operation.Size, (int)GfpFlags.Kernel, 0)).Instructions;
                if (live[slot] != 0)
                {
                    allocs.Add(cost);
                }
            }
            else if (live[slot] != 0)
            {
                frees.Add(meter.Measure(() => freePages(live[slot])).Instructions);
            }
        }
        TestContext.WriteLine($"AllocPagesExact(Kernel), pages80, frames from {frameSize} bytes: {allocs}; FreePages: {frees}");
        Assert.IsLessThanOrEqualTo(alloc, allocs.Mean);
        Assert.IsLessThanOrEqualTo(free, frees.Mean);
    }

    /// <summary>Owner tracking costs only those who switch it on: a second section under the lock, and a hash table.</summary>
    [TestMethod]
    public void Tracked_churn_stays_within_its_budget()
    {
        IlMeter meter = DeviceMeter.Load();
        object allocator = Boot(meter), table = meter.Create(typeof(OwnerTable).FullName!, 1024);
        Watch(meter, allocator, nameof(WatchedPages.TrackOwners), table);
        Churn(meter, allocator, GfpFlags.Kernel, 383, 335);
    }

    /// <summary>So does tracing: the slow path and a record, without a clock.</summary>
    [TestMethod]
    public void Traced_churn_stays_within_its_budget()
    {
        IlMeter meter = DeviceMeter.Load();
        object allocator = Boot(meter), ring = meter.Create(typeof(TraceRing).FullName!, 1024, null);
        Watch(meter, allocator, nameof(WatchedPages.Trace), ring);
        Churn(meter, allocator, GfpFlags.Kernel, 404, 353);
        // When it is off again, it costs as little as before.
        Watch(meter, allocator, nameof(WatchedPages.Trace), null);
        Churn(meter, allocator, GfpFlags.Kernel, 89, 134);
    }

    private static void Watch(IlMeter meter, object allocator, string method, object? watch) =>
        meter.FindType(typeof(WatchedPages).FullName!).GetMethod(method)!.Invoke(null, [allocator, watch]);

    private static object Boot(IlMeter meter)
    {
        // It is built inside the metered context, where the types belong to that context.
        object map = meter.Create(typeof(MemoryMap).FullName!, "cost", PageSize);
        object region = meter.Create(typeof(MemoryRegion).FullName!, "SDRAM", (int)MemoryKind.Sdram, 0xC0000000u, 0x1000000u,
            (int)DmaEngines.General, 0);
        Add(meter, map, region);
        Add(meter, map, Zone(meter, "DMA", ZoneKind.Dma, 0xC0000000, DmaEngines.General));
        Add(meter, map, Zone(meter, "NORMAL", ZoneKind.Normal, 0xC0800000, DmaEngines.None));
        return DeviceMeter.Boot(meter, map);
    }

    private static object Zone(IlMeter meter, string name, ZoneKind kind, uint start, DmaEngines engines) =>
        meter.Create(typeof(ZonePlan).FullName!, name, (int)kind, start, 0x800000u, (int)engines, (int)PageMapKind.FreeBlocks);

    private static void Add(IlMeter meter, object map, object entry) =>
        meter.FindType(typeof(MemoryMap).FullName!).GetMethod(nameof(MemoryMap.Add), [entry.GetType()])!.Invoke(map, [entry]);
}
