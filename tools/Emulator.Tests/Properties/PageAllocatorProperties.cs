using Carveout.Board.Boards;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>The page allocator over zones of every kind and map, with a model that predicts which zone serves a request.</summary>
[TestClass]
public sealed class PageAllocatorProperties
{
    private const int PageSize = 4096;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Zones with different properties.</summary>
    private static readonly Dictionary<string, ZoneSpec[]> s_boards = new()
    {
        ["a movie board: buddies for everybody, runs for frames"] =
            [Normal(0x3F800000, PageMapKind.FreeBlocks, 1000), Dma(0x3FC00000, PageMapKind.Runs, 700)],
        ["the story: buddies everywhere, DMA first"] =
            [Dma(0x80000000, PageMapKind.FreeBlocks, 512), Normal(0x80200000, PageMapKind.FreeBlocks, 512)],
        ["mobility: pageblocks in NORMAL"] =
            [Normal(0xC0000000, PageMapKind.GroupedFreeBlocks, 1024), Dma(0xD0000000, PageMapKind.Runs, 256)],
        ["banks: two of each kind, none a power of two"] =
        [
            Normal(0x20000000, PageMapKind.GroupedFreeBlocks, 191), Dma(0x20100000, PageMapKind.FreeBlocks, 65),
            Normal(0x20200000, PageMapKind.FreeBlocks, 191), Dma(0x20300000, PageMapKind.Runs, 333),
        ],
        ["DMA only"] = [Dma(0x24000000, PageMapKind.FreeBlocks, 191)],
        ["NORMAL only"] = [Normal(0x24000000, PageMapKind.GroupedFreeBlocks, 96)],
        ["runs only, side by side"] = [Normal(0x24000000, PageMapKind.Runs, 300), Dma(0x2412C000, PageMapKind.Runs, 100)],
        ["crumbs: zones of a few pages, side by side"] =
        [
            Normal(0x10000, PageMapKind.FreeBlocks, 1), Dma(0x11000, PageMapKind.Runs, 1), Normal(0x12000, PageMapKind.Runs, 2),
            Dma(0x14000, PageMapKind.FreeBlocks, 3), Normal(0x17000, PageMapKind.GroupedFreeBlocks, 5),
            Dma(0x1C000, PageMapKind.GroupedFreeBlocks, 7), Normal(0x23000, PageMapKind.FreeBlocks, 16),
        ],
    };

    public static IEnumerable<object[]> Cases =>
        from board in s_boards.Keys from shrinker in new[] { false, true } select new object[] { board, shrinker };

    public static IEnumerable<object[]> Boards => from name in BoardCatalog.Names() select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Serves_from_the_zone_that_flags_and_reserves_say(string board, bool shrinker)
    {
        var run = new PropertyRun(TestContext, 0x9A6E5);
        run.Guard(() =>
        {
            var allocator = new CheckedAllocator(s_boards[board], PageSize, run);
            var churn = new AllocatorChurn(allocator, run);
            if (shrinker)
            {
                allocator.RegisterShrinker(new HoardShrinker(churn, run));
            }
            churn.Go(TestSeed.Steps(15_000), 50);
            churn.FreeAll();
            TestContext.WriteLine($"{allocator.Failures} failures, {allocator.Stalls} stalls, {allocator.Fallbacks} fallbacks, "
                + $"{allocator.Dips} dips, {churn.Misuses} misuses");
            Assert.IsGreaterThan(0, allocator.Failures);
            Assert.IsGreaterThan(0, churn.Misuses);
            Assert.AreEqual(shrinker, allocator.Stalls > 0);
        });
    }

    /// <summary>The boards as they boot: their zones, their default reserves, and a pool that no zone owns.</summary>
    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Serves_on_every_board_as_it_boots(string name)
    {
        var run = new PropertyRun(TestContext, 0xB0A2D);
        run.Guard(() =>
        {
            foreach (ZoneLayout layout in Enum.GetValues<ZoneLayout>())
            {
                foreach (PageMapKind pages in Enum.GetValues<PageMapKind>())
                {
                    var allocator = new CheckedAllocator(BoardCatalog.Create(name, layout, pages, 65536), run);
                    var churn = new AllocatorChurn(allocator, run);
                    churn.Go(TestSeed.Steps(allocator.TotalPages > 10_000 ? 200 : 1000), 100);
                    churn.FreeAll();
                }
            }
        });
    }

    /// <summary>Owners are numbered by bytes, and the last number works as well as the first.</summary>
    [TestMethod]
    public void The_last_owner_is_an_owner()
    {
        var zone = new Zone("NORMAL", ZoneKind.Normal, 0x20000000, PageMap.Create(PageMapKind.Runs, 16));
        var allocator = new PageAllocator([zone], PageSize, null, null);
        for (int owner = 1; owner < PageAllocator.MaxOwners; owner++)
        {
            Assert.AreEqual((PageOwner)owner, allocator.RegisterOwner($"owner {owner}"));
        }
        Assert.ThrowsExactly<InvalidOperationException>(() => allocator.RegisterOwner("one more"));
        Assert.AreEqual((PageOwner)7, allocator.RegisterOwner("owner 7"));
        const PageOwner Last = (PageOwner)(PageAllocator.MaxOwners - 1);
        uint address = allocator.AllocPagesExact(3 * PageSize, GfpFlags.Kernel, Last);
        Assert.AreEqual(Last, allocator.OwnerAt(address + (2 * PageSize)));
        Assert.AreEqual(3, allocator.OwnerPages(Last));
        Assert.AreEqual(0, allocator.OwnerPages(PageOwner.Unknown));
        allocator.FreePages(address);
        Assert.AreEqual(0, allocator.OwnerPages(Last));
    }

    /// <summary>The four levels, one after the other, to the page: fallback stops at lowmem_reserve, other requests at min, Atomic ones at
    /// 3/8 of min.</summary>
    [TestMethod]
    public void Leaves_to_each_what_is_kept_for_it()
    {
        var run = new PropertyRun(TestContext, 0);
        run.Guard(() =>
        {
            ZoneSpec[] zones = [Normal(0x100000, PageMapKind.FreeBlocks, 160), Dma(0x200000, PageMapKind.Runs, 160)];
            var allocator = new CheckedAllocator(zones, PageSize, run);
            allocator.SetWatermarks(64, 2);
            Zone normal = allocator.Zones[0].Zone, dma = allocator.Zones[1].Zone;

            TakeAll(allocator, GfpFlags.NoFallback);
            Assert.AreEqual((32, 160), (normal.FreePages, dma.FreePages));
            TakeAll(allocator, GfpFlags.Kernel);
            Assert.AreEqual((32, 32 + 80), (normal.FreePages, dma.FreePages), "160/2 pages of lowmem_reserve and the min watermark");
            TakeAll(allocator, GfpFlags.Dma);
            Assert.AreEqual((32, 32), (normal.FreePages, dma.FreePages));
            TakeAll(allocator, GfpFlags.Atomic | GfpFlags.NoFallback);
            Assert.AreEqual((12, 32), (normal.FreePages, dma.FreePages));
            TakeAll(allocator, GfpFlags.Atomic | GfpFlags.Dma);
            Assert.AreEqual((12, 12), (normal.FreePages, dma.FreePages));
            allocator.SetWatermarks(0, 0);
            TakeAll(allocator, GfpFlags.Kernel);
            Assert.AreEqual((0, 0), (normal.FreePages, dma.FreePages), "as in the story: nothing kept, a leak takes the DMA zone too");
        });
    }

    /// <summary>A request above the low watermark disturbs nobody. Below it shrinkers work, but a fallback to another zone comes before
    /// that.</summary>
    [TestMethod]
    public void Falls_back_before_it_goes_below_the_low_watermark()
    {
        var run = new PropertyRun(TestContext, 0);
        run.Guard(() =>
        {
            ZoneSpec[] zones = [Normal(0x100000, PageMapKind.FreeBlocks, 160), Dma(0x200000, PageMapKind.FreeBlocks, 160)];
            var allocator = new CheckedAllocator(zones, PageSize, run);
            allocator.SetWatermarks(64, 0);
            for (int i = 0; i < 120; i++)
            {
                allocator.AllocPages(GfpFlags.Kernel, 0, (PageOwner)1);
            }
            Assert.AreEqual((40, 160), (allocator.Zones[0].Zone.FreePages, allocator.Zones[1].Zone.FreePages));
            allocator.AllocPages(GfpFlags.Kernel, 0, (PageOwner)1);
            Assert.AreEqual((40, 159), (allocator.Zones[0].Zone.FreePages, allocator.Zones[1].Zone.FreePages));
        });
    }

    private static void TakeAll(CheckedAllocator allocator, GfpFlags gfp)
    {
        while (allocator.AllocPages(gfp, 0, (PageOwner)1) != 0)
        {
        }
    }

    private static ZoneSpec Normal(uint start, PageMapKind map, int pages) => new("NORMAL", ZoneKind.Normal, start, map, pages);

    private static ZoneSpec Dma(uint start, PageMapKind map, int pages) => new("DMA", ZoneKind.Dma, start, map, pages);
}
