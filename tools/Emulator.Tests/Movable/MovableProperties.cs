using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Movable memory compared with a record of it: alone, interrupted while it copies, and when the power fails.</summary>
[TestClass]
public sealed class MovableProperties
{
    /// <summary>The most pages that an idle loop asks to move.</summary>
    private const int MostIdle = 31;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(PageMapKind.Runs, 250_000)]
    [DataRow(PageMapKind.FreeBlocks, 200_000)]
    [DataRow(PageMapKind.GroupedFreeBlocks, 50_000)]
    public void Contents_walls_pins_and_handles_hold(PageMapKind map, int steps)
    {
        var run = new PropertyRun(TestContext, 0x30B1E);
        run.Guard(() =>
        {
            int compacted = 0, failed = 0, slid = 0;
            long migrated = 0;
            // Twice: with a large enough table and no limit, and then with neither.
            foreach ((int pages, int handles, int budget) in new[] { (200, 200, MovablePages.NoLimit), (96, 24, 8) })
            {
                var movable = new CheckedMovable(run, map, pages, handles, budget);
                Churn(movable, run, pages, TestSeed.Steps(steps));
                movable.FreeAll();
                compacted += movable.Movable.CompactSuccesses;
                failed += movable.Movable.CompactFailures;
                migrated += movable.Movable.PagesMigrated;
                slid += movable.Memory.CopiedUnderLock;
                Assert.IsLessThanOrEqualTo(Math.Max(budget, MostIdle), movable.Movable.MaxStop);
            }
            TestContext.WriteLine($"{2 * TestSeed.Steps(steps)} operations, {compacted} compacted, {failed} in vain, {migrated} pages moved, "
                + $"{slid} of them in place");
            Assert.IsGreaterThan(TestSeed.Steps(steps) / 500, Math.Min(compacted, failed));
            Assert.IsGreaterThanOrEqualTo(map == PageMapKind.Runs ? TestSeed.Steps(steps) / 100 : 0, slid);
        });
    }

    /// <summary>If every block may move to any page and nothing is pinned, a request is refused only if too few pages are free.</summary>
    [TestMethod]
    public void Where_everything_moves_only_want_of_pages_refuses()
    {
        var run = new PropertyRun(TestContext, 0xF411);
        run.Guard(() =>
        {
            const int Pages = 200;
            var movable = new CheckedMovable(run, PageMapKind.Runs, Pages, Pages, MovablePages.NoLimit);
            int full = 0;
            for (int step = 0; step < TestSeed.Steps(100_000); step++)
            {
                int length = 1 + run.Random.Below(run.Chance(80) ? 6 : 48), free = Pages - movable.LivePages;
                run.Begin($"alloc {length} of {free}");
                bool got = movable.Alloc(length, true, false, GfpFlags.Kernel);
                run.Expect(got == length <= free, "whether there was room, of free pages", free);
                full += movable.LivePages == Pages ? 1 : 0;
                while (!got && movable.LivePages + length > Pages)
                {
                    movable.Free(run.Random.Below(movable.Count));
                }
            }
            movable.FreeAll();
            TestContext.WriteLine($"{full} times without a free page, {movable.Memory.CopiedUnderLock} pages moved in place");
            Assert.IsGreaterThan(TestSeed.Steps(100_000) / 100, full);
        });
    }

    /// <summary>Interrupts come between the pages of a copy and whenever the lock is taken or released. They pin, free and allocate, and
    /// also use the block that is being copied.</summary>
    [TestMethod]
    [DataRow(PageMapKind.Runs)]
    [DataRow(PageMapKind.FreeBlocks)]
    public void An_interrupt_that_comes_while_pages_are_copied_is_never_refused(PageMapKind map)
    {
        var run = new PropertyRun(TestContext, 0x1297);
        run.Guard(() =>
        {
            var movable = new CheckedMovable(run, map, 200, 200, MovablePages.NoLimit);
            int interrupts = 0, pinned = 0, freed = 0;
            movable.Interrupt = () =>
            {
                int sliding = movable.Sliding(failed: false);
                if (movable.Count == 0 || !run.Chance(sliding >= 0 ? 30 : 1))
                {
                    return;
                }
                interrupts++;
                bool itself = sliding >= 0 && run.Chance(70);
                int index = itself ? sliding : run.Random.Below(movable.Count);
                switch (run.Random.Below(4))
                {
                    case 0:
                        movable.Pin(index);
                        pinned += itself ? 1 : 0;
                        if (run.Chance(80))
                        {
                            movable.Unpin(index);
                        }
                        break;
                    case 1:
                        movable.Unpin(index);
                        break;
                    case 2:
                        movable.Free(index);
                        freed += itself ? 1 : 0;
                        break;
                    // This request is not Atomic: it finds another compaction under way, and does without one.
                    default:
                        movable.Alloc(1 + run.Random.Below(8), run.Chance(95), false, GfpFlags.Kernel);
                        break;
                }
            };
            Churn(movable, run, 200, TestSeed.Steps(60_000));
            movable.FreeAll();
            TestContext.WriteLine($"{interrupts} interrupts, {movable.Movable.CompactSuccesses} compacted, "
                + $"{movable.Movable.CompactFailures} in vain, of blocks half-way {pinned} pinned and {freed} freed");
            Assert.IsGreaterThan(500, interrupts);
            Assert.IsGreaterThanOrEqualTo(map == PageMapKind.Runs ? TestSeed.Steps(60_000) / 2000 : 0, Math.Min(pinned, freed));
        });
    }

    /// <summary>The power fails at the Nth page that is copied, for every N of a run. Nothing is lost, nothing is there twice, and
    /// everything goes on. A block that is half-way waits for the power, which fails once more.</summary>
    [TestMethod]
    [DataRow(PageMapKind.Runs)]
    [DataRow(PageMapKind.FreeBlocks)]
    public void The_power_may_fail_at_every_page(PageMapKind map)
    {
        var run = new PropertyRun(TestContext, 0xF0E2);
        run.Guard(() =>
        {
            int failures = 0, halfWay = 0;
            for (int at = 0; at < TestSeed.Steps(300); at++)
            {
                var movable = new CheckedMovable(run, map, 64, 64, MovablePages.NoLimit);
                movable.Memory.FailsAt = at;
                if (Fails(() => Churn(movable, run, 64, 2000)))
                {
                    failures++;
                    int sliding = movable.Sliding(failed: true);
                    if (sliding >= 0 && Fails(() => movable.Pin(sliding)))
                    {
                        halfWay++;
                        run.Expect(Fails(movable.Movable.Recover), "it recovers without power");
                        movable.CheckMap();
                        movable.Memory.FailsAt = at + 1;
                        ComeFor(movable, sliding, run);
                    }
                    movable.Memory.FailsAt = -1;
                    movable.CheckMap();
                    if (run.Chance(50))
                    {
                        movable.Check();
                    }
                    Churn(movable, run, 64, 200);
                    movable.Check();
                }
                movable.FreeAll();
            }
            TestContext.WriteLine($"{failures} power failures, {halfWay} of them left a block half-way");
            Assert.IsGreaterThan(TestSeed.Steps(300) / 3, failures);
            Assert.IsGreaterThanOrEqualTo(map == PageMapKind.Runs ? TestSeed.Steps(300) / 10 : 0, halfWay);
        });
    }

    /// <summary>Somebody uses a block that is half-way, and the power lasts for one page.</summary>
    private static void ComeFor(CheckedMovable movable, int index, PropertyRun run)
    {
        switch (run.Random.Below(4))
        {
            case 0:
                Fails(() => movable.Pin(index));
                break;
            case 1:
                movable.Free(index);
                break;
            case 2:
                Fails(movable.Movable.Recover);
                break;
            default:
                Fails(() => movable.Movable.Compact(64));
                break;
        }
    }

    private static bool Fails(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (PowerFailedException)
        {
            return true;
        }
    }

    private static void Churn(CheckedMovable movable, PropertyRun run, int pages, int steps)
    {
        int level = 90, walls = 0;
        for (int step = 0; step < steps; step++)
        {
            int draw = run.Random.Below(100);
            if (step % 4096 == 0)
            {
                level = 60 + run.Random.Below(40);
                // With few walls, blocks slide, also in place; with many, they move elsewhere.
                walls = run.Choose([3, 30]);
            }
            int index = movable.Count == 0 ? -1 : run.Random.Below(movable.Count);
            if (draw < 45 || index < 0)
            {
                int length = run.Chance(80) ? 1 + run.Random.Below(6) : 1 + run.Random.Below(24);
                GfpFlags gfp = run.Chance(90) ? GfpFlags.Kernel : run.Choose<GfpFlags>([GfpFlags.Atomic, GfpFlags.NoRetry]);
                run.Begin($"alloc {length}");
                movable.Alloc(length, !run.Chance(walls), run.Chance(walls), gfp);
            }
            else if (draw < 60 || movable.LivePages * 100 > pages * level)
            {
                run.Begin("free");
                movable.Free(index);
            }
            else if (draw < 60 + (walls / 5))
            {
                run.Begin("pin");
                movable.Pin(index);
            }
            else if (draw < 74)
            {
                run.Begin("unpin");
                movable.Unpin(index);
            }
            else if (draw < 75)
            {
                run.Begin("misuse");
                movable.Misuse(index);
            }
            else if (draw < 78)
            {
                run.Begin("compact");
                int budget = run.Random.Below(MostIdle + 1), copied = movable.Compact(budget);
                run.Expect(copied <= budget, "pages above the budget", copied);
            }
            if (step % 256 == 0)
            {
                movable.Check();
            }
        }
        movable.Check();
    }
}
