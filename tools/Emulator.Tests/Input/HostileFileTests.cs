using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Capture;
using Carveout.Emulator.Commands;
using Carveout.Emulator.Diagnosis;
using Carveout.Emulator.Logs;
using Carveout.Emulator.MapImport;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Movies;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Report;
using Carveout.Emulator.Tests.Capture;
using Carveout.Emulator.Tests.Diagnosis;
using Carveout.Emulator.Tests.Import;
using Carveout.Emulator.Tests.MapImport;
using Carveout.Emulator.Tests.Movies;
using Carveout.Emulator.Tests.Properties;
using Carveout.Emulator.Tests.Replay;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Input;

/// <summary>Files that are made to do harm are read or refused, with a message, in bounded memory. None of their text controls a
/// terminal.</summary>
/// <remarks>Each reader gets mutants of valid files, in seconds; <c>CARVEOUT_SECONDS</c> gives each that long, as .ci/fuzz does.</remarks>
[TestClass]
public sealed partial class HostileFileTests
{
    /// <summary>The most bytes that a reader may allocate for a file of a few kilobytes: its buffers, and the size of a map or a
    /// frame.</summary>
    private const long MostBytes = 64 << 20;

    private static readonly Dictionary<string, Func<string>> s_sound = new()
    {
        ["trace"] = () => "# trace v1 page=4096 arena=1048576 lost=0\n# loop 1\na 0 4096 4096 time=0 by=camera\n# refused\na 1 100 8 time=5 by=app\nf 1 time=5\n"
            + "t 0 2048 time=9\n# the device starts anew\nf 0 time=12\na 2 65536 4096 time=80 by=camera\n",
        ["movie"] = () => "YUV4MPEG2 W4 H4 F30:1 Ip A1:1 C420 XCOLORRANGE=FULL\nFRAME\n" + new string('x', 24) + "FRAME Ip\n" + new string('y', 24),
        ["map"] = () => File.ReadAllText(Path.Combine(Checkout.Folder, "examples", "two-banks.json")),
        ["dts"] = () => DeviceTreeSamples.Linux,
        ["dts of a microcontroller"] = () => DeviceTreeSamples.Zephyr,
        ["dtb"] = () => Encoding.Latin1.GetString(DtbBytes.Of(DtsReader.Read("tree.dts", Encoding.UTF8.GetBytes(DeviceTreeSamples.Linux)))),
        ["elf"] = () => Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "MapImport", "firmware.elf"))),
        ["plan"] = () => CommandLineRun.Of("plan", "--stream", "320x240:RGB565:3", "--json").Output,
        ["dump"] = () => Log,
        ["log as a trace"] = () => Log,
    };

    private static string Log => string.Join("\n", DumpLines.Line("h 1 4096 16 4 1"), DumpLines.Line("o 1 camera"), DumpLines.Line("b 2 1 7 c0000000 4096 4096 1"),
        "hello", DumpLines.Line("f 4 1 9 c0000000 4096 0 1"), DumpLines.Line("h 1 4096 16 4 1")) + "\n";

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("trace", 400)]
    [DataRow("movie", 400)]
    [DataRow("map", 400)]
    [DataRow("plan", 400)]
    [DataRow("dts", 400)]
    [DataRow("dts of a microcontroller", 400)]
    [DataRow("dtb", 400)]
    [DataRow("elf", 1200)]
    [DataRow("dump", 400)]
    [DataRow("log as a trace", 400)]
    public void Mutants_are_read_or_refused(string kind, int rounds)
    {
        var run = new PropertyRun(TestContext, 0x405711E + (ulong)kind[0]);
        using var folder = new TemporaryFolder();
        string sound = s_sound[kind](), path = folder.File("mutant");
        run.Guard(() =>
        {
            Assert.AreEqual("", Read(kind, Written(path, sound)), "or nothing is tried");
            int read = 0;
            int round = 0;
            for (; run.IsDue(round, rounds); round++)
            {
                string mutant = HostileText.Of(sound, run.Random);
                run.Begin(mutant.Length < 4000 ? mutant : mutant.Length);
                long before = GC.GetAllocatedBytesForCurrentThread();
                string refused = Read(kind, Written(path, mutant));
                run.Expect(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, "takes more memory than its file explains");
                run.Expect(refused.All(c => !char.IsControl(c) || c == '\n'), $"control characters in the message: {refused}");
                read += refused.Length == 0 ? 1 : 0;
            }
            TestContext.WriteLine($"{read} of {round} mutants were read");
            run.Expect(read > round / 50, $"only {read} mutants were read: they are all broken at once");
        });
    }

    [TestMethod]
    public void Mutants_of_every_tracers_text_are_read_or_left_out()
    {
        var run = new PropertyRun(TestContext, 0x405711F);
        run.Guard(() =>
        {
            for (int round = 0; run.IsDue(round, 500); round++)
            {
                TracerSample sample = run.Choose(TracerSamples.All);
                string mutant = HostileText.Of(sample.Text, run.Random);
                run.Begin(mutant.Length < 4000 ? mutant : mutant.Length);
                long before = GC.GetAllocatedBytesForCurrentThread();
                ImportedTrace trace = ImportedTrace.Of(mutant, ImportedTrace.OptionsOf(sample));
                run.Expect(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, "takes more memory than its file explains");
                run.Expect(trace.Lines.All(line => line.All(c => c is >= ' ' and <= '~')), "more than plain words in the trace");
            }
        });
    }

    [TestMethod]
    public void Mutants_of_every_dump_are_diagnosed_or_passed_over()
    {
        var run = new PropertyRun(TestContext, 0x4057120);
        string[] names = [.. DumpFiles.Names];
        run.Guard(() =>
        {
            for (int round = 0; run.IsDue(round, 300); round++)
            {
                string text = DumpFiles.Text(run.Choose(names));
                string mutant = HostileText.Of(text[..Math.Min(text.Length, 20_000)], run.Random);
                run.Begin(mutant.Length < 4000 ? mutant : mutant.Length);
                long before = GC.GetAllocatedBytesForCurrentThread();
                LogDiagnosis found = DumpFiles.Read(mutant).Found;
                string said = found.Findings.Count == 0 ? DiagnosisText.Nothing(1, found)
                    : DiagnosisText.Of(found, 1) + DiagnosisJson.Of(found, ["log"], 1) + DiagnosisPage.Of(found, ["log"], 1);
                run.Expect(GC.GetAllocatedBytesForCurrentThread() - before < MostBytes, "takes more memory than its file explains");
                run.Expect(said.All(c => c is '\n' or '\r' or '\t' || !char.IsControl(c)), "control characters in what is said");
            }
        });
    }

    /// <summary>Sizes in a log may be nonsense; their sum is said to be the largest number.</summary>
    [TestMethod]
    public void Sizes_that_no_number_holds_are_no_exception()
    {
        foreach (string name in DumpFiles.Names)
        {
            DumpFiles.Read(LongNumber().Replace(DumpFiles.Text(name), long.MaxValue.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>An Arabic three is a digit to char.IsDigit and to \d of a pattern, and none to int.Parse.</summary>
    [TestMethod]
    public void A_digit_of_another_script_is_no_digit()
    {
        foreach (char digit in "0123456789")
        {
            string Foreign(string text) => text.Replace(digit, (char)('\u0660' + digit - '0'));
            foreach (TracerSample sample in TracerSamples.All)
            {
                ImportedTrace.Of(Foreign(sample.Text), ImportedTrace.OptionsOf(sample));
            }
            foreach (string name in DumpFiles.Names)
            {
                DumpFiles.Read(Foreign(DumpFiles.Text(name)));
            }
        }
    }

    /// <summary>Two gigabytes of zeros are two megabytes of gzip; a fraction of that shows as much.</summary>
    [TestMethod]
    public void A_gzip_of_zeros_is_refused_at_its_first_line()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("zeros.trace.gz");
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++)
            {
                packed.Write(zeros);
            }
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        UsageException e = Assert.ThrowsExactly<UsageException>(() => TraceFile.Read(path));
        Assert.IsLessThan(4 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains("(1): the line is longer than 4096 characters: \\x00\\x00", e.Message);
    }

    [TestMethod]
    [DataRow("# ")]
    [DataRow("a 0 1 1 by=")]
    public void A_line_without_end_is_refused(string begin)
    {
        using var text = new TraceText("a 7 1 1\n" + begin + new string('x', 32 << 20));
        long before = GC.GetAllocatedBytesForCurrentThread();
        UsageException e = Assert.ThrowsExactly<UsageException>(() => TraceFile.Read(text.Path));
        Assert.IsLessThan(4 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains("(2): the line is longer than 4096 characters", e.Message);
    }

    [TestMethod]
    [DataRow("a 0 4096\0 4096\n")]
    [DataRow("a 0 4096 4096\0\n")]
    [DataRow("a 0\0 4096 4096\n")]
    [DataRow("a 0 4096 4096 time=5\0\n")]
    public void A_nul_behind_a_number_is_refused(string line)
    {
        using var text = new TraceText(line);
        Assert.Contains("\\x00' is not a number", Assert.ThrowsExactly<UsageException>(() => TraceFile.Read(text.Path)).Message);
    }

    [TestMethod]
    public void Marks_alone_do_not_fill_the_memory()
    {
        using var text = new TraceText("a 0 1 1\n" + string.Concat(Enumerable.Repeat("# loop 1\n", 1_000_100)));
        Assert.Contains("marks of loops and starts", Assert.ThrowsExactly<UsageException>(() => TraceFile.Read(text.Path)).Message);
    }

    /// <summary>An owner's name and a file's name are printed as plain text, in the terminal and in the report.</summary>
    [TestMethod]
    public void What_a_trace_says_steers_nothing()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.File("t.trace"), report = folder.File("report");
        string evil = "\u001b[2J\u009b31m\u202e";
        File.WriteAllText(trace, string.Concat(Enumerable.Range(0, 200).Select(i => $"a {i} 40960 4096 time={i * 100} by=cam{evil}\n")));
        foreach (string[] command in (string[][])
            [["investigate", "--trace", trace, "--arena", "1M", "--out", report], ["replay", "--trace", trace], ["replay", "--trace", trace, "--json"], ["investigate", "--trace", trace, "--json"]])
        {
            CommandLineRun run = CommandLineRun.Of(command);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            Assert.IsTrue((run.Output + run.Error).All(c => c == '\n' || !(char.IsControl(c) || c == '\u202e')), run.Output);
        }
        foreach (string file in Directory.EnumerateFiles(report))
        {
            string text = File.ReadAllText(file);
            Assert.IsFalse(text.Contains('\u001b') || text.Contains('\u009b') || text.Contains('\u202e'), file);
            Assert.Contains("cam", text);
        }
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(1010)]
    [DataRow(1018)]
    [DataRow(1019)]
    [DataRow(5000)]
    public void A_frame_line_of_any_length_is_right_or_refused(int parameters)
    {
        byte[] movie = Y4mBytes.Movie("YUV4MPEG2 W2 H2 F30:1 Cmono", 4, 3, "FRAME " + new string('I', parameters));
        if (parameters > 1017)
        {
            UsageException e = Assert.ThrowsExactly<UsageException>(() => Y4mReader.Read(new MemoryStream(movie), "m.y4m"));
            Assert.Contains("longer than 1024 characters", e.Message);
            return;
        }
        using Y4mReader reader = Y4mReader.Read(new MemoryStream(movie), "m.y4m");
        var frame = new Y4mFrame(reader.Header);
        reader.ReadFrame(2, frame);
        Assert.AreSequenceEqual(new byte[] { 3, 4, 5, 6 }, frame.Luma);
    }

    [TestMethod]
    public void A_header_that_claims_a_huge_frame_makes_no_room_for_one()
    {
        using var folder = new TemporaryFolder();
        string path = Written(folder.File("m.y4m"), "YUV4MPEG2 W8192 H8192 F30:1 C444\nFRAME\nabc");
        long before = GC.GetAllocatedBytesForCurrentThread();
        UsageException e = Assert.ThrowsExactly<UsageException>(() => Y4mMovie.Open(path, new VideoFormat(16, 16, PixelFormat.RGB565), ScaleFit.Letterbox));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains("frame 0 is cut off: it has 3 of 201326592 bytes", e.Message);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "has no file that never ends")]
    public void A_plan_and_a_map_that_never_end_are_refused()
    {
        CommandLineRun.Refused("longer than 1048576 characters, which is no plan", "play", "--plan", "/dev/zero");
        CommandLineRun.Refused("longer than 1048576 characters, which is no board", "map", "--file", "/dev/zero");
    }

    [TestMethod]
    public void Half_a_character_in_a_plan_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Written(folder.File("plan.json"), "{\"board\": \"\\ud800\"}");
        Assert.Contains("not valid Unicode", Assert.ThrowsExactly<UsageException>(() => PlanFile.Read(path)).Message);
    }

    /// <summary>Reads a file as its command does.</summary>
    /// <returns>Why it was refused; empty if it was not.</returns>
    private static string Read(string kind, string path)
    {
        try
        {
            switch (kind)
            {
                case "trace":
                    TraceFile.Read(path);
                    break;
                case "movie":
                    using (Y4mReader reader = Y4mReader.Open(path))
                    {
                        var frame = new Y4mFrame(reader.Header);
                        reader.ReadFrame(0, frame);
                        reader.ReadFrame(5, frame);
                    }
                    break;
                case "map":
                    _ = BoardFile.Read(path).Faults;
                    break;
                case "plan":
                    PlanFile.Read(path);
                    break;
                case "dts" or "dts of a microcontroller" or "dtb":
                    _ = DeviceTreeMap.Read(path).Map.Validate();
                    break;
                case "log as a trace":
                    TraceFile.Read(path, open: new TraceInput(path, false, default).Open);
                    break;
                case "elf":
                    _ = ElfMap.Read(path, null).Map.Validate();
                    break;
                default:
                    var log = new CaptureLog();
                    LogInput.Read(path, LogInput.LongestLine, (line, _) => log.Add(line), CancellationToken.None);
                    _ = new TraceAssembly(log.Sessions).Lines.Count;
                    break;
            }
            return "";
        }
        catch (UsageException e)
        {
            return e.Message;
        }
    }

    private static string Written(string path, string text)
    {
        // One character for each byte, so that bytes that are not UTF-8 are kept.
        File.WriteAllBytes(path, text.All(c => c < 256) ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text));
        return path;
    }

    [GeneratedRegex("[0-9]{4,}")]
    private static partial Regex LongNumber();
}
