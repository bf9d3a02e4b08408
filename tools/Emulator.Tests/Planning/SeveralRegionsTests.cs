using System.Text.Json.Nodes;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Tests.Maps;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>Streams that the main memory cannot hold lie in other memory that their engine reaches.</summary>
[TestClass]
public sealed class SeveralRegionsTests
{
    private const string ThreeQvga = "320x240:RGB565:3";

    [TestMethod]
    public void Two_frames_lie_in_axi_memory_and_the_third_in_d2()
    {
        Plan plan = Plans.Of(Stm32H743.Name, ThreeQvga);
        Assert.IsTrue(plan.Fits);
        Assert.AreEqual("frame-pool AXI-SRAM 307200 2, frame-pool2 D2-SRAM1 155648 1", Words(plan));
        Assert.AreSequenceEqual(new[] { "frame-pool2" }, plan.OutsideZones);
        Assert.HasCount(2, plan.OnePageLess);
        Assert.IsTrue(plan.OnePageLess.All(less => less.MissingBytes > 0));
    }

    /// <summary>The case of a public report: D2 as one region of 288 KB, and a reservation that somebody made by hand.</summary>
    [TestMethod]
    public void A_board_of_a_file_is_judged_alike()
    {
        using var file = new TemporaryMap("""
            { "name": "h743-d2", "regions": [
                { "name": "AXI-SRAM", "start": "0x24000000", "size": "512K", "kind": "sram", "dma": "general", "cacheLine": 32 },
                { "name": "D2-SRAM", "start": "0x30000000", "size": "288K", "kind": "sram", "dma": "general", "cacheLine": 32 } ],
              "reservations": [
                { "name": "clr-heap", "start": "0x24000000", "size": "128K" },
                { "name": "frame-pool", "start": "0x24035000", "size": 307200 },
                { "name": "frame-pool2", "start": "0x30000000", "size": 153600 } ] }
            """);
        Assert.AreEqual("frame-pool AXI-SRAM 307200 2, frame-pool2 D2-SRAM 155648 1", Words(Plans.Of(EmulatedBoard.Of(file.Path), ThreeQvga)));
    }

    /// <summary>160 KB of main memory end where a region of the same kind with 16 KB begins: a frame of 150 KB and one of 20 KB need
    /// both.</summary>
    [TestMethod]
    public void A_reservation_lies_across_the_border_of_regions_that_are_alike()
    {
        Plan plan = Plans.Of(Stm32F746.Name, "320x240:RGB565:1", "320x250:RGB565:1");
        Assert.IsFalse(plan.Fits);
        plan = Plans.Of(Stm32F746.Name, "320x240:RGB565:1", "96x96:GREY:2", "320x202:GREY:1");
        Assert.IsTrue(plan.Fits);
        Assert.AreEqual("frame-pool SRAM1 172032 3, frame-pool2 DTCM 65536 1", Words(plan));
        PlannedPart main = plan.Board.Parts[0];
        Assert.IsLessThan(0x2004C000u, main.Reservation.Start);
        Assert.AreEqual(0x20050000u, main.Reservation.Start + main.Reservation.Size);
        Assert.IsEmpty(plan.Board.Map.Validate());
    }

    [TestMethod]
    public void What_a_board_does_not_reach_is_not_used()
    {
        // D3 has 64 KB, enough for another frame of 57,600 bytes, but general DMA does not reach it.
        Assert.IsTrue(Plans.Of(Stm32H743.Name, "320x240:RGB565:3", "320x240:GREY:2", "320x180:GREY:1").Fits);
        Assert.IsFalse(Plans.Of(Stm32H743.Name, "320x240:RGB565:3", "320x240:GREY:2", "320x180:GREY:2").Fits);
    }

    /// <summary>Frames make room for an application that needs the main memory.</summary>
    [TestMethod]
    public void Frames_lie_elsewhere_where_an_application_needs_the_main_memory()
    {
        PlanRequest request = Plans.Request(Stm32H743.Name, "128x96:RGB565:3") with { Application = new AppTraffic(360 * 1024, 4096) };
        Plan plan = (Plan)Planner.Run(request, _ => { }, default);
        Assert.IsTrue(plan.Fits);
        Assert.AreEqual("frame-pool D2-SRAM1 73728 3", Words(plan));
    }

    [TestMethod]
    [DataRow("stm32h743", ThreeQvga)]
    [DataRow("stm32f746", "320x240:RGB565:1 96x96:GREY:2 320x202:GREY:1")]
    [DataRow("esp32cam", "640x480:GREY:10 160x120:RGB565:1 240x160:GREY:1")]
    public void Such_a_plan_prints_c_sharp_and_plays(string board, string streams)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("plan.json");
        string[] options = [.. streams.Split(' ').SelectMany(stream => new[] { "--stream", stream })];
        CommandLineRun run = CommandLineRun.Of(["plan", "--native", "--board", board, .. options, "--json", "--out", file]);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        JsonNode plan = JsonNode.Parse(run.Output)!;
        Assert.IsGreaterThan(1, plan["reservations"]!.AsArray().Count);
        MemoryMap map = CompiledBoard.Of((string)plan["code"]!, ReservationCode.ClassName(board)).Create();
        foreach (JsonNode? reservation in plan["reservations"]!.AsArray())
        {
            Assert.AreEqual((string)reservation!["start"]!, HexText.Of(map.FindReservation((string)reservation["name"]!)!.Start));
            Assert.AreEqual((uint)reservation["bytes"]!, map.FindReservation((string)reservation["name"]!)!.Size);
        }
        CommandLineRun play = CommandLineRun.Of("play", "--plan", file, "--hours", "1");
        Assert.AreEqual(0, play.ExitCode, play.Error);
        Assert.EndsWith("no failure", play.Lines[^1]);
    }

    private static string Words(Plan plan) => string.Join(", ",
        plan.Board.Parts.Select(part => $"{part.Layout.Name} {plan.RegionOf(part).Name} {part.Reservation.Size} {part.Layout.Buffers.Sum()}"));
}
