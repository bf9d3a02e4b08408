using Carveout.Emulator.Planning;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Properties;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>Compares the smallest arena of a trace with replays in every arena.</summary>
[TestClass]
public sealed class TraceNeedTests
{
    private const int Page = 4096;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void It_is_the_first_of_all_arenas_that_serves_the_trace()
    {
        var run = new PropertyRun(TestContext, 53);
        int notMonotonic = 0;
        for (int round = 0; round < TestSeed.Steps(20); round++)
        {
            using TraceText text = Random(run);
            TraceFile trace = TraceFile.Read(text.Path);
            foreach (TracePolicy policy in TracePolicy.All)
            {
                TraceNeed need = TraceNeed.Of(trace, policy, Page, long.MaxValue, _ => { }, default);
                bool[] serves = [.. Enumerable.Range(1, (int)need.SafePages! + 40)
                    .Select(pages => TraceNeed.RunsIn(trace, policy, pages, Page, default) is not null)];
                run.ExpectEqual(Array.IndexOf(serves, true) + 1, need.Pages!.Value, $"{policy.Name}, smallest");
                int last = Array.LastIndexOf(serves, false, (int)need.SafePages - 1 + TraceNeed.InARow - 1) + 1;
                run.ExpectEqual(last + 1, need.SafePages!.Value, $"{policy.Name}, safe");
                notMonotonic += need.SafePages > need.Pages ? 1 : 0;
            }
        }
        TestContext.WriteLine($"{notMonotonic} times a larger arena failed");
        Assert.IsGreaterThan(0, notMonotonic, "or halving would do");
    }

    [TestMethod]
    public void A_block_that_no_buddy_has_is_no_reason_to_search_for_ever()
    {
        using var text = new TraceText("a 0 5000000 4096\n");
        TraceFile trace = TraceFile.Read(text.Path);
        Assert.IsNull(TraceNeed.Of(trace, TracePolicy.Blocks, Page, long.MaxValue, _ => { }, default).Pages);
        TraceNeed exact = TraceNeed.Of(trace, TracePolicy.All[0], Page, long.MaxValue, _ => { }, default);
        Assert.AreEqual(1221L, exact.Pages);
        Assert.AreEqual(1221L, exact.LivePages);
        Assert.IsNull(TraceNeed.Of(trace, TracePolicy.All[0], Page, 1220, _ => { }, default).Pages, "nobody wants to know more");
    }

    [TestMethod]
    public void The_peak_is_what_lives_at_one_time_as_the_policy_rounds_it()
    {
        using var text = new TraceText("a 0 12288 4096\na 1 4096 4096\nf 1\na 2 4096 16384\nt 0 8192\n");
        TraceFile trace = TraceFile.Read(text.Path);
        Assert.AreEqual(new TracePeak(16384, 8), TracePeak.Of(trace, TracePolicy.Blocks, Page));
        Assert.AreEqual(new TracePeak(16384, 4), TracePeak.Of(trace, TracePolicy.All[0], Page));
        Assert.AreEqual(2, TracePeak.LargestOrder(trace, Page));
    }

    private static TraceText Random(PropertyRun run)
    {
        var lines = new System.Text.StringBuilder();
        var live = new List<int>();
        for (int id = 0; id < 300; id++)
        {
            while (live.Count > 0 && (live.Count > 12 || run.Chance(40)))
            {
                int at = run.Random.Below(live.Count);
                lines.Append($"f {live[at]}\n");
                live.RemoveAt(at);
            }
            lines.Append($"a {id} {(run.Chance(30) ? 1 + run.Random.Below(2000) : Page * (1 + run.Random.Below(9)))} 32\n");
            live.Add(id);
        }
        return new TraceText(lines.ToString());
    }
}
