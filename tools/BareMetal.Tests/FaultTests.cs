namespace Carveout.BareMetal.Tests;

/// <summary>Forbidden operations stop the machine, with a message and an exit code that is not 0.</summary>
[TestClass]
public sealed class FaultTests
{
    /// <summary>The exit code of Machine.Stop.</summary>
    private const int Stopped = 70;

    [TestMethod]
    [DataRow("mps2-an385", "null-reference", "exception 3 at 0x", " on access to 0x000000", ": null reference")]
    [DataRow("mps2-an385", "null-array", "exception 3 at 0x", " on access to 0x00000004", ": null reference")]
    [DataRow("mps2-an385", "index-out-of-range", "IndexOutOfRangeException: ")]
    [DataRow("mps2-an385", "divide-by-zero", "DivideByZeroException")]
    [DataRow("mps2-an385", "heap-full", "the managed heap is full: 4008 bytes")]
    [DataRow("mps2-an385", "allocation-after-start-up", "allocation after start-up: 24 bytes")]
    [DataRow("mps2-an385", "many-allocations-after-start-up", "allocation after start-up: 24 bytes")]
    [DataRow("mps2-an385", "double-free", "InvalidOperationException: double free: 0x21001000 in zone NORMAL ", "last owner was 'camera'")]
    [DataRow("mps2-an505", "null-array", "exception 3 at 0x", " on access to 0x00000004", ": null reference")]
    [DataRow("mps2-an505", "index-out-of-range", "IndexOutOfRangeException: ")]
    [DataRow("realview-pb-a8", "null-array", "processor fault at 0x", " on access to 0x00000004", ": null reference")]
    [DataRow("realview-pb-a8", "divide-by-zero", "DivideByZeroException")]
    [DataRow("realview-pb-a8", "double-free", "InvalidOperationException: double free: 0x02001000 in zone NORMAL ", "last owner was 'camera'")]
    public void A_fault_stops_the_machine(string machine, string fault, params string[] message)
    {
        ToolRun run = Firmware.Of(machine).Run(fault);
        Assert.AreEqual(Stopped, run.ExitCode, run.Output + run.Error);
        foreach (string part in message)
        {
            Assert.Contains(part, run.Output);
        }
    }

    [TestMethod]
    public void Without_a_fault_the_same_program_ends_well()
    {
        ToolRun run = Firmware.Of("mps2-an385").Run();
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual("no fault\n", run.Output);
    }
}
