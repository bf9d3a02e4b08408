namespace Carveout.DeviceSurface.Tests.Boards;

/// <summary>The class that <c>carveout map --csharp</c> prints for a board's file compiles in a device project, with its
/// documentation.</summary>
[TestClass]
public sealed class BoardClassTests
{
    /// <summary>What a name, several engines and a bus address have to do with C#.</summary>
    private const string Odd =
        """
        {
          "name": "a \"board\" & its <file> \\ n",
          "regions": [
            { "name": "R\"1\"", "start": "0x20000000", "size": "1M", "kind": "sram", "dma": ["general", "mdma"], "cacheLine": 32, "busStart": "0x30000000" },
            { "name": "top", "start": "0xFFF00000", "size": "1M", "kind": "sdram" },
          ],
          "zones": [
            { "name": "DMA", "kind": "dma", "start": "0x20000000", "size": "1M", "engines": "mdma" },
            { "name": "N", "kind": "normal", "start": "0xFFF00000", "size": "64K" },
          ],
        }
        """;

    public static IEnumerable<string> Boards => Directory.GetFiles(Path.Combine(Locations.Repository, "examples", "boards"), "*.json")
        .Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal);

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void BoardOfAFileCompilesForTheDevice(string name) =>
        AssertCompiles(Path.Combine(Locations.Repository, "examples", "boards", name));

    [TestMethod]
    public void BoardWithOddNamesCompilesForTheDevice()
    {
        using var folder = new TemporaryFolder();
        AssertCompiles(folder.Write("odd.json", Odd));
    }

    private static void AssertCompiles(string board)
    {
        var run = DotnetRun.Start(Locations.Repository, Locations.Emulator, "map", "--board", board, "--csharp");
        Assert.AreEqual(0, run.ExitCode, run.Output);

        using var folder = new TemporaryFolder();
        string library = folder.PathOf("board.dll");
        var errors = DeviceCompiler.Compile(library, [("board.cs", run.Output)], withLibraries: true);
        Assert.IsEmpty(errors, string.Join('\n', errors) + run.Output);
        errors = DeviceCompiler.CheckIl(library);
        Assert.IsEmpty(errors, string.Join('\n', errors));
    }
}
