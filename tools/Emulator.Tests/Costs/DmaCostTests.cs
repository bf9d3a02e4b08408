using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of DMA on the interpreter: a mapping with its unmap, direct and bounced, and a coherent block with its free; alone,
/// and beside 32 other mappings. The copies themselves are native and cost no IL.</summary>
[TestClass]
public sealed class DmaCostTests
{
    private const uint Sdram = 0x10000000, Psram = 0x10100000, Slots = 0x100A0000;
    private const int PageSize = 4096, Rounds = 2_000, FromDevice = (int)DmaDirection.FromDevice;

    private delegate uint AllocCoherent(object device, int size, int gfp, out uint handle);

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Counts are exact, so the budgets are the costs that were reached: a change that costs more fails here. For a page and for 2
    /// KB; each number is for a pair.</summary>
    [TestMethod]
    [DataRow(0, 764, 1804, 933)]
    [DataRow(32, 980, 1936, 1105)]
    public void Mapping_and_coherent_memory_stay_within_their_budgets(int others, int direct, int bounced, int coherent)
    {
        IlMeter meter = DeviceMeter.Load();
        object dma = Boot(meter, out object device);
        object streaming = meter.Create(typeof(DmaStreaming).FullName!, dma);
        var map = meter.Bind<Func<object, uint, int, int, uint>>(streaming, nameof(DmaStreaming.MapSingle));
        var unmap = meter.Bind<Action<object, uint, int, int>>(streaming, nameof(DmaStreaming.UnmapSingle));
        var alloc = meter.Bind<AllocCoherent>(dma, nameof(DmaAllocator.AllocCoherent));
        var free = meter.Bind<Action<object, int, uint, uint>>(dma, nameof(DmaAllocator.FreeCoherent));
        for (uint i = 0; i < others; i++)
        {
            Assert.AreNotEqual(0u, map(device, Sdram + 0x80000 + i * 2048, 2048, FromDevice));
        }
        var directs = new IlDistribution(Rounds);
        var bounces = new IlDistribution(Rounds);
        var blocks = new IlDistribution(Rounds);
        for (int i = 0; i < Rounds; i++)
        {
            directs.Add(meter.Measure(() => unmap(device, map(device, Sdram + 0x94000, 2048, FromDevice), 2048, FromDevice)).Instructions);
            bounces.Add(meter.Measure(() => unmap(device, map(device, Psram, 2048, FromDevice), 2048, FromDevice)).Instructions);
            blocks.Add(meter.Measure(() => free(device, PageSize, alloc(device, PageSize, 0, out uint handle), handle)).Instructions);
        }
        TestContext.WriteLine($"{others} other mappings: MapSingle+UnmapSingle {directs}; bounced {bounces}; AllocCoherent+FreeCoherent {blocks}");
        Assert.IsLessThanOrEqualTo(direct, directs.Median);
        Assert.IsLessThanOrEqualTo(bounced, bounces.Median);
        Assert.IsLessThanOrEqualTo(coherent, blocks.Median);
    }

    private static object Boot(IlMeter meter, out object device)
    {
        object map = meter.Create(typeof(MemoryMap).FullName!, "cost", PageSize);
        Add(meter, map, meter.Create(typeof(MemoryRegion).FullName!, "SDRAM", (int)MemoryKind.Sdram, Sdram, 0xB0000u,
            (int)DmaEngines.General, 0));
        Add(meter, map, meter.Create(typeof(MemoryRegion).FullName!, "PSRAM", (int)MemoryKind.Psram, Psram, 0x10000u,
            (int)DmaEngines.None, 0));
        Add(meter, map, meter.Create(typeof(ZonePlan).FullName!, "DMA", (int)ZoneKind.Dma, Sdram, 0x80000u, (int)DmaEngines.General,
            (int)PageMapKind.Runs));
        object pages = DeviceMeter.Boot(meter, map);
        object bounce = meter.Create(typeof(BounceBuffers).FullName!, "swiotlb", Slots, 2048, 16);
        object memory = meter.Create(typeof(ManagedMemory).FullName!, Sdram, 2 * ManagedMemory.MaxBankSize);
        object dma = meter.Create(typeof(DmaAllocator).FullName!, pages, map, memory, bounce, 64, 64);
        device = meter.Create(typeof(DmaDevice).FullName!, "camera", (int)DmaEngines.General);
        device.GetType().GetProperty(nameof(DmaDevice.Alignment))!.SetValue(device, 4);
        device.GetType().GetProperty(nameof(DmaDevice.MaxSegment))!.SetValue(device, 65536);
        meter.FindType(typeof(DmaAllocator).FullName!).GetMethod(nameof(DmaAllocator.Attach), [device.GetType()])!.Invoke(dma, [device]);
        return dma;
    }

    private static void Add(IlMeter meter, object map, object entry) =>
        meter.FindType(typeof(MemoryMap).FullName!).GetMethod(nameof(MemoryMap.Add), [entry.GetType()])!.Invoke(map, [entry]);
}
