using System.Text.Json;
using Carveout.Board.Boards;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Tests.Investigation;

[TestClass]
public sealed class StoryInvestigationTests
{
    private const string Trim = "kernel-trim", Normal = "kernel-trim-normal", Keep = "kernel-keep", Pool = "pool";

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void On_the_storys_board_the_verdicts_come_in_the_storys_order()
    {
        StoryInvestigation found = Investigate(Imx31Reference.Name, 5, Seeds(2), Trim, "kernel-trim-no-leak", Normal, Keep, Pool);
        Assert.IsLessThan(Seconds(found, Normal).Min, Seconds(found, Trim).Max, "a NORMAL zone delays it");
        Assert.IsLessThan(5 * 3600.0, Seconds(found, Normal).Max, "but it dies");
        Assert.IsGreaterThan(3 * Seconds(found, Trim).Max, Seconds(found, Keep).Min, "whole blocks last much longer");
        Assert.AreEqual(0, Of(found, "kernel-trim-no-leak").Died);
        Assert.AreEqual(0, Of(found, Pool).Died);
        Assert.AreEqual(Cause.Fragmentation, Of(found, Trim).Earliest.Cause);
        Assert.AreEqual(Cause.Leak, Of(found, Keep).Earliest.Cause, "nothing is torn: the leak has it all");
        string conclusions = string.Join('\n', Conclusions.Of(found));
        Assert.Contains("Without the leak it plays on for 5 h: it takes the leak to kill it.", conclusions);
        Assert.Contains("app.leak leaks: it grows by 1 MB a loop", conclusions);
        Assert.Contains("that delays it and cures nothing", conclusions);
        Assert.Contains("where the leak has met its limit or cannot reach the frames: Carveout, pool reserved at boot.", conclusions);
    }

    [TestMethod]
    public void What_only_has_not_died_yet_is_not_called_a_cure()
    {
        string conclusions = string.Join('\n', Conclusions.Of(Investigate(Imx31Reference.Name, 2, [1], Trim, Keep, Pool)));
        Assert.Contains("Still playing after 2 h, but the leak goes on growing: whole blocks instead of trimmed ones.", conclusions);
    }

    [TestMethod]
    [DataRow(Esp32Cam.Name)]
    [DataRow(Stm32F429Disco.Name)]
    public void On_a_small_board_trimming_dies_first_and_the_pool_never(string board)
    {
        StoryInvestigation found = Investigate(board, 2, Seeds(3), Trim, Normal, Keep, Pool);
        Assert.IsLessThanOrEqualTo(Seconds(found, Normal).Min, Seconds(found, Trim).Max);
        Assert.IsLessThan(2 * 3600.0, Seconds(found, Normal).Max, "a NORMAL zone is no cure");
        Assert.IsGreaterThan(5 * Seconds(found, Trim).Max, Seconds(found, Keep).Min);
        Assert.AreEqual(0, Of(found, Pool).Died);
        Assert.AreEqual(Of(found, Keep).Runs.Count, Of(found, Keep).Died, "the leak must have reached the end of memory, or the pool shows nothing");
    }

    [TestMethod]
    public void Torn_blocks_are_those_that_lack_only_a_few_pages_and_the_leak_has_them()
    {
        RunFinding run = Of(Investigate(Imx31Reference.Name, 2, [1], Trim), Trim).Earliest;
        TornBlocks torn = run.Recorder.Torn!;
        Assert.AreEqual(150, torn.WantedPages);
        Assert.AreEqual(256, torn.BlockPages);
        Assert.AreEqual("app.leak", torn.Blockers[0].Owner);
        Assert.IsGreaterThan(20, torn.Blocks.Count);
        Assert.AreEqual(torn.Taken, torn.Blockers.Sum(blocker => blocker.Pages));
        Assert.AreEqual(torn.TakenInTails, torn.Blockers.Sum(blocker => blocker.InTails));
        foreach (TornBlock block in torn.Blocks)
        {
            Assert.IsTrue(block.Taken is > 0 and <= 128, "half of a torn block is free, and some of it is not");
            Assert.AreEqual(0, block.Page % 256);
            Assert.AreEqual(block.Taken, block.Owners.Count(owner => owner >= 0));
            Assert.AreEqual(block.TakenInTail, block.Owners.Skip(150).Count(owner => owner >= 0));
        }
        long freeInThem = torn.Blocks.Sum(block => 256L - block.Taken) * 4096;
        Assert.IsLessThanOrEqualTo(run.FailedZone!.FreeBytes, freeInThem);
    }

    [TestMethod]
    [DataRow(AllocatorKind.Kernel, DmaTail.Trim)]
    [DataRow(AllocatorKind.Carveout, DmaTail.Trim)]
    [DataRow(AllocatorKind.Carveout, DmaTail.Exact)]
    public void Watching_changes_nothing(AllocatorKind allocator, DmaTail tail)
    {
        InvestigationSetting setting = InvestigationSetting.All.First(one => one.Allocator == allocator && one.Tail == tail);
        PlayOptions options = setting.Options(Esp32Cam.Name, 2, TestSeed.Or(7));
        PlayResult alone = PlayRun.Of(options).Run(() => { }, default);
        RunFinding watched = StoryInvestigation.RunOne(options, true, _ => { }, default);
        Assert.AreEqual(JsonSerializer.Serialize(alone), JsonSerializer.Serialize(watched.Result));
        Assert.AreEqual(0L, watched.Recorder.Dropped);
    }

    [TestMethod]
    public void Samples_agree_with_themselves()
    {
        RunFinding run = StoryInvestigation.RunOne(InvestigationSetting.All[0].Options(Stm32F429Disco.Name, 1, 1), true, _ => { }, default);
        Assert.HasCount(run.Result.Loops + 2, run.Recorder.Samples, "each loop's request, the failing one's, and the failure");
        Assert.HasCount(run.Result.Loops + 1, run.Recorder.Maps, "the middle of each loop, and the failure");
        foreach (RunSample sample in run.Recorder.Samples)
        {
            long free = sample.Zones.Sum(zone => zone.FreeBytes);
            long blocks = sample.Zones.Sum(zone => zone.FreeBlocksPerOrder.Select((count, order) => (long)count << order).Sum()) * 4096;
            Assert.AreEqual(free, blocks);
            Assert.AreEqual(2560L * 1024, free + sample.OwnerBytes.Sum(), 1536 * 1024, "all memory is somebody's or free");
        }
        int movie = run.OwnerNames.ToList().IndexOf(PlayRun.MovieOwner);
        Assert.AreEqual(0L, run.Recorder.Samples[1].OwnerBytes[movie], "at a request the movie has nothing");
    }

    [TestMethod]
    public void Same_seeds_give_the_same_result_whatever_the_threads_do()
    {
        Assert.AreEqual(InvestigationJson.Of(Investigate(Esp32Cam.Name, 1, [3, 4, 5], Trim, Keep, "grouped")),
            InvestigationJson.Of(Investigate(Esp32Cam.Name, 1, [3, 4, 5], Trim, Keep, "grouped")));
    }

    [TestMethod]
    public void Board_that_nobody_knows_is_refused_by_one_message()
    {
        var e = Assert.ThrowsExactly<UsageException>(
            () => StoryInvestigation.Run("nope", 1, [1, 2], InvestigationSetting.All, false, _ => { }, default));
        Assert.StartsWith("no board is called 'nope'", e.Message);
    }

    [TestMethod]
    public void It_can_be_interrupted()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => StoryInvestigation.Run(Esp32Cam.Name, 1000, [1, 2, 3, 4], InvestigationSetting.All, false,
            share => cancel.Cancel(), cancel.Token));
    }

    [TestMethod]
    public void Spread_of_an_even_number_takes_the_lesser_middle_one()
    {
        Assert.AreEqual(new Spread(1, 2, double.PositiveInfinity), Spread.Of([double.PositiveInfinity, 2, 1, 3]));
        Assert.AreEqual(new Spread(1, 3, 5), Spread.Of([5, 3, 1]));
    }

    private static ulong[] Seeds(int all) => [.. Enumerable.Range(1, TestSeed.Of(all, usual: 1)).Select(seed => (ulong)seed)];

    private StoryInvestigation Investigate(string board, double hours, ulong[] seeds, params string[] keys)
    {
        StoryInvestigation found = StoryInvestigation.Run(board, hours, seeds,
            [.. keys.Select(key => InvestigationSetting.All.Single(setting => setting.Key == key))], false, _ => { }, default);
        foreach (SettingFinding setting in found.Settings)
        {
            TestContext.WriteLine($"{setting.Setting.Title}: {InvestigationTable.Times(setting.Seconds)}; {setting.Earliest.Verdict}");
        }
        return found;
    }

    private static SettingFinding Of(StoryInvestigation found, string key) => found.Settings.Single(setting => setting.Setting.Key == key);

    private static Spread Seconds(StoryInvestigation found, string key) => Of(found, key).Seconds;
}
