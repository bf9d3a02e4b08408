using Carveout.Board;
using Carveout.Emulator.Tests.Properties;
using Carveout.Memory;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Movable memory against an account of it: alone, interrupted while it copies, and when the power fails.</summary>
[TestClass]
public sealed class MovableProperties
{
    /// <summary>Pages for which an idle loop asks at most.</summary>
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
            int compacted = 0, failed = 0;
            long migrated = 0;
            // Twice: with a table that is large enough and without a bound, then with neither.
            foreach ((int pages, int handles, int budget) in new[] { (200, 200, MovablePages.NoLimit), (96, 24, 8) })
            {
                var movable = new CheckedMovable(run, map, pages, handles, budget);
                Churn(movable, run, pages, run.Steps(steps));
                movable.FreeAll();
                compacted += movable.Movable.CompactSuccesses;
                failed += movable.Movable.CompactFailures;
                migrated += movable.Movable.PagesMigrated;
                Assert.IsLessThanOrEqualTo(Math.Max(budget, MostIdle), movable.Movable.LongestStop);
            }
            TestContext.WriteLine($"{2 * run.Steps(steps)} operations, {compacted} compacted, {failed} in vain, {migrated} pages moved");
            Assert.IsGreaterThan(run.Steps(steps) / 500, Math.Min(compacted, failed));
        });
    }

    /// <summary>Interrupts come between the pages of a copy, and pin, free and allocate: the block that is being copied among others.</summary>
    [TestMethod]
    [DataRow(PageMapKind.Runs)]
    [DataRow(PageMapKind.FreeBlocks)]
    public void An_interrupt_that_comes_while_pages_are_copied_is_never_refused(PageMapKind map)
    {
        var run = new PropertyRun(TestContext, 0x1297);
        run.Guard(() =>
        {
            var movable = new CheckedMovable(run, map, 200, 200, MovablePages.NoLimit);
            int interrupts = 0;
            movable.Memory.Interrupt = () =>
            {
                run.Expect(!movable.Lock.IsHeld, "pages are copied under the lock");
                if (movable.Count != 0 && run.Chance(20))
                {
                    interrupts++;
                    int index = run.Random.Below(movable.Count);
                    switch (run.Random.Below(4))
                    {
                        case 0: movable.Pin(index); break;
                        case 1: movable.Unpin(index); break;
                        case 2: movable.Free(index); break;
                        // Not Atomic: it finds the compaction taken, and goes without.
                        default: movable.Alloc(1 + run.Random.Below(8), run.Chance(50), false, GfpFlags.Kernel); break;
                    }
                }
            };
            Churn(movable, run, 200, run.Steps(60_000));
            movable.FreeAll();
            TestContext.WriteLine($"{interrupts} interrupts, {movable.Movable.CompactSuccesses} compacted, "
                + $"{movable.Movable.CompactFailures} in vain");
            Assert.IsGreaterThan(500, interrupts);
        });
    }

    /// <summary>The power fails at the Nth page that is ever copied, for every N of a run: nothing is lost, nothing is there twice, and
    /// after Recover everything goes on.</summary>
    [TestMethod]
    [DataRow(PageMapKind.Runs)]
    [DataRow(PageMapKind.FreeBlocks)]
    public void The_power_may_fail_at_every_page(PageMapKind map)
    {
        var run = new PropertyRun(TestContext, 0xF0E2);
        run.Guard(() =>
        {
            int failures = 0;
            for (int at = 0; at < run.Steps(300); at++)
            {
                var movable = new CheckedMovable(run, map, 64, 64, MovablePages.NoLimit);
                movable.Memory.FailsAt = at;
                try
                {
                    Churn(movable, run, 64, 2000);
                }
                catch (PowerFailedException)
                {
                    failures++;
                    movable.CheckContents();
                    run.ExpectEqual(0, movable.Movable.Compact(64), "pages copied before Recover");
                    movable.Movable.Recover();
                    movable.Check();
                    movable.Memory.FailsAt = -1;
                    Churn(movable, run, 64, 200);
                }
                movable.FreeAll();
            }
            TestContext.WriteLine($"{failures} power failures");
            Assert.IsGreaterThan(run.Steps(300) / 3, failures);
        });
    }

    private static void Churn(CheckedMovable movable, PropertyRun run, int pages, int steps)
    {
        int level = 90;
        for (int step = 0; step < steps; step++)
        {
            int draw = run.Random.Below(100);
            if (step % 4096 == 0)
            {
                level = 60 + run.Random.Below(40);
            }
            int index = movable.Count == 0 ? -1 : run.Random.Below(movable.Count);
            if (draw < 45 || index < 0)
            {
                int length = run.Chance(80) ? 1 + run.Random.Below(6) : 1 + run.Random.Below(24);
                GfpFlags gfp = run.Chance(90) ? GfpFlags.Kernel : run.Choose<GfpFlags>([GfpFlags.Atomic, GfpFlags.NoRetry]);
                run.Begin($"alloc {length}");
                movable.Alloc(length, run.Chance(70), run.Chance(30), gfp);
            }
            else if (draw < 60 || movable.LivePages * 100 > pages * level)
            {
                run.Begin("free");
                movable.Free(index);
            }
            else if (draw < 66)
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
                int budget = run.Random.Below(MostIdle + 1), copied = movable.Movable.Compact(budget);
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
