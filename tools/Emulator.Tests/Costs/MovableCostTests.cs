using Carveout.Emulator.Replay;
using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of handles and moves in IL, without the copying: 2048 pages, requests of 1 to 64 pages, 90 % live.</summary>
[TestClass]
public sealed class MovableCostTests
{
    private const int Pages = 2048, PageSize = 4096;

    private static readonly int s_requests = TestSeed.Of(all: 10_000, usual: 4000);

    /// <summary>As in <see cref="DeviceMeter"/>, with the emulator in it.</summary>
    [ThreadStatic]
    private static IlMeter? s_own;

    public TestContext TestContext { get; set; } = null!;

    /// <param name="movable">How many blocks in a hundred may move.</param>
    /// <param name="median">Budget of an allocation's median: a request that fits at once.</param>
    /// <param name="worst">Budget of the worst: several walks over the zone, and the plans of as many windows. It is twice the budget from
    /// before compaction searched thoroughly for requests that moves can serve.</param>
    [TestMethod]
    [DataRow(50, 540, 668_000)]
    [DataRow(100, 565, 155_000)]
    public void Allocations_that_compact_stay_within_their_budget(int movable, int median, int worst)
    {
        IlMeter meter = s_own ??= DeviceMeter.LoadWith(typeof(App.Program).Assembly.Location, typeof(UnbackedMemory).Assembly.Location);
        object map = meter.Create(typeof(RunMap).FullName!, Pages);
        object zone = meter.Create(typeof(Zone).FullName!, "DMA", (int)ZoneKind.Dma, 0x80000000u, map);
        var zones = Array.CreateInstance(zone.GetType(), 1);
        zones.SetValue(zone, 0);
        object memory = Activator.CreateInstance(meter.FindType(typeof(UnbackedMemory).FullName!), true)!;
        object allocator = meter.Create(typeof(PageAllocator).FullName!, zones, PageSize, memory, null);
        object handles = meter.Create(typeof(MovablePages).FullName!, allocator, Pages, MovablePages.NoLimit);
        var allocExact = meter.Bind<Func<int, int, int, int, uint>>(allocator, nameof(PageAllocator.AllocPagesExact));
        var freePages = meter.Bind<Action<uint>>(allocator, nameof(PageAllocator.FreePages));
        var allocMovable = meter.Bind<Func<int, int, int, int>>(handles, nameof(MovablePages.AllocPagesExact));
        var free = meter.Bind<Action<int>>(handles, nameof(MovablePages.Free));
        var pin = meter.Bind<Func<int, uint>>(handles, nameof(MovablePages.Pin));
        var unpin = meter.Bind<Action<int>>(handles, nameof(MovablePages.Unpin));
        IlDistribution allocs = new(), frees = new(), pins = new(), unpins = new();
        var random = new Random(1);
        var live = new List<(uint Address, int Handle, int Pages)>();
        int taken = 0;
        for (int i = 0; i < s_requests; i++)
        {
            int pages = (int)Math.Pow(2, random.NextDouble() * 6);
            while (taken + pages > Pages * 9 / 10)
            {
                int index = random.Next(live.Count);
                (uint at, int old, int length) = live[index];
                live[index] = live[^1];
                live.RemoveAt(live.Count - 1);
                taken -= length;
                if (old != 0)
                {
                    pins.Add(meter.Measure(() => pin(old)).Instructions);
                    unpins.Add(meter.Measure(() => unpin(old)).Instructions);
                    frees.Add(meter.Measure(() => free(old)).Instructions);
                }
                else
                {
                    freePages(at);
                }
            }
            int handle = 0;
            uint address = 0;
            bool moves = random.Next(100) < movable;
            allocs.Add(meter.Measure(() =>
            {
                handle = moves ? allocMovable(pages * PageSize, (int)GfpFlags.Dma, 0) : 0;
                address = moves ? 0 : allocExact(pages * PageSize, (int)GfpFlags.Dma, 0, PageSize);
            }).Instructions);
            if (handle != 0 || address != 0)
            {
                live.Add((address, handle, pages));
                taken += pages;
            }
        }
        TestContext.WriteLine($"movable {movable}: alloc {allocs}");
        TestContext.WriteLine($"free {frees}; Pin {pins}; Unpin {unpins}");
        Assert.IsLessThanOrEqualTo(median, allocs.Median);
        Assert.IsLessThanOrEqualTo(worst, allocs.Worst);
        Assert.IsLessThanOrEqualTo(97, pins.Worst);
        Assert.IsLessThanOrEqualTo(87, unpins.Worst);
        Assert.IsLessThanOrEqualTo(480, frees.Median);
    }
}
