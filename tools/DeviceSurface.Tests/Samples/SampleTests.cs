namespace Carveout.DeviceSurface.Tests.Samples;

/// <summary>Every piece of C# in README.md, docs/ and the other texts compiles for the device.</summary>
[TestClass]
public sealed class SampleTests
{
    private static readonly EnumerationOptions _everywhere = new() { RecurseSubdirectories = true };

    private static readonly IReadOnlyList<Sample> _samples = [.. Directory
        .GetFiles(Locations.Repository, "*.md", _everywhere)
        .Where(p => !p.Contains("/bin/", StringComparison.Ordinal) && !p.Contains("/obj/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .SelectMany(Sample.ReadAll)];

    public static IEnumerable<string> SampleNames => _samples.Where(s => s.Origin == null).Select(s => s.Name);

    public static IEnumerable<string> QuotationNames => _samples.Where(s => s.Origin != null).Select(s => s.Name);

    [TestMethod]
    [DynamicData(nameof(SampleNames))]
    public void SampleCompilesForTheDevice(string name)
    {
        var errors = SampleCompilation.Run(_samples.Single(s => s.Name == name));

        Assert.IsEmpty(errors, string.Join('\n', errors));
    }

    /// <summary>The example is compiled and run elsewhere; here it is quoted.</summary>
    [TestMethod]
    [DynamicData(nameof(QuotationNames))]
    public void QuotationIsTheExamplesText(string name)
    {
        Sample quotation = _samples.Single(s => s.Name == name);
        Assert.IsTrue(
            quotation.IsPieceOf(File.ReadAllLines(Path.Combine(Locations.Repository, quotation.Origin!))),
            $"{quotation.Origin} has not these lines:\n{string.Join('\n', quotation.Lines)}");
    }

    [TestMethod]
    public void QuotationHasEveryLineInItsPlace()
    {
        using var folder = new TemporaryFolder();
        string[] original = ["class A", "{", "    int one;", "", "    int two;", "}"];

        Assert.IsTrue(Quoted("int one;\n\nint two;"));
        Assert.IsFalse(Quoted("int one;\nint two;"));
        Assert.IsFalse(Quoted("int one;\n\n    int two;"));
        Assert.IsFalse(Quoted("int one;\n\nint three;"));

        bool Quoted(string lines)
        {
            Sample quotation = Sample.ReadAll(folder.Write("text.md", $"<!-- from A.cs -->\n```csharp\n{lines}\n```\n")).Single();
            Assert.AreEqual("A.cs", quotation.Origin);
            return quotation.IsPieceOf(original);
        }
    }

    [TestMethod]
    public void ReadmeHasASample() => Assert.Contains(s => s.File == Path.Combine(Locations.Repository, "README.md"), _samples);

    [TestMethod]
    public void MistakeIsNamedWithTheLineOfTheText()
    {
        AssertErrors(
            "A text.\n\n```csharp\nint pages = 1;\nlong missing = undefined;\n```\n",
            ("CS0103", 5));
    }

    [TestMethod]
    public void WhatTheDeviceLacksIsAMistakeToo()
    {
        AssertErrors("```csharp\nvar list = new System.Collections.Generic.List<int>();\n```\n", ("CS0234", 2));
        AssertErrors("```csharp\nint[,] table = new int[2, 2];\nConsole.WriteLine(table.ToString());\n```\n", ("NFS002", 2));
    }

    [TestMethod]
    public void GivenNamesAreDeclared()
    {
        AssertErrors("<!-- given: PageAllocator allocator, int n -->\n```csharp\nallocator.FreePages((uint)n);\nother = n;\n```\n", ("CS0103", 4));
        AssertErrors("```csharp\nallocator.FreePages(0);\n```\n", ("CS0103", 2));
    }

    [TestMethod]
    public void DirectivesOfItsOwnAreAllThatItHas()
    {
        AssertErrors("```csharp\nusing System;\n\nPageAllocator pages = null;\nConsole.WriteLine(pages.ToString());\n```\n", ("CS0246", 4));
        AssertErrors("```csharp\nusing Carveout.Memory;\n\nPageAllocator pages = null;\npages.FreePages(0);\n```\n");
    }

    [TestMethod]
    public void TypesAloneAreALibrary()
    {
        AssertErrors("```csharp\npublic sealed class Clock : TraceClock\n{\n    public override int Milliseconds => 0;\n}\n```\n");
        AssertErrors("```csharp\npublic sealed class Clock : TraceClock\n{\n}\n```\n", ("CS0534", 2));
    }

    [TestMethod]
    public void OtherNamesOfTheLanguageAreFoundAsWell()
    {
        AssertErrors("```cs\nundefined = 1;\n```\n\n```C#\n\nundefined = 2;\n```\n", ("CS0103", 2), ("CS0103", 7));
    }

    private static void AssertErrors(string text, params (string Code, int Line)[] expected)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("text.md", text);

        Message[] errors = [.. Sample.ReadAll(file).SelectMany(SampleCompilation.Run)];

        Assert.AreEqual(
            string.Join('\n', expected.Select(e => $"{file}({e.Line}): {e.Code}")),
            string.Join('\n', errors.Select(e => $"{e.File}({e.Line}): {e.Code}")));
    }
}
