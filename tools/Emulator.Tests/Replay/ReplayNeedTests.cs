using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Replay;

/// <summary>The smallest arena of a trace under a policy, found by trying every size.</summary>
[TestClass]
public sealed class ReplayNeedTests
{
    private const int Page = 4096;

    public TestContext TestContext { get; set; } = null!;

    /// <summary>The movie and the churn that needs more, or all.</summary>
    public static IEnumerable<object[]> Limits =>
        new (string Trace, double Most)[] { ("movie", 1.01), ("order80", 1.33), ("pages80", 1.40) }.Take(TestSeed.Of(all: 3, usual: 2))
            .Select(limit => new object[] { limit.Trace, limit.Most });

    /// <summary>docs/costs.md has what was reached, and what it was before runs had two ends.</summary>
    [TestMethod]
    [DynamicData(nameof(Limits))]
    public void Exact_runs_need_little_more_than_what_lives(string trace, double most)
    {
        ReplayNeed need = ReplayNeed.Of(Traces.Read(trace), Options(DmaTail.Exact), null, _ => { }, default);
        TestContext.WriteLine($"{trace}: {need.Times}, {need.Arenas}");
        Assert.IsLessThanOrEqualTo(most, need.Times.Mean);
        Assert.IsLessThanOrEqualTo(need.Times.Mean, need.Times.Least);
        Assert.IsLessThanOrEqualTo(need.Times.Sure, need.Times.Mean);
    }

    /// <summary>Of two blocks of 19 pages one goes, and a third of 20 does not fit in its place.</summary>
    [TestMethod]
    public void It_is_the_first_arena_that_serves_over_the_most_bytes_that_live()
    {
        using var text = new TraceText("a 0 77824 4096\na 1 77824 4096\nf 0\na 2 81920 4096\nf 1\nf 2\n");
        ReplayNeed need = ReplayNeed.Of(TraceFile.Read(text.Path), Options(DmaTail.Exact), null, _ => { }, default);
        Assert.AreEqual(39 * Page, need.PeakLive);
        Assert.AreEqual(58, need.Arenas.Least, "19 pages of the one that stays, 20 beside them in one piece, and the hole of 19");
        Assert.AreEqual(58, need.Arenas.Safe);
        Assert.AreEqual(58.0 / 39, need.Times.Mean, 1e-9);
    }

    /// <summary>Arenas 3, 5 and 6 serve, 4 does not, and from 5 on all do: the threshold lies at 4 in the mean.</summary>
    [TestMethod]
    public void Arenas_that_fail_above_the_smallest_count_in_the_mean()
    {
        ArenaSearch search = ArenaSearch.Of(1, 100, 10, pages => pages is 3 or >= 5, _ => { }, default);
        Assert.AreEqual(new ArenaSearch(3, 5, 14, 3, 1), search);
        Assert.AreEqual(4L, search.Mean);
        Assert.AreEqual(new ArenaSearch(null, null, 100, 100, 0), ArenaSearch.Of(1, 100, 10, _ => false, _ => { }, default));
    }

    [TestMethod]
    public void A_trace_that_no_arena_serves_is_refused()
    {
        // A buddy's largest block is 4 MB.
        using var text = new TraceText("a 0 5000000 4096\nf 0\n");
        UsageException e = Assert.ThrowsExactly<UsageException>(
            () => ReplayNeed.Of(TraceFile.Read(text.Path), Options(DmaTail.Keep), null, _ => { }, default));
        Assert.Contains("no 48 in a row serve it, and 0 at all", e.Message);
    }

    private static ReplayOptions Options(DmaTail tail) => new(0, Page, tail, ReplayOptions.DefaultPoolFrom, AllocatorKind.Carveout, false);
}
