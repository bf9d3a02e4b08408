using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Exact counts when control does not leave a method at its end.</summary>
[TestClass]
public sealed class ExceptionPathTests
{
    static readonly int[] OneNumber = [8];

    [TestMethod]
    [DataRow(0, 8, 7)]
    [DataRow(1, -1, 9)]
    public void CatchCountsWhatRanBeforeTheThrowAndTheHandler(int index, int result, int instructions)
    {
        using var sample = new MeasuredSample(code => code.Static("At", typeof(int), [typeof(int[]), typeof(int)], """
            start:   ldarg.0            // 3 up to the access that may throw
                     ldarg.1
                     ldelem.i4
                     stloc 0            // 2 when it does not
                     leave.s end
            caught:  pop                // 4 when it does
                     ldc.i4 -1
                     stloc 0
                     leave.s end
            end:     ldloc 0            // 2
                     ret
            .catch start caught end
            """, typeof(int)));
        var at = sample.Bind<Func<int[], int, int>>("At");

        var count = sample.Meter.Measure(() => Assert.AreEqual(result, at(OneNumber, index)));

        Assert.AreEqual(new IlCount(instructions, 1, 0, 0), count);
    }

    [TestMethod]
    public void ExceptionThatLeavesAMethodCountsNothingAfterIt()
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Static("Fail", typeof(void), [], """
                nop                     // 3; the ret never runs
                newobj exception
                throw
                ret
                """);
            code.Static("Through", typeof(int), [typeof(int[])], """
                call Fail               // 1 of 6: one call, and the array access never runs
                ldarg.0
                ldc.i4 0
                ldelem.i4
                nop
                ret
                """);
        });
        var through = sample.Bind<Func<int[], int>>("Through");

        var count = sample.Meter.Measure(() => Assert.ThrowsExactly<InvalidOperationException>(() => through(OneNumber)));

        Assert.AreEqual(new IlCount(1 + 3, 0, 0, 1 + 1), count);
    }

    [TestMethod]
    [DataRow("ldnull\nldvirtftn toString\npop", 2)]
    [DataRow("ldnull\ncallvirt toString\npop", 2)]
    [DataRow("ldnull\nldlen\npop", 2)]
    [DataRow("ldnull\nldind.i4\npop", 2)]
    [DataRow("ldc.i4 1\nldc.i4 0\ndiv\npop", 3)]
    [DataRow("ldc.i4 1\nldc.i4 0\nrem.un\npop", 3)]
    [DataRow("ldc.i4 300\nconv.ovf.u1\npop", 2)]
    [DataRow("ldc.i4 -1\nldc.i4 -1\nadd.ovf.un\npop", 3)]
    [DataRow("ldc.i4 -1\nnewarr int\npop", 2)]
    [DataRow("ldnull\nunbox.any int\npop", 2)]
    [DataRow("ldstr \"text\"\ncastclass version\npop", 2)]
    [DataRow("ldnull\nldfld number\npop", 2)]
    [DataRow("ldnull\nthrow", 2)]
    public void ThrowingInstructionIsTheLastToCount(string il, int instructions)
    {
        using var sample = new MeasuredSample(code =>
        {
            code.Import("toString", typeof(object).GetMethod("ToString")!);
            code.Import("version", typeof(Version));
            code.Field("number", typeof(int), isStatic: false);
            code.Static("Run", typeof(void), [], $"""
                {il}
                nop
                nop
                ret
                """);
        });
        var run = sample.Bind<Action>("Run");
        long before = sample.Meter.ReadInstructions();

        Assert.Throws<SystemException>(run);

        Assert.AreEqual(instructions, sample.Meter.ReadInstructions() - before);
    }

    [TestMethod]
    [DataRow(0, 8, 3 + 2 + 2 + 1 + 2)]
    [DataRow(1, -1, 3 + 2 + 4 + 2)]
    public void FinallyCountsOnBothWaysOut(int index, int result, int instructions)
    {
        using var sample = new MeasuredSample(code => code.Static("At", typeof(int), [typeof(int[]), typeof(int)], """
            start:   ldarg.0            // 3 up to the access
                     ldarg.1
                     ldelem.i4
                     stloc 0            // 2 without a throw
                     leave.s after
            clean:   nop                // 2 always
                     endfinally
            after:   leave.s end        // 1 without a throw
            caught:  pop                // 4 with one
                     ldc.i4 -1
                     stloc 0
                     leave.s end
            end:     ldloc 0            // 2
                     ret
            .finally start clean after
            .catch start caught end
            """, typeof(int)));
        var at = sample.Bind<Func<int[], int, int>>("At");

        var count = sample.Meter.Measure(() => Assert.AreEqual(result, at(OneNumber, index)));

        Assert.AreEqual(new IlCount(instructions, 1, 0, 0), count);
    }

    [TestMethod]
    [DataRow(1, 100)]
    [DataRow(0, 200)]
    public void FilterCountsWhetherOrNotItAccepts(int accept, int result)
    {
        using var sample = new MeasuredSample(code => code.Static("Run", typeof(int), [typeof(int)], """
            outer:    nop               // 1
            inner:    newobj exception  // 2
                      throw
            filter:   pop               // 3: an exception is on the stack as the filter starts
                      ldarg.0
                      endfilter
            accepted: pop               // 4 when it accepts
                      ldc.i4 100
                      stloc 0
                      leave.s end
            refused:  pop               // 4 when it refuses
                      ldc.i4 200
                      stloc 0
                      leave.s end
            end:      ldloc 0           // 2
                      ret
            .filter inner filter accepted refused
            .catch outer refused end
            """, typeof(int)));
        var run = sample.Bind<Func<int, int>>("Run");

        var count = sample.Meter.Measure(() => Assert.AreEqual(result, run(accept)));

        Assert.AreEqual(new IlCount(1 + 2 + 3 + 4 + 2, 0, 0, 1), count);
    }

    [TestMethod]
    public void RethrowAndNestedHandlersCount()
    {
        using var sample = new MeasuredSample(code => code.Static("Run", typeof(int), [], """
            outer:   nop                // 1
            inner:   newobj exception   // 2
                     throw
            first:   pop                // 2
                     rethrow
            clean:   nop                // 2
                     endfinally
            second:  pop                // 4
                     ldc.i4 3
                     stloc 0
                     leave.s end
            end:     ldloc 0            // 2
                     ret
            .catch inner first clean
            .finally inner clean second
            .catch outer second end
            """, typeof(int)));
        var run = sample.Bind<Func<int>>("Run");

        Assert.AreEqual(new IlCount(1 + 2 + 2 + 2 + 4 + 2, 0, 0, 1), sample.Meter.Measure(() => Assert.AreEqual(3, run())));
    }
}
