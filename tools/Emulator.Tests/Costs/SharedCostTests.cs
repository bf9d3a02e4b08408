using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>What sharing costs: pairs of calls by objects that their short constructors made, over pages without a lock and over pages that threads
/// share, whose lock those constructors take over.</summary>
[TestClass]
public sealed class SharedCostTests
{
    private const uint Start = 0x10000000, Size = 0x80000;
    private const int Rounds = 2_000;

    private readonly IlMeter _meter = DeviceMeter.Load();

    private delegate uint AllocPooled(int gfp, out uint handle);

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Counts are exact, so the budgets are the medians that were reached.</summary>
    [TestMethod]
    [DataRow("cache", 76, 160)]
    [DataRow("mempool", 822, 990)]
    [DataRow("DMA pool", 296, 324)]
    [DataRow("vmalloc", 1208, 1294)]
    public void Shared_pairs_stay_within_their_budgets(string what, int alone, int shared)
    {
        long alonePair = Median(Pair(what, false)), sharedPair = Median(Pair(what, true));
        TestContext.WriteLine($"{what}: {alonePair} IL alone, {sharedPair} shared");
        Assert.IsLessThanOrEqualTo(alone, alonePair);
        Assert.IsLessThanOrEqualTo(shared, sharedPair);
    }

    private long Median(Action pair)
    {
        var costs = new IlDistribution(Rounds);
        for (int i = 0; i < Rounds; i++)
        {
            costs.Add(_meter.Measure(pair).Instructions);
        }
        return costs.Median;
    }

    private Action Pair(string what, bool isShared)
    {
        object pages = Pages(isShared);
        switch (what)
        {
            case "vmalloc":
                object areas = Create<Vmalloc>(pages, 0xD0000000u, 256);
                var vmalloc = _meter.Bind<Func<int, int, int, uint>>(areas, nameof(Vmalloc.Alloc));
                var vfree = _meter.Bind<Action<uint>>(areas, nameof(Vmalloc.Free));
                return () => vfree(vmalloc(4096, 0, 0));
            case "DMA pool":
                object dma = Create<DmaAllocator>(pages, 4, 8);
                object device = Create<DmaDevice>("lcd", (int)DmaEngines.General);
                _meter.FindType(typeof(DmaAllocator).FullName!).GetMethod(nameof(DmaAllocator.Attach), [device.GetType()])!.Invoke(dma, [device]);
                object pool = Create<DmaPool>("descriptors", dma, device, 64, 64, 0, 4);
                var allocPooled = _meter.Bind<AllocPooled>(pool, nameof(DmaPool.Alloc));
                var freePooled = _meter.Bind<Action<uint, uint>>(pool, nameof(DmaPool.Free));
                return () => freePooled(allocPooled(0, out uint handle), handle);
            default:
                object cache = Create<KmemCache>(Create<SlabAllocator>(pages, 64), "requests", 64);
                object source = what == "cache" ? cache : Create<Mempool>("requests", cache, 4, 64);
                var alloc = _meter.Bind<Func<int, uint>>(source, nameof(KmemCache.Alloc));
                var free = _meter.Bind<Action<uint>>(source, nameof(KmemCache.Free));
                return () => free(alloc(0));
        }
    }

    private object Pages(bool isShared)
    {
        object map = Create<MemoryMap>("cost", 4096);
        Add(map, Create<MemoryRegion>("SDRAM", (int)MemoryKind.Sdram, Start, Size, (int)DmaEngines.General, 0));
        Add(map, Create<ZonePlan>("DMA", (int)ZoneKind.Dma, Start, Size, (int)DmaEngines.General, (int)PageMapKind.FreeBlocks));
        return DeviceMeter.Boot(_meter, map, Create<ManagedMemory>(Start, (int)Size), isShared ? Create<MonitorLock>() : null);
    }

    private void Add(object map, object entry) =>
        _meter.FindType(typeof(MemoryMap).FullName!).GetMethod(nameof(MemoryMap.Add), [entry.GetType()])!.Invoke(map, [entry]);

    private object Create<T>(params object?[] arguments) => _meter.Create(typeof(T).FullName!, arguments);
}
