using System.Diagnostics;
using System.IO.Compression;
using Carveout.Emulator.Commands;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Commands;

/// <summary>The program as a shell starts it: its output cannot be written, its input comes from a pipe, or somebody presses
/// Ctrl-C.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows, IgnoreMessage = "speaks to a Unix shell")]
public sealed class OutputFaultTests
{
    private const string Trace = "a 0 4096 4096\na 1 8192 4096\nf 0\n";

    private static readonly string s_program = typeof(CommandLine).Assembly.Location;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static IEnumerable<string> Commands =>
    [
        "map", "map --board esp32cam --json", "play --hours 0.01", "play --hours 0.01 --json", "demo", "app --minutes 1", "replay --trace TRACE",
        "investigate --trace TRACE", "investigate --hours 0.01 --seeds 1 --json", "plan --stream 64x64:GREY:2", "diagnose DUMP", "capture CONSOLE",
        "import TRACER", "play --help",
    ];

    private static readonly string[] s_places = [">&-", ">/dev/full", Gone];

    /// <summary>The place of a reader that has gone, which no shell can write.</summary>
    private const string Gone = "gone";

    /// <summary>Every command in one of the places in turn, and each place with every kind of output; all of them in a longer run.</summary>
    public static IEnumerable<object[]> Everywhere =>
        Commands.SelectMany((command, i) => s_places.Where((_, place) => TestSeed.Of(all: 3, usual: 1) == 3 || place == i % 3)
            .Select(place => new object[] { command, place }));

    [TestMethod]
    [DynamicData(nameof(Everywhere))]
    public void Output_that_cannot_be_written_is_one_line_and_exit_2(string command, string place)
    {
        using var files = new Files();
        using Process run = files.Shell(place == Gone ? $"read go; exec dotnet \"$PROGRAM\" {command}" : $"exec dotnet \"$PROGRAM\" {command} {place}");
        if (place == Gone)
        {
            run.StandardOutput.Close();
            run.StandardInput.WriteLine("go");
        }
        AssertUnwritten(run, place == Gone ? "Broken pipe" : place == ">&-" ? "it is closed" : "No space left on device");
    }

    /// <summary>A file on a full disk: this is reported as well, and the file, which is not the program's, still exists.</summary>
    [TestMethod]
    [DataRow("play --hours 0.01 --csv")]
    [DataRow("play --hours 0.01 --perfetto")]
    [DataRow("play --hours 0.01 --buddyinfo")]
    [DataRow("play --hours 0.01 --log")]
    [DataRow("replay --trace TRACE --csv")]
    [DataRow("plan --stream 64x64:GREY:2 --out")]
    [DataRow("capture CONSOLE --out")]
    [DataRow("import TRACER --out")]
    public void A_file_that_cannot_be_written_is_one_line_and_exit_2(string command)
    {
        using var files = new Files();
        CommandLineRun run = CommandLineRun.Of(files.Named($"{command} /dev/full").Split(' '));
        Assert.AreEqual(2, run.ExitCode, run.Error);
        Assert.EndsWith($"{command.Split(' ')[^1]} /dev/full: No space left on device : '/dev/full'\n", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.IsTrue(File.Exists("/dev/full"));
    }

    [TestMethod]
    [DataRow("map >/dev/full 2>&-")]
    [DataRow("map >/dev/full 2>/dev/full")]
    [DataRow("replay --trace NONE 2>&-")]
    public void Where_nobody_can_be_told_it_is_the_exit_code_that_says_it(string command)
    {
        using var files = new Files();
        using Process run = files.Shell($"exec dotnet \"$PROGRAM\" {command}");
        Assert.AreEqual(2, ExitOf(run));
    }

    [TestMethod]
    [DataRow("replay --trace -", "nonsense\n")]
    [DataRow("investigate --trace -", "nonsense\n")]
    [DataRow("replay --trace -", "~ct o 1 movie*850c\n")]
    [DataRow("replay --trace -", "")]
    [DataRow("replay --trace -", "# only\nf 0\n")]
    public void Standard_input_that_is_no_trace_is_one_line_that_calls_it_so(string command, string input)
    {
        using var files = new Files();
        using Process run = files.Shell($"exec dotnet \"$PROGRAM\" {command}");
        run.StandardInput.Write(input);
        run.StandardInput.Close();
        Assert.AreEqual(2, ExitOf(run));
        string error = run.StandardError.ReadToEnd();
        Assert.MatchesRegex("^standard input(\\(2\\))?: [^\n]*\n$", error);
    }

    /// <summary>A missing part of the program is a defect, and must not be reported as a fault of the output.</summary>
    [TestMethod]
    public void Only_what_output_throws_is_called_a_fault_of_the_output()
    {
        using var output = new Throwing();
        Assert.ThrowsExactly<FileNotFoundException>(() => CommandLineRun.Into(output, "map", "--board", "esp32cam"));
    }

    [TestMethod]
    public void Output_in_a_file_follows_what_stands_there()
    {
        using var files = new Files();
        string log = files.Path("both");
        using Process run = files.Shell($"{{ echo before; dotnet \"$PROGRAM\" map --board esp32cam; echo after; }} >{log}");
        Assert.AreEqual(0, ExitOf(run));
        string[] lines = File.ReadAllLines(log);
        Assert.AreEqual(("before", "no faults", "after"), (lines[0], lines[^2], lines[^1]));
    }

    /// <summary>All, or every second one.</summary>
    public static IEnumerable<object[]> Inputs => new (string Command, string Expected)[]
    {
        ("replay --trace - --arena 64K <TRACE", "standard input: 64 KB in pages of 4 KB"),
        ("investigate --trace - <TRACE", "standard input, "),
        ("replay --trace - --tail pool --arena 256K <TRACE", "standard input: 256 KB in pages of 4 KB"),
        ("replay --trace - --tail pool <CONSOLE", "standard input: 2.5 MB in pages of 4 KB"),
        ("replay --trace - <CONSOLE", "standard input: 2.5 MB in pages of 4 KB"),
        ("investigate --trace - <CONSOLE", "standard input, 2.5 MB in pages of 4 KB"),
        ("plan --native --stream 64x64:GREY:2 --trace - <CONSOLE", "esp32cam: fits"),
        ("plan --native --stream 64x64:GREY:2 --trace - <TRACE", "esp32cam: fits"),
        ("investigate --trace /dev/stdin <CONSOLE", "stdin, 2.5 MB in pages of 4 KB"),
        ("capture - <CONSOLE", "# trace v1 captured"),
        ("capture CONSOLE.gz", "# trace v1 captured"),
    }.Where((_, number) => TestSeed.IsWhole || number % 2 == 0).Select(input => new object[] { input.Command, input.Expected });

    [TestMethod]
    [DynamicData(nameof(Inputs))]
    public void Input_comes_from_a_pipe_or_compressed(string command, string expected)
    {
        using var files = new Files();
        using Process run = files.Shell($"exec dotnet \"$PROGRAM\" {command}");
        string output = run.StandardOutput.ReadToEnd();
        Assert.AreEqual(0, ExitOf(run), run.StandardError.ReadToEnd());
        Assert.StartsWith(expected, output);
    }

    [TestMethod]
    [DataRow("investigate --hours 1000 --seeds 100 --out MADE/deep", "interrupted; seeds 1 to 100")]
    [DataRow("replay --trace -", "interrupted")]
    [DataRow("plan --stream 64x64:GREY:2 --trace -", "interrupted")]
    [DataRow("investigate --trace - --out MADE", "interrupted")]
    public void Ctrl_c_ends_it_and_leaves_no_empty_folder(string command, string expected)
    {
        using var files = new Files();
        using Process run = files.Shell($"exec dotnet \"$PROGRAM\" {command}");
        string made = files.Path("made");
        for (var clock = Stopwatch.StartNew(); command.Contains("MADE") && !Directory.Exists(made) && clock.Elapsed < s_patience;)
        {
            Thread.Sleep(20);
        }
        // The folder exists before the handler of signals is active.
        for (var clock = Stopwatch.StartNew(); !WaitsForSignals(run.Id) && clock.Elapsed < s_patience;)
        {
            Thread.Sleep(20);
        }
        Thread.Sleep(200);
        using (Process kill = Process.Start("kill", ["-INT", $"{run.Id}"]))
        {
            kill.WaitForExit();
        }
        Assert.AreEqual(130, ExitOf(run));
        Assert.Contains(expected, run.StandardError.ReadToEnd());
        Assert.IsFalse(Directory.Exists(made));
    }

    private static void AssertUnwritten(Process run, string why)
    {
        int code = ExitOf(run);
        string error = run.StandardError.ReadToEnd();
        Assert.AreEqual(2, code, error);
        Assert.EndsWith($"the output cannot be written: {why}\n", error);
        Assert.DoesNotContain("   at ", error);
    }

    /// <summary>Whether a process waits for signals, which .NET does in a thread of that name as soon as somebody wants to have one; elsewhere than in
    /// Linux it has had the time for it.</summary>
    private static bool WaitsForSignals(int id)
    {
        string threads = $"/proc/{id}/task";
        if (!Directory.Exists(threads))
        {
            Thread.Sleep(1000);
            return true;
        }
        try
        {
            return Directory.GetDirectories(threads).Any(thread => File.ReadAllText(Path.Combine(thread, "comm")).Trim() == ".NET SigHandler");
        }
        catch (IOException)
        {
            // A thread has ended meanwhile.
            return false;
        }
    }

    private static int ExitOf(Process run)
    {
        if (!run.WaitForExit(s_patience))
        {
            run.Kill(entireProcessTree: true);
            Assert.Fail("it goes on");
        }
        return run.ExitCode;
    }

    private sealed class Throwing : StringWriter
    {
        public override void Write(string? value) => throw new FileNotFoundException("Carveout.Board.dll");

        public override void WriteLine(string? value) => Write(value);

        public override void Write(char[] buffer, int index, int count) => Write("");
    }

    /// <summary>The input files of the commands, in a folder of their own.</summary>
    private sealed class Files : IDisposable
    {
        private static readonly Lazy<string> s_console = new(() => CommandLineRun.Of("app", "--minutes", "1", "--trace").Output);

        private readonly TemporaryFolder _folder = new();

        public Files()
        {
            File.WriteAllText(Path("trace"), Trace);
            File.WriteAllText(Path("console"), s_console.Value);
            using (var gzip = new GZipStream(File.Create(Path("console.gz")), CompressionLevel.Fastest))
            {
                gzip.Write(System.Text.Encoding.UTF8.GetBytes(s_console.Value));
            }
            File.WriteAllText(Path("dump"), "Node 0, zone   NORMAL      1      0      1      0      0      0      0      0      0      0      0\n");
            File.WriteAllText(Path("tracer"), " app-7 [000] .... 1.5: mm_page_alloc: page=0x1 pfn=1 order=0 migratetype=0 gfp_flags=GFP_KERNEL\n");
        }

        public string Path(string name) => _folder.File(name);

        /// <summary>Starts a shell; words in capitals stand for the files.</summary>
        public Process Shell(string script)
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", Named(script)])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment["PROGRAM"] = s_program;
            return Process.Start(start)!;
        }

        /// <summary>The text with the paths of the files.</summary>
        public string Named(string text)
        {
            foreach (string name in new[] { "TRACER", "TRACE", "CONSOLE", "DUMP", "MADE", "NONE" })
            {
                text = System.Text.RegularExpressions.Regex.Replace(text, $@"\b{name}\b", Path(name.ToLowerInvariant()));
            }
            return text;
        }

        public void Dispose() => _folder.Dispose();
    }
}
