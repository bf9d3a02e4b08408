namespace Carveout.Emulator.Tests.Costs;

/// <summary>The cost of Kmalloc and Kfree: allocating and freeing at once, and in a random mix of 500 live objects.</summary>
[TestClass]
public sealed class KmallocCostTests
{
    /// <summary>The worst Kmalloc adds a slab.</summary>
    private const int WorstAlloc = 1250;

    /// <summary>The worst Kfree empties a slab, and one empty slab too many is freed.</summary>
    private const int WorstFree = 800;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Churn: the goal is 60 IL at the median. The mix frees into words that are not active; its budget is what was
    /// reached.</summary>
    [TestMethod]
    [DataRow("standard", false, 60, 60)]
    [DataRow("standard", true, 128, 170)]
    [DataRow("fine", false, 60, 60)]
    [DataRow("fine", true, 128, 170)]
    public void Kmalloc_of_64_bytes_stays_within_its_budget(string sizes, bool mixed, int free, int worstFree)
    {
        Hold(sizes, mixed, "Kmalloc(64)", _ => 64, new IlBudget(60, WorstAlloc), new IlBudget(free, worstFree));
    }

    /// <summary>Up to 1 KB a table finds the cache, so more sizes cost nothing. Only how often a word is used up differs.</summary>
    [TestMethod]
    [DataRow("standard")]
    [DataRow("fine")]
    public void Kmalloc_of_any_size_to_1_KB_stays_within_its_budget(string sizes)
    {
        Hold(sizes, true, "Kmalloc(1…1024)", chance => 1 + chance.Next(1024), new IlBudget(60, WorstAlloc), new IlBudget(165, WorstFree));
    }

    /// <summary>Above 1 KB a table says where to begin; what no cache holds is a call of the page allocator and a mark.</summary>
    [TestMethod]
    [DataRow("Kmalloc(1025…8192)", 1025, 8193, 340, 1700, 178, 800)]
    [DataRow("Kmalloc(8193…16384)", 8193, 16385, 385, 480, 375, 490)]
    public void Kmalloc_above_1_KB_stays_within_its_budget(string what, int least, int end, int alloc, int worstAlloc, int free, int worstFree)
    {
        Hold("default", true, what, chance => chance.Next(least, end), new IlBudget(alloc, worstAlloc), new IlBudget(free, worstFree), hasRuns: true);
    }

    /// <summary>Where threads share the caches; the lock's own cost comes on top, once a call.</summary>
    [TestMethod]
    [DataRow(false, 110, 110)]
    [DataRow(true, 110, 210)]
    public void Kmalloc_under_a_lock_stays_within_its_budget(bool mixed, int alloc, int free)
    {
        int own = (int)new SlabMeter(true).LockCost;
        Hold("standard", mixed, "Kmalloc(64), shared", _ => 64, new IlBudget(alloc + own, WorstAlloc + (20 * own)), new IlBudget(free + own, 280 + own), true);
    }

    private void Hold(string sizes, bool mixed, string what, Func<Random, int> size, IlBudget alloc, IlBudget free, bool isShared = false,
        bool hasRuns = false)
    {
        var meter = new SlabMeter(isShared, hasRuns);
        const int Most = KmallocCaches.MaxSize;
        object caches = sizes == "default"
            ? meter.Create(typeof(KmallocCaches), meter.Slabs)
            : meter.Create(typeof(KmallocCaches), meter.Slabs, sizes == "fine" ? KmallocSizes.Fine(Most) : KmallocSizes.Standard(Most));
        var kmalloc = meter.Bind<Func<int, int, uint>>(caches, nameof(KmallocCaches.Kmalloc));
        var kfree = meter.Bind<Action<uint>>(caches, nameof(KmallocCaches.Kfree));
        meter.Hold(TestContext, $"{what} and Kfree, {sizes} sizes", mixed, chance => kmalloc(size(chance), 0), kfree, alloc, free);
    }
}
