using Carveout.Emulator.Boards;
using Carveout.Emulator.Tests.Maps;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Boards;

/// <summary>A board with more pages than the device's maps of exact runs have: Linux with 512 MB of CMA.</summary>
[TestClass]
public sealed class LargeBoardTests
{
    private const string Cma = """
        { "name": "cma512", "displays": ["ipu"],
          "regions": [ { "name": "SDRAM", "start": "0x00000000", "size": "1920M", "kind": "sdram", "dma": "general", "cacheLine": 64 } ],
          "reservations": [ { "name": "linux", "start": "0x00000000", "size": "1024M" } ],
          "zones": [ { "name": "CMA", "kind": "dma", "start": "0x40000000", "size": "512M", "engines": "general", "map": "MAP" } ] }
        """;

    [TestMethod]
    [DataRow("play --hours 0.1 --tail exact", "played 6 loops, 10620 frames, no failure")]
    [DataRow("play --hours 0.1 --tail exact --zones single", "played 6 loops, 10620 frames, no failure")]
    [DataRow("play --hours 0.1", "played 6 loops, 10620 frames, no failure")]
    [DataRow("play --hours 0.0002 --camera isp --frame 640x480 --tail exact", "no failure")]
    [DataRow("plan --stream 1920x1080:NV12:4", "cma512: fits, 11.8 MB to reserve")]
    [DataRow("plan --stream 640x480:NV12:3 --trace TRACE", "keep in DMA with 130734 pages: no request fails")]
    [DataRow("map", "no faults")]
    [DataRow("investigate --trace TRACE", "")]
    [DataRow("replay --trace TRACE --tail exact", "")]
    public void Every_command_works_on_it(string command, string expected)
    {
        using var file = new TemporaryMap(Cma.Replace("MAP", "freeBlocks"));
        using var folder = new TemporaryFolder();
        string trace = folder.File("short.trace");
        File.WriteAllText(trace, string.Concat(Enumerable.Range(0, 200).Select(i => $"a {i} {4096 * (i % 7 + 1)} 4096\n{(i > 40 ? $"f {i - 40}\n" : "")}")));
        CommandLineRun run = CommandLineRun.Of([.. command.Replace("TRACE", trace).Split(' '), "--board", file.Path]);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.Contains(expected, run.Output, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A zone that says itself that it has exact runs is one for a device, which does not have so many.</summary>
    [TestMethod]
    public void A_zone_of_exact_runs_is_refused_with_its_number_of_pages()
    {
        using var file = new TemporaryMap(Cma.Replace("MAP", "runs"));
        CommandLineRun.Refused("zone CMA 0x40000000-0x5fffffff (536870912 bytes) has 131072 pages of 4096 bytes; its page map holds at most 32000",
            "play", "--board", file.Path);
    }
}
