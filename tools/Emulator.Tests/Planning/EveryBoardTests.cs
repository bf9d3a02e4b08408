using System.Text.Json.Nodes;
using Carveout.Board.Boards;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>Two QVGA streams on every board, or every second one: the plan plays for a day, and a reservation that is a page smaller is
/// refused.</summary>
[TestClass]
public sealed class EveryBoardTests
{
    private const string Stream = "320x240:RGB565:3@10";
    private const int Page = 4096;

    /// <summary>A day, or as long as the slowest leak takes to reach the end of its memory.</summary>
    private static readonly int s_hours = TestSeed.Of(all: 24, usual: 8);

    public static IEnumerable<object[]> Boards => BoardCatalog.Names().Where((_, number) => TestSeed.IsWhole || number % 2 == 0).Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void The_answer_survives_a_day_and_a_page_less_is_refused(string board)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("plan.json");
        CommandLineRun plan = CommandLineRun.Of("plan", "--native", "--board", board, "--stream", Stream, "--stream", Stream, "--out", file, "--json");
        JsonNode answer = JsonNode.Parse(plan.Output)!;
        string[] streams = [Stream, Stream];
        if (!(bool)answer["fits"]!)
        {
            Assert.AreEqual(1, plan.ExitCode);
            Assert.AreEqual(2L * 3 * 320 * 240 * 2, (long)answer["neededBytes"]!);
            Assert.IsGreaterThan(0L, (long)answer["missingBytes"]!);
            streams = [.. answer["alternatives"]![0]!["streams"]!.AsArray().Select(stream => (string)stream!)];
            plan = CommandLineRun.Of(["plan", "--native", "--board", board, .. Options(streams), "--out", file, "--json"]);
            answer = JsonNode.Parse(plan.Output)!;
        }
        Assert.AreEqual(0, plan.ExitCode, plan.Error);

        CommandLineRun day = CommandLineRun.Of("play", "--plan", file, "--hours", $"{s_hours}");
        Assert.AreEqual(0, day.ExitCode, day.Error);
        Assert.MatchesRegex($@"^played ({60 * s_hours}|{12 * s_hours}) loops, [1-9]\d{{5,6}} frames, no failure$", day.Lines[^1]);
        Assert.Contains("the application was refused ", day.Output, "the leak must have reached the end of memory, or this shows nothing");

        JsonArray reservations = answer["reservations"]!.AsArray();
        long bytes = (long)reservations[0]!["bytes"]! - Page, missing = (long)reservations[0]!["onePageLess"]!["missingBytes"]!;
        if (reservations.Count == 1)
        {
            Assert.AreEqual((long)answer["neededBytes"]! - bytes, missing);
            CommandLineRun less = CommandLineRun.Of(["plan", "--native", "--board", board, .. Options(streams), "--reservation", $"{bytes}"]);
            Assert.AreEqual(1, less.ExitCode);
            Assert.Contains($"{missing} bytes are missing", less.Lines[0]);
            Assert.Contains($" are free: {missing} bytes are missing", less.Output);
        }

        reservations[0]!["bytes"] = bytes;
        File.WriteAllText(file, answer.ToJsonString());
        CommandLineRun refused = CommandLineRun.Of("play", "--plan", file, "--hours", "24");
        Assert.AreEqual(3, refused.ExitCode);
        Assert.AreEqual("", refused.Output);
        Assert.StartsWith("the contract refuses to start:", refused.Error);
        Assert.Contains($" are free: {missing} bytes are missing", refused.Error);
    }

    private static IEnumerable<string> Options(string[] streams) => streams.SelectMany(stream => new[] { "--stream", stream });
}
