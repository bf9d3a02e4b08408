using Carveout.HeapBudget;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>How large the libraries' surface is, who uses how much of it, and how much of it each of the five ordinary jobs in examples/
/// needs.</summary>
[TestClass]
public sealed class SurfaceCountTests
{
    private static readonly TypeDefinition[] _types =
    [
        .. DeviceLibraries.All.SelectMany(library => ModuleDefinition.ReadModule(library.Location).GetTypes())
            .Where(type => type.IsPublic || type.IsNestedPublic),
    ];

    public TestContext TestContext { get; set; } = null!;

    /// <summary>Types of the libraries to which the compiled program refers, and statements without blocks and directives. One more is a
    /// reason to ask what a user has to know now. Two types, PageMapKind and ZoneLayout, come with a board's default arguments: nobody
    /// writes them.</summary>
    [TestMethod]
    [DataRow("PooledFrames", 9, 13)]
    [DataRow("DmaTransfer", 17, 16)]
    [DataRow("SlabCache", 11, 12)]
    [DataRow("Diagnostics", 17, 12)]
    [DataRow("OwnBoard", 11, 7)]
    public void A_job_needs(string job, int types, int statements)
    {
        string[] referred = [.. ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, job + ".dll")).GetTypeReferences()
            .Where(type => type.Scope.Name.StartsWith("Carveout.", StringComparison.Ordinal)).Select(type => type.Name).Order(StringComparer.Ordinal)];
        string source = File.ReadAllText(Path.Combine(Checkout.Folder, "examples", job, "Program.cs"));
        int written = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes().OfType<StatementSyntax>().Count(node => node is not BlockSyntax);

        TestContext.WriteLine($"{job}: {referred.Length} types ({string.Join(", ", referred)}), {written} statements");
        Assert.HasCount(types, referred);
        Assert.AreEqual(statements, written);
    }

    /// <summary>Prints the counts. A callable member counts for the first in this row that uses it: applications and jobs, tools, bare metal,
    /// tests. Constants, which compilers copy, are members and not callable.</summary>
    [TestMethod]
    public void Counts_of_the_surface()
    {
        MethodDefinition[] methods = [.. _types.SelectMany(type => type.Methods).Where(method =>
            (method.IsPublic || method.IsFamily) && !(method.IsConstructor && method.DeclaringType is { IsAbstract: true, IsSealed: true }))];
        int fields = _types.Sum(type => type.Fields.Count(field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName));
        int properties = methods.Where(method => method.IsGetter || method.IsSetter)
            .Select(method => method.DeclaringType.FullName + method.Name[4..]).Distinct().Count();
        MethodDefinition[] longOnes = [.. methods.Where(method => method is { IsConstructor: true, IsPublic: true, Parameters.Count: >= 5 })];
        int withoutShorter = longOnes.Count(method => !method.DeclaringType.Methods.Any(other =>
            other is { IsConstructor: true, IsStatic: false, IsPublic: true } && other.Parameters.Count < method.Parameters.Count));
        TestContext.WriteLine($"{_types.Length} types, {methods.Count(method => !method.IsGetter && !method.IsSetter) + properties + fields} members, "
            + $"{longOnes.Length} constructors of five parameters or more, {withoutShorter} of them without a shorter one");

        HashSet<string> unused = [.. methods.Select(method => method.FullName)];
        int callable = unused.Count;
        foreach ((string who, IEnumerable<string> assemblies) in Users())
        {
            int before = unused.Count;
            foreach (string assembly in assemblies.Where(File.Exists))
            {
                unused.ExceptWith(UsedBy(assembly));
            }
            TestContext.WriteLine($"of {callable} callable members first used by {who}: {before - unused.Count}");
        }
        TestContext.WriteLine($"by nobody outside their library: {unused.Count}");
        Assert.IsLessThan(callable / 5, unused.Count);
    }

    private static IEnumerable<(string Who, IEnumerable<string> Assemblies)> Users()
    {
        string here = AppContext.BaseDirectory;
        yield return ("applications and jobs", new[] { "Carveout.App", "Sample", "Download", "PooledFrames", "DmaTransfer", "SlabCache", "Diagnostics", "OwnBoard" }
            .Select(name => Path.Combine(here, name + ".dll")).Concat(Built("Firmware/Buses", "Carveout.Buses.dll")).Concat(Built("Firmware/Graphics", "Carveout.Graphics.dll")));
        yield return ("tools", new[] { "Carveout.Emulator", "Carveout.HeapBudget", "heapbudget" }.Select(name => Path.Combine(here, name + ".dll")));
        yield return ("bare metal", Built("tools/BareMetal/obj", "firmware.dll"));
        yield return ("tests", Built("Firmware.Tests", "Carveout.*.Tests.dll").Append(typeof(SurfaceCountTests).Assembly.Location));
    }

    private static IEnumerable<string> Built(string folder, string name)
    {
        string path = Path.Combine(Checkout.Folder, folder);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, name, SearchOption.AllDirectories) : [];
    }

    /// <summary>What an assembly calls of others, and what its types override. Bare-metal programs contain the libraries, so their calls are
    /// within one module: those of types that are none of the libraries' count.</summary>
    private static IEnumerable<string> UsedBy(string path)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        HashSet<string> own = [.. _types.Select(type => type.FullName)];
        foreach (TypeDefinition type in module.GetTypes().Where(type => !own.Contains(type.FullName)))
        {
            foreach (MethodReference called in type.Methods.Where(method => method.HasBody)
                .SelectMany(method => method.Body.Instructions).Select(instruction => instruction.Operand).OfType<MethodReference>())
            {
                yield return called.FullName;
            }
            foreach (MethodDefinition method in type.Methods.Where(method => method is { IsVirtual: true, IsReuseSlot: true }))
            {
                for (TypeDefinition? above = Find(type.BaseType); above != null; above = Find(above.BaseType))
                {
                    if (above.Methods.FirstOrDefault(other => other.Name == method.Name && other.Parameters.Count == method.Parameters.Count) is { } overridden)
                    {
                        yield return overridden.FullName;
                    }
                }
            }
        }
    }

    private static TypeDefinition? Find(TypeReference? type) => type == null ? null : _types.FirstOrDefault(other => other.FullName == type.FullName);
}
