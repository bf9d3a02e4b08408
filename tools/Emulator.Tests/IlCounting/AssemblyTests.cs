using Carveout.IlCounter;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Several assemblies and one counter; files; and input that must be refused.</summary>
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

        InstrumentedAssembly.Rewrite(upperFirst ? [upper, lower] : [lower, upper], folder["out"]);

        using var below = ModuleDefinition.ReadModule(Path.Combine(folder["out"], "Lower.dll"));
        using var above = ModuleDefinition.ReadModule(Path.Combine(folder["out"], "Upper.dll"));
        Assert.IsNotNull(below.GetType(InstrumentedAssembly.CounterTypeName));
        Assert.IsNull(above.GetType(InstrumentedAssembly.CounterTypeName));
        Assert.DoesNotContain(reference => reference.Name == "Upper", below.AssemblyReferences);
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
    public void FilesWrittenEarlierLoadAndCount()
    {
        using var folder = new TemporaryFolder();
        var (lower, upper) = WriteTwo(folder);
        var written = InstrumentedAssembly.Rewrite([upper, lower], folder["out"]);

        var meter = IlMeter.LoadRewritten(Path.Combine(folder["out"], "Lower.dll"), Path.Combine(folder["out"], "Upper.dll"));
        var twice = meter.BindStatic<Func<int, int>>("Upper.Code", "Twice");

        Assert.AreEqual(new IlCount(4 + 2 * 4, 0, 0, 2), meter.Measure(() => twice(1)));
        CollectionAssert.AreEqual(new[] { "Upper", "Lower" }, written.Select(assembly => assembly.Name).ToArray());
        CollectionAssert.AreEqual(new[] { new MethodSize("Upper.Code.Twice(Int32)", 4, 12) }, written[0].Methods.ToArray());
        Assert.AreEqual("Code.PlusOne", string.Join('.', written[1].Methods[0].Method.Split('.', '(')[1..3]));
    }

    [TestMethod]
    public void LoadRewrittenWantsOneCounter()
    {
        using var folder = new TemporaryFolder();
        var (lower, upper) = WriteTwo(folder);
        InstrumentedAssembly.Rewrite(lower, folder["lower1.dll"]);
        InstrumentedAssembly.Rewrite(upper, folder["upper1.dll"]);

        var none = Assert.ThrowsExactly<InstrumentationException>(() => IlMeter.LoadRewritten(lower));
        var two = Assert.ThrowsExactly<InstrumentationException>(() => IlMeter.LoadRewritten(folder["lower1.dll"], folder["upper1.dll"]));
        var same = Assert.ThrowsExactly<InstrumentationException>(() => IlMeter.LoadRewritten(lower, folder["lower1.dll"]));

        Assert.AreEqual("0 of 1 assemblies hold a counter; it must be one", none.Message);
        Assert.AreEqual("2 of 2 assemblies hold a counter; it must be one", two.Message);
        Assert.Contains("a second assembly named Lower", same.Message);
        File.WriteAllText(folder["text.dll"], "no assembly");
        Assert.Contains("text.dll: not a managed assembly", Refusal(() => IlMeter.LoadRewritten(folder["text.dll"])));
        Assert.ThrowsExactly<FileNotFoundException>(() => IlMeter.LoadRewritten(folder["missing.dll"]));
    }

    [TestMethod]
    public void StrongNamedAssemblyRewrites()
    {
        using var folder = new TemporaryFolder();
        string signed = typeof(ModuleDefinition).Assembly.Location;
        InstrumentedAssembly.Rewrite(signed, folder["unsigned.dll"]);
        using var before = ModuleDefinition.ReadModule(signed);
        using var after = ModuleDefinition.ReadModule(folder["unsigned.dll"]);
        var meter = IlMeter.Load(signed);

        Assert.IsTrue(before.Attributes.HasFlag(ModuleAttributes.StrongNameSigned));
        Assert.IsFalse(after.Attributes.HasFlag(ModuleAttributes.StrongNameSigned), "it would claim a signature that does not match");
        Assert.AreEqual(before.Assembly.FullName, after.Assembly.FullName);
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

        Assert.Contains("text.dll: not a managed assembly", Refused(folder, folder["text.dll"]));
        Assert.Contains("empty.dll: not a managed assembly", Refused(folder, folder["empty.dll"]));
        Assert.Contains("part.netmodule: a module without an assembly manifest", Refused(folder, folder["part.netmodule"]));
        Assert.Contains("System.Private.CoreLib.dll: holds native code beside its IL", Refused(folder, typeof(object).Assembly.Location));
        Assert.Contains("a folder, not an assembly", Refused(folder, folder.Path));
        Assert.AreEqual("the path of an assembly is empty", Refused(folder, ""));
        Assert.ThrowsExactly<FileNotFoundException>(() => InstrumentedAssembly.Rewrite(folder["missing.dll"], folder["out.dll"]));
        Assert.AreEqual("no assembly to instrument", Refusal(() => InstrumentedAssembly.Rewrite([])));
        Assert.IsFalse(File.Exists(folder["out.dll"]), "a refused input left a file behind");
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
    public void RefusesInstrumentingTwice()
    {
        using var folder = new TemporaryFolder();
        var (lower, upper) = WriteTwo(folder);
        InstrumentedAssembly.Rewrite([lower, upper], folder["out"]);

        Assert.Contains("Lower.dll: already instrumented", Refused(folder, Path.Combine(folder["out"], "Lower.dll")));
        Assert.Contains("Upper.dll: already instrumented", Refused(folder, Path.Combine(folder["out"], "Upper.dll")));
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
        Assert.Contains("the output would overwrite it", Refusal(() => InstrumentedAssembly.Rewrite(lower, lower)));
        Assert.Contains("the output would overwrite it", Refusal(() => InstrumentedAssembly.Rewrite([upper, lower], folder.Path)));
        Assert.Contains("the path of the output is empty", Refusal(() => InstrumentedAssembly.Rewrite([upper, lower], "")));
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

        string message = Refused(folder, code.WriteTo(folder));

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

    static string Refused(TemporaryFolder folder, string input) => Refusal(() => InstrumentedAssembly.Rewrite(input, folder["out.dll"]));

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
            InstrumentedAssembly.Rewrite(folder["damaged.dll"], folder["out.dll"]);
        }
        catch (InstrumentationException)
        {
            isRefused = true;
        }

        // A reader that trusts a damaged count of rows asks for gigabytes.
        Assert.IsLessThan(16 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        return isRefused;
    }
}
