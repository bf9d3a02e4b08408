using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>What <see cref="IlMeter"/> promises about loading, binding and reading.</summary>
[TestClass]
public sealed class MeterTests
{
    delegate void TwoResults(int value, out int half, ref int sum);

    [TestMethod]
    public void LoadedTypesAreNotTheCallersOwn()
    {
        var meter = IlMeter.Load(typeof(IlCount).Assembly.Location);

        object inside = meter.Create(typeof(IlCount).FullName!, 4L, 3L, 2L, 1L);

        Assert.AreEqual("4 IL, 3 array, 2 field, 1 call", inside.ToString());
        Assert.AreNotEqual(typeof(IlCount), inside.GetType());
        Assert.AreEqual(typeof(IlCount).FullName, inside.GetType().FullName);
    }

    [TestMethod]
    public void EachMeterCountsForItself()
    {
        using var sample = new MeasuredSample(WriteCell);
        using var other = new MeasuredSample(WriteCell);
        var before = other.Meter.Read();

        sample.Bind<Func<int>>("Zero")();

        Assert.AreEqual(before, other.Meter.Read());
    }

    [TestMethod]
    public void ReadingsDoNotCountAndAgree()
    {
        using var sample = new MeasuredSample(WriteCell);
        var zero = sample.Bind<Func<int>>("Zero");
        zero();

        Assert.AreEqual(default, sample.Meter.Measure(() => sample.Meter.Read()));
        Assert.AreEqual(sample.Meter.Read().Instructions, sample.Meter.ReadInstructions());
    }

    [TestMethod]
    public void CountsAddAndSubtract()
    {
        var a = new IlCount(10, 5, 4, 3);
        var b = new IlCount(4, 3, 2, 1);

        Assert.AreEqual(new IlCount(6, 2, 2, 2), a - b);
        Assert.AreEqual(new IlCount(14, 8, 6, 4), a + b);
    }

    [TestMethod]
    public void StaticConstructorsHaveRunAndCounted()
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Field("ready", typeof(int), isStatic: true);
            code.StaticConstructor("""
                ldc.i4 5
                stsfld ready
                ret
                """);
            code.Static("Ready", typeof(int), [], """
                ldsfld ready
                ret
                """);
        });
        var ready = sample.Bind<Func<int>>("Ready");

        Assert.AreEqual(new IlCount(3, 0, 1, 0), sample.Meter.Read(), "after loading");
        Assert.AreEqual(new IlCount(2, 0, 1, 0), sample.Meter.Measure(() => Assert.AreEqual(5, ready())));
    }

    [TestMethod]
    public void FailingStaticConstructorFailsTheLoad()
    {
        Assert.ThrowsExactly<TypeInitializationException>(() => new MeasuredSample(code => code.StaticConstructor("""
            newobj exception
            throw
            """)));
    }

    [TestMethod]
    public void ObjectsAreCreatedBoundAndMeasured()
    {
        using var sample = new MeasuredSample(WriteCell);
        object cell = sample.Meter.Create(sample.TypeName, 6);
        var add = sample.Meter.Bind<Func<int, int>>(cell, "Add");

        Assert.AreEqual(new IlCount(9, 0, 3, 0), sample.Meter.Measure(() => Assert.AreEqual(8, add(2))));
        Assert.AreEqual(9, add(1));
    }

    [TestMethod]
    public void ObjectStandsForATypeFromInside()
    {
        using var sample = new MeasuredSample(WriteCell);
        object cell = sample.Meter.Create(sample.TypeName, 6);
        object other = sample.Meter.Create(sample.TypeName, 30);
        var addCell = sample.Meter.Bind<Func<object, int>>(cell, "AddCell");
        var self = sample.Meter.Bind<Func<object>>(cell, "Self");

        Assert.AreEqual(36, addCell(other));
        Assert.AreSame(cell, self());
        Assert.ThrowsExactly<InvalidCastException>(() => addCell("no cell"));
        Assert.AreEqual(new IlCount(6, 0, 2, 0), sample.Meter.Measure(() => addCell(other)), "the adaptor counts nothing");
    }

    [TestMethod]
    public void EnumsCrossAsTheirUnderlyingType()
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Field("day", typeof(DayOfWeek), isStatic: false);
            code.Constructor([typeof(DayOfWeek)], """
                ldarg.0
                call object
                ldarg.0
                ldarg.1
                stfld day
                ret
                """);
            code.Instance("Later", typeof(DayOfWeek), [typeof(DayOfWeek)], """
                ldarg.0
                ldfld day
                ldarg.1
                add
                ret
                """);
        });
        object monday = sample.Meter.Create(sample.TypeName, (int)DayOfWeek.Monday);
        var later = sample.Meter.Bind<Func<int, int>>(monday, "Later");

        Assert.AreEqual(new IlCount(5, 0, 1, 0), sample.Meter.Measure(() => Assert.AreEqual((int)DayOfWeek.Thursday, later(3))));
    }

    [TestMethod]
    public void ResultsMayBeDroppedAndByReferenceParametersBind()
    {
        using var sample = new MeasuredSample(WriteCell);
        object cell = sample.Meter.Create(sample.TypeName, 6);
        var add = sample.Meter.Bind<Action<int>>(cell, "Add");
        var halve = sample.Bind<TwoResults>("Halve");
        int sum = 1;

        add(4);
        halve(10, out int half, ref sum);

        Assert.AreEqual(5, half);
        Assert.AreEqual(11, sum);
        Assert.AreEqual(10, sample.Meter.Bind<Func<int, int>>(cell, "Add")(0));
    }

    [TestMethod]
    public void MethodHidesThatOfABaseClass()
    {
        using var folder = new TemporaryFolder();
        var lower = new SampleAssembly("Lower");
        lower.Constructor([], "ldarg.0\ncall object\nret");
        lower.Instance("Who", typeof(int), [], "ldc.i4 1\nret");
        lower.Instance("Inherited", typeof(int), [], "ldc.i4 2\nret");
        var upper = new SampleAssembly("Upper");
        upper.Import("lower", lower);
        upper.Type.BaseType = upper.Module.ImportReference(lower.Type);
        upper.Constructor([], "ldarg.0\ncall lower..ctor\nret");
        upper.Instance("Who", typeof(int), [], "ldc.i4 3\nret");
        var meter = IlMeter.Load(upper.WriteTo(folder), lower.WriteTo(folder));
        object derived = meter.Create(upper.TypeName);

        Assert.AreEqual(3, meter.Bind<Func<int>>(derived, "Who")());
        Assert.AreEqual(2, meter.Bind<Func<int>>(derived, "Inherited")());
        Assert.AreEqual(new IlCount(2 + 3 + 3 + 2, 0, 0, 2), meter.Read());
    }

    [TestMethod]
    public void WhatAConstructorThrowsComesThrough()
    {
        using var sample = new MeasuredSample(code => code.Constructor([], """
            newobj exception
            throw
            """));

        Assert.ThrowsExactly<InvalidOperationException>(() => sample.Meter.Create(sample.TypeName));
    }

    [TestMethod]
    public void ConstructorThatNamesTheArgumentsTypeIsPreferred()
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Field("kind", typeof(int), isStatic: false);
            foreach (var (type, kind) in new[] { (typeof(object), 1), (typeof(string), 2) })
            {
                code.Constructor([type], $"""
                    ldarg.0
                    call object
                    ldarg.0
                    ldc.i4 {kind}
                    stfld kind
                    ret
                    """);
            }
            code.Instance("Kind", typeof(int), [], """
                ldarg.0
                ldfld kind
                ret
                """);
        });

        object ofText = sample.Meter.Create(sample.TypeName, "text");
        object ofOther = sample.Meter.Create(sample.TypeName, new Version(1, 0));

        Assert.AreEqual(2, sample.Meter.Bind<Func<int>>(ofText, "Kind")());
        Assert.AreEqual(1, sample.Meter.Bind<Func<int>>(ofOther, "Kind")());
        Assert.ThrowsExactly<MissingMethodException>(() => sample.Meter.Create(sample.TypeName, [null]), "null fits both");
    }

    [TestMethod]
    public void MissingMembersAreNamed()
    {
        using var sample = new MeasuredSample(WriteCell);
        var meter = sample.Meter;
        object cell = meter.Create(sample.TypeName, 6);

        var noType = Assert.ThrowsExactly<TypeLoadException>(() => meter.FindType("Sample.Nothing"));
        var noConstructor = Assert.ThrowsExactly<MissingMethodException>(() => meter.Create(sample.TypeName, 6L));
        var noMethod = Assert.ThrowsExactly<MissingMethodException>(() => meter.Bind<Func<int, int>>(cell, "Subtract"));
        var noShape = Assert.ThrowsExactly<MissingMethodException>(() => meter.Bind<Func<long, int>>(cell, "Add"));
        Assert.ThrowsExactly<ArgumentNullException>(() => meter.Bind<Action>(null!, "Add"));

        Assert.AreEqual("0 instrumented assemblies have a type Sample.Nothing, not one", noType.Message);
        Assert.AreEqual("Sample.Code: no single .ctor takes (Int64): there is Void .ctor(Int32)", noConstructor.Message);
        Assert.AreEqual("Sample.Code: no single Subtract takes (Int32): there is none of that name", noMethod.Message);
        Assert.AreEqual("Sample.Code: no single Add takes (Int64): there is Int32 Add(Int32)", noShape.Message);
    }

    [TestMethod]
    public void MissingDependencyIsNamed()
    {
        using var folder = new TemporaryFolder();
        var lower = new SampleAssembly("NowhereToBeFound");
        lower.WriteTo(folder);
        var upper = new SampleAssembly("Upper");
        upper.Type.BaseType = upper.Module.ImportReference(lower.Type);
        string path = upper.WriteTo(folder);
        File.Delete(folder["NowhereToBeFound.dll"]);

        string message = Assert.ThrowsExactly<InstrumentationException>(() => IlMeter.Load(path)).Message;

        Assert.Contains("NowhereToBeFound", message);
    }

    static void WriteCell(SampleAssembly code)
    {
        code.Field("value", typeof(int), isStatic: false);
        code.Constructor([typeof(int)], """
            ldarg.0
            call object
            ldarg.0
            ldarg.1
            stfld value
            ret
            """);
        code.Instance("Add", typeof(int), [typeof(int)], """
            ldarg.0                     // 9 instructions, 3 fields
            ldarg.0
            ldfld value
            ldarg.1
            add
            stfld value
            ldarg.0
            ldfld value
            ret
            """);
        code.Instance("AddCell", typeof(int), [typeof(object)], """
            ldarg.0                     // 6 instructions, 2 fields
            ldfld value
            ldarg.1
            ldfld value
            add
            ret
            """).Parameters[0].ParameterType = code.Type;
        code.Instance("Self", typeof(object), [], """
            ldarg.0
            ret
            """).ReturnType = code.Type;
        code.Static("Halve", typeof(void), [typeof(int), typeof(int).MakeByRefType(), typeof(int).MakeByRefType()], """
            ldarg.1                     // out: the first parameter's half
            ldarg.0
            ldc.i4 2
            div
            stind.i4
            ldarg.2                     // ref: the first parameter added
            dup
            ldind.i4
            ldarg.0
            add
            stind.i4
            ret
            """);
        code.Static("Zero", typeof(int), [], """
            ldc.i4 0
            ret
            """);
    }
}
