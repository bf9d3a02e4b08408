using Carveout.Board.Boards;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Investigation;

/// <summary>Who is accused: on made-up accounts, rule by rule; and in the story, over five seeds, or
/// <c>CARVEOUT_ITERATIONS</c> times as many.</summary>
[TestClass]
public sealed class LeakSuspectsTests
{
    private const int Page = 4096;
    private const string Leak = Application.LeakOwner;

    private static readonly int s_seeds = 5 * TestSeed.Iterations;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Owner_that_never_gives_back_is_accused_with_its_rate_and_since_when()
    {
        LeakSuspect suspect = LeakSuspects.Of(Growing(12, loop => 4 * loop * Page), Cohorts(10, loop => (4 * Page, 4 * Page))).Single();
        Assert.AreEqual(1, suspect.Owner);
        Assert.AreEqual(4.0 * Page, suspect.BytesPerLoop);
        // Ten loops are five spans of two.
        Assert.AreEqual(5, suspect.Spans);
        Assert.AreEqual(5, suspect.SpansKept);
        Assert.AreEqual(1, suspect.SinceLoop);
        Assert.AreEqual(40L * Page, suspect.NeverFreed);
    }

    [TestMethod]
    public void Less_than_a_page_a_loop_is_a_leak_too()
    {
        // One page in six loops: most loops leave nothing.
        Assert.HasCount(1, LeakSuspects.Of(Growing(98, loop => loop / 6 * Page), Cohorts(96, loop => loop % 6 == 0 ? (Page, Page) : (0, 0))));
    }

    [TestMethod]
    public void Leak_inside_a_churn_of_the_same_owner_is_found_once_the_churn_of_old_loops_is_gone()
    {
        Assert.HasCount(1, LeakSuspects.Of(Growing(42, loop => (100 + loop + (7 * loop % 5)) * Page), Cohorts(40, loop => (100 * Page, Page))));
    }

    [TestMethod]
    public void What_was_taken_before_the_movie_began_is_held_against_nobody()
    {
        Assert.IsEmpty(LeakSuspects.Of(Growing(12, loop => (100 + loop) * Page), [new Cohort(1, 0, 100 * Page, 100 * Page)]));
    }

    [TestMethod]
    public void Owner_that_does_not_grow_is_not_accused_whatever_it_keeps()
    {
        Assert.IsEmpty(LeakSuspects.Of(Growing(12, loop => 100 * Page), Cohorts(10, loop => (Page, Page))));
    }

    [TestMethod]
    public void Growth_whose_old_allocations_were_given_back_is_no_leak()
    {
        Assert.IsEmpty(LeakSuspects.Of(Growing(12, loop => loop * Page), Cohorts(10, loop => (50 * Page, loop >= 9 ? Page : 0))));
    }

    [TestMethod]
    public void What_melts_with_age_is_churn_that_lives_long()
    {
        Assert.IsEmpty(LeakSuspects.Of(Growing(12, loop => loop * Page), Cohorts(10, loop => (1024 * Page, Page << loop))));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public void Without_a_loop_that_is_long_over_nobody_is_accused(int requests)
    {
        Assert.IsEmpty(LeakSuspects.Of(Growing(requests, loop => loop * Page), Cohorts(1, loop => (Page, Page))));
    }

    [TestMethod]
    public void With_few_loops_half_of_what_they_had_must_be_left()
    {
        Assert.HasCount(1, LeakSuspects.Of(Growing(3, loop => loop * Page), Cohorts(1, loop => (4 * Page, 2 * Page))));
        Assert.IsEmpty(LeakSuspects.Of(Growing(3, loop => loop * Page), Cohorts(1, loop => (4 * Page, Page))));
    }

    [TestMethod]
    public void Faster_growing_one_comes_first()
    {
        IReadOnlyList<IReadOnlyList<long>> bytes = [.. Enumerable.Range(0, 12).Select(loop => new long[] { 0, loop * Page, 3 * loop * Page })];
        Cohort[] cohorts = [.. from loop in Enumerable.Range(1, 10) from owner in new[] { 1, 2 } select new Cohort(owner, loop, 3 * Page, 3 * Page)];
        Assert.AreSequenceEqual(new[] { 2, 1 }, LeakSuspects.Of(bytes, cohorts).Select(suspect => suspect.Owner).ToArray());
    }

    [TestMethod]
    public void Slope_is_the_median_and_ignores_a_few_wild_samples()
    {
        Assert.AreEqual(0.0, RobustSlope.Of([]));
        Assert.AreEqual(0.0, RobustSlope.Of([7]));
        Assert.AreEqual(3.0, RobustSlope.Of([1, 4, 7, 10]));
        Assert.AreEqual(3.0, RobustSlope.Of([1, 4, 7, 1_000_000, 13, 16, 19, 22]));
        Assert.AreEqual(-2.0, RobustSlope.Of([6, 4, 2]));
    }

    [TestMethod]
    public void What_is_left_must_explain_the_growth()
    {
        // It grows by 10 pages a loop, of which it leaves one: the others come and go, but more of them each time.
        Assert.IsEmpty(LeakSuspects.Of(Growing(12, loop => 10 * loop * Page), Cohorts(10, loop => (20 * Page, Page))));
        Assert.HasCount(1, LeakSuspects.Of(Growing(12, loop => 10 * loop * Page), Cohorts(10, loop => (20 * Page, 5 * Page))));
    }

    [TestMethod]
    [DataRow("........", 8)]
    [DataRow("....xxxx", 4)]
    [DataRow("x.......", 8, DisplayName = "a refusal long ago ends nothing")]
    [DataRow("..x.xx.xxx", 2, DisplayName = "a loop that was spared ends no plateau")]
    [DataRow("xxx.....xx", 8)]
    [DataRow("xxxx", 0)]
    [DataRow("", 0)]
    public void Growth_ends_where_refusals_begin_to_rule(string loops, int plateau)
    {
        Assert.AreEqual(plateau, Plateau.BeginIn([.. loops.Select(loop => loop == 'x')]));
    }

    /// <summary>Every board that ships, and settings that its movie dies of before long; on the story's board two, for their length.</summary>
    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Planted_leak_is_named_first_in_every_failing_run(string board)
    {
        bool isStory = board == Imx31Reference.Name;
        string[] settings = ["kernel-trim", "kernel-trim-normal", .. isStory ? Array.Empty<string>() : ["kernel-keep", "lowest", "grouped"]];
        foreach (SettingFinding setting in Find(board, isStory ? 3 : 2, true, settings))
        {
            foreach (RunFinding run in setting.Runs.Where(run => run.Cause != Cause.None))
            {
                string what = $"{setting.Setting.Key}, seed {run.Result.Seed}: {run.Verdict}";
                Assert.IsNotEmpty(run.Suspects, what);
                Assert.AreEqual(Leak, run.OwnerNames[run.Suspects[0].Owner], what);
            }
            Assert.IsTrue(setting.Setting.Key != "kernel-trim" || setting.Died == s_seeds, "or this shows nothing");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Without_a_leak_nobody_is_accused(string board)
    {
        foreach (SettingFinding setting in Find(board, board == Imx31Reference.Name ? 2 : 1, false, "kernel-trim", "pool"))
        {
            foreach (RunFinding run in setting.Runs)
            {
                Assert.IsEmpty(run.Suspects, $"{setting.Setting.Key}, seed {run.Result.Seed}: {run.Verdict}");
            }
        }
    }

    private static IEnumerable<string> Boards => BoardCatalog.Names();

    private static IReadOnlyList<SettingFinding> Find(string board, double hours, bool leaks, params string[] settings)
    {
        ulong first = TestSeed.Or(1);
        return StoryInvestigation.Run(board, hours, [.. Enumerable.Range(0, s_seeds).Select(i => first + (ulong)i)],
            [.. settings.Select(setting => InvestigationSetting.All.Single(one => one.Key == setting) with { Leaks = leaks })], false, _ => { },
            default).Settings;
    }

    /// <summary>An owner 1 with bytes by loop, and nobody else.</summary>
    private static IReadOnlyList<IReadOnlyList<long>> Growing(int requests, Func<int, long> bytes) =>
        [.. Enumerable.Range(0, requests).Select(loop => new[] { 0, bytes(loop) })];

    /// <summary>Owner 1's allocations of each loop from 1: what they were at its end, and what is left.</summary>
    private static Cohort[] Cohorts(int loops, Func<int, (long AtItsEnd, long Surviving)> bytes) =>
        [.. Enumerable.Range(1, loops).Select(loop => new Cohort(1, loop, bytes(loop).AtItsEnd, bytes(loop).Surviving))];
}
