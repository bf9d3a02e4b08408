using System.IO.Compression;
using Carveout.Emulator.Tests.Import;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Commands;

[TestClass]
public sealed class ImportCommandTests
{
    private const string Ltrace = "malloc(4096) = 0x1000\nmalloc(100) = 0x3000\nfree(0x1000)\nfree(0x9000)\nmalloc(70\n";

    [TestMethod]
    [DataRow("out.trace")]
    [DataRow("out.trace.gz")]
    public void A_tracers_text_replays_and_is_investigated(string name)
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File(name);
        CommandLineRun run = CommandLineRun.Of("import", Written(folder, "ltrace.txt", Ltrace), "--out", trace);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Output);
        Assert.Contains("calls of malloc and free", run.Error);
        Assert.Contains("4 read, 1 damaged and left out", run.Error);
        Assert.Contains("2 requests (0 refused), 1 free, ", run.Error);
        Assert.Contains("1 free of what was not live left out", run.Error);
        Assert.AreEqual(0, CommandLineRun.Of("replay", "--trace", trace).ExitCode);
        Assert.AreEqual(0, CommandLineRun.Of("investigate", "--trace", trace).ExitCode);
    }

    [TestMethod]
    public void Several_files_are_one_trace_and_gzip_is_unpacked()
    {
        using var folder = new TemporaryFolder();
        string first = Written(folder, "cpu0", KernelText.Line("a-1", 1, KernelText.Alloc(100, 0)) + KernelText.Line("a-1", 3, KernelText.Free(200, 1)));
        string second = folder.File("cpu1.gz");
        using (var packed = new StreamWriter(new GZipStream(File.Create(second), CompressionLevel.Fastest)))
        {
            packed.Write(KernelText.Line("b-2", 2, KernelText.Alloc(200, 1)));
        }
        CommandLineRun run = CommandLineRun.Of("import", first, second);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("# trace v1 imported records=3 lost=0 missing=0 page=4096\na 0 4096 4096 time=0 by=a\na 1 8192 8192 time=1000 by=b\nf 1 time=2000\n",
            run.Output);
    }

    [TestMethod]
    public void The_level_the_sizes_and_the_page_are_said()
    {
        using var folder = new TemporaryFolder();
        string text = Written(folder, "both.txt", TracerSamples.Named("ftrace of 6.6, both levels").Text);
        CommandLineRun run = CommandLineRun.Of("import", text, "--page", "64K");
        Assert.Contains("a 0 65536 65536", run.Output);
        Assert.Contains("pages, of a trace that tells both; --level objects", run.Error);
        Assert.Contains("pages     of 65536 bytes", run.Error);
        Assert.Contains("12 more that the tracer says it lost", run.Error);
        run = CommandLineRun.Of("import", text, "--level", "objects", "--bytes", "alloc");
        Assert.Contains("a 0 256 8", run.Output);
        Assert.Contains("as given, bytes_alloc", run.Error);
    }

    [TestMethod]
    public void The_format_of_most_events_counts_and_the_other_is_named()
    {
        using var folder = new TemporaryFolder();
        string text = Written(folder, "two.txt", Ltrace + "#m:0x20003080;0x182f-50\n");
        CommandLineRun run = CommandLineRun.Of("import", text);
        Assert.Contains("1 events of another format are left out: the memory tracer of Mbed OS; --format mbed", run.Error);
        Assert.Contains("a 0 50 8", CommandLineRun.Of("import", text, "--format", "mbed").Output);
    }

    [TestMethod]
    public void Nothing_in_it_is_exit_1_and_says_what_would_be_known()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File("out.trace");
        CommandLineRun run = CommandLineRun.Of("import", Written(folder, "boot.log", "hello\nworld\n"), "--out", trace);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        Assert.Contains("heaptrack", run.Error);
        Assert.Contains("ESP-IDF", run.Error);
        Assert.IsFalse(File.Exists(trace));
    }

    [TestMethod]
    [DataRow("# trace v1\na 0 100 8\nf 0\n", "carveout replay")]
    [DataRow("~ct h 1 4096 16 4 1*0000\n", "carveout capture")]
    public void Who_needs_another_command_is_sent_there(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        CommandLineRun run = CommandLineRun.Of("import", Written(folder, "x.log", text));
        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains(expected, run.Error);
    }

    [TestMethod]
    [DataRow("no-such.txt", "no-such.txt")]
    [DataRow("", "Required argument 'FILE' missing")]
    [DataRow("TEXT --page 5000", "power of two")]
    [DataRow("TEXT --level slabs", "expected auto, pages, objects")]
    [DataRow("TEXT --format strace", "heaptrack")]
    [DataRow("TEXT --out FOLDER/none/out.trace", "--out ")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        string text = Written(folder, "ltrace.txt", Ltrace);
        string[] words = arguments.Replace("FOLDER", folder.File(".")).Replace("TEXT", text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CommandLineRun.Refused(expected, ["import", .. words]);
    }

    private static string Written(TemporaryFolder folder, string name, string text)
    {
        string path = folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
