namespace Carveout.Emulator.Tests.Properties;

/// <summary>Compares the buddy's bitmap with the simple model and with its own policy, answer by answer.</summary>
[TestClass]
public sealed class FreeBlockMapProperties
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(ZoneSizes.BuddyCases), typeof(ZoneSizes))]
    public void Does_exactly_what_its_policy_says(int pages, int hotOrders)
    {
        var run = new PropertyRun(TestContext, 0xF4EEB10C);
        run.Guard(() =>
        {
            var map = new CheckedFreeBlockMap(pages, hotOrders, run);
            new MapChurn(map, run).Go(TestSeed.Steps(ZoneSizes.Share(10_000, pages)), ZoneSizes.Interval(pages));
            map.FreeAllAndExpectNew();
        });
    }

    /// <summary>The bits of these zones fill their last word.</summary>
    [TestMethod]
    [DataRow(65_536)]
    [DataRow(131_072)]
    public void A_place_that_is_not_in_the_zone_is_refused(int pages) =>
        Assert.AreEqual(-1, PageMap.Create(PageMapKind.FreeBlocks, pages).AllocRunAt(1, 0, 1, 0, 0));
}
