using System.Text.Json;
using Carveout.Board.Boards;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Commands;

[TestClass]
public sealed class InvestigateCommandTests
{
    [TestMethod]
    public void Table_has_a_line_for_each_setting_and_conclusions_and_a_death_is_no_error()
    {
        CommandLineRun run = CommandLineRun.Of("investigate", "--board", "esp32cam", "--hours", "0.5", "--seeds", "2");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("esp32cam, 0.5 virtual hours, seeds 1 to 2", run.Lines[0]);
        Assert.MatchesRegex("Linux 2.6 buddy, one zone, tails given back +2/2 +2, 2, 2 +00:02:00, 00:02:00, 00:02:00 +fragmented: .*, wanted 150 KB",
            run.Output);
        Assert.MatchesRegex(@"Carveout, pool reserved at boot +0/2 +all, all, all +plays on +plays on", run.Output);
        Assert.Contains("app.leak leaks: ", run.Output);
        Assert.DoesNotContain("\u001b", run.Output, "no escape sequences in a pipe");
    }

    [TestMethod]
    public void Json_has_the_documented_keys_and_nothing_else_is_printed()
    {
        CommandLineRun run = CommandLineRun.Of("investigate", "--board", "stm32f429-disco", "--hours", "0.5", "--seeds", "2",
            "--seed", "18446744073709551615", "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.AreEqual("stm32f429-disco", result.GetProperty("board").GetString());
        Assert.AreEqual(0, result.GetProperty("seeds")[1].GetInt32(), "seeds count on past the largest");
        Assert.AreNotEqual(0, result.GetProperty("conclusions").GetArrayLength());
        JsonElement trim = result.GetProperty("settings")[0];
        Assert.AreEqual("kernel-trim", trim.GetProperty("key").GetString());
        Assert.AreEqual(2, trim.GetProperty("died").GetInt32());
        Assert.IsLessThan(1800, trim.GetProperty("seconds").GetProperty("median").GetDouble());
        JsonElement first = trim.GetProperty("runs")[0];
        Assert.AreEqual("fragmentation", first.GetProperty("cause").GetString());
        // A run that fails in its first loops accuses nobody; longer runs accuse the leak.
        JsonElement named = result.GetProperty("settings").EnumerateArray().SelectMany(setting => setting.GetProperty("runs").EnumerateArray())
            .Select(run => run.GetProperty("suspects")).First(suspects => suspects.GetArrayLength() > 0);
        Assert.AreEqual("app.leak", named[0].GetProperty("owner").GetString());
        Assert.IsGreaterThan(0, first.GetProperty("fragmentationIndex").GetInt32());
        Assert.IsGreaterThan(0, first.GetProperty("tornBlocks").GetProperty("blockers")[0].GetProperty("pages").GetInt32());
        JsonElement pool = result.GetProperty("settings").EnumerateArray().Last();
        Assert.AreEqual("pool", pool.GetProperty("key").GetString());
        Assert.AreEqual(JsonValueKind.Null, pool.GetProperty("loops").GetProperty("min").ValueKind, "it played on");
    }

    [TestMethod]
    [DataRow(Esp32S3.Name)]
    [DataRow(Stm32F746.Name)]
    [DataRow(Stm32F769Disco.Name)]
    [DataRow(Stm32H743.Name)]
    public void Every_other_board_can_be_investigated(string board)
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of("investigate", "--board", board, "--hours", "0.1", "--seeds", "1", "--out", folder.File("report"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(folder.File("report"), "report.html")));
    }

    [TestMethod]
    public void Out_writes_the_report_and_the_json_that_is_printed()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["investigate", "--board", "esp32cam", "--hours", "0.1", "--seeds", "1", "--out", folder.File("new/folder")];
        CommandLineRun run = CommandLineRun.Of(arguments);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual($"report: {Path.Combine(folder.File("new/folder"), "report.html")}", run.Lines[^1]);
        Assert.AreEqual(CommandLineRun.Of([.. arguments, "--json"]).Output, File.ReadAllText(Path.Combine(folder.File("new/folder"), "result.json")));
        Assert.HasCount(2, Directory.GetFiles(folder.File("new/folder")), "nothing else is left there");
    }

    [TestMethod]
    public void Folder_that_cannot_be_used_is_refused_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("taken"), "");
        CommandLineRun run = CommandLineRun.Of("investigate", "--hours", "1000", "--seeds", "100", "--out", folder.File("taken"));
        Assert.AreEqual(2, run.ExitCode);
        Assert.AreEqual("", run.Output);
        Assert.StartsWith($"--out {folder.File("taken")}: ", run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
    }

    [TestMethod]
    [DataRow("--board nope", "--board nope: expected esp32cam, esp32s3")]
    [DataRow("--hours 0", "--hours 0: expected a number above 0 and at most 1000")]
    [DataRow("--seeds 0", "--seeds 0: expected a whole number from 1 to 100")]
    [DataRow("--seed -1", "--seed -1: expected a whole number from 0")]
    [DataRow("--out", "--out")]
    [DataRow("--nonsense", "--nonsense")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected)
    {
        CommandLineRun.Refused(expected, ["investigate", .. arguments.Split(' ')]);
    }

    [TestMethod]
    public void Help_states_the_defaults()
    {
        CommandLineRun run = CommandLineRun.Of("investigate", "--help");
        Assert.AreEqual(0, run.ExitCode);
        foreach (string standard in new[] { "[default: imx31-reference]", "[default: 4]", "[default: 5]", "[default: 1]", "(default: no files)" })
        {
            Assert.Contains(standard, run.Output.Replace("\n", " "));
        }
    }
}
