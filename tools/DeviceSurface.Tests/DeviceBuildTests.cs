namespace Carveout.DeviceSurface.Tests;

/// <summary>What a developer without nanoFramework sees: this repository's own device projects, built by <c>dotnet build</c>.</summary>
/// <remarks>
/// The project files are the real ones, in a folder of their own, with nothing restored or built before. Of the sources only what
/// the test writes is there, so that nobody's unfinished work in Board or Firmware can fail these tests.
/// </remarks>
[TestClass]
public sealed class DeviceBuildTests
{
    private const string Pages = "Firmware/Memory/Pages/Pages.nfproj", PagesWithoutSource = "Firmware/Memory/Pages/PagesWithoutSource.nfproj";

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

    private const string WithListSpanAndPointer =
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
        """;

    private const string WithGenericTypeAndTable =
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
        """;

    private const string WithGapsInItsDocumentation =
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
        """;

    /// <summary>What a second build must leave alone: the reference assemblies, what was compiled and what was checked.</summary>
    private static readonly string[] _products = ["*.dll", "*.pdb", "*.surface", "*.stamp"];

    private static readonly TemporaryFolder _checkout = new();
    private static DotnetRun _firstBuild = null!;
    private static BuildSeries _later = null!;
    private static string _timesAfterFirst = "";

    /// <summary>The first build is the one that a developer types. The later ones run one after the other in one process: starting MSBuild costs more
    /// than any of them.</summary>
    [ClassInitialize]
    public static void BuildOnceAndThenTheRest(TestContext context)
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
        _firstBuild = DotnetRun.Start(_checkout.Path, "build", Pages, "-maxcpucount:1");
        _timesAfterFirst = string.Join('\n', _products
            .SelectMany(p => Directory.GetFiles(_checkout.Path, p, SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(p => $"{p} {File.GetLastWriteTime(p):yyyy-MM-dd HH:mm:ss.fffffff}"));

        _checkout.Write(PagesWithoutSource, File.ReadAllText(_checkout.PathOf(Pages)).Replace("\"mscorlib\"", "\"nanoFramework.Missing\""));
        _later = new BuildSeries(_checkout, Sample)
            .Add("again", Pages, null)
            .AddTimes("times", _products)
            .Add("lacks-library", Pages, WithListSpanAndPointer, "AllowUnsafeBlocks=true")
            .Add("lacks-runtime", Pages, WithGenericTypeAndTable)
            .Add("lacks-runtime-still", Pages, null)
            .Add("mended", Pages, GoodSource)
            .Add("gaps", Pages, WithGapsInItsDocumentation)
            .Add("no-source", PagesWithoutSource, GoodSource)
            .Add("not-restored", Pages, GoodSource, "NuGetPackageRoot=" + _checkout.PathOf("nowhere/"))
            .Run();
    }

    [ClassCleanup]
    public static void RemoveCheckout() => _checkout.Dispose();

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
        AssertSucceeds("again");
        Assert.AreEqual(_timesAfterFirst, string.Join('\n', _later.Times("times").Order(StringComparer.Ordinal)));
        Assert.Contains("mscorlib.dll", _timesAfterFirst);
        Assert.Contains("Carveout.Pages.surface", _timesAfterFirst);
    }

    /// <summary>Properties from the command line beat those of a project; AllowUnsafeBlocks, which this build has, must not.</summary>
    [TestMethod]
    public void WhatTheLibraryLacksIsACompilerError() => AssertFails("lacks-library", ("CS0234", 7), ("CS0234", 8), ("CS0227", 9));

    [TestMethod]
    public void WhatTheRuntimeLacksIsRefusedUntilItIsGone()
    {
        AssertFails("lacks-runtime", ("NFS001", 8), ("NFS002", 18));
        AssertFails("lacks-runtime-still", ("NFS001", 8), ("NFS002", 18));
        AssertSucceeds("mended");
    }

    [TestMethod]
    public void DocumentationWithGapsIsAnError() => AssertFails("gaps", ("CS1574", 3), ("CS1591", 6), ("CS1572", 10));

    [TestMethod]
    public void ReferenceWithoutSourceIsAnError()
    {
        DotnetRun run = _later.Of("no-source");

        Assert.AreEqual(1, run.ExitCode, run.Output);
        Assert.Contains(m => m.File == _checkout.PathOf(PagesWithoutSource) && m.Code == "NFS000" && m.Text.Contains("nanoFramework.Missing"),
            Message.ReadAll(run.Output), run.Output);
    }

    [TestMethod]
    public void CoreLibraryThatIsNotRestoredIsNamedWithItsPlace()
    {
        DotnetRun run = _later.Of("not-restored");

        Assert.AreEqual(1, run.ExitCode, run.Output);
        var error = Message.ReadAll(run.Output).Single();
        Assert.AreEqual("NFS000", error.Code);
        Assert.Contains("The package nanoFramework.CoreLibrary 1.17.11 is not restored", error.Text);
        Assert.Contains(_checkout.PathOf("nowhere/nanoframework.corelibrary/1.17.11/lib/mscorlib.dll"), error.Text);
    }

    private static void AssertSucceeds(string name) => Assert.AreEqual(0, _later.Of(name).ExitCode, _later.Of(name).Output);

    private static void AssertFails(string name, params (string Code, int Line)[] expected)
    {
        DotnetRun run = _later.Of(name);
        Assert.AreEqual(1, run.ExitCode, run.Output);
        var messages = Message.ReadAll(run.Output);
        foreach (var (code, line) in expected)
        {
            Assert.Contains(m => m.IsError && m.File == _checkout.PathOf(Sample) && m.Line == line && m.Code == code, messages, run.Output);
        }
    }
}
