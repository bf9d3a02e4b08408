using Carveout.Emulator.Boards;
using Carveout.Emulator.Tests.Maps;

namespace Carveout.Emulator.Tests.Boards;

/// <summary>Adjacent regions that look the same to engines and the CPU are one run of memory: reservations, zones and buffers may lie
/// across their border.</summary>
[TestClass]
public sealed class AdjacentRegionTests
{
    private const string Alike = "\"dma\": \"general\", \"cacheLine\": 32";

    [TestMethod]
    [DataRow(Alike, false)]
    [DataRow("\"dma\": [\"general\"], \"cacheLine\": 32, \"busStart\": \"0x20010000\"", false)]
    [DataRow("\"dma\": \"general\"", true)]
    [DataRow("\"dma\": \"bdma\", \"cacheLine\": 32", true)]
    [DataRow("\"dma\": [\"general\", \"mdma\"], \"cacheLine\": 32", true)]
    [DataRow("\"dma\": \"general\", \"cacheLine\": 32, \"busStart\": \"0x40000000\"", true)]
    public void What_lies_across_a_border_is_a_fault_only_where_somebody_sees_it(string second, bool isFault)
    {
        foreach (bool reversed in new[] { false, true })
        {
            foreach (string crossing in new[]
            {
                "\"reservations\": [ { \"name\": \"frames\", \"start\": \"0x2000F000\", \"size\": \"8K\" } ]",
                "\"zones\": [ { \"name\": \"Z\", \"kind\": \"dma\", \"start\": \"0x2000F000\", \"size\": \"8K\", \"engines\": \"general\" } ]",
            })
            {
                using var file = new TemporaryMap(Map(second, crossing, reversed));
                CommandLineRun run = CommandLineRun.Of("map", "--board", file.Path);
                Assert.AreEqual(isFault ? 1 : 0, run.ExitCode, run.Output + run.Error);
                if (isFault)
                {
                    Assert.Contains("does not lie inside one region", run.Output);
                }
            }
        }
    }

    /// <summary>Behind the last region of the run there is nothing, whatever the first one is like.</summary>
    [TestMethod]
    public void What_ends_behind_the_run_is_a_fault()
    {
        using var file = new TemporaryMap(Map(Alike, "\"reservations\": [ { \"name\": \"frames\", \"start\": \"0x2001F000\", \"size\": \"8K\" } ]", true));
        Assert.Contains("does not lie inside one region", CommandLineRun.Of("map", "--board", file.Path).Output);
    }

    /// <summary>Frames of 24,000 bytes in 124 KB with the border in the middle are drawn, moved by devices and checked.</summary>
    [TestMethod]
    public void Frames_across_a_border_play_with_pixels()
    {
        string zone = "\"zones\": [ { \"name\": \"DMA\", \"kind\": \"dma\", \"start\": \"0x20001000\", \"size\": \"124K\", \"engines\": \"general\" } ],"
            + "\"application\": { \"resident\": 0, \"churn\": 0, \"leak\": 0 }";
        using var file = new TemporaryMap(Map(Alike, zone, true));
        Assert.AreEqual(0x1F000u, BoardFile.Read(file.Path).Memory.Size);
        CommandLineRun run = CommandLineRun.Of("play", "--board", file.Path, "--hours", "0.02", "--camera", "ov2640", "--frame", "120x100", "--buffers", "4",
            "--zones", "single", "--tail", "exact");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
    }

    [TestMethod]
    public void A_contract_over_a_reservation_across_a_border_fits()
    {
        string zone = "\"zones\": [ { \"name\": \"DMA\", \"kind\": \"dma\", \"start\": \"0x20001000\", \"size\": \"124K\", \"engines\": \"general\" } ]";
        using var file = new TemporaryMap(Map(Alike, zone, false));
        CommandLineRun run = CommandLineRun.Of("plan", "--board", file.Path, "--stream", "160x120:RGB565:3");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
    }

    private static string Map(string second, string more, bool reversed)
    {
        string[] regions =
        [
            $$"""{ "name": "A", "start": "0x20000000", "size": "64K", "kind": "sram", {{Alike}} }""",
            $$"""{ "name": "B", "start": "0x20010000", "size": "64K", "kind": "sram", {{second}} }""",
        ];
        return $$"""{ "name": "two", "regions": [ {{string.Join(", ", reversed ? regions.Reverse() : regions)}} ], {{more}} }""";
    }
}
