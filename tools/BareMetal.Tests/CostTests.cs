using System.Globalization;

namespace Carveout.BareMetal.Tests;

/// <summary>Compares the instructions of calls and the bytes of the program with docs/bare-metal.md.</summary>
[TestClass]
public sealed class CostTests
{
    private const string Machine = "mps2-an385";

    private static readonly Lazy<ToolRun> s_costs = new(() => Firmware.Of(Machine).Run("costs"));

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void No_figure_is_more_than_a_twentieth_worse_than_the_document_says()
    {
        // The first column is a number of calls, not a cost.
        new MeasuredTable(Locations.BareMetalPage, "calls", "mean", "p99", "worst").Hold(Measure(), TestContext.WriteLine, counts: 1);
    }

    [TestMethod]
    public void The_counts_are_the_same_every_time() => Assert.AreEqual(s_costs.Value.Output, Firmware.Of(Machine).Run("costs").Output);

    [TestMethod]
    [DataRow(100, 105, false)]
    [DataRow(100, 106, true)]
    [DataRow(10, 10, false)]
    [DataRow(10, 11, true)]
    [DataRow(100, 50, false)]
    public void A_twentieth_is_allowed(int stored, int now, bool worse) => Assert.AreEqual(worse, MeasuredTable.IsWorse([null, now], [null, stored]));

    private static Dictionary<string, int?[]> Measure()
    {
        Firmware checks = Firmware.Of(Machine);
        ToolRun run = s_costs.Value;
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Dictionary<string, int?[]> rows = MeasuredTable.Parse(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        ToolRun size = ToolRun.Start("arm-none-eabi-size", $"\"{checks.Elf}\"", TimeSpan.FromSeconds(10));
        int[] bytes = [.. size.Output.Split('\n')[1].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Take(2)
            .Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];
        rows["the image's code and constants, bytes"] = [null, null, null, bytes[0]];
        rows["the image's initialized data, bytes"] = [null, null, null, bytes[1]];
        return rows;
    }
}
