using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>The command line, in process: output, errors and exit codes.</summary>
[TestClass]
public sealed class CommandTests
{
    [TestMethod]
    public void RewritePrintsTheStaticSizesAndWritesTheFiles()
    {
        using var folder = new TemporaryFolder();
        var code = new SampleAssembly("Sample");
        code.Static("Add", typeof(int), [typeof(int), typeof(int)], """
            ldarg.0
            ldarg.1
            add
            ret
            """);
        code.Static("Idle", typeof(void), [], "ret");

        var (exit, output, error) = Run("rewrite", code.WriteTo(folder), "--out", folder["out"]);

        Assert.AreEqual("", error);
        Assert.AreEqual(0, exit);
        Assert.AreEqual(
            """
            Sample.dll: methods 2, IL instructions 5
                IL  bytes  method
                 4      4  Sample.Code.Add(Int32, Int32)
                 1      1  Sample.Code.Idle()

            """.ReplaceLineEndings(),
            output);
        var meter = IlMeter.LoadRewritten(Path.Combine(folder["out"], "Sample.dll"));
        Assert.AreEqual(5, meter.BindStatic<Func<int, int, int>>("Sample.Code", "Add")(2, 3));
        Assert.AreEqual(4, meter.ReadInstructions());
    }

    [TestMethod]
    [DataRow("--help")]
    [DataRow("rewrite", "--help")]
    public void HelpGoesToTheOutput(params string[] arguments)
    {
        var (exit, output, error) = Run(arguments);

        Assert.AreEqual(0, exit);
        Assert.AreEqual("", error);
        Assert.Contains("Usage:", output);
        Assert.Contains("rewrite", output);
    }

    [TestMethod]
    [DataRow("Required command", new string[0])]
    [DataRow("nonsense", new[] { "nonsense" })]
    [DataRow("--out", new[] { "rewrite", "missing.dll" })]
    [DataRow("Required argument", new[] { "rewrite", "--out", "somewhere" })]
    [DataRow("missing.dll", new[] { "rewrite", "missing.dll", "--out", "somewhere" })]
    [DataRow("the path of an assembly is empty", new[] { "rewrite", "", "--out", "somewhere" })]
    [DataRow("the path of the output is empty", new[] { "rewrite", "missing.dll", "--out", "" })]
    public void BadInputGivesOneLineAndExitCode2(string contained, string[] arguments)
    {
        var (exit, output, error) = Run(arguments);

        Assert.AreEqual(2, exit);
        Assert.AreEqual("", output);
        Assert.StartsWith("ilcounter: ", error);
        Assert.Contains(contained, error);
        Assert.AreEqual(error.IndexOf('\n'), error.Length - 1, "one line");
        Assert.IsFalse(Directory.Exists("somewhere"));
    }

    [TestMethod]
    public void OneBadFileAmongGoodOnesWritesNothing()
    {
        using var folder = new TemporaryFolder();
        var code = new SampleAssembly("Sample");
        code.Static("Idle", typeof(void), [], "ret");
        File.WriteAllText(folder["text.dll"], "no assembly");

        var (exit, output, error) = Run("rewrite", code.WriteTo(folder), folder["text.dll"], "--out", folder["out"]);

        Assert.AreEqual(2, exit);
        Assert.AreEqual("", output);
        Assert.Contains("text.dll: not a managed assembly", error);
        Assert.IsFalse(Directory.Exists(folder["out"]));
    }

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exit = IlCounterCommand.Run(arguments, output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
