using Carveout.Emulator.Tests.Movies;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Commands;

/// <summary>Files that cannot be used, for any command: one line that says why, and exit code 2.</summary>
[TestClass]
public sealed class FileFaultTests
{
    private const string Trace = "a 0 4096 4096\n";

    [TestMethod]
    [DataRow("play --plan NONE", "--plan NONE: there is no such file")]
    [DataRow("play --plan FOLDER", "--plan FOLDER: this is a directory, expected a file")]
    [DataRow("play --plan EMPTY", "--plan: the name is empty")]
    [DataRow("play --hours 0.01 --movie FOLDER", "--movie FOLDER: this is a directory, expected a file")]
    [DataRow("play --hours 0.01 --png FILE", "--png FILE: this is a file, expected a folder")]
    [DataRow("replay --trace EMPTY", "the name of the file is empty")]
    [DataRow("replay --trace FOLDER", "FOLDER: this is a directory, expected a file")]
    [DataRow("investigate --trace EMPTY", "the name of the file is empty")]
    [DataRow("investigate --trace NONE", "NONE: there is no such file")]
    [DataRow("investigate --trace FILE --out FILE", "--out FILE: this is a file, expected a folder")]
    [DataRow("capture EMPTY", "the name of the file is empty")]
    [DataRow("capture FOLDER", "FOLDER: this is a directory, expected a file")]
    [DataRow("capture FILE --out NONE/x", "--out NONE/x: there is no folder NONE")]
    [DataRow("plan --stream 64x64:GREY:2 --trace EMPTY", "the name of the file is empty")]
    [DataRow("plan --stream 64x64:GREY:2 --out FOLDER", "--out FOLDER: this is a directory, expected a file")]
    [DataRow("plan --stream 64x64:GREY:2 --out EMPTY", "--out: the name is empty")]
    [DataRow("app --png FILE", "--png FILE: this is a file, expected a folder")]
    [DataRow("capture FILE --out FILE/x", "--out FILE/x: FILE is a file, expected a folder")]
    [DataRow("investigate --trace FILE --out FILE/x", "--out FILE/x: FILE is a file, expected a folder")]
    [DataRow("investigate --trace FILE --out FILE/x/y", "--out FILE/x/y: FILE is a file, expected a folder")]
    [DataRow("plan --stream 64x64:GREY:2 --out FILE/x", "--out FILE/x: FILE is a file, expected a folder")]
    [DataRow("app --png EMPTY", "--png: the name is empty")]
    public void Is_told_in_a_line_before_anything_runs(string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("file"), place = Path.GetDirectoryName(file)!, none = folder.File("none");
        File.WriteAllText(file, Trace);
        CommandLineRun run = CommandLineRun.Of([.. arguments.Split(' ').Select(Real)]);
        Assert.AreEqual(2, run.ExitCode, run.Output);
        Assert.AreEqual(Real(expected) + "\n", run.Error);
        Assert.AreEqual("", run.Output);
        Assert.AreEqual(Trace, File.ReadAllText(file));

        string Real(string words) => words.Replace("EMPTY", "").Replace("NONE", none).Replace("FOLDER", place).Replace("FILE", file);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_compressed_trace_that_was_cut_off_is_refused(bool isGzip)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("cut.trace.gz");
        byte[] whole = File.ReadAllBytes(Traces.PathOf("small80"));
        File.WriteAllBytes(path, isGzip ? whole[..(whole.Length / 2)] : "a 0 4096 4096\n"u8.ToArray());
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", path);
        Assert.AreEqual(2, run.ExitCode, run.Output);
        Assert.AreEqual($"{path}: not gzip, as its name says, or cut off or damaged\n", run.Error);
    }
}
