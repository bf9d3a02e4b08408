using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>A block that slides down by fewer pages than it has, stopped at every step, for every length and gap up to <see
/// cref="Longest"/>.</summary>
[TestClass]
public sealed class InPlaceSlideTests
{
    private const int Longest = 6;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Without disturbance all pages are copied under the lock, one at a time, and each once.</summary>
    [TestMethod]
    public void Every_page_is_copied_once() => Each((zone, run) =>
    {
        run.Expect(zone.Request(), "there is no room");
        run.ExpectEqual(2 * zone.Length, zone.Checked.Memory.Copied, "pages copied");
        run.ExpectEqual(2 * zone.Length, zone.Checked.Memory.CopiedUnderLock, "pages copied under the lock");
        run.ExpectEqual(2 * zone.Length, zone.Checked.Movable.MaxStop, "longest stop");
        run.ExpectEqual(2 * zone.Length, zone.Checked.Movable.PagesMigrated, "pages migrated");
    });

    [TestMethod]
    public void A_block_that_is_longer_than_the_budget_does_not_begin() => Each((zone, run) =>
    {
        zone.Checked.Movable.Budget = 2 * zone.Length - 1;
        run.Expect(!zone.Request(), "more than the budget was copied");
        run.ExpectEqual(0, zone.Checked.Memory.Copied, "pages copied");
        zone.Checked.Movable.Budget = 2 * zone.Length;
        run.Expect(zone.Request(), "there is no room");
    });

    /// <summary>A pin half-way gets the whole block at its new place, and the slide continues with the next block.</summary>
    [TestMethod]
    public void An_interrupt_may_pin_it_at_every_step() => AtEveryStep((zone, run) =>
    {
        bool halfWay = zone.Checked.Sliding(failed: false) == zone.Block;
        zone.Checked.Pin(zone.Block);
        zone.Checked.CheckMap();
        run.Expect(zone.Checked.Sliding(failed: false) != zone.Block, "it is half-way although it is pinned");
        return halfWay;
    }, (zone, run, room, halfWay) =>
    {
        run.Expect(room || !halfWay, "what follows a block that was pinned half-way did not slide");
        zone.Checked.Unpin(zone.Block);
    });

    [TestMethod]
    public void An_interrupt_may_free_it_at_every_step() => AtEveryStep((zone, run) =>
    {
        bool halfWay = zone.Checked.Sliding(failed: false) == zone.Block;
        int copied = zone.Checked.Memory.Copied, free = zone.Free;
        zone.Checked.Free(zone.Block);
        run.ExpectEqual(copied, zone.Checked.Memory.Copied, "pages copied for nobody");
        run.ExpectEqual(zone.Length + (halfWay ? zone.Gap : 0), zone.Free - free, "pages freed");
        zone.Checked.CheckMap();
        return halfWay;
    });

    [TestMethod]
    public void An_interrupt_may_allocate_at_every_step() => AtEveryStep((zone, run) =>
    {
        zone.Checked.CheckMap();
        zone.Checked.Alloc(1, false, false, GfpFlags.Atomic);
        zone.Checked.CheckMap();
        return zone.Checked.Sliding(failed: false) == zone.Block;
    });

    /// <summary>While a pin copies pages, another context frees the block: the pin is refused, because the handle is stale.</summary>
    [TestMethod]
    public void It_may_be_freed_while_a_pin_copies_the_rest() => Each((zone, run) =>
    {
        if (zone.Length < 3)
        {
            return;
        }
        zone.Checked.Memory.FailsAt = 1;
        Fails(run, () => zone.Request());
        zone.Checked.Memory.FailsAt = -1;
        zone.Checked.RefusesPinOnceFreed(zone.Block);
        zone.Checked.Check();
        zone.Checked.FreeAll();
    });

    /// <summary>When the power is back, whoever uses the block gets it whole, even if the power fails once more; nobody else gets its
    /// pages.</summary>
    [TestMethod]
    [DataRow("Pin")]
    [DataRow("Free")]
    [DataRow("Recover")]
    [DataRow("Compact")]
    [DataRow("FreePages")]
    public void The_power_may_fail_at_every_page(string next)
    {
        int halfWay = 0;
        Each((zone, run) =>
        {
            for (int at = 0; at < zone.Length; at++)
            {
                for (int again = at; again < zone.Length; again++)
                {
                    var failing = new TwoHoles(run, zone.Length, zone.Gap);
                    failing.Checked.Memory.FailsAt = at;
                    Fails(run, () => failing.Request());
                    run.ExpectEqual(failing.Block, failing.Checked.Sliding(failed: true), "which block is half-way");
                    failing.Checked.CheckMap();
                    failing.Checked.Memory.FailsAt = again;
                    halfWay++;
                    GoOn(failing, run, next);
                }
            }
        });
        Assert.IsGreaterThan(100, halfWay);
    }

    /// <param name="next">What is done then, while the power fails once more at a page that is not copied yet.</param>
    private static void GoOn(TwoHoles zone, PropertyRun run, string next)
    {
        CheckedMovable movable = zone.Checked;
        int free = zone.Free;
        switch (next)
        {
            case "Pin":
                Fails(run, () => movable.Pin(zone.Block));
                movable.CheckMap();
                movable.Memory.FailsAt = -1;
                movable.Pin(zone.Block);
                movable.Unpin(zone.Block);
                run.ExpectEqual(free + zone.Gap, zone.Free, "free pages once it is whole");
                break;
            case "Free":
                movable.Free(zone.Block);
                run.ExpectEqual(free + zone.Gap + zone.Length, zone.Free, "free pages");
                break;
            case "Recover":
                Fails(run, movable.Movable.Recover);
                break;
            case "Compact":
                Fails(run, () => movable.Compact(64));
                break;
            default:
                movable.FreeByAddressWrongly();
                break;
        }
        movable.CheckMap();
        movable.Memory.FailsAt = -1;
        run.Expect(zone.Request(), "there is no room");
        movable.Check();
        movable.FreeAll();
    }

    private static void Fails(PropertyRun run, Action action)
    {
        try
        {
            action();
        }
        catch (PowerFailedException)
        {
            return;
        }
        run.Expect(false, "the power did not fail");
    }

    private void AtEveryStep(Func<TwoHoles, PropertyRun, bool> interrupt, Action<TwoHoles, PropertyRun, bool, bool>? afterwards = null)
    {
        int halfWay = 0;
        Each((zone, run) =>
        {
            bool came = true;
            for (int step = 0; came; step++)
            {
                var stopped = new TwoHoles(run, zone.Length, zone.Gap);
                int left = step;
                bool itself = false;
                came = false;
                stopped.Checked.Interrupt = () =>
                {
                    if (left-- == 0)
                    {
                        came = true;
                        itself = interrupt(stopped, run);
                    }
                };
                bool room = stopped.Request();
                halfWay += itself ? 1 : 0;
                stopped.Checked.Interrupt = null;
                afterwards?.Invoke(stopped, run, room, itself);
                stopped.Checked.Check();
                stopped.Checked.FreeAll();
            }
        });
        TestContext.WriteLine($"{halfWay} times it was half-way");
        Assert.IsGreaterThan(50, halfWay);
    }

    private void Each(Action<TwoHoles, PropertyRun> body)
    {
        var run = new PropertyRun(TestContext, 1);
        run.Guard(() =>
        {
            for (int length = 2; length <= Longest; length++)
            {
                for (int gap = 1; gap < length; gap++)
                {
                    run.Path = $" a block of {length} slides by {gap}";
                    body(new TwoHoles(run, length, gap), run);
                }
            }
        });
    }

    /// <summary>A hole, two blocks of equal length that do not fit into it, and a free page. When both have slid, the free pages are
    /// together.</summary>
    private sealed class TwoHoles
    {
        private readonly int _wanted;

        public TwoHoles(PropertyRun run, int length, int gap)
        {
            (Length, Gap) = (length, gap);
            _wanted = gap + 1;
            Checked = new CheckedMovable(run, PageMapKind.Runs, gap + (2 * length) + 1, 8, MovablePages.NoLimit);
            Checked.Alloc(gap, false, false, GfpFlags.Kernel);
            Checked.Alloc(length, true, false, GfpFlags.Kernel);
            Checked.Alloc(length, true, false, GfpFlags.Kernel);
            Checked.Free(0);
        }

        public CheckedMovable Checked { get; }

        public int Length { get; }

        public int Gap { get; }

        /// <summary>The first block, after the one before it was freed and the last one took its number.</summary>
        public int Block => 1;

        public int Free => Checked.Allocator.ZoneAt(0).FreePages;

        public bool Request() => Checked.Alloc(_wanted, false, false, GfpFlags.Kernel);
    }
}
