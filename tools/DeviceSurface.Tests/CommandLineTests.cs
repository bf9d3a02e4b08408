namespace Carveout.DeviceSurface.Tests;

[TestClass]
public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [TestMethod]
    [DataRow("--help")]
    [DataRow("sizes", "--help")]
    [DataRow("check", "-h")]
    public void HelpIsPrinted(params string[] arguments)
    {
        Assert.AreEqual(0, Run(arguments));
        Assert.StartsWith("usage: devicesurface check ASSEMBLY...", _output.ToString());
        Assert.AreEqual("", _error.ToString());
    }

    [TestMethod]
    [DataRow("nothing to do")]
    [DataRow("unknown argument 'chekc'", "chekc", "x.dll")]
    [DataRow("unknown argument '--verbose'", "--verbose")]
    [DataRow("wrong number of arguments for 'check'", "check")]
    [DataRow("wrong number of arguments for 'sizes'", "sizes")]
    [DataRow("no such file: missing.dll", "sizes", "missing.dll")]
    [DataRow("no such file: missing.dll", "check", "missing.dll")]
    public void WrongUseIsOneLineAndExitCodeTwo(string problem, params string[] arguments)
    {
        Assert.AreEqual(2, Run(arguments));
        AssertOneErrorLine("devicesurface : error NFS000: " + problem);
    }

    [TestMethod]
    public void FileThatIsNoAssemblyIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("text.dll", "This is no assembly, but it is long enough to be looked at by a reader of assemblies.");

        Assert.AreEqual(2, Run("check", path));
        AssertOneErrorLine("devicesurface : error NFS000: not a .NET assembly: " + path);
    }

    [TestMethod]
    public void FindingsAreCanonicalErrorsAndExitCodeOne()
    {
        string own = typeof(CommandLineTests).Assembly.Location;

        Assert.AreEqual(1, Run("check", own));
        var findings = Message.ReadAll(_output.ToString());
        Assert.Contains(m => m.Code == FindingCode.Generic && Path.GetFileName(m.File) == "CommandLineTests.cs", findings);
        Assert.AreEqual("", _error.ToString());
    }

    [TestMethod]
    public void AssemblyWithoutPdbIsNamedItself()
    {
        using var folder = new TemporaryFolder();
        string copy = folder.PathOf("copy.dll");
        File.Copy(typeof(CommandLineTests).Assembly.Location, copy);

        Assert.AreEqual(1, Run("check", copy));
        Message[] messages = [.. Message.ReadAll(_output.ToString())];
        Assert.IsTrue(messages.All(message => message.File == copy) && messages.Any(message => message.IsError), _output.ToString());
    }

    private int Run(params string[] arguments) => CommandLine.Run(arguments, _output, _error);

    private void AssertOneErrorLine(string start)
    {
        Assert.AreEqual("", _output.ToString());
        string line = _error.ToString().TrimEnd();
        Assert.StartsWith(start, line);
        Assert.DoesNotContain("\n", line);
    }
}
