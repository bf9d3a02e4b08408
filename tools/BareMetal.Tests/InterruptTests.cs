using System.Globalization;

namespace Carveout.BareMetal.Tests;

/// <summary>C# handlers allocate while the main loop does; the lock is the interrupt mask.</summary>
[TestClass]
public sealed class InterruptTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Handlers_and_main_loop_share_the_allocator()
    {
        ToolRun run = Firmware.Of("mps2-an505").Run("interrupt");
        TestContext.WriteLine(run.Output);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Dictionary<string, int> counts = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
            line => line[..line.LastIndexOf(' ')], line => int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        Assert.IsGreaterThan(1000, counts["interrupts"]);
        Assert.AreEqual(counts["interrupts"], counts["frames"]);
        // The lock must have held off interrupts; otherwise a good result would prove nothing.
        Assert.IsGreaterThan(500, counts["held off by the lock"]);
        Assert.IsGreaterThan(5000, counts["main loop's allocations"]);
        Assert.AreEqual(0, counts["wrong frames"]);
        Assert.AreEqual(0, counts["damaged"]);
        Assert.AreEqual(0, counts["used pages"]);
    }

    /// <summary>The same without the lock: the allocator's own checks notice the damage.</summary>
    [TestMethod]
    public void Without_the_lock_it_goes_wrong()
    {
        ToolRun run = Firmware.Of("mps2-an505").Run("unlocked");
        TestContext.WriteLine(run.Output);
        Assert.AreNotEqual(0, run.ExitCode);
        Assert.Contains("InvalidOperationException: ", run.Output);
    }
}
