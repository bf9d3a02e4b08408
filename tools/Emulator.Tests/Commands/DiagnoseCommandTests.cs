using System.IO.Compression;
using System.Text.Json;
using Carveout.Emulator.Tests.Diagnosis;
using Carveout.Emulator.Tests.Movies;
using Json.Schema;

namespace Carveout.Emulator.Tests.Commands;

[TestClass]
public sealed class DiagnoseCommandTests
{
    private static readonly string s_dumps = Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "Diagnosis", "Dumps");

    [TestMethod]
    public void A_dump_becomes_a_verdict_with_arithmetic_in_80_columns()
    {
        CommandLineRun run = CommandLineRun.Of("diagnose", Path.Combine(s_dumps, "failure-2.6.24-arm-order5.txt"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.StartsWith("FRAGMENTED  page allocation failure,", run.Output);
        Assert.Contains("- DMA: 5.1 MB free - 128 KB wanted = 5 MB, against 1.4 MB min; largest block", run.Output);
        Assert.Contains("extfrag index 64 KB 0.886, 128 KB 0.943", run.Output);
        Assert.IsTrue(run.Lines.All(line => line.Length <= 80 || line.StartsWith("    carveout ", StringComparison.Ordinal)), run.Output);
    }

    [TestMethod]
    public void Nothing_known_is_exit_1_and_says_what_would_be()
    {
        using var folder = new TemporaryFolder();
        string log = folder.File("app.log");
        File.WriteAllText(log, "started\nlistening on 80\n");
        CommandLineRun run = CommandLineRun.Of("diagnose", log);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        Assert.Contains("nothing in these 2 lines is a dump of memory", run.Error);
        Assert.Contains("buddyinfo", run.Error);
    }

    [TestMethod]
    [DataRow("there is no such file", "none.log")]
    [DataRow("this is a directory", "FOLDER")]
    [DataRow("FILE", "--json")]
    [DataRow("--want", "LOG --want 0")]
    [DataRow("expected a folder", "LOG --out LOG")]
    public void What_cannot_be_read_is_exit_2(string expected, string arguments)
    {
        using var folder = new TemporaryFolder();
        string log = folder.File("device.log");
        File.WriteAllText(log, "x\n");
        CommandLineRun.Refused(expected, ["diagnose", .. arguments.Split(' ').Select(word => word == "LOG" ? log : word == "FOLDER" ? Path.GetDirectoryName(log)! : word)]);
    }

    [TestMethod]
    public void Json_of_every_dump_is_as_the_schema_says()
    {
        JsonSchema schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "diagnose.schema.json")));
        foreach (string name in DumpFiles.Names)
        {
            CommandLineRun run = CommandLineRun.Of("diagnose", Path.Combine(s_dumps, name), "--json");
            Assert.AreEqual(0, run.ExitCode, name + run.Error);
            using JsonDocument json = JsonDocument.Parse(run.Output);
            EvaluationResults results = schema.Evaluate(json.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
            Assert.IsTrue(results.IsValid, $"{name}: {string.Join("; ", results.Details?.Where(one => one.Errors is not null).SelectMany(one => one.Errors!.Select(error => $"{one.InstanceLocation} {error.Value}")) ?? [])}");
        }
    }

    [TestMethod]
    public void The_report_shows_free_lists_over_time_and_needs_nothing_else()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of("diagnose", Path.Combine(s_dumps, "buddyinfo-series-3.10.txt"), "--out", folder.File("report"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        string page = File.ReadAllText(folder.File("report/report.html"));
        Assert.Contains("Free memory of Normal over time", page);
        Assert.Contains("<svg", page);
        Assert.DoesNotContain("<script", page);
        Assert.Contains("report: ", run.Output);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(folder.File("report/result.json")));
        Assert.AreEqual("fragmented", json.RootElement.GetProperty("findings")[0].GetProperty("cause").GetString());
    }

    [TestMethod]
    public void Several_files_with_a_dump_each_are_a_series_and_gz_is_unpacked()
    {
        using var folder = new TemporaryFolder();
        string before = folder.File("before.txt"), after = folder.File("after.txt.gz");
        string[] dumps = DumpFiles.Text("slabinfo-4.9-twice.txt").Split("slabinfo -", StringSplitOptions.RemoveEmptyEntries);
        File.WriteAllText(before, "slabinfo -" + dumps[0]);
        using (var gzip = new StreamWriter(new GZipStream(File.Create(after), CompressionLevel.Fastest)))
        {
            gzip.Write("slabinfo -" + dumps[1]);
        }
        CommandLineRun run = CommandLineRun.Of("diagnose", before, after);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.StartsWith("LEAK  slabinfo", run.Output);
        Assert.Contains("kmalloc-4096 grows", run.Output);
    }

    [TestMethod]
    public void Nothing_of_a_log_obeys_the_terminal()
    {
        using var folder = new TemporaryFolder();
        string log = folder.File("evil.log");
        File.WriteAllText(log, "\u001b]0;owned\u0007\u202ex: page allocation failure: order:3, mode:0xd0\nNode 0, zone   Normal 1 1 1 0 0 0 0 0 0 0 0 \n");
        foreach (string form in (string[])["", "--json"])
        {
            CommandLineRun run = CommandLineRun.Of(["diagnose", log, .. form.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Assert.DoesNotContain(c => (char.IsControl(c) && c != '\n') || c == '\u202e', run.Output, run.Output);
        }
    }

    [TestMethod]
    public void A_trace_is_judged_by_the_policies()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File("device.trace");
        File.WriteAllText(trace, "# trace v1 page=4096 arena=65536\na 0 40000 4096 by=a\na 1 40000 4096 by=b\nf 0\nf 1\n");
        CommandLineRun run = CommandLineRun.Of("diagnose", trace);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.StartsWith("SHORT OF MEMORY  trace", run.Output);
        Assert.Contains($"carveout investigate --trace {trace}", run.Output);
    }

    /// <summary>The story as its engineer would have had it: the first half of the buddyinfo dumps during playback says what will fail, and
    /// when.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    public void The_storys_own_buddyinfo_foretells_its_end(int seed)
    {
        using var folder = new TemporaryFolder();
        string dumps = folder.File("buddyinfo.log"), half = folder.File("half.log");
        CommandLineRun play = CommandLineRun.Of("play", "--board", "imx31-reference", "--allocator", "kernel", "--zones", "single", "--tail", "trim", "--hours", "6", "--seed", $"{seed}",
            "--buddyinfo", dumps, "--json");
        Assert.AreEqual(3, play.ExitCode, play.Error);
        using JsonDocument played = JsonDocument.Parse(play.Output);
        double failed = played.RootElement.GetProperty("failedAtSeconds").GetDouble();
        string[] lines = File.ReadAllLines(dumps);
        File.WriteAllLines(half, lines.Take(lines.Length / 2));
        foreach (string[] arguments in (string[][])[[dumps], [half], [half, "--want", "600K"]])
        {
            CommandLineRun run = CommandLineRun.Of(["diagnose", .. arguments, "--json"]);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            using JsonDocument json = JsonDocument.Parse(run.Output);
            JsonElement first = json.RootElement.GetProperty("findings")[0];
            Assert.AreEqual("fragmented", first.GetProperty("cause").GetString());
            Assert.Contains("blocks of 256 KB to 4 MB go first", first.GetProperty("sentence").GetString()!);
            // A forecast from half of the time may be wrong by a fifth.
            Assert.AreEqual(failed, first.GetProperty("failsAt").GetDouble(), 0.2 * failed);
        }
    }
}
