using Carveout.IlCounter;
using Mono.Cecil.Rocks;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Random programs: what the instrumented code counts is what an interpreter dispatches, and both compute the same.</summary>
[TestClass]
public sealed class RandomProgramTests
{
    const int Programs = 60;
    const int MethodsEach = 6;
    const long MostInstructions = 20_000;

    [TestMethod]
    public void CountsAreThoseOfAnInterpreter()
    {
        int firstSeed = unchecked((int)TestSeed.Or(1));
        int compared = 0;
        int threw = 0;
        for (int i = 0; i < Programs; i++)
        {
            int seed = unchecked(firstSeed + i);
            try
            {
                Compare(seed, ref compared, ref threw);
            }
            catch (Exception e)
            {
                Console.WriteLine($"seed {seed}");
                throw new AssertFailedException($"seed {seed}: {e.Message}", e);
            }
        }
        Console.WriteLine($"seeds from {firstSeed} (CARVEOUT_SEED replaces it): {compared} methods compared, {threw} of them threw");
        Assert.IsGreaterThan(Programs, compared, "most programs were too long to compare");
        Assert.IsGreaterThan(0, threw);
        Assert.IsLessThan(compared, threw);
    }

    static void Compare(int seed, ref int compared, ref int threw)
    {
        using var folder = new TemporaryFolder();
        var program = new RandomProgram(seed);
        var sample = new SampleAssembly("Random");
        sample.Field("shared", typeof(int), isStatic: true);
        var expected = new List<string?>();
        for (int i = 0; i < MethodsEach; i++)
        {
            var method = sample.Static(RandomProgram.NameOf(i), typeof(int), [typeof(int[])], program.NextMethod(), RandomProgram.Locals);
            var interpreter = new IlInterpreter(MostInstructions);
            try
            {
                int[] array = NewArray();
                string result = Outcome(() => interpreter.Run(method, array));
                expected.Add(Summary(result, array, interpreter.Shared, interpreter.Count));
            }
            catch (IlInterpreter.TooLongException)
            {
                expected.Add(null);
            }
        }

        // Only now: half of the programs get short branches and short operands, which the interpreter does not read.
        if (seed % 2 == 0)
        {
            foreach (var method in sample.Type.Methods)
                method.Body.OptimizeMacros();
        }

        var meter = IlMeter.Load(sample.WriteTo(folder));
        var shared = meter.FindType(sample.TypeName).GetField("shared")!;
        for (int i = 0; i < MethodsEach; i++)
        {
            if (expected[i] == null)
                continue;
            var run = meter.BindStatic<Func<int[], int>>(sample.TypeName, RandomProgram.NameOf(i));
            shared.SetValue(null, 0);
            int[] array = NewArray();
            string result = "";
            var count = meter.Measure(() => result = Outcome(() => run(array)));
            Assert.AreEqual(expected[i], Summary(result, array, (int)shared.GetValue(null)!, count), RandomProgram.NameOf(i));
            compared++;
            threw += result.EndsWith("Exception", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    static int[] NewArray() => Enumerable.Range(0, RandomProgram.ArrayLength).Select(i => i * 3 % 5).ToArray();

    static string Outcome(Func<int> run)
    {
        try
        {
            return run().ToString();
        }
        catch (Exception e) when (e is not IlInterpreter.TooLongException)
        {
            return e.GetType().Name;
        }
    }

    static string Summary(string result, int[] array, int shared, IlCount count) =>
        $"{result}, [{string.Join(' ', array)}], {shared}: {count}";
}
