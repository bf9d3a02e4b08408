using System.Diagnostics;
using System.Text.Json;
using Carveout.Emulator.Commands;

namespace Carveout.Emulator.Tests.Commands;

[TestClass]
public sealed class PlayCommandTests
{
    [TestMethod]
    public void No_arguments_at_all_is_the_main_job()
    {
        CommandLineRun run = CommandLineRun.Of();
        Assert.AreEqual(0, run.ExitCode);
        Assert.StartsWith("esp32cam, carveout, split, pool: ", run.Lines[0]);
        Assert.AreEqual("played 120 loops, 212400 frames, no failure", run.Lines[^1]);
        Assert.Contains("the application was refused ", run.Output);
    }

    [TestMethod]
    public void Movie_that_dies_exits_3_and_the_last_lines_say_why()
    {
        CommandLineRun run = CommandLineRun.Of("play", "--board", "imx31-reference", "--allocator", "kernel", "--zones", "single", "--tail", "trim");
        Assert.AreEqual(3, run.ExitCode);
        Assert.MatchesRegex(@"^played \d+ loops, \d+ frames, failed at loop \d+ after 01:\d\d:\d\d: DMA fragmented: .* free, largest .*, wanted 600 KB",
            run.Lines[^1]);
        Assert.Contains("page allocation failure: 600 KB exact, gfp Kernel|Dma, owner 'movie'", run.Output);
        Assert.Contains("app.leak", run.Output);
        Assert.Contains("Node 0, zone      DMA ", run.Output);
    }

    [TestMethod]
    public void Json_has_the_documented_keys_and_nothing_else_is_printed()
    {
        CommandLineRun run = CommandLineRun.Of("play", "--board", "imx31-reference", "--allocator", "kernel", "--zones", "single", "--tail", "trim",
            "--seed", "5", "--json");
        Assert.AreEqual(3, run.ExitCode);
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        int loops = result.GetProperty("loops").GetInt32();
        Assert.AreEqual(loops + 1, result.GetProperty("failedAtLoop").GetInt32());
        Assert.AreEqual(loops * 300.0, result.GetProperty("failedAtSeconds").GetDouble(), 0.001, "REQBUFS is called every five minutes");
        Assert.AreEqual(loops * 299 * 30, result.GetProperty("frames").GetInt32());
        Assert.AreEqual(5, result.GetProperty("seed").GetInt32());
        JsonElement zone = result.GetProperty("zones")[0];
        Assert.AreEqual("DMA", zone.GetProperty("name").GetString());
        long free = zone.GetProperty("freeBlocksPerOrder").EnumerateArray().Select((count, order) => count.GetInt64() << order).Sum() * 4096;
        Assert.AreEqual(free, zone.GetProperty("freeBytes").GetInt64());
        Assert.AreEqual(512 * 1024, zone.GetProperty("largestFreeBytes").GetInt64());
    }

    [TestMethod]
    public void Json_of_a_movie_that_lived_has_no_failure()
    {
        CommandLineRun run = CommandLineRun.Of("play", "--hours", "0.1", "--json");
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.AreEqual(0, run.ExitCode);
        Assert.AreEqual(JsonValueKind.Null, result.GetProperty("failedAtLoop").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, result.GetProperty("failedAtSeconds").ValueKind);
        Assert.AreEqual(6, result.GetProperty("loops").GetInt32());
    }

    [TestMethod]
    public void Options_change_movie_and_application()
    {
        CommandLineRun run = CommandLineRun.Of("play", "--hours", "0.1", "--frame", "16x16", "--buffers", "7", "--fps", "10", "--loop", "36",
            "--resident", "64K", "--churn", "0", "--leak", "0", "--zones", "SINGLE");
        Assert.AreEqual(0, run.ExitCode);
        Assert.StartsWith("esp32cam, carveout, single, pool: 16x16 (512 B) x 7 buffers, 10 fps, loops of 36 s, leak 0 B a loop, 0.1 h", run.Lines[0]);
        Assert.AreEqual("played 10 loops, 3500 frames, no failure", run.Lines[^1]);
    }

    [TestMethod]
    public void Movable_memory_of_the_application_is_an_option_and_what_was_moved_is_told()
    {
        string[] story = ["play", "--board", "imx31-reference", "--zones", "single", "--tail", "trim", "--hours", "1.5", "--grouping", "off"];
        CommandLineRun json = CommandLineRun.Of([.. story, "--movable", "--json"]);
        JsonElement result = JsonDocument.Parse(json.Output).RootElement, moves = result.GetProperty("moves");
        Assert.AreEqual(0, json.ExitCode);
        int stalls = moves.GetProperty("stalls").GetInt32(), successes = moves.GetProperty("successes").GetInt32();
        Assert.IsGreaterThan(0, successes);
        Assert.AreEqual(stalls, successes + moves.GetProperty("failures").GetInt32());
        int stop = moves.GetProperty("longestStop").GetInt32();
        CommandLineRun text = CommandLineRun.Of([.. story, "--movable", "100"]);
        Assert.Contains(" application 100 % movable, leak 1 MB a loop", text.Lines[0]);
        Assert.Contains($"compacted {stalls} times, {successes} with success, {moves.GetProperty("pagesMigrated").GetInt64()} pages moved, "
            + $"at most {stop} at once", text.Output);
        CommandLineRun bounded = CommandLineRun.Of([.. story, "--movable", "100", "--compact", "4", "--json"]);
        moves = JsonDocument.Parse(bounded.Output).RootElement.GetProperty("moves");
        Assert.IsLessThanOrEqualTo(4, moves.GetProperty("longestStop").GetInt32());
        Assert.IsFalse(JsonDocument.Parse(CommandLineRun.Of([.. story, "--json"]).Output).RootElement.TryGetProperty("moves", out _));
    }

    [TestMethod]
    [DataRow("--board nope", "--board nope: expected esp32cam, esp32s3")]
    [DataRow("--hours 0", "--hours 0: expected a number above 0 and at most 10000")]
    [DataRow("--hours -1", "--hours -1: expected a number above 0")]
    [DataRow("--hours NaN", "--hours NaN: expected a number above 0")]
    [DataRow("--hours x", "--hours x: expected a number above 0")]
    [DataRow("--zones both", "--zones both: expected single, split")]
    [DataRow("--tail none", "--tail none: expected trim, keep, exact, pool")]
    [DataRow("--allocator mine", "--allocator mine: expected carveout, kernel")]
    [DataRow("--leak -4K", "--leak -4K: expected a size")]
    [DataRow("--leak 1024G", "--leak 1024G: expected a size from 0 to 4294967296")]
    [DataRow("--resident 4M", "--resident 4194304: esp32cam has 3145728 bytes")]
    [DataRow("--leak 4M", "--leak 4194304: esp32cam has 3145728 bytes")]
    [DataRow("--resident 1024G", "--resident 1024G: expected a size from 0 to 4294967296")]
    [DataRow("--leak 4X", "--leak 4X: expected a size")]
    [DataRow("--seed -1", "--seed -1: expected a whole number from 0")]
    [DataRow("--buffers 1", "--buffers 1: expected a whole number from 2 to 30")]
    [DataRow("--buffers 31", "--buffers 31: expected a whole number from 2 to 30")]
    [DataRow("--fps 2.5", "--fps 2.5: expected a whole number from 1 to 240")]
    [DataRow("--loop", "--loop")]
    [DataRow("--frame 320", "--frame 320: expected WIDTHxHEIGHT")]
    [DataRow("--frame 99999x1", "--frame 99999x1: expected WIDTHxHEIGHT")]
    [DataRow("--frame 8000x8000", "bytes of pool: esp32cam has 3145728 bytes")]
    [DataRow("--lowmem-reserve -1", "--lowmem-reserve -1: expected a whole number from 0")]
    [DataRow("--nonsense", "--nonsense")]
    [DataRow("--allocator kernel --tail exact", "--allocator kernel has no exact runs")]
    [DataRow("--allocator kernel --movable", "--movable is for memory of ours: expected --allocator carveout with it")]
    [DataRow("--movable 101", "--movable 101: expected a whole number from 0 to 100")]
    [DataRow("--compact 8", "--compact bounds what is moved: expected --movable with it")]
    [DataRow("--movable --compact -1", "--compact -1: expected a whole number from 0")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected)
    {
        CommandLineRun.Refused(expected, ["play", .. arguments.Split(' ')]);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "sends a signal by the command kill")]
    [Timeout(60_000)]
    public void Ctrl_C_ends_it_with_130_and_a_word_on_where_it_was()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "play", "--hours", "300", "--seed", "42"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        try
        {
            Assert.IsNotNull(process.StandardError.ReadLine(), "the first line of progress: now it plays");
            using Process kill = Process.Start("kill", ["-INT", process.Id.ToString()]);
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(130, process.ExitCode);
            Assert.MatchesRegex(@"interrupted in loop \d+ after \d+:\d\d:\d\d, seed 42", error);
        }
        finally
        {
            process.Kill();
        }
    }
}
