using System.Diagnostics;
using Carveout.IlCounter;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>The expensive checks of checked builds cost nothing on a device, so they are not counted.</summary>
[TestClass]
public sealed class ConditionalCallTests
{
    [TestMethod]
    public void Calls_of_conditional_methods_are_neither_made_nor_counted()
    {
        using var sample = new MeasuredSample(code =>
        {
            MethodDefinition check = code.Static("Check", typeof(void), [typeof(int)], """
                newobj exception
                throw
                """);
            check.CustomAttributes.Add(new CustomAttribute(code.Module.ImportReference(typeof(ConditionalAttribute).GetConstructor([typeof(string)])))
            {
                ConstructorArguments = { new CustomAttributeArgument(code.Module.TypeSystem.String, "CHECKS") },
            });
            code.Static("Twice", typeof(int), [typeof(int)], """
                      ldarg.0
                      brtrue.s check
                      nop
                check: ldarg.0
                      call Check
                      ldarg.0
                      ldc.i4.2
                      mul
                      ret
                """);
        });
        var twice = sample.Bind<Func<int, int>>("Twice");

        var count = sample.Meter.Measure(() => Assert.AreEqual(14, twice(7)));

        Assert.AreEqual(new IlCount(6, 0, 0, 0), count);
    }
}
