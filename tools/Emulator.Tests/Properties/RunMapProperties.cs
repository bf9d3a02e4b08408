namespace Carveout.Emulator.Tests.Properties;

/// <summary>Compares exact runs with the simple model: best fit, and no refusal while there is a place.</summary>
[TestClass]
public sealed class RunMapProperties
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Cases => from pages in ZoneSizes.OfRuns select new object[] { pages };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Takes_the_shortest_run_and_fails_only_where_there_is_none(int pages)
    {
        var run = new PropertyRun(TestContext, 0x2041);
        run.Guard(() =>
        {
            var map = new CheckedRunMap(pages, run);
            new MapChurn(map, run).Go(TestSeed.Steps(15_000), ZoneSizes.Interval(pages));
            map.FreeAllAndExpectNew();
        });
    }

    [TestMethod]
    [DataRow(15, 4)]
    [DataRow(191, 5)]
    [DataRow(2048, 38)]
    [DataRow(5000, 75)]
    public void Takes_long_runs_from_the_other_end(int pages, int longFrom)
    {
        var run = new PropertyRun(TestContext, 0x2043);
        run.Guard(() =>
        {
            var map = new CheckedRunMap(pages, run, longFrom);
            new MapChurn(map, run).Go(TestSeed.Steps(15_000), ZoneSizes.Interval(pages));
            map.FreeAllAndExpectNew();
        });
    }

    /// <summary>Parts are so small that runs begin in one and end in another, and that lengths do not fit their tags.</summary>
    [TestMethod]
    [DataRow(1, 2)]
    [DataRow(15, 2)]
    [DataRow(16, 2)]
    [DataRow(17, 3)]
    [DataRow(64, 4)]
    [DataRow(191, 2)]
    [DataRow(300, 4)]
    [DataRow(1000, 5)]
    [DataRow(5000, 7)]
    [DataRow(32_001, 14)]
    [DataRow(131_072, 14)]
    public void A_large_map_of_small_parts_does_the_same(int pages, int partShift)
    {
        var run = new PropertyRun(TestContext, 0x2042);
        run.Guard(() =>
        {
            var map = new CheckedRunMap(new LargeRunMap(pages, partShift), run);
            new MapChurn(map, run).Go(TestSeed.Steps(15_000), ZoneSizes.Interval(pages));
            map.FreeAllAndExpectNew();
        });
    }

    [TestMethod]
    [DataRow(32_001)]
    [DataRow(131_072)]
    [DataRow(1_048_576)]
    public void A_large_map_needs_no_more_bytes_a_page(int pages)
    {
        double small = (double)PageMap.Create(PageMapKind.Runs, RunMap.MaxRunPages).MetadataSize / RunMap.MaxRunPages;
        Assert.IsLessThanOrEqualTo(0.05, (double)new LargeRunMap(pages).MetadataSize / pages - small);
    }

    /// <summary>Requests for more pages than 16-bit numbers can count, and what is left on both sides of them.</summary>
    [TestMethod]
    public void Runs_that_no_16_bit_number_counts_are_taken_trimmed_joined_and_given_back()
    {
        PageMap map = new LargeRunMap(200_000);
        Assert.AreEqual(0, map.AllocRun(100_000, 1));
        Assert.AreEqual(131_072, map.AllocRun(50_000, 65_536));
        Assert.AreEqual(31_072, map.ExtentAt(100_000));
        Assert.AreEqual(31_072, map.LargestFree());
        map.Trim(0, 40_000);
        Assert.AreEqual(91_072, map.ExtentAt(40_000));
        Assert.AreEqual(-40_000, map.ExtentAt(0));
        Assert.IsTrue(map.TakeAt(40_000, 60_000));
        map.Join(0);
        Assert.AreEqual(100_000, map.BlockLength(0));
        Assert.AreEqual(0, map.BlockAt(99_999));
        Assert.AreEqual(-1, map.BlockAt(100_000));
        Assert.AreEqual(0, map.Free(1));
        Assert.AreEqual(100_000, map.Free(0));
        Assert.AreEqual(50_000, map.Free(131_072));
        Assert.AreEqual(200_000, map.LargestFree());
    }
}
