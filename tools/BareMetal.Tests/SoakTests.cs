using Carveout.Board;

namespace Carveout.BareMetal.Tests;

/// <summary>Every machine allocates the same addresses as the host, in the same order, and reads there what it wrote.</summary>
[TestClass]
public sealed class SoakTests
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Machines =>
        from file in Directory.GetFiles(Locations.Machines, "*.props").Order() select new object[] { Path.GetFileNameWithoutExtension(file) };

    [TestMethod]
    public void There_are_seven_machines() => Assert.AreEqual(
        "lm3s6965evb mps2-an385 mps2-an386 mps2-an500 mps2-an505 netduinoplus2 realview-pb-a8", string.Join(' ', Machines.Select(m => m[0])));

    /// <summary>MSBuild would take another one instead.</summary>
    [TestMethod]
    public void A_build_of_the_folder_is_one_of_its_project() =>
        Assert.AreEqual("BareMetal.csproj", string.Join(' ', Directory.GetFiles(Locations.BareMetal, "*.*proj").Select(Path.GetFileName)));

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void A_machine_does_what_the_host_does(string machine)
    {
        ToolRun run = Firmware.Of(machine).Run("soak");
        TestContext.WriteLine(run.Output);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual(Host().Text, run.Output);
    }

    [TestMethod]
    public void The_mix_fails_stalls_and_damages_nothing_on_the_host()
    {
        (SoakMix mix, string text) = Host();
        TestContext.WriteLine(text);
        Assert.IsGreaterThan(1000, mix.Failures);
        Assert.IsGreaterThan(1000, mix.Stalls);
        Assert.IsGreaterThan(200, mix.Bounced);
        Assert.IsGreaterThan(5000, mix.Allocations);
        Assert.AreEqual(mix.Allocations, mix.Frees);
        Assert.AreEqual(0, mix.Damaged);
        Assert.AreEqual(0, mix.UsedPages);
    }

    /// <summary>Without this test, a result without damage would prove nothing.</summary>
    [TestMethod]
    public void Damage_is_found()
    {
        var memory = new ManagedMemory(0x10000000, SoakMix.MemorySize);
        var mix = new SoakMix(memory, 0x10000000, SoakMix.StandardSeed);
        mix.Run(1000);
        memory.Fill(0x10000000, SoakMix.MemorySize, 0);
        mix.Drain();
        Assert.IsGreaterThan(10, mix.Damaged);
    }

    private static (SoakMix Mix, string Text) Host()
    {
        var mix = new SoakMix(new ManagedMemory(0x10000000, SoakMix.MemorySize), 0x10000000, SoakMix.StandardSeed);
        mix.Run(SoakMix.StandardOperations);
        mix.Drain();
        return (mix, $"checksum {mix.Checksum}\nallocations {mix.Allocations}\nfailures {mix.Failures}\nfrees {mix.Frees}\n"
            + $"stalls {mix.Stalls}\nbounced {mix.Bounced}\ndamaged {mix.Damaged}\nused pages {mix.UsedPages}\n");
    }
}
