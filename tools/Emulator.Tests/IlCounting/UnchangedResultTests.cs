using System.Reflection;
using System.Runtime.CompilerServices;
using Carveout.Emulator.Tests.IlCounting.Constructs;
using Carveout.IlCounter;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Instrumented code does what the original did.</summary>
[TestClass]
public sealed class UnchangedResultTests
{
    public static IEnumerable<object[]> AllSamples =>
        typeof(ConstructSamples).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => new object[] { method.Name });

    [TestMethod]
    [DynamicData(nameof(AllSamples))]
    public void CompiledConstructsGiveEqualTraces(string name)
    {
        using var folder = new TemporaryFolder();
        var meter = IlMeter.Load(WriteConstructs(folder));
        var instrumented = meter.BindStatic<Func<int, string>>(typeof(ConstructSamples).FullName!, name);
        var original = typeof(ConstructSamples).GetMethod(name)!.CreateDelegate<Func<int, string>>();

        for (int n = -3; n <= 12; n++)
        {
            string expected = Outcome(original, n);
            var count = meter.Measure(() => Assert.AreEqual(expected, Outcome(instrumented, n), $"{name}({n})"));
            Assert.IsGreaterThan(0, count.Instructions);
        }
    }

    /// <summary>The instrumented tool, with its library, instruments an assembly to the same bytes as the original tool.</summary>
    [TestMethod]
    public void InstrumentedToolRewritesToTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        string constructs = WriteConstructs(folder);
        string tool = typeof(InstrumentedAssembly).Assembly.Location;
        string cecil = typeof(ModuleDefinition).Assembly.Location;
        string rocks = Path.Combine(Path.GetDirectoryName(cecil)!, "Mono.Cecil.Rocks.dll");
        var meter = IlMeter.Load(tool, cecil, rocks);
        var rewrite = meter.BindStatic<Func<IReadOnlyList<string>, object>>(typeof(InstrumentedAssembly).FullName!, "Rewrite");
        object inside = null!;

        var count = meter.Measure(() => inside = ((IReadOnlyList<object>)rewrite([constructs]))[0]);

        Assert.AreSequenceEqual(Image(constructs), meter.Bind<Func<byte[]>>(inside, "get_Image")());
        Assert.IsGreaterThan(100_000, count.Instructions);
    }

    /// <summary>The runtime's compiler refuses a body whose stack, branches or handlers are inconsistent.</summary>
    [TestMethod]
    public void EveryInstrumentedMethodOfALargeLibraryCompiles()
    {
        var meter = IlMeter.Load(typeof(ModuleDefinition).Assembly.Location);
        int compiled = 0;
        var anyVisibility = BindingFlags.Public | BindingFlags.NonPublic;
        var everything = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | anyVisibility;
        foreach (var type in meter.FindType(typeof(ModuleDefinition).FullName!).Assembly.GetTypes())
        {
            foreach (var method in type.GetMethods(everything).Concat<MethodBase>(type.GetConstructors(everything)))
            {
                if (method.ContainsGenericParameters || method.GetMethodBody() == null)
                    continue;
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
                compiled++;
            }
        }
        Assert.IsGreaterThan(2000, compiled);
    }

    [TestMethod]
    public void InputIsLeftAloneAndOutputRepeats()
    {
        using var folder = new TemporaryFolder();
        string constructs = WriteConstructs(folder);
        byte[] before = File.ReadAllBytes(constructs);

        byte[] first = Image(constructs), second = Image(constructs);

        Assert.AreSequenceEqual(before, File.ReadAllBytes(constructs));
        Assert.AreSequenceEqual(first, second);
    }

    static byte[] Image(string path) => InstrumentedAssembly.Rewrite([path])[0].Image;

    [TestMethod]
    public void DeviceAssembliesLoadInstrumented()
    {
        string board = Path.Combine(AppContext.BaseDirectory, "Carveout.Board.dll");
        string pages = Path.Combine(AppContext.BaseDirectory, "Carveout.Pages.dll");

        var first = IlMeter.Load(board, pages).Read();
        var second = IlMeter.Load(pages, board).Read();

        Assert.AreEqual(first, second, "static constructors are all that ran, and they ran in full both times");
    }

    /// <summary>
    /// The test assembly cut down to <see cref="ConstructSamples"/>, so that no other class's static constructor runs in a meter.
    /// </summary>
    static string WriteConstructs(TemporaryFolder folder)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(typeof(ConstructSamples).Assembly.Location);
        var module = assembly.MainModule;
        foreach (var type in module.Types.ToList())
        {
            bool isCompilerData = type.Name.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal);
            if (type.Namespace == typeof(ConstructSamples).Namespace || isCompilerData)
                continue;
            if (type.Name == "<Module>")
                type.Methods.Clear();
            else
                module.Types.Remove(type);
        }
        module.EntryPoint = null;
        assembly.CustomAttributes.Clear();
        assembly.Name.Name = "Constructs";
        string path = folder["Constructs.dll"];
        assembly.Write(path);
        return path;
    }

    static string Outcome(Func<int, string> trace, int n)
    {
        try
        {
            return trace(n);
        }
        catch (Exception e)
        {
            return e.GetType().Name;
        }
    }
}
