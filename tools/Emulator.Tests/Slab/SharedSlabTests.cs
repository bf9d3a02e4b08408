namespace Carveout.Emulator.Tests.Slab;

/// <summary>Two contexts and several threads use the same caches, compared with a mirror of who has which bytes.</summary>
[TestClass]
public sealed class SharedSlabTests
{
    private const int Steps = 6_000;

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Guards => from guard in SlabWorld.Guards select new object[] { guard, 1UL };

    /// <summary>The zone is so small that both contexts meet exhaustion, new slabs, shrinking under pressure and the release of the
    /// quarantine.</summary>
    [TestMethod]
    [DynamicData(nameof(Guards))]
    public void An_interrupt_at_every_boundary_of_the_lock_finds_everything_in_order(string guard, ulong standard)
    {
        ulong seed = TestSeed.Or(standard);
        string at = $"{guard}, seed {seed}";
        var allocatorLock = new InterruptingLock();
        var world = new SlabWorld(guard, 60, allocatorLock, memory => new InterruptingMemory(memory, allocatorLock), 2048);
        var chance = new SplitMix64(seed);
        var thread = new SlabContext(world, chance, 1, 150, false, at);
        var interrupt = new SlabContext(world, chance, 2, 40, true, at + ", interrupt");
        allocatorLock.Interrupt = () =>
        {
            if (chance.Below(16) == 0)
            {
                interrupt.Step();
            }
        };
        for (int step = 0; step < Steps; step++)
        {
            thread.Step();
            if (step % 2000 == 1999)
            {
                Assert.AreEqual(0, world.Slabs.Validate(), at);
            }
            if (step % 700 == 699)
            {
                world.Slabs.Shrink(1 + chance.Below(20));
            }
        }
        long interrupts = allocatorLock.Interrupts;
        allocatorLock.Interrupt = null;
        TestContext.WriteLine($"{at}: {thread.Taken} + {interrupt.Taken} taken, {interrupts} interrupts, {world.Pages.FailureCount} page"
            + $" failures, {world.Pages.StallCount} stalls");
        Assert.IsGreaterThan(400L, Math.Min(thread.Taken, interrupt.Taken));
        Assert.IsGreaterThan(0, world.Pages.StallCount, "pressure must be met");
        int runs = thread.Live.Concat(interrupt.Live).Count(live => world.Slabs.FindCache(live.Address) is null);
        Assert.IsGreaterThan(0, runs);
        Assert.AreEqual(thread.Live.Count + interrupt.Live.Count - runs,
            Enumerable.Range(0, world.Slabs.CacheCount).Sum(i => world.Slabs.CacheAt(i).LiveCount));
        interrupt.FreeAll();
        thread.FreeAll();
        world.ExpectFresh(at);
        Assert.AreEqual(0, world.Log.Total, at);
    }

    [TestMethod]
    [DynamicData(nameof(Guards))]
    public void Threads_share_the_caches(string guard, ulong standard)
    {
        ulong seed = TestSeed.Or(standard);
        string at = $"{guard}, seed {seed}";
        var world = new SlabWorld(guard, 190, new StrictMonitorLock(), largest: 2048);
        SlabContext[] contexts = [.. Enumerable.Range(1, 4).Select(i =>
            new SlabContext(world, new SplitMix64(seed * 10 + (ulong)i), i, 30, i % 2 == 0, $"{at}, thread {i}"))];
        Exception? failure = null;
        Thread[] threads = [.. contexts.Select(context => new Thread(() =>
        {
            try
            {
                for (int step = 0; step < Steps / 2; step++)
                {
                    context.Step();
                    if (step % 1500 == 1499)
                    {
                        Assert.AreEqual(0, world.Slabs.Validate(), at);
                        world.Slabs.Shrink(10);
                    }
                }
                context.FreeAll();
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }
        foreach (Thread thread in threads)
        {
            Assert.IsTrue(thread.Join(TimeSpan.FromSeconds(60)), at + ": does not come back");
        }
        Assert.IsNull(failure, failure?.ToString());
        world.ExpectFresh(at);
        Assert.AreEqual(0, world.Log.Total, at);
    }
}
