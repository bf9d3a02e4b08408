namespace Carveout.Emulator.Tests.Properties;

/// <summary>Exact runs against the naive account: best fit, and no refusal while there is a place.</summary>
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
            new MapChurn(map, run).Go(run.Steps(15_000), ZoneSizes.Interval(pages));
            map.FreeAllAndExpectNew();
        });
    }
}
