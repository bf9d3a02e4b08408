using BigGustave;
using Carveout.Emulator.Tests.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.AppHost;

/// <summary>The application as users of <c>carveout app</c> see it: its promise, the button, and its end when something fails.</summary>
[TestClass]
public sealed class AppCommandTests
{
    [TestMethod]
    public void The_leak_is_named_and_the_movie_plays_on()
    {
        CommandLineRun run = CommandLineRun.Of("app", "--board", "stm32f429-disco");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("page allocation failure: 4 KB (order 0), gfp Kernel, owner 'app.leak'", run.Output);
        Assert.Contains("\nowners: app.leak 3.", run.Output);
        string video = run.Lines.Last(line => line.StartsWith("pipeline off: ", StringComparison.Ordinal));
        Assert.Contains("frames 2999, copied 0, shown 2998, dropped 0, damaged 0, display errors 0, stalls 0", video);
        Assert.AreEqual("carveout ended after 00:10:00: in order, as asked", run.Lines[^1]);
    }

    [TestMethod]
    public void Without_the_leak_nobody_is_refused()
    {
        CommandLineRun run = CommandLineRun.Of("app", "--board", "stm32f746", "--no-leak");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.DoesNotContain("app.leak", run.Output);
        Assert.DoesNotContain("page allocation failure", run.Output);
        Assert.Contains("app.log: 601 lines written, 0 refused", run.Output);
    }

    [TestMethod]
    public void The_button_dumps_the_trace_and_capture_reads_it()
    {
        CommandLineRun run = CommandLineRun.Of("app", "--board", "stm32h743", "--minutes", "4", "--button-at", "130s", "--button-at", "2.5m");
        int report2 = LineOf(run, "report 2 "), report3 = LineOf(run, "report 3 "), off = LineOf(run, "pipeline off");
        int[] dumped = [.. Enumerable.Range(0, run.Lines.Length).Where(i => IsTrace(run.Lines[i]))];
        // A dump ends with a header; the second dump has the records that came after the first.
        // Before the dump it prints what /proc would show, which the reports leave out.
        Assert.HasCount(2, run.Lines.Where(line => line.StartsWith("slabinfo - version: 2.1", StringComparison.Ordinal)));
        Assert.StartsWith("all of it after 00:02:10", run.Lines[LineOf(run, "Node 0, zone") - 1]);
        Assert.HasCount(3, dumped.Where(i => i > report2 && i < report3 && run.Lines[i].StartsWith("~ct h ", StringComparison.Ordinal)));
        Assert.IsEmpty(dumped.Where(i => i < report2 || i > report3), "the end dumps nothing that nobody asked for");
        Assert.IsGreaterThan(report3, off);

        using var folder = new TemporaryFolder();
        string log = folder.File("console.log"), trace = folder.File("device.trace");
        File.WriteAllText(log, run.Output);
        CommandLineRun capture = CommandLineRun.Of("capture", log, "--out", trace);
        Assert.AreEqual(0, capture.ExitCode, capture.Error);
        Assert.Contains("0 lost in the device's ring before they were dumped; 0 missing, cut or garbled", capture.Error);
        Assert.Contains("by=app.leak", File.ReadAllText(trace));
        Assert.AreEqual(0, CommandLineRun.Of("replay", "--trace", trace).ExitCode);
    }

    /// <summary>The dump comes before the summary, which is the last thing that one sees; also after a failure.</summary>
    [TestMethod]
    [DataRow("--minutes 1", 0)]
    [DataRow("--fault unplug-display@30s", 1)]
    public void The_trace_of_the_end_comes_when_asked_for_and_the_summary_is_last(string arguments, int code)
    {
        CommandLineRun run = CommandLineRun.Of(["app", "--trace", .. arguments.Split(' ')]);
        Assert.AreEqual(code, run.ExitCode, run.Error);
        int last = Array.FindLastIndex(run.Lines, IsTrace);
        Assert.IsGreaterThan(0, last);
        Assert.IsGreaterThan(last, LineOf(run, "pipeline off"));
        Assert.StartsWith("carveout ended after ", run.Lines[^1]);
    }

    /// <summary>A stalled camera is restarted first. Only if that does not help, the application gives up.</summary>
    [TestMethod]
    [DataRow("unplug-camera@90s", "failed after 00:01:39: no frame came for 10 s")]
    [DataRow("unplug-display@90s", "failed after 00:01:30: System.IO.IOException: the display's wires are cut")]
    [DataRow("heap-full@90s", "failed after 00:02:00: System.OutOfMemoryException: ")]
    public void A_failure_ends_it_in_order_with_a_report(string fault, string expected)
    {
        CommandLineRun run = CommandLineRun.Of("app", "--fault", fault);
        Assert.AreEqual(1, run.ExitCode, run.Error);
        int failed = LineOf(run, expected);
        Assert.IsGreaterThan(0, failed, run.Output);
        Assert.AreEqual("no page allocation has failed" + (fault.StartsWith("heap-full", StringComparison.Ordinal)
            ? ": the managed heap has no room for the application's own objects" : ""), run.Lines[failed + 1]);
        AssertGivenBack(run, failed);
        Assert.StartsWith("carveout ended after 00:0", run.Lines[^1]);
        Assert.EndsWith(": in order, after a failure", run.Lines[^1]);
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public void A_failure_after_a_refusal_tells_who_had_the_memory()
    {
        CommandLineRun run = CommandLineRun.Of("app", "--fault", "unplug-camera@8m");
        int failed = LineOf(run, "failed after 00:08:09");
        Assert.AreEqual("the last page allocation that failed:", run.Lines[failed + 1]);
        Assert.StartsWith("page allocation failure: 4 KB", run.Lines[failed + 2]);
        Assert.StartsWith("owners: app.leak 2.4 MB", run.Lines.Skip(failed).First(line => line.StartsWith("owners: ", StringComparison.Ordinal)));
        AssertGivenBack(run, failed);
    }

    /// <summary>64 KB hold neither a pool of three frames nor pages for them: the contract refuses at the start, and says how much is
    /// missing.</summary>
    [TestMethod]
    public void Memory_that_is_too_small_for_the_movie_is_refused_at_the_start()
    {
        CommandLineRun run = CommandLineRun.Of("app", "--native", "64K");
        Assert.AreEqual(1, run.ExitCode, run.Error);
        string failed = run.Lines.First(line => line.StartsWith("failed after", StringComparison.Ordinal));
        Assert.Contains("the pipeline did not start: camera: 3 buffers of 153600 bytes need 466944 bytes in NORMAL, 65536 are free: 401408 bytes are "
            + "missing", failed);
        Assert.Contains("\n16 pages free, 16 at boot\n", run.Output);
        Assert.DoesNotContain("report 1", run.Output);
    }

    /// <summary>The test card's last frame but one or two, pixel by pixel: what was drawn in a frame of the pool arrives at the
    /// panel.</summary>
    [TestMethod]
    public void The_display_shows_what_the_camera_drew()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("pictures");
        CommandLineRun run = CommandLineRun.Of("app", "--minutes", "1", "--png", path);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Png picture = Png.Open(Path.Combine(path, "last.png"));
        var card = new TestCard(320, 240, PixelFormat.RGB565);
        Assert.Contains(frame => Shows(picture, card, frame), Enumerable.Range(290, 10));
    }

    [TestMethod]
    public void An_oled_shows_the_picture_dithered()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("pictures");
        Assert.AreEqual(0, CommandLineRun.Of("app", "--board", "esp32s3", "--minutes", "0.1", "--png", path).ExitCode);
        Png picture = Png.Open(Path.Combine(path, "last.png"));
        Assert.AreEqual((128, 64), (picture.Width, picture.Height));
        int lit = Enumerable.Range(0, 128 * 64).Count(i => picture.GetPixel(i % 128, i / 128).R != 0);
        Assert.IsTrue(lit is > 1000 and < 6000, $"{lit} of 8192 are lit");
    }

    [TestMethod]
    public void A_run_can_be_repeated()
    {
        string[] words = ["app", "--board", "esp32s3", "--minutes", "3", "--button-at", "1m"];
        Assert.AreEqual(CommandLineRun.Of(words).Output, CommandLineRun.Of(words).Output);
    }

    [TestMethod]
    [DataRow("--board esp8266", "--board esp8266: expected esp32cam")]
    [DataRow("--minutes 0", "--minutes 0: expected a number above 0")]
    [DataRow("--button-at noon", "--button-at noon: expected seconds")]
    [DataRow("--fault flood@1m", "--fault flood@1m: expected camera-stall")]
    [DataRow("--fault heap-full:1", "--fault heap-full:1: expected camera-stall")]
    [DataRow("--fault camera-stops@8m", "--fault camera-stops@8m: expected unplug-camera@8m")]
    [DataRow("--fault display-fails", "--fault display-fails: expected unplug-display")]
    [DataRow("--fault heap-full@10m", "--fault heap-full@10m: the run is over after 10 minutes")]
    [DataRow("--native 1", "--native 1: expected a size")]
    [DataRow("--leak off", "--leak off: an application that leaks runs; expected --no-leak for none")]
    [DataRow("--leak", "--leak: an application that leaks runs; expected --no-leak for none")]
    [DataRow("--board stm32f746 --fault unplug-display@1s", "--fault unplug-display: stm32f746 has no display")]
    [DataRow("--board stm32f746 --png out", "--png out: stm32f746 has no display")]
    [DataRow("--minutes 0.01 --png out.png", "--png out.png: expected a folder, in which pictures get names of their own")]
    [DataRow("--minutes 0.01 --png /dev/null/out", "--png /dev/null/out: ")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected)
    {
        CommandLineRun.Refused(expected, ["app", .. arguments.Split(' ')]);
    }

    private static int LineOf(CommandLineRun run, string start) =>
        Array.FindIndex(run.Lines, line => line.StartsWith(start, StringComparison.Ordinal));

    private static bool IsTrace(string line) => line.StartsWith("~ct ", StringComparison.Ordinal);

    private static void AssertGivenBack(CommandLineRun run, int from)
    {
        string end = string.Join('\n', run.Lines[from..]);
        Assert.Contains("frames: 0 of 3 buffers of the pool in use", end);
        Assert.Contains("applications off: app.log gave back ", end);
        Assert.Contains("\n650 pages free, 650 at boot\n", end);
        Assert.DoesNotContain(IsTrace, run.Lines[from..], "a trace that nobody asked for");
    }

    private static bool Shows(Png picture, TestCard card, int frame)
    {
        byte[] line = new byte[card.Format.LineSize];
        for (int y = 0; y < card.Format.Height; y++)
        {
            card.FillLine(frame, y, line, 0);
            for (int x = 0; x < card.Format.Width; x++)
            {
                int pixel = line[2 * x] | line[(2 * x) + 1] << 8;
                Pixel shown = picture.GetPixel(x, y);
                if (shown.R >> 3 != pixel >> 11 || shown.G >> 2 != (pixel >> 5 & 63) || shown.B >> 3 != (pixel & 31))
                {
                    return false;
                }
            }
        }
        return true;
    }
}
