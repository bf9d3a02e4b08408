using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.IlCounting;

[TestClass]
public sealed class DistributionTests
{
    [TestMethod]
    public void HundredDifferentCallsGiveTheirOwnRanks()
    {
        var distribution = new IlDistribution(100);
        foreach (int cost in Enumerable.Range(1, 100).OrderBy(cost => cost * 37 % 101))
            distribution.Add(cost);

        Assert.AreEqual(100, distribution.Count);
        Assert.AreEqual(50.5, distribution.Mean);
        Assert.AreEqual(50, distribution.Median);
        Assert.AreEqual(99, distribution.P99);
        Assert.AreEqual(100, distribution.Worst);
        Assert.AreEqual(1, distribution.Percentile(1));
        Assert.AreEqual(100, distribution.Percentile(100));
    }

    [TestMethod]
    public void RanksRoundUp()
    {
        var distribution = new IlDistribution();
        for (int cost = 1; cost <= 160; cost++)
            distribution.Add(cost);

        Assert.AreEqual(159, distribution.P99, "158 of 160 are less than 99 percent");
        Assert.AreEqual(80, distribution.Median);
        distribution.Add(161);
        Assert.AreEqual(81, distribution.Median);
        Assert.AreEqual(161, distribution.Percentile(100));
    }

    [TestMethod]
    public void OneRareWorstCallDoesNotReachTheP99()
    {
        var distribution = new IlDistribution();
        for (int i = 0; i < 200; i++)
            distribution.Add(i == 17 || i == 18 ? 1000 : 20);

        Assert.AreEqual(20, distribution.P99);
        Assert.AreEqual(1000, distribution.Worst);
        Assert.AreEqual(17, distribution.WorstCall);
        Assert.AreEqual("200 calls: mean 29.8, median 20, p99 20, worst 1000 IL (call 17)", distribution.ToString());
        distribution.Add(1000);
        Assert.AreEqual(1000, distribution.P99, "3 of 201 are more than one in a hundred");
    }

    [TestMethod]
    public void OneCallIsEveryRank()
    {
        var distribution = new IlDistribution();
        distribution.Add(7);

        Assert.AreEqual(7, distribution.Median);
        Assert.AreEqual(7, distribution.P99);
        Assert.AreEqual(7, distribution.Worst);
        Assert.AreEqual(7.0, distribution.Mean);
    }

    [TestMethod]
    public void NothingRecordedAnswersNothing()
    {
        var distribution = new IlDistribution();

        Assert.AreEqual("0 calls", distribution.ToString());
        Assert.ThrowsExactly<InvalidOperationException>(() => distribution.Mean);
        Assert.ThrowsExactly<InvalidOperationException>(() => distribution.Median);
        Assert.ThrowsExactly<InvalidOperationException>(() => distribution.Worst);
        Assert.ThrowsExactly<InvalidOperationException>(() => distribution.WorstCall);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => distribution.Percentile(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => distribution.Percentile(101));
    }
}
