using Carveout.Emulator.Planning;
using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>In a zone of the bound's size no request is refused: neither random ones, nor those of the exercise's own adversary.</summary>
[TestClass]
public sealed class BuddyBoundTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Random_traffic_is_never_refused()
    {
        var run = new PropertyRun(TestContext, 51);
        run.Guard(() =>
        {
            for (int round = 0; round < TestSeed.Steps(60); round++)
            {
                var bound = new BuddyBound(1 + run.Random.Below(200), run.Random.Below(7));
                Churn(run, bound, Boot(bound));
            }
        });
    }

    [TestMethod]
    public void Knuths_adversary_needs_more_than_lives_and_less_than_the_bound()
    {
        // TAOCP 1, 2.5, exercise 41: M blocks of a page. Then, order by order, all blocks are freed that are not aligned to the next order,
        // and as many of that order are taken as M leaves room for. This needs 1 + r/2 times M.
        const int Order = 6, M = 1 << (Order + 1);
        var bound = new BuddyBound(M, Order);
        PageAllocator pages = Boot(bound);
        Zone zone = pages.ZoneAt(0);
        var live = Enumerable.Range(0, M).Select(_ => pages.AllocPages(GfpFlags.Kernel, 0, 0)).ToList();
        uint end = live.Max();
        for (int order = 1; order <= Order; order++)
        {
            foreach (uint address in live.Where(address => (address - zone.Start) % ((uint)pages.PageSize << order) != 0).ToList())
            {
                pages.FreePages(address);
                live.Remove(address);
            }
            for (int count = M >> (order + 1); count > 0; count--)
            {
                uint address = pages.AllocPages(GfpFlags.Kernel, order, 0);
                Assert.AreNotEqual(0u, address);
                live.Add(address);
                end = Math.Max(end, address + ((uint)pages.PageSize << order) - 1);
            }
        }
        long used = (end - zone.Start) / pages.PageSize + 1;
        Assert.IsGreaterThanOrEqualTo(M * 3L, used, "or the adversary is none");
        Assert.IsLessThanOrEqualTo(bound.Pages, used);
    }

    [TestMethod]
    public void Hot_slots_watermark_and_whole_blocks_count()
    {
        Assert.AreEqual(new BuddyBound(64, 3), BuddyBound.Of(256 * 1024, 32 * 1024, 4096));
        Assert.AreEqual(new BuddyBound(1, 0), BuddyBound.Of(1, 1, 4096));
        Assert.AreEqual(2, new BuddyBound(1, 0).Pages, "a page, and one that the slot of order 0 may hold back");
        Assert.AreEqual((64 + 15) * 4 + 4, new BuddyBound(64, 3).Pages, "316 pages are 39.5 blocks of 8");
        Assert.AreEqual(1 + 9, new BuddyBound(1, 0).PagesWith(9));
        Assert.AreEqual(320, new BuddyBound(64, 3).PagesWith(9));
    }

    [TestMethod]
    public void A_zone_with_its_watermark_refuses_nothing_either()
    {
        var run = new PropertyRun(TestContext, 52);
        run.Guard(() =>
        {
            for (int round = 0; round < TestSeed.Steps(30); round++)
            {
                // Only with a single order can the watermark be more than what the bound adds.
                var bound = new BuddyBound(60 + run.Random.Below(200), run.Random.Below(2));
                const int Watermark = 30;
                PageAllocator pages = Boot((int)bound.PagesWith(Watermark));
                pages.SetWatermarks(Watermark, 0);
                Churn(run, bound, pages);
            }
        });
    }

    private static PageAllocator Boot(BuddyBound bound) => Boot((int)bound.Pages);

    private static PageAllocator Boot(int pages) =>
        new([new Zone("NORMAL", ZoneKind.Normal, 0x20000000, PageMap.Create(PageMapKind.FreeBlocks, pages))], 4096, null!, null!);

    /// <summary>Fills the zone up to M, then frees blocks by a rule that each round chooses, again and again.</summary>
    private static void Churn(PropertyRun run, BuddyBound bound, PageAllocator pages)
    {
        var live = new List<(uint Address, int Order)>();
        long taken = 0;
        for (int wave = 0; wave < 30; wave++)
        {
            int most = run.Random.Below(bound.LargestOrder + 1);
            while (true)
            {
                int order = run.Chance(80) ? most : run.Random.Below(bound.LargestOrder + 1);
                if (taken + (1 << order) > bound.LivePages)
                {
                    break;
                }
                run.Begin($"M {bound.LivePages}, largest order {bound.LargestOrder}: order {order} with {taken} taken");
                uint address = pages.AllocPages(GfpFlags.Kernel, order, 0);
                run.Expect(address != 0, "refused");
                live.Add((address, order));
                taken += 1 << order;
            }
            // Keep the first block of each larger one, which does most harm; or keep any blocks.
            uint unit = 4096u << run.Random.Below(bound.LargestOrder + 2);
            bool aligned = run.Chance(70);
            foreach ((uint Address, int Order) block in live.ToList())
            {
                if (aligned ? block.Address % unit != 0 : run.Chance(50))
                {
                    pages.FreePages(block.Address);
                    live.Remove(block);
                    taken -= 1 << block.Order;
                }
            }
        }
    }
}
