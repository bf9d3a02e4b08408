using Carveout.IlCounter;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Several assemblies and one counter; and input that must be refused.</summary>
[TestClass]
public sealed class AssemblyTests
{
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TwoAssembliesCountIntoOneCounter(bool upperFirst)
    {
        using var folder = new TemporaryFolder();
        var (lower, upper) = WriteTwo(folder);
        var meter = upperFirst ? IlMeter.Load(upper, lower) : IlMeter.Load(lower, upper);
        var twice = meter.BindStatic<Func<int, int>>("Upper.Code", "Twice");
        var plusOne = meter.BindStatic<Func<int, int>>("Lower.Code", "PlusOne");

        Assert.AreEqual(new IlCount(4 + 2 * 4, 0, 0, 2), meter.Measure(() => Assert.AreEqual(9, twice(7))));
        Assert.AreEqual(new IlCount(4, 0, 0, 0), meter.Measure(() => Assert.AreEqual(8, plusOne(7))));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void CounterIsInTheLowerAssemblyAlone(bool upperFirst)
    {
        using var folder = new TemporaryFolder();
        var (lower, upper) = WriteTwo(folder);

        var written = InstrumentedAssembly.Rewrite(upperFirst ? [upper, lower] : [lower, upper]);

        using var below = Module("Lower");
        using var above = Module("Upper");
        Assert.Contains(type => type.Name == "ExecutedIl", below.Types);
        Assert.DoesNotContain(type => type.Name == "ExecutedIl", above.Types);
        Assert.DoesNotContain(reference => reference.Name == "Upper", below.AssemblyReferences);

        ModuleDefinition Module(string name) =>
            ModuleDefinition.ReadModule(new MemoryStream(written.Single(assembly => assembly.Name == name).Image));
    }

    [TestMethod]
    public void UnrelatedAssembliesCountIntoOneCounter()
    {
        using var folder = new TemporaryFolder();
        string[] paths = new string[2];
        for (int i = 0; i < 2; i++)
        {
            var code = new SampleAssembly("Part" + i);
            code.Static("Run", typeof(int), [], "ldc.i4 1\nret");
            paths[i] = code.WriteTo(folder);
        }
        var meter = IlMeter.Load(paths);

        var count = meter.Measure(() =>
        {
            meter.BindStatic<Func<int>>("Part0.Code", "Run")();
            meter.BindStatic<Func<int>>("Part1.Code", "Run")();
        });

        Assert.AreEqual(new IlCount(4, 0, 0, 0), count);
    }

    [TestMethod]
    public void CalleeThatIsNotInstrumentedCountsItsCallAlone()
    {
        using var folder = new TemporaryFolder();
        var code = new SampleAssembly("Alone");
        code.Import("abs", typeof(Math).GetMethod("Abs", [typeof(int)])!);
        code.Static("Run", typeof(int), [], "ldc.i4 -4\ncall abs\nret");
        var meter = IlMeter.Load(code.WriteTo(folder));
        var run = meter.BindStatic<Func<int>>("Alone.Code", "Run");

        Assert.AreEqual(new IlCount(3, 0, 0, 1), meter.Measure(() => Assert.AreEqual(4, run())));
    }

    [TestMethod]
    public void SizesAreThoseOfTheOriginals()
    {
        using var folder = new TemporaryFolder();
        var (lower, upper) = WriteTwo(folder);

        var written = InstrumentedAssembly.Rewrite([upper, lower]);

        Assert.AreSequenceEqual(new[] { "Upper", "Lower" }, written.Select(assembly => assembly.Name).ToArray());
        Assert.AreSequenceEqual(new[] { new MethodSize("Upper.Code.Twice(Int32)", 4, 12) }, written[0].Methods.ToArray());
        Assert.AreEqual("Code.PlusOne", string.Join('.', written[1].Methods[0].Method.Split('.', '(')[1..3]));
    }

    [TestMethod]
    public void StrongNamedAssemblyRuns()
    {
        string signed = typeof(ModuleDefinition).Assembly.Location;
        using var before = ModuleDefinition.ReadModule(signed);
        var meter = IlMeter.Load(signed);

        Assert.IsTrue(before.Attributes.HasFlag(ModuleAttributes.StrongNameSigned));
        object name = meter.Create("Mono.Cecil.AssemblyNameDefinition", "x", new Version(1, 2));

        Assert.Contains("x, Version=1.2", name.ToString()!);
    }

    [TestMethod]
    public void RefusesWhatIsNoManagedAssembly()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.dll"], "This is not an assembly.");
        File.WriteAllBytes(folder["empty.dll"], []);
        var module = ModuleDefinition.CreateModule("part", ModuleKind.NetModule);
        module.Write(folder["part.netmodule"]);

        Assert.Contains("text.dll: not a managed assembly", Refused(folder["text.dll"]));
        Assert.Contains("empty.dll: not a managed assembly", Refused(folder["empty.dll"]));
        Assert.Contains("part.netmodule: a module without an assembly manifest", Refused(folder["part.netmodule"]));
        Assert.Contains("System.Private.CoreLib.dll: holds native code beside its IL", Refused(typeof(object).Assembly.Location));
        Assert.Contains("a folder, not an assembly", Refused(folder.Path));
        Assert.AreEqual("the path of an assembly is empty", Refused(""));
        Assert.ThrowsExactly<FileNotFoundException>(() => InstrumentedAssembly.Rewrite([folder["missing.dll"]]));
        Assert.AreEqual("no assembly to instrument", Refusal(() => InstrumentedAssembly.Rewrite([])));
    }

    [TestMethod]
    public void RefusesDamagedAssembliesWithOneKindOfException()
    {
        using var folder = new TemporaryFolder();
        var (lower, _) = WriteTwo(folder);
        byte[] sound = File.ReadAllBytes(lower);
        int refused = 0;
        for (int length = 0; length < sound.Length; length += 37)
            refused += IsRefused(folder, sound[..length]) ? 1 : 0;
        for (int i = 0; i < sound.Length; i += 3)
        {
            byte[] damaged = (byte[])sound.Clone();
            damaged[i] ^= 0xFF;
            refused += IsRefused(folder, damaged) ? 1 : 0;
        }
        Assert.IsGreaterThan(50, refused);
    }

    [TestMethod]
    public void RefusesNamesThatCollide()
    {
        using var folder = new TemporaryFolder();
        var (lower, upper) = WriteTwo(folder);
        File.Copy(lower, folder["copy.dll"]);
        Directory.CreateDirectory(folder["other"]);
        string sameFile = Path.Combine(folder["other"], "Lower.dll");
        File.Copy(upper, sameFile);

        Assert.Contains("has the same name as", Refusal(() => InstrumentedAssembly.Rewrite([lower, folder["copy.dll"]])));
        Assert.Contains("has the same name as", Refusal(() => InstrumentedAssembly.Rewrite([lower, sameFile])));
    }

    [TestMethod]
    public void RefusesABranchBehindAPrefix()
    {
        using var folder = new TemporaryFolder();
        var code = new SampleAssembly("Odd");
        code.Field("shared", typeof(int), isStatic: true);
        code.Static("Run", typeof(void), [], """
                  br.s into
                  volatile.
            into: ldsfld shared
                  pop
                  ret
            """);

        string message = Refused(code.WriteTo(folder));

        Assert.Contains("Odd.dll: System.Void Odd.Code::Run(): a branch between a prefix and its instruction", message);
    }

    static (string Lower, string Upper) WriteTwo(TemporaryFolder folder)
    {
        var lower = new SampleAssembly("Lower");
        lower.Static("PlusOne", typeof(int), [typeof(int)], """
            ldarg.0
            ldc.i4 1
            add
            ret
            """);
        var upper = new SampleAssembly("Upper");
        upper.Import("lower", lower);
        upper.Static("Twice", typeof(int), [typeof(int)], """
            ldarg.0
            call lower.PlusOne
            call lower.PlusOne
            ret
            """);
        return (lower.WriteTo(folder), upper.WriteTo(folder));
    }

    static string Refused(string input) => Refusal(() => InstrumentedAssembly.Rewrite([input]));

    static string Refusal(Action action)
    {
        string message = Assert.ThrowsExactly<InstrumentationException>(action).Message;
        Assert.DoesNotContain("\n", message);
        return message;
    }

    static bool IsRefused(TemporaryFolder folder, byte[] image)
    {
        File.WriteAllBytes(folder["damaged.dll"], image);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRefused = false;
        try
        {
            InstrumentedAssembly.Rewrite([folder["damaged.dll"]]);
        }
        catch (InstrumentationException)
        {
            isRefused = true;
        }

        // A reader that trusts a damaged row count asks for gigabytes.
        Assert.IsLessThan(16 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        return isRefused;
    }
}
