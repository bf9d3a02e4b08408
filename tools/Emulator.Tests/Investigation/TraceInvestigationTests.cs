using Carveout.Emulator.Investigation;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Investigation;

[TestClass]
public sealed class TraceInvestigationTests
{
    private const int Page = 4096;

    [TestMethod]
    public void First_failure_is_described_as_memory_stood_then()
    {
        // Eight pages, every second one taken for good: half of the zone is free, in single pages.
        string[] lines =
        [
            .. Enumerable.Range(0, 8).Select(id => $"a {id} {Page} {Page} time={1000 * id} by={(id % 2 == 0 ? "keeper" : "goer")}"),
            .. new[] { 1, 3, 5, 7 }.Select(id => $"f {id} time=8000"), "# loop 7", $"a 8 {2 * Page} {Page} time=9500 by=camera",
        ];
        TraceFinding finding = Of(Investigate(lines, 8 * Page), "kernel-trim");
        TraceFailure failure = finding.Failure!;
        Assert.AreEqual(13, failure.Operation);
        Assert.AreEqual(14, failure.Request.Line, "the mark of the loop is a line as well");
        Assert.AreEqual(7, failure.Loop);
        Assert.AreEqual(9.5, failure.At);
        Assert.AreEqual(4L * Page, failure.Zone.FreeBytes);
        Assert.AreEqual((long)Page, failure.Zone.LargestFreeBytes);
        Assert.AreEqual(Cause.Fragmentation, finding.Cause);
        Assert.AreEqual("fragmented: 16 KB free, largest 4 KB, wanted 8 KB", finding.Verdict);
        // 1000 - (1000 + 4 * 1000 / 2) / 4
        Assert.AreEqual(250, failure.FragmentationIndex);
        Assert.HasCount(4, failure.Torn!.Blocks);
        Assert.AreEqual(new Blocker("keeper", 4, 4, 0), failure.Torn.Blockers.Single());
        Assert.Contains("owner 'camera'", failure.Report);
    }

    /// <summary>Such a failure was once called fragmented, although no order of such a buddy can hold the request.</summary>
    [TestMethod]
    public void Request_that_no_block_could_ever_hold_is_too_large()
    {
        TraceInvestigation found = Investigate([$"a 0 {5 << 20} {Page}", "f 0"], 64 << 20);
        Assert.AreEqual(Cause.TooLarge, Of(found, "kernel-keep").Cause);
        Assert.Contains("too large: 64 MB free, largest 4 MB, wanted 5 MB out of a block of 8 MB; the zone never has a block of more than 4 MB",
            Of(found, "lowest").Verdict);
        Assert.AreEqual(Cause.None, Of(found, "exact").Cause);
    }

    [TestMethod]
    public void Policies_differ_where_tails_matter_and_compaction_is_tried_only_when_asked_for()
    {
        TraceInvestigation found = TraceInvestigation.Run(Traces.Read("movie"), new TraceQuestion(null, null, 65536, 0, MovablePages.NoLimit), false,
            _ => { }, default);
        Assert.AreSequenceEqual(new[] { "kernel-trim", "kernel-keep", "lowest", "grouped", "exact", "pool" },
            found.Findings.Select(finding => finding.Setting.Key).ToArray());
        int[] first = [.. new[] { "kernel-trim", "lowest", "grouped" }.Select(key => Of(found, key).Failure!.Operation)];
        Assert.IsTrue(first[0] < first[1] && first[1] < first[2], string.Join(", ", first));
        foreach (string key in new[] { "kernel-keep", "exact", "pool" })
        {
            Assert.AreEqual(Cause.None, Of(found, key).Cause, key);
        }
        Assert.AreEqual("compact", Investigate([$"a 0 {Page} {Page}"], 8 * Page, movable: 50).Findings[^1].Setting.Key);
    }

    [TestMethod]
    [DataRow("movie")]
    [DataRow("pages80")]
    public void Watching_changes_nothing(string name)
    {
        TraceFile trace = Traces.Read(name);
        TraceInvestigation found = TraceInvestigation.Run(trace, new TraceQuestion(8 << 20, Page, 65536, 50, MovablePages.NoLimit), true, _ => { },
            default);
        foreach (TraceFinding finding in found.Findings.Where(finding => finding.Result is not null))
        {
            Assert.AreEqual(new TraceReplay(trace, finding.Setting.Options).Run(_ => { }, default), finding.Result, finding.Setting.Key);
        }
    }

    [TestMethod]
    public void Pool_that_does_not_fit_is_a_finding_and_no_error()
    {
        TraceInvestigation found = TraceInvestigation.Run(Traces.Read("order80"), new TraceQuestion(null, null, 65536, 0, MovablePages.NoLimit), true,
            _ => { }, default);
        TraceFinding pool = Of(found, "pool");
        Assert.IsNull(pool.Result);
        Assert.Contains("1380352 bytes are missing", pool.Verdict);
        Assert.Contains("1380352 bytes are missing", Carveout.Emulator.Report.TraceReportPage.Of(found));
    }

    /// <summary>A leak beside a churn, for any windows that the trace allows.</summary>
    [TestMethod]
    [DataRow(true, true, "app leaks: it grows by 4 KB every loop, and 76 KB of what was taken since loop 0 were never given back.")]
    [DataRow(false, true, "app leaks: it grows by 8.5 KB every 4.4 s, and 80 KB of what was taken since 0 ms were never given back.")]
    [DataRow(false, false, "app leaks: it grows by 8.5 KB every 24 operations, and 80 KB of what was taken since operation 1 were")]
    public void Leak_is_found_by_loops_by_time_or_by_operations(bool loops, bool times, string expected)
    {
        string conclusions = string.Join('\n', TraceConclusions.Of(Investigate(Leaking(20, loops, times, true), null)));
        Assert.Contains(expected, conclusions);
        Assert.DoesNotContain("churn leaks", conclusions);
    }

    [TestMethod]
    public void Without_owners_it_is_the_size_class_that_grows_and_the_report_says_so()
    {
        TraceInvestigation found = Investigate(Leaking(20, true, true, false), null);
        Assert.Contains("Somebody leaks: size class 4 KB grows by 4 KB every loop", string.Join('\n', TraceConclusions.Of(found)));
        Assert.Contains("The trace names no owners.", string.Join('\n', TraceConclusions.Limits(found)));
    }

    [TestMethod]
    public void Churn_alone_and_a_short_trace_accuse_nobody_and_say_which_it_is()
    {
        string[] churn = [.. Leaking(20, true, true, true).Where(line => !line.Contains("by=app"))];
        Assert.Contains("Nobody is accused of leaking", string.Join('\n', TraceConclusions.Of(Investigate(churn, null))));
        TraceInvestigation refusing = Investigate([.. Enumerable.Range(0, 5).SelectMany(Refused)], null);
        Assert.Contains("Nobody can be accused of leaking: the trace is too short", string.Join('\n', TraceConclusions.Of(refusing)));
        Assert.StartsWith("The device refused 5 of 5 requests, the first at operation 1 of 10, loop 0: 4 KB for app.", TraceConclusions.Of(refusing)[0]);

        static string[] Refused(int id) => [$"# loop {id}", "# refused", $"a {id} {Page} {Page} by=app", $"f {id}"];
    }

    [TestMethod]
    public void Leak_that_met_the_end_of_memory_is_still_found()
    {
        string[] plateau = [.. Enumerable.Range(0, 60).SelectMany(i => new[] { $"# loop {100 + i}", "# refused", $"a {5000 + i} {Page} {Page} by=app",
            $"f {5000 + i}" })];
        string conclusions = string.Join('\n', TraceConclusions.Of(Investigate([.. Leaking(20, true, false, true), .. plateau], null)));
        Assert.Contains("app leaks: it grows by 4 KB every loop", conclusions);
    }

    [TestMethod]
    public void Leak_is_sought_in_the_longest_stretch_between_two_starts_of_the_device()
    {
        string[] lines = Leaking(20, true, false, true);
        string[] frees = [.. lines.Where(line => line.Contains("by=app")).Select(line => $"f {line.Split(' ')[1]}")];
        TraceInvestigation found = Investigate([.. lines, TraceFile.Restart, .. frees, "a 9000 1 1 by=other"], null);
        Assert.Contains("app leaks: it grows by 4 KB every loop", string.Join('\n', TraceConclusions.Of(found)));
        Assert.Contains("The device started anew 1 time", string.Join('\n', TraceConclusions.Limits(found)));
    }

    [TestMethod]
    public void Arena_and_page_come_from_the_option_else_the_trace_else_the_peak()
    {
        string[] lines = ["# trace v1 page=1024 arena=65536", "a 0 2048 1", "a 1 2048 1", "t 1 1024", "f 0"];
        Assert.AreEqual(new TraceArena(65536, 1024, TraceArena.Said), Investigate(lines, null).Arena);
        Assert.AreEqual(new TraceArena(8192, 1024, TraceArena.Given), Investigate(lines, 8192).Arena);
        Assert.AreEqual(new TraceArena(5 * 1024, 1024, TraceArena.Guessed), Investigate(["# trace v1 page=1024", .. lines[1..]], null).Arena);
        Assert.AreEqual(4096, Investigate(lines[1..], null).Arena.PageSize);
        UsageException e = Assert.ThrowsExactly<UsageException>(() => Investigate(["# trace v1 page=1000", .. lines[1..]], null));
        Assert.Contains("says page=1000, which is none: expected --page with it", e.Message);
        e = Assert.ThrowsExactly<UsageException>(() => Investigate(["# trace v1 arena=99999999999", .. lines[1..]], null));
        Assert.Contains("an arena of 99999999999 bytes cannot be replayed: expected --arena with it", e.Message);
    }

    [TestMethod]
    public void Same_trace_gives_the_same_result_whatever_the_threads_do()
    {
        var question = new TraceQuestion(null, null, 65536, 20, 100);
        TraceFile trace = Traces.Read("pages80");
        Assert.AreEqual(TraceInvestigationJson.Of(TraceInvestigation.Run(trace, question, true, _ => { }, default)),
            TraceInvestigationJson.Of(TraceInvestigation.Run(trace, question, false, _ => { }, default)));
    }

    /// <summary>Loops of 2 s. In each a churn allocates and frees five blocks, and an application allocates a page for good.</summary>
    private static string[] Leaking(int loops, bool marked, bool timed, bool owned)
    {
        var lines = new List<string>();
        int id = 0;
        for (int loop = 0; loop < loops; loop++)
        {
            if (marked)
            {
                lines.Add($"# loop {loop}");
            }
            for (int i = 0; i < 5; i++)
            {
                Say($"a {id} {3 * Page} {Page}", "churn", (loop * 2000) + (i * 300));
                Say($"f {id++}", null, (loop * 2000) + (i * 300) + 200);
            }
            Say($"a {id++} {Page} {Page}", "app", (loop * 2000) + 1700);
        }
        return [.. lines];

        void Say(string operation, string? owner, int time) =>
            lines.Add(operation + (timed ? $" time={time}" : "") + (owned && owner is not null ? $" by={owner}" : ""));
    }

    private static TraceInvestigation Investigate(IEnumerable<string> lines, int? arena, int movable = 0)
    {
        using var file = new TraceText(string.Join('\n', lines) + "\n");
        return TraceInvestigation.Run(TraceFile.Read(file.Path), new TraceQuestion(arena, null, 65536, movable, MovablePages.NoLimit), true, _ => { },
            default);
    }

    private static TraceFinding Of(TraceInvestigation found, string key) => found.Findings.Single(finding => finding.Setting.Key == key);
}
