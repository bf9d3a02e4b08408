using System.Diagnostics;
using System.IO.Compression;
using Carveout.Emulator.Commands;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Movies;
using static Carveout.Emulator.Tests.Capture.DumpLines;

namespace Carveout.Emulator.Tests.Commands;

[TestClass]
public sealed class CaptureCommandTests
{
    private static readonly string s_log = string.Join("\r\n",
    [
        "boot", Line("h 1 4096 16 4 1"), Line("o 1 camera"), Line("b 2 1 7 c0000000 4096 4096 1"), "hello",
        Line("b 3 1 7 c0001000 4096 4096 1")[..^2], Line("f 4 1 9 c0000000 4096 0 1"), Line("h 1 4096 16 4 1"), "",
    ]);

    [TestMethod]
    public void A_log_becomes_a_trace_on_standard_output_and_a_summary_beside_it()
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of("capture", Written(folder, "device.log", s_log));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("# trace v1 captured records=2 lost=1 missing=1 page=4096\na 0 4096 4096 time=0 by=camera\nf 0 time=2\n", run.Output);
        Assert.Contains("2 read; 1 lost in the device's ring before they were dumped; 1 missing", run.Error);
        Assert.Contains("1 cut, 0 garbled, 0 doubled; 2 of other output", run.Error);
        Assert.Contains("1 request (0 refused by the device), 1 free, ", run.Error);
    }

    [TestMethod]
    [DataRow("out.trace")]
    [DataRow("out.trace.gz")]
    public void The_file_replays(string name)
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File(name);
        // The former text, which was longer, is gone.
        File.WriteAllText(trace, new string('x', 10_000));
        CommandLineRun run = CommandLineRun.Of("capture", Written(folder, "device.log", s_log), "--out", trace);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Output);
        Assert.HasCount(2, TraceFile.Read(trace).Operations);
        Assert.AreEqual(0, CommandLineRun.Of("replay", "--trace", trace).ExitCode);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(300_000)]
    public void Nothing_in_it_is_exit_1_and_no_file(int size)
    {
        using var folder = new TemporaryFolder();
        string log = folder.File("device.log"), trace = folder.File("out.trace");
        byte[] rubbish = new byte[size];
        new Random(5).NextBytes(rubbish);
        File.WriteAllBytes(log, rubbish);
        CommandLineRun run = CommandLineRun.Of("capture", log, "--out", trace);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        Assert.Contains("there is no trace to write", run.Error);
        Assert.IsFalse(File.Exists(trace));
        foreach (string before in (string[])["kept", ""])
        {
            File.WriteAllText(trace, before);
            Assert.AreEqual(1, CommandLineRun.Of("capture", log, "--out", trace).ExitCode);
            Assert.AreEqual(before, File.ReadAllText(trace));
        }
    }

    [TestMethod]
    public void A_line_without_end_does_not_fill_the_memory()
    {
        using var folder = new TemporaryFolder();
        string log = Written(folder, "device.log", new string('x', 1 << 20) + "\n" + s_log);
        CommandLineRun run = CommandLineRun.Of("capture", log);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("2 read", run.Error);
    }

    [TestMethod]
    [DataRow("no-such.log", "no-such.log")]
    [DataRow("FOLDER", "this is a directory, expected a file")]
    [DataRow("LOG --out FOLDER/none/out.trace", "--out ")]
    [DataRow("LOG --out", "Required argument missing")]
    [DataRow("LOG another", "carveout capture has no argument 'another'")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        string log = Written(folder, "device.log", s_log);
        string[] words = arguments.Replace("FOLDER", folder.File(".")).Replace("LOG", log).Split(' ');
        CommandLineRun.Refused(expected, ["capture", .. words]);
    }

    /// <summary>A live stream on standard input ends at Ctrl-C, and what arrived before that becomes the trace.</summary>
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "sends a signal by the command kill")]
    public void Ctrl_c_ends_a_live_stream_with_what_was_read()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File("out.trace.gz");
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            [typeof(CommandLine).Assembly.Location, "capture", "-", "--out", trace])
        {
            RedirectStandardInput = true, RedirectStandardError = true,
        })!;
        process.StandardInput.Write(s_log);
        process.StandardInput.Flush();
        // When the program listens, the file exists; by then the text is in the pipe.
        Wait(() => File.Exists(trace));
        Thread.Sleep(500);
        Assert.IsFalse(process.HasExited, "the stream has not ended");
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString()]))
        {
            kill.WaitForExit();
        }
        bool ended = process.WaitForExit(30_000);
        if (!ended)
        {
            process.Kill();
        }
        Assert.IsTrue(ended, "it goes on");
        Assert.AreEqual(0, process.ExitCode, process.StandardError.ReadToEnd());
        using var reader = new StreamReader(new GZipStream(File.OpenRead(trace), CompressionMode.Decompress));
        Assert.Contains("records=2", reader.ReadToEnd());
    }

    private static void Wait(Func<bool> condition)
    {
        for (int i = 0; i < 300 && !condition(); i++)
        {
            Thread.Sleep(100);
        }
        Assert.IsTrue(condition());
    }

    private static string Written(TemporaryFolder folder, string name, string text)
    {
        string path = folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
