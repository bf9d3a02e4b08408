using System.Text.RegularExpressions;

namespace Carveout.Emulator.Tests.Frames;

/// <summary>Reservations in a process whose managed heap is too small for what the board's map plans.</summary>
[TestClass]
public sealed partial class ShortHeapTests
{
    /// <summary>The environment variable that says what <see cref="StartupHook"/> is to do, and its values.</summary>
    internal const string Work = "CARVEOUT_TEST_WORK", OneBoard = "one-board", BankByBank = "bank-by-bank";

    /// <summary>4 MB, the smallest that the runtime starts with.</summary>
    private const string Limit = "0x400000";

    [TestMethod]
    public void What_the_heap_refuses_is_done_without_bank_by_bank()
    {
        ProgramRun run = Run(OneBoard);

        Match source = Source().Match(run.Output);
        Assert.IsTrue(source.Success, run.Output + run.Error);
        int banks = int.Parse(source.Groups["banks"].ValueSpan);
        Assert.IsTrue(banks is >= 1 and < 12, run.Output);
        Assert.AreEqual(banks, Regex.Count(run.Output, ": zone NORMAL"), run.Output);
        Assert.AreEqual(banks, Regex.Count(run.Output, " : bank"), run.Output);
    }

    [TestMethod]
    public void Of_the_last_bank_half_is_taken_and_half_again()
    {
        ProgramRun run = Run(BankByBank);

        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.AreEqual("refused", lines[^1], run.Output + run.Error);
        int[] sizes = [.. lines[..^1].Select(int.Parse)];
        int[] steps = [ManagedMemory.MaxBankSize, ManagedMemory.MaxBankSize / 2, ManagedMemory.MaxBankSize / 4, ManagedMemory.MaxBankSize / 8, 65536];
        Assert.IsTrue(sizes.All(steps.Contains), run.Output);
        Assert.AreEqual(ManagedMemory.MaxBankSize, sizes[0]);
        Assert.Contains(65536, sizes, run.Output);
        Assert.IsTrue(sizes.SequenceEqual(sizes.OrderDescending()), run.Output);
    }

    private static ProgramRun Run(string work) => SampleRun.Of(
        ("DOTNET_GCHeapHardLimit", Limit), ("DOTNET_STARTUP_HOOKS", typeof(ShortHeapTests).Assembly.Location), (Work, work));

    [GeneratedRegex(@"^managed banks: (?<banks>\d+) of \d+ bytes.* of 8.9 MB that were wanted\), nominal")]
    private static partial Regex Source();
}
