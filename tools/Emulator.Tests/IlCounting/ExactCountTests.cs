using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Counts of methods whose IL is written in the test. Each expected number is counted by hand from the text above it.</summary>
[TestClass]
public sealed class ExactCountTests
{
    [TestMethod]
    public void StraightCodeCountsEachInstructionOnce()
    {
        using var sample = new MeasuredSample(code => code.Static("Add", typeof(int), [typeof(int), typeof(int)], """
            ldarg.0
            ldarg.1
            add
            ret
            """));
        var add = sample.Bind<Func<int, int, int>>("Add");

        Assert.AreEqual(new IlCount(4, 0, 0, 0), sample.Meter.Measure(() => Assert.AreEqual(5, add(2, 3))));
    }

    [TestMethod]
    public void NopCounts()
    {
        using var sample = new MeasuredSample(code => code.Static("Idle", typeof(int), [], """
            nop
            nop
            ldc.i4 7
            nop
            ret
            """));
        var idle = sample.Bind<Func<int>>("Idle");

        Assert.AreEqual(new IlCount(5, 0, 0, 0), sample.Meter.Measure(() => idle()));
    }

    [TestMethod]
    [DataRow(6)]
    [DataRow(125)]
    [DataRow(126)]
    [DataRow(127)]
    [DataRow(40_000)]
    public void LongBlockCountsInFull(int nops)
    {
        using var sample = new MeasuredSample(code => code.Static("Idle", typeof(void), [], $"""
            {string.Concat(Enumerable.Repeat("nop\n", nops))}
            ret
            """));
        var idle = sample.Bind<Action>("Idle");

        Assert.AreEqual(new IlCount(nops + 1, 0, 0, 0), sample.Meter.Measure(idle));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(1000)]
    public void LoopCountsEveryIteration(int length)
    {
        using var sample = new MeasuredSample(code => code.Static("Sum", typeof(int), [typeof(int[])], """
                  ldc.i4 0              // 5 before the loop
                  stloc 0
                  ldc.i4 0
                  stloc 1
                  br.s test
            body: ldloc 0               // 10 an iteration, one array access
                  ldarg.0
                  ldloc 1
                  ldelem.i4
                  add
                  stloc 0
                  ldloc 1
                  ldc.i4 1
                  add
                  stloc 1
            test: ldloc 1               // 5, once more than iterations; ldlen is no array access
                  ldarg.0
                  ldlen
                  conv.i4
                  blt.s body
                  ldloc 0               // 2 after it
                  ret
            """, typeof(int), typeof(int)));
        var sum = sample.Bind<Func<int[], int>>("Sum");
        int[] numbers = Enumerable.Range(1, length).ToArray();

        var count = sample.Meter.Measure(() => Assert.AreEqual(numbers.Sum(), sum(numbers)));

        Assert.AreEqual(new IlCount(5 + 10 * length + 5 * (length + 1) + 2, length, 0, 0), count);
    }

    [TestMethod]
    [DataRow(-1, -1, 4)]
    [DataRow(0, 10, 4)]
    [DataRow(1, 20, 5)]
    [DataRow(2, 20, 4)]
    [DataRow(3, -1, 4)]
    public void SwitchCountsTheCaseTaken(int value, int result, int instructions)
    {
        using var sample = new MeasuredSample(code => code.Static("Choose", typeof(int), [typeof(int)], """
                   ldarg.0
                   switch first, second, third
                   ldc.i4 -1
                   ret
            first: ldc.i4 10
                   ret
            second: nop                 // falls into the third case
            third: ldc.i4 20
                   ret
            """));
        var choose = sample.Bind<Func<int, int>>("Choose");

        Assert.AreEqual(new IlCount(instructions, 0, 0, 0), sample.Meter.Measure(() => Assert.AreEqual(result, choose(value))));
    }

    [TestMethod]
    [DataRow(false, 6)]
    [DataRow(true, 5)]
    public void BranchWithValuesOnTheStackKeepsThem(bool condition, int instructions)
    {
        using var sample = new MeasuredSample(code => code.Static("Pick", typeof(int), [typeof(bool)], """
                  ldc.i4 100
                  ldarg.0
                  brtrue.s skip
                  neg
            skip: nop                   // entered with one value on the stack from both sides
                  ret
            """));
        var pick = sample.Bind<Func<bool, int>>("Pick");

        var count = sample.Meter.Measure(() => Assert.AreEqual(condition ? 100 : -100, pick(condition)));

        Assert.AreEqual(new IlCount(instructions, 0, 0, 0), count);
    }

    [TestMethod]
    public void EveryKindOfArrayAccessCounts()
    {
        using var sample = new MeasuredSample(code => code.Static("Touch", typeof(int), [typeof(int[]), typeof(byte[])], """
            ldarg.0
            ldc.i4 0
            ldarg.1
            ldc.i4 0
            ldelem.u1                   // 1
            stelem.i4                   // 2
            ldarg.0
            ldc.i4 0
            ldelema int                 // 3, then through the address
            dup
            ldind.i4
            ldc.i4 1
            add
            stind.i4
            ldarg.0
            ldc.i4 0
            ldelem.any int              // 4
            ret
            """));
        var touch = sample.Bind<Func<int[], byte[], int>>("Touch");

        Assert.AreEqual(new IlCount(18, 4, 0, 0), sample.Meter.Measure(() => Assert.AreEqual(42, touch([0], [41]))));
    }

    [TestMethod]
    public void ConstructorsFieldsAndCallsCount()
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Field("value", typeof(int), isStatic: false);
            code.Field("total", typeof(int), isStatic: true);
            code.Constructor([typeof(int)], """
                ldarg.0                 // 6 instructions, 1 field, 1 call (into the framework: what runs there does not count)
                call object
                ldarg.0
                ldarg.1
                stfld value
                ret
                """);
            code.Instance("Bump", typeof(int), [], """
                ldarg.0                 // 14 instructions, 6 fields
                ldarg.0
                ldfld value
                ldc.i4 1
                add
                stfld value
                ldsfld total
                ldarg.0
                ldflda value
                ldind.i4
                add
                stsfld total
                ldsfld total
                ret
                """);
            code.Static("Run", typeof(int), [], """
                ldc.i4 5                // 7 instructions, 3 calls
                newobj .ctor
                dup
                call Bump
                pop
                callvirt Bump
                ret
                """);
        });
        var run = sample.Bind<Func<int>>("Run");

        Assert.AreEqual(new IlCount(7 + 6 + 2 * 14, 0, 1 + 2 * 6, 3 + 1), sample.Meter.Measure(() => Assert.AreEqual(6 + 7, run())));
    }

    [TestMethod]
    public void DelegateConstructionAndCallCount()
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Import("newFunc", typeof(Func<int>).GetConstructors()[0]);
            code.Import("invoke", typeof(Func<int>).GetMethod("Invoke")!);
            code.Constructor([], """
                ldarg.0                 // 3 instructions, 1 call
                call object
                ret
                """);
            code.Virtual("Value", typeof(int), [], """
                ldc.i4 9                // 2 instructions
                ret
                """);
            code.Static("Run", typeof(int), [], """
                newobj .ctor            // 6 instructions, 3 calls; ldvirtftn calls nothing
                dup
                ldvirtftn Value
                newobj newFunc
                callvirt invoke
                ret
                """);
        });
        var run = sample.Bind<Func<int>>("Run");

        Assert.AreEqual(new IlCount(6 + 3 + 2, 0, 0, 3 + 1), sample.Meter.Measure(() => Assert.AreEqual(9, run())));
    }

    [TestMethod]
    public void PrefixesCountAndStayWithTheirInstruction()
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Field("shared", typeof(int), isStatic: true);
            code.Import("toString", typeof(object).GetMethod("ToString")!);
            code.Import("length", typeof(string).GetProperty("Length")!.GetMethod!);
            code.Static("Seven", typeof(int), [], """
                ldc.i4 7
                ret
                """);
            code.Static("Digits", typeof(int), [typeof(int)], """
                ldarg.0                 // 9 instructions: constrained., volatile. are instructions of their own; 2 calls, 1 field
                volatile.
                stsfld shared
                ldarga.s 0
                constrained. int
                callvirt toString
                call length
                nop
                ret
                """);
            code.Static("Tail", typeof(int), [], """
                tail.                   // 3 instructions and the callee's 2
                call Seven
                ret
                """);
        });
        var digits = sample.Bind<Func<int, int>>("Digits");
        var tail = sample.Bind<Func<int>>("Tail");

        Assert.AreEqual(new IlCount(9, 0, 1, 2), sample.Meter.Measure(() => Assert.AreEqual(3, digits(123))));
        Assert.AreEqual(new IlCount(3 + 2, 0, 0, 1), sample.Meter.Measure(() => Assert.AreEqual(7, tail())));
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(10)]
    [DataRow(40)]
    [DataRow(400)]
    public void ShortBranchesReachAcrossTheInsertedCode(int accesses)
    {
        // An access has 4 bytes: a short branch of 127 bytes crosses 25 of them before the rewrite, and far fewer after it.
        string access = """
                  ldarg.0
                  ldc.i4.0
                  ldelem.i4
                  add
            """ + "\n";
        string back = accesses < 25 ? "brtrue.s" : "brtrue";
        using var sample = new MeasuredSample(code => code.Static("Run", typeof(int), [typeof(int[])], $"""
                  ldc.i4 2              // 3
                  stloc 0
                  ldc.i4 0
            body: nop                   // 1 + 4 an access + 6, twice
            {string.Concat(Enumerable.Repeat(access, accesses))}
                  ldloc 0
                  ldc.i4 1
                  sub
                  dup
                  stloc 0
                  {back} body
                  ret                   // 1
            """, typeof(int)));
        var run = sample.Bind<Func<int[], int>>("Run");

        var count = sample.Meter.Measure(() => Assert.AreEqual(6 * accesses, run([3])));

        Assert.AreEqual(new IlCount(3 + 2 * (7 + 4 * accesses) + 1, 2 * accesses, 0, 0), count);
    }

    [TestMethod]
    public void RecursionAndNestedCallsAdd()
    {
        using var sample = new MeasuredSample(code => code.Static("Factorial", typeof(int), [typeof(int)], """
                  ldarg.0               // 2
                  brtrue.s more
                  ldc.i4 1              // 2 at the bottom
                  ret
            more: ldarg.0               // 7 above it
                  ldarg.0
                  ldc.i4 1
                  sub
                  call Factorial
                  mul
                  ret
            """));
        var factorial = sample.Bind<Func<int, int>>("Factorial");

        Assert.AreEqual(new IlCount(6 * 9 + 4, 0, 0, 6), sample.Meter.Measure(() => Assert.AreEqual(720, factorial(6))));
    }

    [TestMethod]
    public void CountIsExactInTheMiddleOfAMethodWhereItCallsOut()
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Import("act", typeof(Action).GetMethod("Invoke")!);
            code.Static("Run", typeof(void), [typeof(Action)], """
                nop
                ldarg.0
                callvirt act            // 3 by now
                nop
                nop
                ldarg.0
                callvirt act            // 7 by now
                ret
                """);
        });
        var run = sample.Bind<Action<Action>>("Run");
        var seen = new List<long>();
        long before = sample.Meter.ReadInstructions();

        run(() => seen.Add(sample.Meter.ReadInstructions() - before));

        Assert.AreSequenceEqual(new long[] { 3, 7 }, seen);
        Assert.AreEqual(8, sample.Meter.ReadInstructions() - before);
    }

    [TestMethod]
    public void GenericMethodCountsForEveryInstance()
    {
        using var sample = new MeasuredSample(code =>
        {
            var same = code.Static("Same", typeof(int), [typeof(int)], """
                ldarg.0
                ret
                """);
            var parameter = new Mono.Cecil.GenericParameter("T", same);
            same.GenericParameters.Add(parameter);
            same.ReturnType = parameter;
            same.Parameters[0].ParameterType = parameter;
        });
        var same = sample.Meter.FindType(sample.TypeName).GetMethod("Same")!;
        var ofInt = same.MakeGenericMethod(typeof(int)).CreateDelegate<Func<int, int>>();
        var ofString = same.MakeGenericMethod(typeof(string)).CreateDelegate<Func<string, string>>();

        Assert.AreEqual(new IlCount(2, 0, 0, 0), sample.Meter.Measure(() => Assert.AreEqual(5, ofInt(5))));
        Assert.AreEqual(new IlCount(2, 0, 0, 0), sample.Meter.Measure(() => Assert.AreEqual("x", ofString("x"))));
        Assert.ThrowsExactly<MissingMethodException>(() => sample.Bind<Func<object, object>>("Same"), "a meter binds no open method");
    }
}
