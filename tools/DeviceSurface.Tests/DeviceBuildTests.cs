namespace Carveout.DeviceSurface.Tests;

/// <summary>What a developer without nanoFramework sees: this repository's own device projects, built by <c>dotnet build</c>.</summary>
/// <remarks>
/// The project files are the real ones, in a folder of their own, with nothing restored or built before. Of the sources only what
/// the test writes is there, so that nobody's unfinished work in Board or Firmware can fail these tests.
/// </remarks>
[TestClass]
public sealed class DeviceBuildTests
{
    private const string Sample = "Firmware/Memory/Pages/Sample.cs";

    private const string GoodSource =
        """
        namespace Carveout
        {
            /// <summary>A sample.</summary>
            public static class Sample
            {
                /// <summary>Adds bytes up.</summary>
                public static int Sum(byte[] data)
                {
                    int sum = 0;
                    foreach (byte value in data)
                    {
                        sum += value;
                    }

                    return sum;
                }
            }
        }
        """;

    /// <summary>What a second build must leave alone: the reference assemblies, what was compiled and what was checked.</summary>
    private static readonly string[] _products = ["*.dll", "*.pdb", "*.surface", "*.stamp"];

    private static readonly TemporaryFolder _checkout = new();
    private static DotnetRun _firstBuild = null!;
    private static DotnetRun _secondBuild = null!;
    private static string _timesAfterFirst = "";
    private static string _timesAfterSecond = "";

    [ClassInitialize]
    public static void BuildTwice(TestContext context)
    {
        SourceTree.CopyFiles(_checkout, "", "Directory.*", "Library.props", "Device.*", "Product.cs", ".editorconfig", "*.config", "*.json");
        SourceTree.CopyFiles(_checkout, "Firmware", "Friends.cs");
        foreach (string project in new[] { "Board", "Firmware/Memory/Pages" })
        {
            SourceTree.CopyFiles(_checkout, project, "*.nfproj", "packages.config");
            SourceTree.CopyFolder(_checkout, Path.Combine(project, "Properties"));
        }

        SourceTree.CopyFolder(_checkout, "tools/DeviceSurface");
        _checkout.Write(Sample, GoodSource);

        _firstBuild = Build();
        _timesAfterFirst = TimesOfProducts();
        _secondBuild = Build();
        _timesAfterSecond = TimesOfProducts();
    }

    [ClassCleanup]
    public static void RemoveCheckout() => _checkout.Dispose();

    [TestCleanup]
    public void RestoreSample() => _checkout.Write(Sample, GoodSource);

    [TestMethod]
    public void FreshCheckoutBuildsWithoutAWord()
    {
        Assert.AreEqual(0, _firstBuild.ExitCode, _firstBuild.Output);
        Assert.IsEmpty(Message.ReadAll(_firstBuild.Output), _firstBuild.Output);
        Assert.Contains("Carveout.Pages.dll", _firstBuild.Output);
        Assert.IsTrue(File.Exists(_checkout.PathOf("Firmware/Memory/Pages/bin/device/Debug/Carveout.Pages.xml")), "the documentation");
    }

    [TestMethod]
    public void NothingIsDoneTwice()
    {
        Assert.AreEqual(0, _secondBuild.ExitCode, _secondBuild.Output);
        Assert.AreEqual(_timesAfterFirst, _timesAfterSecond);
        Assert.Contains("mscorlib.dll", _timesAfterFirst);
        Assert.Contains("Carveout.Pages.surface", _timesAfterFirst);
    }

    [TestMethod]
    public void WhatTheLibraryLacksIsACompilerError()
    {
        _checkout.Write(
            Sample,
            """
            namespace Carveout
            {
                public static class Sample
                {
                    public static int Run(byte[] data)
                    {
                        System.Collections.Generic.List<int> list = null;
                        System.Span<byte> span = data;
                        unsafe
                        {
                            int* stack = stackalloc int[4];
                            return list.Count + span.Length + stack[0];
                        }
                    }
                }
            }
            """);

        // Properties from the command line beat those of a project; this one must not.
        var run = Rebuild("-p:AllowUnsafeBlocks=true");

        AssertFails(run, ("CS0234", 7), ("CS0234", 8), ("CS0227", 9));
    }

    [TestMethod]
    public void WhatTheRuntimeLacksIsRefusedUntilItIsGone()
    {
        _checkout.Write(
            Sample,
            """
            #pragma warning disable CS1591
            namespace Carveout
            {
                public sealed class Box<T>
                {
                    public readonly T Value;

                    public Box(T value)
                    {
                        Value = value;
                    }
                }

                public static class Sample
                {
                    public static int Run(int[,] table)
                    {
                        return table[0, 0];
                    }
                }
            }
            """);

        var first = Rebuild();
        var second = Rebuild();

        AssertFails(first, ("NFS001", 8), ("NFS002", 18));
        AssertFails(second, ("NFS001", 8), ("NFS002", 18));

        _checkout.Write(Sample, GoodSource);
        var third = Rebuild();
        Assert.AreEqual(0, third.ExitCode, third.Output);
    }

    [TestMethod]
    public void DocumentationWithGapsIsAnError()
    {
        _checkout.Write(
            Sample,
            """
            namespace Carveout
            {
                /// <summary>See <see cref="Nothing"/>.</summary>
                public static class Sample
                {
                    public const int Most = 1;

                    /// <summary>Adds two numbers up.</summary>
                    /// <param name="a">One of them.</param>
                    /// <param name="c">Not there.</param>
                    public static int Sum(int a, int b) { return a + b; }
                }
            }
            """);

        var run = Rebuild();

        AssertFails(run, ("CS1574", 3), ("CS1591", 6), ("CS1572", 10));
    }

    [TestMethod]
    public void ReferenceWithoutSourceIsAnError()
    {
        string project = _checkout.PathOf("Firmware/Memory/Pages/Pages.nfproj");
        string text = File.ReadAllText(project);
        try
        {
            File.WriteAllText(project, text.Replace("\"mscorlib\"", "\"nanoFramework.Missing\""));

            var run = Rebuild();

            Assert.AreEqual(1, run.ExitCode, run.Output);
            var messages = Message.ReadAll(run.Output);
            Assert.Contains(m => m.File == project && m.Code == "NFS000" && m.Text.Contains("nanoFramework.Missing"), messages, run.Output);
        }
        finally
        {
            File.WriteAllText(project, text);
        }
    }

    [TestMethod]
    public void CoreLibraryThatIsNotRestoredIsNamedWithItsPlace()
    {
        string nowhere = _checkout.PathOf("nowhere/");

        var run = Rebuild("-p:NuGetPackageRoot=" + nowhere);

        Assert.AreEqual(1, run.ExitCode, run.Output);
        var error = Message.ReadAll(run.Output).Single();
        Assert.AreEqual("NFS000", error.Code);
        Assert.Contains("The package nanoFramework.CoreLibrary 1.17.11 is not restored", error.Text);
        Assert.Contains(nowhere + "nanoframework.corelibrary/1.17.11/lib/mscorlib.dll", error.Text);
    }

    private static void AssertFails(DotnetRun run, params (string Code, int Line)[] expected)
    {
        Assert.AreEqual(1, run.ExitCode, run.Output);
        var messages = Message.ReadAll(run.Output);
        foreach (var (code, line) in expected)
        {
            Assert.Contains(m => m.IsError && m.File == _checkout.PathOf(Sample) && m.Line == line && m.Code == code, messages, run.Output);
        }
    }

    private static DotnetRun Rebuild(params string[] options) => Build(["--no-restore", .. options]);

    private static DotnetRun Build(params string[] options) =>
        DotnetRun.Start(_checkout.Path, ["build", "Firmware/Memory/Pages/Pages.nfproj", "--disable-build-servers", "-maxcpucount:1", .. options]);

    private static string TimesOfProducts() => string.Join('\n',
        _products
            .SelectMany(p => Directory.GetFiles(_checkout.Path, p, SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(p => $"{p} {File.GetLastWriteTimeUtc(p):O}"));
}
