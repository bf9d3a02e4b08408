using Carveout.Board;
using Carveout.Emulator.Tests.Properties;
using Carveout.Memory;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Compares refused requests of tiny zones with an exact search: if moves within the budget make room, they are made.</summary>
[TestClass]
public sealed class CompactionAgainstSearchTests
{
    private const uint Start = 0x10000000;
    private const int PageSize = 256, StepsPerZone = 600;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>A page at the start of a zone is in the way of a block of 128 pages, although 62 other pages are free for it.</summary>
    [TestMethod]
    public void One_page_moves_out_of_the_way_of_a_block()
    {
        (PageAllocator pages, MovablePages movable) = Zone(PageMap.Create(PageMapKind.Runs, 191), 4, MovablePages.NoLimit);
        movable.AllocPagesExact(PageSize, GfpFlags.Kernel, PageOwner.Unknown);
        Assert.AreEqual(Start, pages.AllocPages(GfpFlags.Kernel, 7, PageOwner.Unknown));
        Assert.AreEqual(1L, movable.PagesMigrated);
    }

    /// <summary>500 pages aligned to 16 fit into 512 pages only at the start, where a page lies.</summary>
    [TestMethod]
    public void One_page_moves_out_of_the_way_of_an_aligned_run()
    {
        (PageAllocator pages, MovablePages movable) = Zone(PageMap.Create(PageMapKind.Runs, 512), 4, MovablePages.NoLimit);
        movable.AllocPagesExact(PageSize, GfpFlags.Kernel, PageOwner.Unknown);
        Assert.AreNotEqual(0u, pages.AllocPagesExact(500 * PageSize, GfpFlags.Kernel, PageOwner.Unknown, 16 * PageSize));
    }

    /// <summary>What the bounded search for moves cannot find: three blocks have to step aside before one moves away, or, in a buddy's
    /// zone, a block has to move twice.</summary>
    [TestMethod]
    public void Three_blocks_that_have_to_step_aside_do_not()
    {
        // BB..ccc..#AA is the zone, and 4 pages aligned to 4 are wanted: ccc, AA and BB have to move, one into the place of the other.
        (PageAllocator pages, MovablePages movable) = Zone(PageMap.Create(PageMapKind.Runs, 12), 4, MovablePages.NoLimit);
        Take(movable, 2, 2);
        uint[] gaps = new uint[2];
        gaps[0] = pages.AllocPagesExact(2 * PageSize, GfpFlags.Kernel, PageOwner.Unknown);
        Take(movable, 3, 1);
        gaps[1] = pages.AllocPagesExact(2 * PageSize, GfpFlags.Kernel, PageOwner.Unknown);
        pages.AllocPagesExact(PageSize, GfpFlags.Kernel, PageOwner.Unknown);
        Take(movable, 2, 2);
        Array.ForEach(gaps, pages.FreePages);
        bool[] walls = [.. Enumerable.Range(0, 12).Select(page => page == 9)];
        Assert.AreEqual(8, CheapestMoves.Cost(walls, [new(0, 2, 2), new(4, 3, 1), new(10, 2, 2)], 4, 4, true));
        Assert.AreEqual(0u, pages.AllocPages(GfpFlags.Kernel, 2, PageOwner.Unknown));
        Assert.AreEqual(0L, movable.PagesMigrated, "and nothing is copied in vain");
    }

    [TestMethod]
    public void A_block_that_has_to_move_twice_in_a_buddys_zone_does_not()
    {
        // ####a...bbb..... is the zone, and a block of 8 is wanted: bbb takes the place of a and leaves a page for it.
        (PageAllocator pages, MovablePages movable) = Zone(PageMap.Create(PageMapKind.FreeBlocks, 16), 4, MovablePages.NoLimit);
        pages.AllocPages(GfpFlags.Kernel, 2, PageOwner.Unknown);
        Take(movable, 1, 1);
        uint gap = pages.AllocPages(GfpFlags.Kernel, 1, PageOwner.Unknown);
        Take(movable, 3, 1);
        pages.FreePages(gap);
        pages.DrainAllPages();
        bool[] walls = [.. Enumerable.Range(0, 16).Select(page => page < 4)];
        Assert.AreEqual(5, CheapestMoves.Cost(walls, [new(4, 1, 1), new(8, 3, 1)], 8, 8, false));
        Assert.AreEqual(0u, pages.AllocPages(GfpFlags.Kernel, 3, PageOwner.Unknown));
    }

    private static void Take(MovablePages movable, int pages, int alignment)
    {
        Assert.AreNotEqual(0, alignment == 1 ? movable.AllocPagesExact(pages * PageSize, GfpFlags.Kernel, PageOwner.Unknown)
            : movable.AllocPages(GfpFlags.Kernel, PageMap.OrderOf(pages), PageOwner.Unknown));
    }

    /// <summary>Of a million refusals of such machines five could be avoided, all of them of the two kinds above.</summary>
    [TestMethod]
    [DataRow(PageMapKind.Runs, 8, 2, MovablePages.NoLimit)]
    [DataRow(PageMapKind.Runs, 8, 3, 3)]
    [DataRow(PageMapKind.Runs, 12, 3, MovablePages.NoLimit)]
    [DataRow(PageMapKind.Runs, 12, 4, 4)]
    [DataRow(PageMapKind.Runs, 16, 4, MovablePages.NoLimit)]
    [DataRow(PageMapKind.FreeBlocks, 8, 3, MovablePages.NoLimit)]
    [DataRow(PageMapKind.FreeBlocks, 16, 3, MovablePages.NoLimit)]
    [DataRow(PageMapKind.FreeBlocks, 16, 4, 4)]
    public void No_request_is_refused_for_which_moves_make_room(PageMapKind kind, int zonePages, int handles, int budget)
    {
        var run = new PropertyRun(TestContext, 0xC0FFEE);
        run.Guard(() =>
        {
            int refused = 0, avoidable = 0;
            for (int zone = 0; zone < TestSeed.Steps(15); zone++)
            {
                Fill(run, kind, zonePages, handles, budget, ref refused, ref avoidable);
            }
            TestContext.WriteLine($"{refused} refused, {avoidable} of them avoidable");
            Assert.IsGreaterThan(TestSeed.Steps(900), refused);
            Assert.IsLessThanOrEqualTo(refused / 20_000, avoidable);
        });
    }

    private static (PageAllocator Pages, MovablePages Movable) Zone(PageMap map, int handles, int budget)
    {
        var pages = new PageAllocator([new Zone("NORMAL", ZoneKind.Normal, Start, map)], PageSize, new ManagedMemory(Start, map.Pages * PageSize), null);
        return (pages, new MovablePages(pages, handles, budget));
    }

    private static void Fill(PropertyRun run, PageMapKind kind, int zonePages, int handles, int budget, ref int refused, ref int avoidable)
    {
        (PageAllocator pages, MovablePages movable) = Zone(PageMap.Create(kind, zonePages), handles, budget);
        bool exact = kind == PageMapKind.Runs;
        var fixedBlocks = new List<(uint Address, int Pages)>();
        var moving = new List<(int Handle, int Pages, int Alignment, int Pins)>();
        for (int step = 0; step < StepsPerZone; step++)
        {
            switch (run.Random.Below(10))
            {
                case < 4:
                    bool block = run.Chance(40), asMovable = moving.Count < handles && run.Chance(33);
                    int order = run.Random.Below(4), length = block ? 1 << order : 1 + run.Random.Below(zonePages);
                    int alignment = block ? length : !asMovable && exact && run.Chance(25) ? 2 : 1;
                    if (length > zonePages)
                    {
                        break;
                    }
                    run.Begin($"{(asMovable ? "movable" : "fixed")} {length} pages on {alignment}");
                    CheapestMoves.Block[] before = [.. moving.Where(m => m.Pins == 0).Select(m => Place(movable, m.Handle, m.Pages, m.Alignment))];
                    bool[] walls = Walls(zonePages, fixedBlocks, moving, movable);
                    uint address = 0;
                    int handle = 0;
                    if (asMovable)
                    {
                        handle = block ? movable.AllocPages(GfpFlags.Kernel, order, PageOwner.Unknown)
                            : movable.AllocPagesExact(length * PageSize, GfpFlags.Kernel, PageOwner.Unknown);
                    }
                    else
                    {
                        address = block ? pages.AllocPages(GfpFlags.Kernel, order, PageOwner.Unknown)
                            : pages.AllocPagesExact(length * PageSize, GfpFlags.Kernel, PageOwner.Unknown, alignment * PageSize);
                    }
                    if (handle != 0)
                    {
                        moving.Add((handle, length, alignment, 0));
                    }
                    else if (address != 0)
                    {
                        fixedBlocks.Add((address, length));
                    }
                    else
                    {
                        refused++;
                        int whole = exact ? length : 1 << PageMap.OrderOf(Math.Max(length, alignment));
                        int cost = whole > pages.ZoneAt(0).FreePages ? -1
                            : CheapestMoves.Cost(walls, before, whole, exact ? alignment : whole, exact);
                        avoidable += cost >= 0 && cost <= budget ? 1 : 0;
                    }
                    break;
                case < 6:
                    if (fixedBlocks.Count > 0)
                    {
                        int i = run.Random.Below(fixedBlocks.Count);
                        pages.FreePages(fixedBlocks[i].Address);
                        fixedBlocks.RemoveAt(i);
                    }
                    break;
                case < 8:
                    if (moving.Count > 0)
                    {
                        int i = run.Random.Below(moving.Count);
                        for (int pin = 0; pin < moving[i].Pins; pin++)
                        {
                            movable.Unpin(moving[i].Handle);
                        }
                        movable.Free(moving[i].Handle);
                        moving.RemoveAt(i);
                    }
                    break;
                case 8:
                    if (moving.Count > 0)
                    {
                        int i = run.Random.Below(moving.Count);
                        int pins = moving[i].Pins;
                        if (pins > 0)
                        {
                            movable.Unpin(moving[i].Handle);
                        }
                        else
                        {
                            movable.Pin(moving[i].Handle);
                        }
                        moving[i] = moving[i] with { Pins = 1 - pins };
                    }
                    break;
                default:
                    movable.Compact(run.Random.Below(5));
                    break;
            }
        }
    }

    private static CheapestMoves.Block Place(MovablePages movable, int handle, int pages, int alignment)
    {
        uint address = movable.Pin(handle);
        movable.Unpin(handle);
        return new CheapestMoves.Block((int)((address - Start) / PageSize), pages, alignment);
    }

    private static bool[] Walls(int zonePages, List<(uint Address, int Pages)> fixedBlocks,
        List<(int Handle, int Pages, int Alignment, int Pins)> moving, MovablePages movable)
    {
        bool[] walls = new bool[zonePages];
        foreach ((uint address, int pages) in fixedBlocks)
        {
            Array.Fill(walls, true, (int)((address - Start) / PageSize), pages);
        }
        foreach ((int handle, int pages, int alignment, _) in moving.Where(m => m.Pins > 0))
        {
            Array.Fill(walls, true, Place(movable, handle, pages, alignment).Page, pages);
        }
        return walls;
    }
}
