using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>An instrumented page map of the firmware: every call reports how many IL instructions it executed.</summary>
internal sealed class MeteredPageMap
{
    private readonly IlMeter _meter;
    private readonly Func<int, bool, int> _alloc;
    private readonly Func<int, int, int> _allocRun;
    private readonly Func<int, int> _free, _blockAt;

    private MeteredPageMap(IlMeter meter, object map)
    {
        _meter = meter;
        _alloc = meter.Bind<Func<int, bool, int>>(map, nameof(PageMap.Alloc));
        _allocRun = meter.Bind<Func<int, int, int>>(map, nameof(PageMap.AllocRun));
        _free = meter.Bind<Func<int, int>>(map, nameof(PageMap.Free));
        _blockAt = meter.Bind<Func<int, int>>(map, nameof(PageMap.BlockAt));
    }

    /// <summary>Costs of allocations that succeeded.</summary>
    public IlDistribution Allocs { get; set; } = new();

    /// <summary>Costs of frees.</summary>
    public IlDistribution Frees { get; } = new();

    /// <summary>Instruments the firmware and makes one of its maps.</summary>
    public static MeteredPageMap Create<TMap>(params object[] arguments)
        where TMap : PageMap
    {
        IlMeter meter = DeviceMeter.Load();
        return new MeteredPageMap(meter, meter.Create(typeof(TMap).FullName!, arguments));
    }

    public int Alloc(int order) => Record(Allocs, () => _alloc(order, false));

    public int AllocRun(int pages) => Record(Allocs, () => _allocRun(pages, 1));

    public int Free(int page) => Record(Frees, () => _free(page));

    /// <summary>What it costs to find the block of a page.</summary>
    public long BlockAt(int page, int expected) => _meter.Measure(() => Assert.AreEqual(expected, _blockAt(page))).Instructions;

    private int Record(IlDistribution costs, Func<int> call)
    {
        long before = _meter.ReadInstructions();
        int result = call();
        long cost = _meter.ReadInstructions() - before;
        if (result >= 0)
        {
            costs.Add(cost);
        }
        return result;
    }
}
