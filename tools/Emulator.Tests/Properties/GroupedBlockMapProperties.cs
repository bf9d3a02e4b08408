namespace Carveout.Emulator.Tests.Properties;

/// <summary>Grouping may choose the place of a block, but must never refuse one that has a place.</summary>
[TestClass]
public sealed class GroupedBlockMapProperties
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(ZoneSizes.BuddyCases), typeof(ZoneSizes))]
    public void Fails_only_where_no_aligned_place_is_free(int pages, int hotOrders)
    {
        var run = new PropertyRun(TestContext, 0x6B0C5);
        run.Guard(() =>
        {
            var map = new CheckedBuddyMap(PageMap.Create(PageMapKind.GroupedFreeBlocks, pages, hotOrders), false, run);
            new MapChurn(map, run).Go(TestSeed.Steps(ZoneSizes.Share(10_000, pages)), ZoneSizes.Interval(pages));
            map.FreeAllAndExpectNew();
        });
    }

    /// <summary>A slot that takes a lower page gives its own to the map: that may be the last page of another pageblock.</summary>
    [TestMethod]
    public void A_pageblock_that_a_slot_let_go_of_is_whole_again()
    {
        var run = new PropertyRun(TestContext, 0);
        run.Guard(() =>
        {
            var map = new CheckedBuddyMap(PageMap.Create(PageMapKind.GroupedFreeBlocks, 32), false, run);
            for (int page = 0; page <= 16; page++)
            {
                map.Alloc(0, false);
            }
            map.Free(16);
            map.Free(0);
            map.Alloc(0, false);
            map.Validate();
            Assert.AreEqual(16, map.Alloc(4, false));
        });
    }

    /// <summary>The purpose of grouping: while a whole pageblock is free, no pageblock gets both kinds of blocks.</summary>
    [TestMethod]
    public void Mixes_only_where_no_whole_pageblock_is_left()
    {
        var run = new PropertyRun(TestContext, 0x3082);
        run.Guard(() =>
        {
            var mix = new PageblockMix(new CheckedBuddyMap(PageMap.Create(PageMapKind.GroupedFreeBlocks, 1024, 0), false, run), 5, run);
            for (int step = TestSeed.Steps(40_000); step > 0; step--)
            {
                mix.Step();
            }
            TestContext.WriteLine($"{mix.Checked} allocations while a whole pageblock was free, {mix.Mixed} that mixed while none was");
            Assert.IsGreaterThan(5000, mix.Checked);
            Assert.IsGreaterThan(0, mix.Mixed);
        });
    }
}
