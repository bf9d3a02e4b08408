namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of an object of a cache: allocating and freeing at once, and in a random mix of 500 live objects.</summary>
[TestClass]
public sealed class KmemCacheCostTests
{
    public TestContext TestContext { get; set; } = null!;

    /// <summary>The goal is 60 IL at the median of Alloc; the worst Alloc adds a slab. The mix frees into words that are not
    /// active.</summary>
    [TestMethod]
    [DataRow(false, 60, 60)]
    [DataRow(true, 138, 195)]
    public void Objects_of_64_bytes_stay_within_their_budget(bool mixed, int free, int worstFree)
    {
        var meter = new SlabMeter();
        object cache = meter.Create(typeof(KmemCache), meter.Slabs, "node", 64, 64, 0, null);
        var alloc = meter.Bind<Func<int, uint>>(cache, nameof(KmemCache.Alloc));
        var give = meter.Bind<Action<uint>>(cache, nameof(KmemCache.Free));
        meter.Hold(TestContext, "KmemCache.Alloc and Free", mixed, _ => alloc(0), give, new IlBudget(60, 1100), new IlBudget(free, worstFree));
    }
}
