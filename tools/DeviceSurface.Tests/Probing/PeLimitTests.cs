using System.Text;
using Mono.Cecil;

namespace Carveout.DeviceSurface.Tests.Probing;

/// <summary>Assemblies that fill a table of a .pe. Each is a probe that needs an assembly of its own.</summary>
[TestClass]
public sealed class PeLimitTests
{
    /// <summary>Of 65,535 bytes.</summary>
    private const int TooMany = 66_000, AtError = 62_800, AtWarning = 54_400, Half = 33_000;

    private static readonly Dictionary<string, (string Code, Func<int, string> Source)> _probes = new()
    {
        ["byte code"] = (FindingCode.ByteCode, ByteCode),
        ["names and literals"] = (FindingCode.Strings, Literals),
        ["signatures"] = (FindingCode.Table, ArrayContents),
    };

    public static IEnumerable<string> Tables => _probes.Keys;

    public static IEnumerable<string> Codes => _probes.Values.Select(p => p.Code);

    [TestMethod]
    [DynamicData(nameof(Tables))]
    public void TableThatOverflowsIsRefusedWithItsNumberAndShare(string table)
    {
        var finding = Check(table, TooMany).Single();

        Assert.IsTrue(finding.IsError);
        Assert.AreEqual(_probes[table].Code, finding.Code);
        Assert.MatchesRegex($@": {table}: 66,\d\d\d of the 65,535 bytes that a \.pe can hold \(101 %\); cut the assembly in parts$", finding.Text);
    }

    [TestMethod]
    [DynamicData(nameof(Tables))]
    public void TableThatIsNearlyFullIsAnErrorAndBeforeThatAWarning(string table)
    {
        var error = Check(table, AtError).Single();
        Assert.IsTrue(error.IsError, error.Text);
        Assert.Contains("(96 %)", error.Text);
        var warning = Check(table, AtWarning).Single();
        Assert.IsFalse(warning.IsError, warning.Text);
        Assert.Contains("(83 %)", warning.Text);
        Assert.IsEmpty(Check(table, Half));
    }

    [TestMethod]
    public void SizesAreATableWithinEightyColumns()
    {
        using var folder = new TemporaryFolder();
        string output = Run("sizes", Compile(folder, "first", ByteCode(TooMany)), Compile(folder, "second", Literals(Half)));

        string[] lines = output.TrimEnd().Split(Environment.NewLine);
        Assert.HasCount(3, lines);
        Assert.MatchesRegex(@"^first +66,\d\d\d +66,\d\d\d 101 % +\d+ +1 %  ", lines[1]);
        Assert.MatchesRegex(@"^second +[\d,]+ +[\d,]+ +\d+ % +33,\d\d\d +5[01] %  ", lines[2]);
        Assert.IsTrue(lines.All(l => l.Length <= 80), output);
    }

    /// <summary>Operands that name something lose two of their four bytes, ldtoken's none. A switch loses three, and two for each case. A
    /// handler takes twelve, and the number of handlers one.</summary>
    [TestMethod]
    public void AssembliesOfTheSameNameAreToldApartByTheirProjects()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.PathOf("Slab/bin/device"));
        Directory.CreateDirectory(folder.PathOf("Pages/bin/device"));

        string output = Run(
            "sizes", Compile(folder, "Slab/bin/device/NFUnitTest", ByteCode(Half)), Compile(folder, "Pages/bin/device/NFUnitTest", ByteCode(Half)));

        Assert.Contains("\nNFUnitTest Slab  ", output);
        Assert.Contains("\nNFUnitTest Pages ", output);
    }

    [TestMethod]
    [DataRow("static int s; static int Run() { return s; }", 6, 4)]
    [DataRow("static string Run() { return \"text\"; }", 6, 4)]
    [DataRow("static System.Type Run() { return typeof(Probe); }", 11, 9)]
    [DataRow("static int Run(int a) { try { return 1 / a; } catch (System.Exception) { return 0; } }", 13, 26)]
    [DataRow("static int Run(int a) { switch (a) { case 0: return 5; case 1: return 7; case 2: return 9; case 3: return 8; } return a; }", 35, 24)]
    public void ByteCodeIsTheMetadataProcessors(string members, int il, int expected)
    {
        using var folder = new TemporaryFolder();
        using var module = ModuleDefinition.ReadModule(Compile(folder, "probe", $"static class Probe {{ {members} }}"));

        var tables = new PeTables(module);

        Assert.AreEqual(il, tables.Il);
        Assert.AreEqual(expected, tables.ByteCode.Used);
    }

    /// <summary>A .pe has no constants, properties or names of parameters, and nothing that only compilers read.</summary>
    [TestMethod]
    public void OnlyWhatIsStoredCounts()
    {
        const string Source =
            """
            [assembly: System.Reflection.AssemblyTitle("not stored")]
            [System.AttributeUsage(System.AttributeTargets.Class)] class Mark : System.Attribute { public Mark(string text) { } }
            [Mark("stored")] class Probe
            {
                const int NotStored = 1;
                enum Kind { NotStored, NotStoredToo }
                int Size { get { return NotStored; } }
                [System.Obsolete("not stored")] string Run(int notStored) { return "Zoë" + "."; }
            }
            """;
        string[] stored =
        [
            "", "probe", "mscorlib", "System", "Object", "Attribute", "Enum", ".ctor", "Mark", "stored", "Probe", "Kind", "value__", "get_Size",
            "Run", "Zoë.",
            // The parameters of dropped attributes' constructors are counted all the same.
            "AttributeTargets", "DebuggingModes",
        ];
        using var folder = new TemporaryFolder();
        using var module = ModuleDefinition.ReadModule(Compile(folder, "probe", Source));

        var tables = new PeTables(module);

        Assert.AreEqual(stored.Sum(s => Encoding.UTF8.GetByteCount(s) + 1), tables.Strings.Used);
        Assert.AreEqual("types 3, type references 5, type specifications 0, fields 1, methods 4, field references 0, method references 2",
            string.Join(", ", tables.Others.SkipLast(1).Select(t => $"{t.Name} {t.Used}")));
    }

    private static string ByteCode(int size)
    {
        // 'ldarg.0 ldc.i4 xor ldc.i4 mul ldc.i4 add ldarg.1 sub starg.s': 23 bytes, because a statement costs the compiler more than a long number.
        const int StatementSize = 23, PerMethod = 30;
        var source = new StringBuilder("public static class Probe {\n");
        int left = size / StatementSize;
        for (int method = 0; left > 0; method++, left -= PerMethod)
        {
            string statements = string.Concat(Enumerable.Repeat("a = (a ^ 12345678) * 12345678 + 12345678 - b;\n", Math.Min(left, PerMethod)));
            source.Append($"public static int M{method}(int a, int b) {{\n{statements}return a; }}\n");
        }

        return source.Append('}').ToString();
    }

    private static string Literals(int size)
    {
        const int Length = 99;
        string cases = string.Concat(Enumerable.Range(0, size / (Length + 1)).Select(i => $"Use(\"{i.ToString().PadLeft(Length, 'x')}\");\n"));
        return $"public static class Probe {{ public static void Run() {{ {cases} }} static void Use(string text) {{ }} }}";
    }

    private static string ArrayContents(int size) =>
        $"public static class Probe {{ public static long[] Run() {{ return new long[] {{ {string.Join(", ", Enumerable.Repeat("1", size / sizeof(long)))} }}; }} }}";

    private static IReadOnlyList<Message> Check(string table, int size)
    {
        using var folder = new TemporaryFolder();
        return Message.ReadAll(Run("check", Compile(folder, "probe", _probes[table].Source(size))));
    }

    private static string Compile(TemporaryFolder folder, string name, string source)
    {
        string assembly = folder.PathOf(name + ".dll");
        var errors = DeviceCompiler.Compile(assembly, [(name + ".cs", source)]);
        Assert.IsEmpty(errors, string.Join('\n', errors));
        return assembly;
    }

    private static string Run(params string[] arguments)
    {
        var output = new StringWriter();
        CommandLine.Run(arguments, output, output);
        return output.ToString();
    }
}
