using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>The output of plan --firmware and --csharp: the linker and the compilers accept it, and a program gets what was
/// planned.</summary>
[TestClass]
public sealed class FirmwareCodeTests
{
    [TestMethod]
    [DataRow(Stm32F769Disco.Name, "480x272:RGB565:2", 1)]
    [DataRow(Stm32H743.Name, "320x240:RGB565:3", 2)]
    public void A_linker_takes_the_snippet(string board, string stream, int regionCount)
    {
        Plan plan = Plans.Of(board, stream);
        string text = FirmwareCode.Of(plan, BoardFirmware.Stm32);
        string[] halves = text.Split("/* platform/carveout_config.h */\n");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("carveout.ld"), halves[0]);
        File.WriteAllText(folder.File("target.ld"),
            "MEMORY\n{\n    flash (rx) : org = 0x08000000, len = 1M\n}\nINCLUDE carveout.ld\nSECTIONS\n{\n    /DISCARD/ : { *(*) }\n}\n");
        File.WriteAllText(folder.File("config.c"), halves[1] + "int uncached = CARVEOUT_REGION_UNCACHED;\n");
        try
        {
            ProgramRun compiled = ProgramRun.Of("gcc", ["-c", folder.File("config.c"), "-o", folder.File("config.o")]);
            Assert.AreEqual(0, compiled.ExitCode, compiled.Error);
            ProgramRun linked = ProgramRun.Of("ld", ["-L", Path.GetDirectoryName(folder.File("x"))!, "-T", folder.File("target.ld"), "-o", folder.File("linked"),
                folder.File("config.o")]);
            Assert.AreEqual(0, linked.ExitCode, linked.Error);
            string symbols = ProgramRun.Of("nm", [folder.File("linked")]).Output;
            IReadOnlyList<PlannedRegion> regions = PlannedRegion.Of(plan);
            Assert.HasCount(regionCount, regions);
            for (int i = 0; i < regions.Count; i++)
            {
                string number = i == 0 ? "" : $"{i + 1}";
                Assert.Contains($"{regions[i].Start:x} A __carveout{number}_start__", symbols);
                Assert.Contains($"{regions[i].Start + regions[i].Bytes:x} A __carveout{number}_end__", symbols);
            }
        }
        catch (Win32Exception e)
        {
            Missing.Skip(e.Message, "gcc binutils", "no linker took the snippet");
        }
    }

    [TestMethod]
    public void The_esp32_keeps_the_region_beside_esp_idf_s_own()
    {
        CommandLineRun run = CommandLineRun.Of("plan", "--board", "esp32cam", "--stream", "320x240:RGB565:3", "--firmware", "esp32");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        int kept = int.Parse(Regex.Match(run.Output, @"^CONFIG_ESP32_RESERVE_SPIRAM_IDF_ALLOCATION_BYTES=(\d+)$", RegexOptions.Multiline).Groups[1].Value);
        int region = int.Parse(Regex.Match(run.Output, @"^#define CARVEOUT_REGION_SIZE (\d+)$", RegexOptions.Multiline).Groups[1].Value);
        Assert.AreEqual(262_144, kept - region);
        Assert.AreEqual(462_848 + 4096, region);
    }

    /// <summary>A board without PSRAM, and a plan whose second part lies in internal memory.</summary>
    [TestMethod]
    [DataRow("examples/boards/esp32.json", "96x96:GREY:2", "20480 + 4096")]
    [DataRow("esp32cam", "640x480:GREY:10 160x120:RGB565:1 240x160:GREY:1", "40960")]
    public void The_esp32_takes_internal_memory_out_of_what_esp_idf_has(string board, string streams, string expected)
    {
        CommandLineRun run = CommandLineRun.Of(["plan", "--board", board.Contains('/') ? Path.Combine(Checkout.Folder, board) : board, "--firmware", "esp32",
            .. streams.Split(' ').SelectMany(stream => new[] { "--stream", stream })]);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.Contains($"#define CARVEOUT_INTERNAL_SIZE {expected.Split(" + ").Sum(int.Parse)}\n", run.Output.ReplaceLineEndings("\n"));
        Assert.AreEqual(board == "esp32cam", run.Output.Contains("CARVEOUT_REGION_SIZE", StringComparison.Ordinal));
    }

    /// <summary>The printed program, over regions with the printed addresses and sizes: each frame lies where the plan says.</summary>
    [TestMethod]
    [DataRow(Esp32Cam.Name, "320x240:RGB565:3 96x96:GREY:2")]
    [DataRow(Esp32Cam.Name, "640x480:GREY:10 160x120:RGB565:1 240x160:GREY:1")]
    [DataRow(Stm32F746.Name, "320x240:RGB565:1 96x96:GREY:2 320x202:GREY:1")]
    [DataRow(Stm32F769Disco.Name, "480x272:RGB565:2 320x240:YUYV:3")]
    [DataRow(Stm32H743.Name, "320x240:RGB565:3")]
    [DataRow(Stm32H743.Name, "320x240:RGB565:2 100x75:RGB565:3 50x33:GREY:7 320x240:RGB565:1 640x480:JPEG=20001:2")]
    public void The_program_gets_its_pools_out_of_the_regions(string board, string streams)
    {
        Plan plan = Plans.Of(board, streams.Split(' '));
        Assert.IsTrue(plan.Fits);
        CommandLineRun run = CommandLineRun.Of(["plan", "--native", "--csharp", "--board", board,
            .. streams.Split(' ').SelectMany(stream => new[] { "--stream", stream })]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        AssertFrames(plan, run.Output);
    }

    /// <summary>If an application has the main memory, the page for the page allocator lies there alone.</summary>
    [TestMethod]
    public void The_program_gets_its_pools_beside_an_application()
    {
        PlanRequest request = Plans.Request(Stm32H743.Name, "128x96:RGB565:3") with { Application = new AppTraffic(360 * 1024, 4096) };
        var plan = (Plan)Planner.Run(request, _ => { }, default);
        Assert.HasCount(2, PlannedRegion.Of(plan));
        AssertFrames(plan, ReservationCode.Of(plan) + ReservationCode.BootOf(plan));
    }

    /// <summary>Random streams on every shipped board, as far as they fit.</summary>
    [TestMethod]
    public void Every_plan_that_fits_boots_and_has_its_frames_where_it_says()
    {
        ulong seed = TestSeed.Or(0x170001);
        int several = 0, split = 0;
        var random = new Random((int)seed);
        string[] formats = ["RGB565", "GREY", "YUYV", "NV12", "RGB888", "JPEG"];
        for (int round = 0; round < TestSeed.Steps(60); round++)
        {
            string board = BoardCatalog.Names()[random.Next(BoardCatalog.Names().Length)];
            string[] streams = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
                $"{2 * random.Next(10, 161)}x{2 * random.Next(10, 121)}:{formats[random.Next(formats.Length)]}:{random.Next(1, 6)}")];
            Plan plan = Plans.Of(board, streams);
            if (plan.Fits)
            {
                several += plan.Layout.Parts.Count > 1 ? 1 : 0;
                split += Enumerable.Range(0, streams.Length).Any(i => plan.Of(i).Count() > 1) ? 1 : 0;
                AssertFrames(plan, ReservationCode.Of(plan) + ReservationCode.BootOf(plan), $"seed {seed}, round {round}: {board} {string.Join(' ', streams)}");
            }
        }
        Console.WriteLine($"seed {seed}: {several} plans of several regions, {split} with a stream in several");
    }

    private static void AssertFrames(Plan plan, string text, string message = "")
    {
        string name = ReservationCode.Identifier(plan.Layout.Board.Name) + "Boot";
        Type code = CompiledBoard.Compile(text, name, typeof(MemoryMap), typeof(PageAllocator), typeof(CarveoutMemory),
            typeof(FrameBanks)).GetType(name, throwOnError: true)!;
        ReservedMemory[] regions = [.. PlannedRegion.Of(plan).Select(region => new Region(region))];
        MethodInfo reserve = code.GetMethod("Reserve")!;
        reserve.Invoke(null, [reserve.GetParameters()[0].ParameterType == typeof(ReservedMemory) ? regions.Single() : regions]);
        for (int i = 0; i < plan.Layout.Streams.Count; i++)
        {
            var pool = (FramePool)code.GetField($"Stream{i + 1}", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
            Assert.IsTrue(pool.IsReserved, message);
            uint[] planned = [.. plan.Of(i).SelectMany(part => Enumerable.Range(0, part.Stream.Buffers)
                .Select(n => part.Stream.Start + (uint)n * (uint)part.Stream.BufferBytes))];
            uint[] frames = [.. Enumerable.Range(0, pool.Count).Select(_ => pool.Rent("test").Address)];
            Assert.AreSequenceEqual(planned.Order(), frames.Order(), message);
        }
    }

    /// <summary>A region of which no byte is used.</summary>
    private sealed class Region(PlannedRegion planned)
        : ReservedMemory("native", planned.Start, (uint)planned.Bytes, planned.Region.CacheLine)
    {
        public override void Fill(uint address, int length, byte value) => throw new NotSupportedException();

        public override void Copy(uint source, uint destination, int length) => throw new NotSupportedException();

        public override void Read(uint address, byte[] buffer, int offset, int length) => throw new NotSupportedException();

        public override void Write(uint address, byte[] buffer, int offset, int length) => throw new NotSupportedException();

        public override void CleanCache(uint address, int length) => throw new NotSupportedException();

        public override void InvalidateCache(uint address, int length) => throw new NotSupportedException();
    }
}
