using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>The command line, in process: output, errors and exit codes.</summary>
[TestClass]
public sealed class CommandTests
{
    [TestMethod]
    public void StaticSizesOfEachMethodAreListed()
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

        var (exit, output, error) = Run(code.WriteTo(folder));

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
    }

    [TestMethod]
    public void HelpGoesToTheOutput()
    {
        var (exit, output, error) = Run("--help");

        Assert.AreEqual(0, exit);
        Assert.AreEqual("", error);
        Assert.Contains("Usage:", output);
    }

    [TestMethod]
    [DataRow("Required argument", new string[0])]
    [DataRow("missing.dll", new[] { "missing.dll" })]
    [DataRow("the path of an assembly is empty", new[] { "" })]
    public void BadInputGivesOneLineAndExitCode2(string contained, string[] arguments)
    {
        var (exit, output, error) = Run(arguments);

        Assert.AreEqual(2, exit);
        Assert.AreEqual("", output);
        Assert.StartsWith("ilcounter: ", error);
        Assert.Contains(contained, error);
        Assert.AreEqual(error.IndexOf('\n'), error.Length - 1, "one line");
    }

    [TestMethod]
    public void OneBadFileAmongGoodOnesListsNothing()
    {
        using var folder = new TemporaryFolder();
        var code = new SampleAssembly("Sample");
        code.Static("Idle", typeof(void), [], "ret");
        File.WriteAllText(folder["text.dll"], "no assembly");

        var (exit, output, error) = Run(code.WriteTo(folder), folder["text.dll"]);

        Assert.AreEqual(2, exit);
        Assert.AreEqual("", output);
        Assert.Contains("text.dll: not a managed assembly", error);
    }

    static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exit = IlCounterCommand.Run(arguments, output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
