using System.Text.Json;
using System.Text.Json.Nodes;
using Carveout.Emulator.Tests.Movies;
using Carveout.Emulator.Tests.Planning;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Commands;

[TestClass]
public sealed class PlanCommandTests
{
    private const string Qvga = "320x240:RGB565:3";

    [TestMethod]
    public void Reports_in_words()
    {
        CommandLineRun run = CommandLineRun.Of("plan", "--native", "--stream", "320x240:rgb565:3", "--stream", "321x10:GREY:2@5");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("esp32cam: fits, 460 KB to reserve", run.Lines[0]);
        Assert.AreEqual("320x240:RGB565:3@30 640 153600 153600 3 460800 0x3fb8d000 39 8192 4608000", Row(run, "320x240"));
        // 321 bytes a line become 324; a frame has 3240, and with lines of the cache 3264.
        Assert.AreEqual("321x10:GREY:2@5 324 3240 3264 2 6528 0x3fbfd800 1 8192 16200", Row(run, "321x10"));
        Assert.AreEqual("all 5 467328 16384 4624200", Row(run, "all"));
        Assert.AreEqual("needed 467328 bytes, 115 pages of 4096", Row(run, "needed"));
        Assert.EndsWith("6528 bytes in reservation frame-pool, 6144 are free: 384 bytes are missing", Row(run, "a page less"));
        Assert.Contains("public const uint Stream2Start = 0x3fbfd800;", run.Output);
        Assert.AreEqual("}", run.Lines[^1]);
    }

    [TestMethod]
    public void An_application_is_promised_what_the_bound_says_and_no_byte_more()
    {
        // (64 + 15)(1 + 3) = 316 pages, whole blocks of 8: 320.
        string[] arguments = ["plan", "--native", "--board", "esp32cam", "--stream", Qvga, "--app", "256K", "--app-block", "32K"];
        CommandLineRun run = CommandLineRun.Of(arguments);
        Assert.AreEqual(0, run.ExitCode);
        Assert.Contains("M = 64 pages, n = 8", run.Output);
        Assert.Contains("(M + 15)(1 + log2 n) = 320 pages, 1310720 bytes", run.Output);
        Assert.Contains("PageMapKind.FreeBlocks", run.Output, "the bound is proven for the ungrouped buddy alone");

        JsonElement large = Json(CommandLineRun.Of([.. arguments[..6], "--app", "1M", "--app-block", "32K", "--json"]), 1);
        JsonElement app = large.GetProperty("application");
        Assert.AreEqual((((256 + 15) * 4 + 4) & ~7) * 4096, app.GetProperty("needBytes").GetInt64());
        Assert.IsFalse(app.GetProperty("fits").GetBoolean());
        JsonElement[] changes = [.. large.GetProperty("alternatives").EnumerateArray()
            .Where(one => one.GetProperty("change").GetString()!.Contains("application"))];
        Assert.HasCount(2, changes);
        foreach (JsonElement change in changes)
        {
            CommandLineRun again = CommandLineRun.Of([.. arguments[..6], "--app", $"{change.GetProperty("applicationBytes")}", "--app-block",
                $"{change.GetProperty("applicationBlock")}"]);
            Assert.AreEqual(0, again.ExitCode, change.ToString());
        }
        // One page more than the largest possible is too much.
        long most = changes[1].GetProperty("applicationBytes").GetInt64();
        Assert.AreEqual(1, CommandLineRun.Of([.. arguments[..6], "--app", $"{most + 4096}", "--app-block", "32K"]).ExitCode);
    }

    [TestMethod]
    public void A_trace_stands_beside_the_bound()
    {
        using var trace = new TraceText("a 0 12288 4096\na 1 12288 4096\nf 0\na 2 16384 4096\n");
        JsonElement plan = Json(CommandLineRun.Of("plan", "--native", "--stream", Qvga, "--trace", trace.Path, "--json"), 0);
        JsonElement found = plan.GetProperty("trace");
        Assert.AreEqual(28672, found.GetProperty("peakBytes").GetInt64());
        // Blocks of 4: two at once. Runs: 3 + 3; and 4 beside the second 3, if the first 3 and a page behind both do not fit.
        Assert.AreEqual("exact keep trim", string.Join(' ', found.GetProperty("policies").EnumerateArray()
            .Select(one => one.GetProperty("name").GetString())));
        Assert.AreEqual(10 * 4096, found.GetProperty("policies")[0].GetProperty("bytes").GetInt64());
        Assert.AreEqual(8 * 4096, found.GetProperty("policies")[1].GetProperty("bytes").GetInt64());
        Assert.AreEqual((8 + 7) * 3 * 4096 + 3 * 4096, found.GetProperty("boundBytes").GetInt64());
        Assert.AreEqual("keep", found.GetProperty("policy").GetString());
        Assert.AreEqual("freeBlocks", plan.GetProperty("pageMap").GetString());
        Assert.IsTrue(found.GetProperty("fits").GetBoolean());
    }

    [TestMethod]
    public void A_trace_that_the_rest_does_not_hold_does_not_fit()
    {
        using var trace = new TraceText("a 0 3000000 4096\na 1 3000000 4096\n");
        CommandLineRun run = CommandLineRun.Of("plan", "--native", "--stream", Qvga, "--trace", trace.Path);
        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("exact in NORMAL with 655 pages: a request fails, 3321856 bytes are missing to its smallest arena", run.Output);
        Assert.Contains("nothing that was tried makes it fit", run.Output);
    }

    [TestMethod]
    public void Zones_are_not_divided_where_that_is_what_the_application_lacks()
    {
        JsonElement plan = Json(CommandLineRun.Of("plan", "--native", "--board", "stm32f429-disco", "--stream", "160x120:GREY:2", "--app", "3500K",
            "--app-block", "4K", "--json"), 0);
        Assert.AreEqual("single", plan.GetProperty("zones").GetString());
        Assert.AreEqual(1, plan.GetProperty("zonesLeft").GetArrayLength());
    }

    [TestMethod]
    [DataRow("--stream 320x240:RGB565", "320x240:RGB565: expected WxH:FORMAT:BUFFERS[@FPS]")]
    [DataRow("--stream 320x240:RGB999:3", "expected WxH")]
    [DataRow("--stream 320x240:0:3", "expected WxH")]
    [DataRow("--stream 320x240:GREY:0", "1 to 30 buffers")]
    [DataRow("--stream 320x240:GREY:31", "1 to 30 buffers")]
    [DataRow("--stream 320x240:GREY:3@0", "1 to 240 frames a second")]
    [DataRow("--stream 320x240:GREY:3@241", "1 to 240 frames a second")]
    [DataRow("--stream 20000x240:GREY:3", "1 to 16384 pixels")]
    [DataRow("--stream 320x241:YUV420:3", "a multiple of 2")]
    [DataRow("--stream 2x2:GREY:3", "a frame of 4 bytes")]
    [DataRow("--board esp32cam", "expected --stream, --frame, --buffer or --bitmap")]
    [DataRow("--frame 320x240", "--frame 320x240: expected WxH:FORMAT")]
    [DataRow("--buffer http:1500", "--buffer http:1500: expected NAME:SIZExCOUNT")]
    [DataRow("--buffer 2:1500x4", "--buffer 2:1500x4: expected NAME:SIZExCOUNT")]
    [DataRow("--bitmap 320", "--bitmap 320: expected WxH")]
    [DataRow("--heap 1K --frame 16x16:GREY", "--heap 1K")]
    [DataRow("--native --buffer http:1500x4", "--buffer is about the managed heap, --native about memory that firmware keeps from it")]
    [DataRow("--stock --board imx31-reference --frame 16x16:GREY", "has no clr-heap beside its main memory; expected --heap BYTES")]
    [DataRow("--firmware avr --frame 16x16:GREY", "avr")]
    [DataRow("--firmware esp32 --csharp --frame 16x16:GREY", "--json, --csharp and --firmware: expected one of them")]
    [DataRow("--board none --stream 320x240:GREY:3", "--board none")]
    [DataRow("--stream 320x240:GREY:3 --app-block 4K", "expected --app with it")]
    [DataRow("--stream 320x240:GREY:3 --app 4K --app-block 8K", "no more than --app")]
    [DataRow("--stream 320x240:GREY:3 --app 0", "--app 0")]
    [DataRow("--stream 320x240:GREY:3 --line-align 3", "power of two")]
    [DataRow("--stream 320x240:GREY:3 --reservation 5000", "a multiple of the page")]
    [DataRow("--stream 320x240:GREY:3 --reservation 64M", "can reserve 3141632 bytes at most")]
    [DataRow("--stream 320x240:GREY:3 --trace /nowhere/at.all", "/nowhere/at.all")]
    [DataRow("--stream 320x240:GREY:3 --out /nowhere/at.all", "--out /nowhere/at.all")]
    public void Bad_usage_is_told_in_a_line(string arguments, string expected)
    {
        CommandLineRun.Refused(expected, ["plan", .. arguments.Split(' ')]);
    }

    [TestMethod]
    public void More_streams_than_a_contract_has_are_bad_usage()
    {
        CommandLineRun run = CommandLineRun.Of(["plan", .. Enumerable.Repeat(new[] { "--stream", "32x32:GREY:2" }, 33).SelectMany(one => one)]);
        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains("33 streams, expected at most 32", run.Error);
    }

    [TestMethod]
    [DataRow("{}", ":1: there is no key \"board\"")]
    [DataRow("nothing", ":1: not JSON")]
    [DataRow("{\n  \"board\": \"esp32cam\",\n  \"streams\": 7\n}", ":3: streams: expected an array, found 7")]
    [DataRow("""{ "board": "none" }""", "no board is called 'none'")]
    [DataRow("""{ "board": "esp32cam", "streams": [] }""", ":1: streams: expected 1 to 32 streams, found 0")]
    [DataRow("""{ "board": "esp32cam", "streams": [ { "stream": "1x1" } ] }""", "streams[0].stream: 1x1: expected WxH")]
    [DataRow("""{ "board": "esp32cam", "streams": [ 7 ] }""", ":1: streams[0]: expected an object, found 7")]
    [DataRow("[]", ":1: expected an object, found an array")]
    [DataRow("""{ "board": "esp32cam", "streams": [ { "stream": "64x64:GREY:2" } ], "lineAlignment": 4, """
        + """ "zones": "split", "pageMap": "runs", "reservations": [ -1 ], "bounce": null }""",
        ":1: reservations[0]: expected an object, found -1")]
    public void Play_refuses_what_is_no_plan(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("plan.json");
        File.WriteAllText(file, text);
        CommandLineRun run = CommandLineRun.Of("play", "--plan", file);
        Assert.AreEqual(2, run.ExitCode, run.Output);
        Assert.Contains(expected, run.Error);
    }

    /// <summary>It must not play with less than the plan says.</summary>
    [TestMethod]
    [DataRow("reservations", 2147483648, "reservations[0].bytes: 2147483648 bytes are planned at 0x3fb8f000: ")]
    [DataRow("reservations", 3145728, "reservations[0].bytes: 3145728 bytes are planned at 0x3fb8f000: ")]
    [DataRow("bounce", 1048576, "bounce.bytes: 1048576 bytes are planned, esp32cam can reserve 77824 for it")]
    public void Play_refuses_a_plan_that_reserves_more_than_the_board_has(string key, long bytes, string expected)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("plan.json");
        Assert.AreEqual(0, CommandLineRun.Of("plan", "--native", "--stream", Qvga, "--out", file).ExitCode);
        JsonNode plan = JsonNode.Parse(File.ReadAllText(file))!;
        (plan[key] is JsonArray list ? list[0] : plan[key])!["bytes"] = bytes;
        File.WriteAllText(file, plan.ToJsonString());
        CommandLineRun run = CommandLineRun.Of("play", "--plan", file, "--hours", "0.01");
        Assert.AreEqual(3, run.ExitCode, run.Output);
        Assert.Contains(expected, run.Error);
    }

    [TestMethod]
    [DataRow("--board", "esp32s3")]
    [DataRow("--buffers", "3")]
    [DataRow("--tail", "pool")]
    [DataRow("--camera", "ov2640")]
    public void Play_leaves_to_the_plan_what_it_decides(string option, string value)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("plan.json");
        Assert.AreEqual(0, CommandLineRun.Of("plan", "--native", "--stream", Qvga, "--out", file).ExitCode);
        CommandLineRun run = CommandLineRun.Of("play", "--plan", file, option, value);
        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains($"{option}: the plan decides that", run.Error);
    }

    [TestMethod]
    public void Size_of_a_JPEG_is_said_to_be_an_estimate_until_it_is_set()
    {
        CommandLineRun estimated = CommandLineRun.Of("plan", "--native", "--stream", "320x240:JPEG:3");
        Assert.Contains("15360 bytes are width x height / 5, and more may come", Row(estimated, "estimate"));
        Assert.Contains("15360 bytes, an estimate in ", estimated.Output);
        CommandLineRun set = CommandLineRun.Of("plan", "--native", "--stream", "320x240:JPEG=48K:3");
        Assert.AreEqual(0, set.ExitCode, set.Error);
        Assert.DoesNotContain("estimate", set.Output);
        Assert.Contains("BufferSize = 49152, Stream1Buffers = 3", set.Output);
        Assert.Contains("320x240:JPEG=49152:3@30", set.Output);
        Assert.Contains("15360 bytes are width x height / 5", Row(CommandLineRun.Of("plan", "--stream", "320x240:JPEG:3"), "estimate"));
        Assert.Contains("VideoFormat.Compressed(320, 240, 49152)", CommandLineRun.Of("plan", "--stream", "320x240:JPEG=48K:3").Output);
    }

    [TestMethod]
    [DataRow("320x240:GREY=48K:3", "GREY is not compressed")]
    [DataRow("320x240:JPEG=0:3", "'0' is no size of a JPEG")]
    [DataRow("320x240:JPEG=x:3", "'x' is no size of a JPEG")]
    [DataRow("320x240:JPEG=63:3", "a frame of 63 bytes")]
    [DataRow("320x240:JPEG=33M:3", "expected 1 to 33554432")]
    public void Size_that_no_JPEG_has_is_refused(string stream, string why)
    {
        CommandLineRun run = CommandLineRun.Of("plan", "--stream", stream);
        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains(why, run.Error);
    }

    [TestMethod]
    [DataRow("GREY")]
    [DataRow("JPEG")]
    [DataRow("JPEG=6K")]
    [DataRow("YUV420")]
    [DataRow("YUYV")]
    public void Play_plays_every_format(string format)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("plan.json");
        Assert.AreEqual(0, CommandLineRun.Of("plan", "--native", "--stream", $"162x122:{format}:2@15", "--stream", Qvga, "--out", file).ExitCode);
        CommandLineRun run = CommandLineRun.Of("play", "--plan", file, "--hours", "0.1");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.StartsWith($"esp32cam, a plan of ", run.Lines[0]);
        Assert.AreEqual($"played 6 loops, {6 * 59 * (15 + 30)} frames, no failure", run.Lines[^1]);
    }

    private static JsonElement Json(CommandLineRun run, int exitCode)
    {
        Assert.AreEqual(exitCode, run.ExitCode, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static string Row(CommandLineRun run, string beginning) =>
        string.Join(' ', run.Lines.First(line => line.StartsWith(beginning)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
