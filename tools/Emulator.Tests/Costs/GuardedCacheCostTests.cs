using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of Kmalloc(64) and Kfree with guarded caches, in a random mix of 500 live objects. A cache that was guarded once and
/// is no more costs nothing extra.</summary>
[TestClass]
public sealed class GuardedCacheCostTests
{
    private const int Rounds = 5_000, Live = 500, Seed = 3;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("tracked", 400, 650)]
    [DataRow("quarantined", 480, 1012)]
    [DataRow("tracked no more", 60, 230)]
    public void Kmalloc_of_64_bytes_stays_within_its_budget(string guard, int alloc, int free)
    {
        IlMeter meter = DeviceMeter.Load();
        object zone = meter.Create(typeof(Zone).FullName!, "NORMAL", (int)ZoneKind.Normal, 0xC0000000u,
            meter.Create(typeof(FreeBlockMap).FullName!, 2048, 4));
        Array zones = Array.CreateInstance(zone.GetType(), 1);
        zones.SetValue(zone, 0);
        object pages = meter.Create(typeof(PageAllocator).FullName!, zones, 4096, null, null);
        object slabs = meter.Create(typeof(SlabAllocator).FullName!, pages, null, 512, null, null);
        object caches = guard == "quarantined"
            ? meter.Create(typeof(KmallocCaches).FullName!, slabs, KmallocSizes.Standard(KmallocCaches.MaxSize), 0, 16)
            : meter.Create(typeof(KmallocCaches).FullName!, slabs);
        if (guard != "quarantined")
        {
            Track(slabs, meter.Create(typeof(OwnerTable).FullName!, 1024));
        }
        if (guard == "tracked no more")
        {
            Track(slabs, null);
        }
        var kmalloc = meter.Bind<Func<int, int, uint>>(caches, nameof(KmallocCaches.Kmalloc));
        var kfree = meter.Bind<Action<uint>>(caches, nameof(KmallocCaches.Kfree));
        var allocs = new IlDistribution(Rounds);
        var frees = new IlDistribution(Rounds);
        var chance = new Random(Seed);
        uint[] live = new uint[Live];
        for (int i = 0; i < Rounds; i++)
        {
            int slot = chance.Next(live.Length);
            if (live[slot] != 0)
            {
                frees.Add(meter.Measure(() => kfree(live[slot])).Instructions);
            }
            allocs.Add(meter.Measure(() => live[slot] = kmalloc(64, 0)).Instructions);
        }
        TestContext.WriteLine($"{guard}: Kmalloc(64) {allocs}; Kfree {frees}");
        Assert.IsLessThanOrEqualTo(alloc, allocs.Median);
        Assert.IsLessThanOrEqualTo(free, frees.Median);
    }

    private static void Track(object slabs, object? table) => slabs.GetType().GetMethod(nameof(SlabAllocator.TrackOwners))!.Invoke(slabs, [table]);
}
