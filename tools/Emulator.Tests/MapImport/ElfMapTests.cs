using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Tests.Maps;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.MapImport;

/// <summary>The memory that a firmware leaves of its regions. firmware.elf was made from firmware.s with firmware.ld.</summary>
[TestClass]
public sealed class ElfMapTests
{
    private static readonly string s_firmware = Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "MapImport", "firmware.elf");

    [TestMethod]
    public void Sections_and_symbols_say_what_is_left()
    {
        CommandLineRun run = CommandLineRun.Of("map", "--elf", s_firmware);
        Assert.AreEqual(0, run.ExitCode, run.Error + run.Output);
        Assert.MatchesRegex(@"\n  \.stacks +0x20000000 0x200007ff +2 KB reserved", run.Output);
        Assert.MatchesRegex(@"\n  \.data +0x20000800 0x200009f3 +500 B reserved", run.Output);
        Assert.MatchesRegex(@"\n  \.bss +0x200009f4 0x20011b63 +68.3 KB reserved", run.Output);
        Assert.MatchesRegex(@"\n  heap +0x20011b68 0x2001bfff +41.1 KB reserved", run.Output);
        Assert.MatchesRegex(@"\n  CARVEOUT +0x20020000 0x2002ffff +64 KB DMA zone", run.Output);
        Assert.MatchesRegex(@"\nram4 +64 KB +64 KB +0x10000000\nram0 +80 KB +80 KB +0x2001c000\n", run.Output);
        Assert.Contains("__carveout_start__ to __carveout_end__ are kept for Carveout: 65536 bytes at 0x20020000.", run.Output);
        Assert.Contains("Section .text at 0x08000000 (2 bytes) lies in no region.", run.Output);
        Assert.DoesNotContain("flash0", run.Output);
        Assert.Contains("no faults", run.Output);
    }

    [TestMethod]
    public void A_board_says_what_the_regions_are()
    {
        CommandLineRun run = CommandLineRun.Of("map", "--elf", s_firmware, "--board", Stm32F429Disco.Name);
        Assert.AreEqual(0, run.ExitCode, run.Error + run.Output);
        Assert.MatchesRegex(@"\nCCM +64 KB +64 KB +0x10000000\n", run.Output);
        Assert.MatchesRegex(@"\nSDRAM +8 MB +8 MB +0xd0000000\n", run.Output);
        Assert.Contains("What the board reserves and its zones are not used", run.Output);
    }

    /// <summary>The JSON output is a board, whose main memory is the memory that the linker script reserves.</summary>
    [TestMethod]
    public void The_map_is_a_board()
    {
        CommandLineRun run = CommandLineRun.Of("map", "--elf", s_firmware, "--json");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("is not in an ELF file", run.Error);
        using var file = new TemporaryMap(run.Output);
        BoardFile board = BoardFile.Read(file.Path);
        Assert.AreEqual("firmware", board.Map.Name);
        Assert.AreEqual(0x20020000u, board.Memory.Start);
        Assert.AreEqual(0x10000u, board.Memory.Size);
        Assert.AreEqual(0, CommandLineRun.Of("play", "--board", file.Path, "--hours", "0.02").ExitCode);
        Assert.StartsWith("namespace Carveout.Board.Boards", CommandLineRun.Of("map", "--elf", s_firmware, "--csharp").Output);
    }

    [TestMethod]
    public void What_is_no_firmware_is_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] sound = File.ReadAllBytes(s_firmware), wide = [.. sound];
        wide[4] = 2;
        string cut = folder.File("cut.elf"), other = folder.File("wide.elf"), text = folder.File("text.elf"), empty = folder.File("empty.elf");
        File.WriteAllBytes(cut, sound[..1000]);
        File.WriteAllBytes(other, wide);
        File.WriteAllText(text, "not an ELF file at all, but some text");
        File.WriteAllText(empty, "");
        CommandLineRun.Refused("not a sound ELF file: the file is cut off", "map", "--elf", cut);
        CommandLineRun.Refused("not an ELF file for a 32-bit processor", "map", "--elf", other);
        CommandLineRun.Refused("not an ELF file for a 32-bit processor", "map", "--elf", text);
        CommandLineRun.Refused("the file is empty", "map", "--elf", empty);
        CommandLineRun.Refused("there is no such file", "map", "--elf", folder.File("missing.elf"));
        CommandLineRun.Refused("expected it without --board and --elf", "map", "--elf", cut, "--dts", cut);
        CommandLineRun.Refused("--zones and --pool divide a board", "map", "--elf", s_firmware, "--pool", "4096");
    }
}
