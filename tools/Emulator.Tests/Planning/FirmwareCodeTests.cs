using System.ComponentModel;
using System.Reflection;
using System.Text.RegularExpressions;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>What plan --firmware and --csharp print: the linker and the compilers take it, and a program gets what was planned.</summary>
[TestClass]
public sealed class FirmwareCodeTests
{
    [TestMethod]
    [DataRow(Stm32F769Disco.Name, "480x272:RGB565:2")]
    [DataRow(Stm32H743.Name, "320x240:RGB565:3")]
    public void A_linker_takes_the_snippet(string board, string stream)
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
            (uint start, long bytes) = FirmwareCode.RegionOf(plan);
            Assert.Contains($"{start:x} A __carveout_start__", symbols);
            Assert.Contains($"{start + bytes:x} A __carveout_end__", symbols);
            foreach (PlanPart part in plan.Layout.Parts.Skip(1))
            {
                Assert.Contains($"{part.Start:x} A __carveout2_start__", symbols);
                Assert.Contains($"{part.Start + part.Bytes:x} A __carveout2_end__", symbols);
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

    [TestMethod]
    public void The_native_half_has_no_internal_memory_of_an_esp32() => CommandLineRun.Refused("--firmware esp32: the native half of Carveout takes PSRAM",
        "plan", "--firmware", "esp32", "--board", Path.Combine(Checkout.Folder, "examples", "boards", "esp32.json"), "--frame", "16x16:GREY");

    /// <summary>The printed program, over a region of the printed size.</summary>
    [TestMethod]
    [DataRow(Esp32Cam.Name, "320x240:RGB565:3 96x96:GREY:2")]
    [DataRow(Stm32F769Disco.Name, "480x272:RGB565:2 320x240:YUYV:3")]
    [DataRow(Stm32H743.Name, "320x240:RGB565:3")]
    public void The_program_gets_its_pools_out_of_the_region(string board, string streams)
    {
        Plan plan = Plans.Of(board, streams.Split(' '));
        CommandLineRun run = CommandLineRun.Of(["plan", "--native", "--csharp", "--board", board,
            .. streams.Split(' ').SelectMany(stream => new[] { "--stream", stream })]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        string name = ReservationCode.Identifier(board) + "Boot";
        Type code = CompiledBoard.Compile(run.Output, name, typeof(MemoryMap), typeof(PageAllocator), typeof(CarveoutMemory)).GetType(name, throwOnError: true)!;
        (uint start, long bytes) = FirmwareCode.RegionOf(plan);
        code.GetMethod("Reserve")!.Invoke(null, [new Region(start, (uint)bytes)]);
        for (int i = 0; i < plan.Layout.Streams.Count; i++)
        {
            var pool = (FramePool)code.GetField($"Stream{i + 1}", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
            Assert.IsTrue(pool.IsReserved);
            Assert.AreEqual(plan.Layout.Parts[0].Buffers[i], pool.Count);
        }
    }

    /// <summary>Of which nobody uses a byte.</summary>
    private sealed class Region(uint start, uint size) : ReservedMemory("native", start, size, 0)
    {
        public override void Fill(uint address, int length, byte value) => throw new NotSupportedException();

        public override void Copy(uint source, uint destination, int length) => throw new NotSupportedException();

        public override void Read(uint address, byte[] buffer, int offset, int length) => throw new NotSupportedException();

        public override void Write(uint address, byte[] buffer, int offset, int length) => throw new NotSupportedException();

        public override void CleanCache(uint address, int length) => throw new NotSupportedException();

        public override void InvalidateCache(uint address, int length) => throw new NotSupportedException();
    }
}
