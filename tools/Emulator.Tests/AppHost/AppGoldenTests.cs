using Carveout.Board.Boards;

namespace Carveout.Emulator.Tests.AppHost;

/// <summary>The console of the deployable application, to the byte, in ten virtual minutes on each shipped board, or every second
/// one.</summary>
[TestClass]
public sealed class AppGoldenTests
{
    public static IEnumerable<object[]> Boards => BoardCatalog.Names().Where((_, number) => TestSeed.IsWhole || number % 2 == 0)
        .Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Ten_minutes_on_each_board_are_as_recorded(string board)
    {
        CommandLineRun run = CommandLineRun.Of("app", "--board", board, "--minutes", "10");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Error);
        GoldenFile.AssertEqual($"app-{board}.txt", run.Output);
    }

    /// <summary>The region has a real address, and a cache that the application need not know about.</summary>
    [TestMethod]
    public void Ten_minutes_on_firmware_with_a_reservation_are_as_recorded()
    {
        CommandLineRun run = CommandLineRun.Of("app", "--board", "esp32s3", "--native", "4M");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        GoldenFile.AssertEqual("app-esp32s3-native.txt", run.Output);
    }
}
