using System.Text.RegularExpressions;

namespace Carveout.Emulator.Tests.Frames;

/// <summary>Reservations in a process whose managed heap is too small for what the board's map plans.</summary>
[TestClass]
public sealed partial class ShortHeapTests
{
    /// <summary>The environment variable that tells <see cref="StartupHook"/> what to do, and its values.</summary>
    internal const string Work = "CARVEOUT_TEST_WORK", OneBoard = "one-board", BankByBank = "bank-by-bank";

    /// <summary>4 MB, the smallest heap with which the runtime starts.</summary>
    private const string Limit = "0x400000";

    [TestMethod]
    public void What_the_heap_refuses_is_done_without_bank_by_bank()
    {
        ProgramRun run = Run(OneBoard);

        Match source = Source().Match(run.Output);
        Assert.IsTrue(source.Success, run.Output + run.Error);
        int banks = int.Parse(source.Groups["banks"].ValueSpan) + (source.Groups["last"].Success ? 1 : 0);
        Assert.IsTrue(banks is >= 1 and < 12, run.Output);
        Assert.AreEqual(banks, Regex.Count(run.Output, ": zone NORMAL"), run.Output);
        Assert.AreEqual(banks, Regex.Count(run.Output, " : bank"), run.Output);
    }

    [TestMethod]
    public void As_much_is_taken_as_there_is_again_and_again()
    {
        ProgramRun run = Run(BankByBank);

        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Contains("refused: no bank, of 764 KB that were wanted: the managed heap has ", lines[^1], run.Output + run.Error);
        int[] sizes = [.. lines[..^1].Select(int.Parse)];
        Assert.AreEqual(191 * 4096, sizes[0]);
        Assert.IsTrue(sizes.All(size => size % 4096 == 0), run.Output);
        Assert.IsGreaterThan(1, sizes.Distinct().Count(), "the last one is as large as the heap has it: " + run.Output);
    }

    private static ProgramRun Run(string work) => SampleRun.Of(
        ("DOTNET_GCHeapHardLimit", Limit), ("DOTNET_STARTUP_HOOKS", typeof(ShortHeapTests).Assembly.Location), (Work, work));

    [GeneratedRegex(@"^managed banks: (?<banks>\d+) of 782336 bytes(?<last>, 1 of \d+)? .* of 8.9 MB that were wanted: the rest is left to the application\), nominal")]
    private static partial Regex Source();
}
