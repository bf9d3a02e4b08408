using System.Text.Json;
using Carveout.Emulator.Tests.Movies;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Commands;

/// <summary><c>investigate --trace</c>.</summary>
[TestClass]
public sealed class InvestigateTraceCommandTests
{
    private static IEnumerable<string> Boards => new[] { "esp32cam", "stm32f429-disco" }.Take(TestSeed.Of(all: 2, usual: 1));

    /// <summary>From the deployable application's recorded log on the host, through capture, to the culprit.</summary>
    [TestMethod]
    public void Log_of_the_application_becomes_a_trace_that_names_the_leak()
    {
        using var folder = new TemporaryFolder();
        string log = Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "Capture", "app-leak.log"), trace = folder.File("app.trace.gz");
        CommandLineRun capture = CommandLineRun.Of("capture", log, "--out", trace);
        Assert.AreEqual(0, capture.ExitCode, capture.Error);
        CommandLineRun run = CommandLineRun.Of("investigate", "--trace", trace, "--out", folder.File("report"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("app.leak leaks: it grows by 20 KB every loop, and 912 KB of what was taken since loop 15 were never given back.",
            run.Output);
        Assert.Contains("- 88 operations were lost in the device's ring", run.Output);
        Assert.Contains("The device refused 197 of 427 requests", run.Output);
        Assert.Contains("The device has 2 zones, NORMAL 460 KB, NORMAL1 764 KB.", run.Output);
        Assert.StartsWith("app.trace.gz, 1.1 MB in pages of 4 KB", run.Output);
        // The log itself is converted as capture does it.
        CommandLineRun direct = CommandLineRun.Of("investigate", "--trace", log);
        Assert.AreEqual(run.Output[run.Output.IndexOf('\n')..run.Output.IndexOf("report: ", StringComparison.Ordinal)].Trim(),
            direct.Output[direct.Output.IndexOf('\n')..].Trim());
        CommandLineRun replay = CommandLineRun.Of("replay", "--trace", log, "--tail", "exact");
        Assert.AreEqual(0, replay.ExitCode, replay.Error);
        Assert.Contains("1.1 MB in pages of 4 KB", replay.Output);
        Assert.AreEqual($"report: {Path.Combine(folder.File("report"), "report.html")}", run.Lines[^1]);
        Assert.DoesNotContain("\u001b", run.Output, "no escape sequences in a pipe");
        string page = File.ReadAllText(Path.Combine(folder.File("report"), "report.html"));
        Assert.Contains("app.leak leaks: it grows by 20 KB every loop", page);
        Assert.Contains("88 operations were lost", page);
    }

    /// <summary>The leak fills memory in the first minutes and is refused in the others; it is judged by the time before that.</summary>
    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Leak_that_has_everything_long_before_the_trace_ends_is_named(string board)
    {
        using var folder = new TemporaryFolder();
        string log = folder.File("app.log"), trace = folder.File("app.trace");
        File.WriteAllText(log, CommandLineRun.Of("app", "--board", board, "--button-at", "3m", "--trace").Output);
        Assert.AreEqual(0, CommandLineRun.Of("capture", log, "--out", trace).ExitCode);
        CommandLineRun run = CommandLineRun.Of("investigate", "--trace", trace);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.MatchesRegex("(?m)^app.leak leaks: it grows by ", run.Output);
        Assert.DoesNotContain("app.log leaks", run.Output);
        Assert.Contains("up to where requests go on being refused.", run.Output);
    }

    [TestMethod]
    public void Json_has_the_documented_keys_and_nothing_else_is_printed()
    {
        CommandLineRun run = CommandLineRun.Of("investigate", "--trace", Traces.PathOf("movie"), "--movable", "50", "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.AreEqual("movie.trace.gz", result.GetProperty("trace").GetString());
        Assert.AreEqual(8388608, result.GetProperty("size").GetInt32());
        Assert.AreEqual("trace", result.GetProperty("sizeFrom").GetString());
        Assert.IsFalse(result.GetProperty("ownersAreNamed").GetBoolean());
        Assert.AreEqual("size class 4 KB", result.GetProperty("suspects")[0].GetProperty("owner").GetString());
        JsonElement trim = result.GetProperty("policies")[0];
        Assert.AreEqual("kernel-trim", trim.GetProperty("key").GetString());
        Assert.AreEqual("fragmentation", trim.GetProperty("cause").GetString());
        JsonElement failure = trim.GetProperty("firstFailure");
        Assert.AreEqual(679, failure.GetProperty("operation").GetInt32());
        Assert.AreEqual(18, failure.GetProperty("loop").GetInt32());
        Assert.IsGreaterThan(0, failure.GetProperty("tornBlocks").GetProperty("blockers")[0].GetProperty("pages").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, result.GetProperty("policies")[1].GetProperty("firstFailure").ValueKind, "it served every request");
        // The keys of the documentation are those of the result.
        string documentation = File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "trace-format.md"));
        foreach (JsonProperty property in result.EnumerateObject().Concat(trim.EnumerateObject()).Concat(failure.EnumerateObject()))
        {
            Assert.Contains($"`{property.Name}`", documentation);
        }
    }

    /// <summary>As with replay and play: without a number, everything is movable.</summary>
    [TestMethod]
    public void Movable_without_a_number_is_all_of_it()
    {
        CommandLineRun run = CommandLineRun.Of("investigate", "--trace", Traces.PathOf("movie"), "--movable", "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("exact runs, 100 % of the blocks movable", run.Output);
    }

    [TestMethod]
    [DataRow("--trace T --hours 2", "--hours is for the story")]
    [DataRow("--trace T --seeds 2", "--seeds is for the story")]
    [DataRow("--trace T --seed 2", "--seed is for the story")]
    [DataRow("--arena 1M", "--arena is for a trace: expected --trace FILE with it")]
    [DataRow("--movable 5", "--movable is for a trace")]
    [DataRow("--trace T --compact 5", "--compact bounds what is moved: expected --movable with it")]
    [DataRow("--trace T --arena 1000", "--arena 1000: expected a multiple of the page, 4096 bytes")]
    [DataRow("--trace T --arena 1G", "262144 pages: expected 1 to 131072\n")]
    [DataRow("--trace T --page 5000", "--page 5000: expected a power of two")]
    [DataRow("--trace T --arena 1", "--arena 1: expected a size from 256")]
    [DataRow("--trace T --movable 101", "--movable 101: expected a whole number from 0 to 100")]
    [DataRow("--trace no-such.trace", "no-such.trace")]
    [DataRow("--trace BAD", "(1): expected 'a ID SIZE ALIGN'")]
    [DataRow("--trace", "--trace")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected)
    {
        using var trace = new TraceText("a 0 4096 4096\nf 0\n");
        using var bad = new TraceText("nonsense\n");
        CommandLineRun.Refused(expected,
            ["investigate", .. arguments.Split(' ').Select(word => word == "T" ? trace.Path : word == "BAD" ? bad.Path : word)]);
    }

    [TestMethod]
    public void Help_tells_what_a_trace_may_be_judged_with()
    {
        string help = CommandLineRun.Of("investigate", "--help").Output.Replace("\n", " ");
        foreach (string option in new[] { "--trace", "--arena", "--page", "--pool-from", "--movable", "--compact" })
        {
            Assert.Contains(option, help);
        }
    }
}
