using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>What a page costs where many single ones are taken and given back at once: by the bulk calls, and by <see cref="Vmalloc"/>, which uses
/// them.</summary>
[TestClass]
public sealed class BulkCostTests
{
    private const uint Start = 0x10000000, Size = 0x800000;
    private const int Pages = 38, PageSize = 4096, Rounds = 500;

    private readonly IlMeter _meter = DeviceMeter.Load();

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Counts are exact, so the budgets are the medians that were reached, a page.</summary>
    [TestMethod]
    [DataRow("vmalloc", PageMapKind.FreeBlocks, false, 148, 144)]
    [DataRow("vmalloc", PageMapKind.FreeBlocks, true, 149, 146)]
    [DataRow("bulk", PageMapKind.FreeBlocks, false, 143, 143)]
    [DataRow("bulk", PageMapKind.FreeBlocks, true, 144, 144)]
    [DataRow("bulk", PageMapKind.Runs, false, 54, 137)]
    public void A_page_among_many_stays_within_its_budget(string what, PageMapKind map, bool isShared, int alloc, int free)
    {
        object pages = Boot(map, isShared);
        (Action take, Action give) = what == "vmalloc" ? Vmalloc(pages) : Bulk(pages);
        IlDistribution takes = new(Rounds), gives = new(Rounds);
        for (int i = 0; i < Rounds; i++)
        {
            takes.Add(_meter.Measure(take).Instructions / Pages);
            gives.Add(_meter.Measure(give).Instructions / Pages);
        }
        TestContext.WriteLine($"{what} of {Pages} pages, {map}, {(isShared ? "shared" : "alone")}: {takes.Median} IL a page to take, {gives.Median} to free");
        Assert.IsLessThanOrEqualTo(alloc, takes.Median);
        Assert.IsLessThanOrEqualTo(free, gives.Median);
    }

    private (Action Take, Action Give) Vmalloc(object pages)
    {
        object areas = Create<Vmalloc>(pages, 0xD0000000u, 256);
        var alloc = _meter.Bind<Func<int, int, int, uint>>(areas, nameof(Memory.Vmalloc.Alloc));
        var free = _meter.Bind<Action<uint>>(areas, nameof(Memory.Vmalloc.Free));
        uint address = 0;
        return (() => address = alloc(Pages * PageSize, 0, 0), () => free(address));
    }

    private (Action Take, Action Give) Bulk(object pages)
    {
        string type = typeof(PageBulk).FullName!;
        var alloc = _meter.BindStatic<Func<object, int, uint[], int, int, int, int>>(type, "AllocPagesBulk");
        var free = _meter.BindStatic<Action<object, uint[], int, int, int>>(type, "FreePagesBulk");
        uint[] addresses = new uint[Pages];
        return (() => Assert.AreEqual(Pages, alloc(pages, 0, addresses, 0, Pages, 1)), () => free(pages, addresses, 0, Pages, 1));
    }

    private object Boot(PageMapKind kind, bool isShared)
    {
        object map = Create<MemoryMap>("cost", PageSize);
        Add(map, Create<MemoryRegion>("SDRAM", (int)MemoryKind.Sdram, Start, Size, (int)DmaEngines.General, 0));
        Add(map, Create<ZonePlan>("NORMAL", (int)ZoneKind.Normal, Start, Size, (int)DmaEngines.None, (int)kind));
        object pages = DeviceMeter.Boot(_meter, map, Create<ManagedMemory>(Start, (int)Size), isShared ? Create<MonitorLock>() : null);
        _meter.FindType(typeof(PageAllocator).FullName!).GetMethod(nameof(PageAllocator.RegisterOwner))!.Invoke(pages, ["reader"]);
        return pages;
    }

    private void Add(object map, object entry) =>
        _meter.FindType(typeof(MemoryMap).FullName!).GetMethod(nameof(MemoryMap.Add), [entry.GetType()])!.Invoke(map, [entry]);

    private object Create<T>(params object?[] arguments) => _meter.Create(typeof(T).FullName!, arguments);
}
