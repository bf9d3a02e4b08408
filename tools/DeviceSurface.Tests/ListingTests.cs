namespace Carveout.DeviceSurface.Tests;

/// <summary>Listings are written by hand or by others' tools: what cannot be read must be said, with its line.</summary>
[TestClass]
public sealed class ListingTests
{
    private const string Core =
        """
        assembly mscorlib
        class System.Object
        abstract class System.ValueType
        abstract class System.Enum : System.ValueType
        """;

    [TestMethod]
    [DataRow("clas N.T", "not the declaration of a type")]
    [DataRow("public class N.T", "not the declaration of a type")]
    [DataRow("  void M()", "not the declaration of a type")]
    [DataRow("virtual class N.T", "not the declaration of a type")]
    [DataRow("delegate void N.D(int)", "not a parameter: 'int'")]
    [DataRow("delegate T N.D`2(T item)", "1 type parameters are used")]
    [DataRow("class N.T`1", "only a delegate may be generic")]
    [DataRow("enum N.E", "an enum needs its underlying type")]
    [DataRow("class N.T : N.Missing", "no listing declares the type N.Missing")]
    [DataRow("class System.Object", "System.Object is declared twice; first at ")]
    [DataRow("[Flags] class N.T", "not an annotation: [Flags]")]
    [DataRow("[AttributeUsage(all)] class N.T", "not an annotation: [AttributeUsage(all)]")]
    [DataRow("[AttributeUsage(1, Twice = true)] class N.T", "not an annotation: [AttributeUsage(1, Twice = true)]")]
    public void TypeThatCannotBeReadIsNamed(string line, string problem) => AssertRefused($"{Core}\n{line}", 5, problem);

    [TestMethod]
    [DataRow("M()", "a method without a result, and not the constructor of N.T")]
    [DataRow("void F", "void is only the result of a method")]
    [DataRow("void M(void[] a)", "void is only the result of a method")]
    [DataRow("void M(", "not the declaration of a member")]
    [DataRow("void M(int)", "not a parameter: 'int'")]
    [DataRow("void M(int a,int b)", "not a parameter")]
    [DataRow("void M(int a, )", "not a parameter")]
    [DataRow("void M(in int a)", "not a parameter")]
    [DataRow("void M(N.Missing a)", "no listing declares the type N.Missing")]
    [DataRow("void M(int a = x)", "x is no constant of type int")]
    [DataRow("void M(byte a = 256)", "256 is no constant of type byte")]
    [DataRow("N.Missing[] M()", "no listing declares the type N.Missing")]
    [DataRow("public void M()", "not the declaration of a member")]
    [DataRow("int P { }", "not the declaration of a member")]
    [DataRow("int P { set; get; }", "not the declaration of a member")]
    [DataRow("int F = 1", "not the declaration of a member")]
    [DataRow("const int F", "a constant must be 'const TYPE NAME = VALUE'")]
    [DataRow("const int F = 1.5", "1.5 is no constant of type int")]
    [DataRow("const int F = 3000000000", "3000000000 is no constant of type int")]
    [DataRow("const string F = text", "text is no constant of type string")]
    [DataRow("event System.Object E = 1", "an event must be 'event TYPE NAME'")]
    [DataRow("[Conditional(DEBUG)] void M()", "not an annotation: [Conditional(DEBUG)]")]
    [DataRow("[Obsolete(soon)] void M()", "not an annotation: [Obsolete(soon)]")]
    public void MemberThatCannotBeReadIsNamed(string line, string problem) =>
        AssertRefused($"{Core}\nclass N.T\n    T()\n    {line}", 7, problem);

    [TestMethod]
    public void EnumValueMustBeANumberOfItsType()
    {
        AssertRefused($"{Core}\nenum N.E : byte\n    A = B", 6, "an enum's member must be 'NAME = NUMBER'");
        AssertRefused($"{Core}\nenum N.E : byte\n    A = 256", 6, "256 is no constant of type N.E");
    }

    [TestMethod]
    public void MemberNeedsAType() => AssertRefused("assembly mscorlib\n    void M()", 2, "a member without a type above it");

    [TestMethod]
    [DataRow("")]
    [DataRow("class System.Object")]
    [DataRow("assembly other")]
    public void FirstLineNamesTheAssemblyLikeTheFile(string text) =>
        AssertRefused(text, 1, "the first line of this file must be 'assembly mscorlib'");

    [TestMethod]
    public void TypeMayComeFromAnotherListing()
    {
        using var folder = new TemporaryFolder();
        folder.Write("mscorlib.txt", Core);
        folder.Write("Other.txt", "assembly Other\nclass N.T : System.Object");

        var surface = Surface.Load(folder.Path);

        Assert.IsTrue(surface.TryGetType("N.T", out var type));
        Assert.AreEqual("Other", surface.ListingOf(type).Name);
    }

    [TestMethod]
    public void ExampleInTheReadmeIsAListing()
    {
        string readme = Path.Combine(Locations.Repository, "tools", "DeviceSurface", "README.md");
        var example = File.ReadLines(readme)
            .SkipWhile(l => l != "    assembly Sensors.Device")
            .TakeWhile(l => l.StartsWith("    ", StringComparison.Ordinal))
            .Select(l => l[4..]);
        using var folder = new TemporaryFolder();
        folder.Write("Sensors.Device.txt", string.Join('\n', example));
        File.Copy(Path.Combine(Locations.Listings, "mscorlib.txt"), folder.PathOf("mscorlib.txt"));

        var surface = Surface.Load(folder.Path);

        Assert.IsTrue(surface.TryGetType("Sensors.Probe", out var probe));
        Assert.HasCount(9, probe.Members);
    }

    private static void AssertRefused(string listing, int line, string problem)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("mscorlib.txt", listing);
        var output = new StringWriter();

        int exitCode = CommandLine.Run(["generate", folder.Path, folder.PathOf("out")], output, output);

        Assert.AreEqual(1, exitCode);
        Assert.StartsWith($"{path}({line},1): error NFS000: {problem}", output.ToString());
        Assert.IsFalse(Directory.Exists(folder.PathOf("out")), "nothing is written for listings that are wrong");
    }
}
