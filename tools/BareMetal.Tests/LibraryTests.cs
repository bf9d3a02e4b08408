using System.Globalization;

namespace Carveout.BareMetal.Tests;

/// <summary>Carveout's core library and its assembler compute, write and copy as .NET does.</summary>
[TestClass]
public sealed class LibraryTests
{
    /// <summary>One processor with a divide instruction and one without.</summary>
    [TestMethod]
    [DataRow("mps2-an385")]
    [DataRow("realview-pb-a8")]
    public void The_core_library_agrees_with_the_hosts(string machine)
    {
        var mix = new LibraryMix(LibraryMix.StandardSeed);
        mix.Run(LibraryMix.StandardRounds);
        ToolRun run = Firmware.Of(machine).Run("library");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual(mix.Checksum.ToString(CultureInfo.InvariantCulture), run.Output.Trim());
    }
}
