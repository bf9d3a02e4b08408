using System.Text.Json;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Tests.Maps;

/// <summary><c>carveout map</c> for the shipped boards, the examples, and wrong arguments.</summary>
[TestClass]
public sealed class MapCommandTests
{
    private const char Escape = '\x1b';

    public static IEnumerable<object[]> BoardsAndDivisions =>
        from board in BoardCatalog.Names()
        from zones in new[] { "single", "split" }
        from pool in new[] { "0", "1", "4096", "50000", "64K" }
        select new object[] { board, zones, pool };

    public static IEnumerable<object[]> BoardNames => BoardCatalog.Names().Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(BoardsAndDivisions))]
    public void EveryBoardIsWithoutFaults(string board, string zones, string pool)
    {
        CommandLineRun run = CommandLineRun.Of("map", "--board", board, "--zones", zones, "--pool", pool);

        Assert.AreEqual("", run.Error);
        Assert.AreEqual(0, run.ExitCode, run.Output);
        Assert.AreEqual("no faults", run.Lines[^1]);
        Assert.StartsWith(board + ": ", run.Lines[0]);
        Assert.AreEqual(pool != "0", run.Output.Contains("  " + BoardCatalog.PoolName), "the pool's line");
    }

    [TestMethod]
    [DynamicData(nameof(BoardNames))]
    public void WhatIsWithoutFaultsBoots(string board)
    {
        foreach (ZoneLayout layout in Enum.GetValues<ZoneLayout>())
        {
            foreach (PageMapKind pages in Enum.GetValues<PageMapKind>())
            {
                MemoryMap map = BoardCatalog.Create(board, layout, pages, 65536);
                Assert.IsEmpty(map.Validate(), $"{layout}, {pages}");
                Assert.AreEqual(map.ZoneCount, PageAllocator.Boot(map, null!, null!).ZoneCount);
            }
        }
    }

    [TestMethod]
    public void TheTableIsInOrderOfAddressAndSaysWhatIsLeft()
    {
        CommandLineRun run = CommandLineRun.Of("map", "--board", "esp32cam", "--zones", "single");

        string[] table = [.. run.Lines.SkipWhile(line => !line.StartsWith("Name")).Skip(2).TakeWhile(line => line.Length > 0)];
        string[] expected =
        [
            "PSRAM 0x3f800000 0x3fbfffff 4 MB PSRAM none 32 B",
            "clr-heap 0x3f800000 0x3f8bffff 768 KB reserved",
            "esp-idf-psram 0x3f8c0000 0x3f8fffff 256 KB reserved",
            "NORMAL 0x3f900000 0x3fbfffff 3 MB NORMAL zone grouped",
            "DRAM 0x3ffae000 0x3fffffff 328 KB SRAM general none",
            "esp-idf 0x3ffae000 0x3ffdffff 200 KB reserved",
            "camera-dma-ring 0x3ffe0000 0x3ffe7fff 32 KB reserved",
            "spi-staging 0x3ffe8000 0x3ffebfff 16 KB reserved",
            "unassigned 0x3ffec000 0x3fffffff 80 KB",
            "IRAM 0x40080000 0x4009ffff 128 KB instr. RAM none none",
            "unassigned 0x40080000 0x4009ffff 128 KB",
        ];
        IEnumerable<string> actual = table.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.AreSequenceEqual(expected, actual.ToArray());
    }

    [TestMethod]
    public void EntriesAreSortedHoweverTheFileHasThem()
    {
        using TemporaryMap file = TemporaryMap.With(
            reservations: """
                { "name": "top", "start": "0x20030000", "size": "64K" },
                { "name": "low", "start": "0x20000000", "size": "64K" }
                """,
            zones: """{ "name": "N", "kind": "normal", "start": "0x20020000", "size": "64K" }""");
        CommandLineRun run = CommandLineRun.Of("map", "--file", file.Path);

        string[] names = [.. run.Lines.Where(line => line.Contains(" 0x")).Select(line => line.TrimStart().Split(' ')[0])];
        Assert.AreSequenceEqual(new[] { "CCM", "unassigned", "SRAM", "low", "unassigned", "N", "top" }, names);
        Assert.MatchesRegex(
            @"\nCCM   ·+ unassigned ·+   64 KB\nSRAM  ░+ low ░+·+ unassigned ·+▒+ N ▒+░+ top ░+  256 KB\n", run.Output);
    }

    [TestMethod]
    [DynamicData(nameof(BoardNames))]
    [DoNotParallelize]
    public void RedirectedOutputIsPlainTextOfEightyColumns(string board)
    {
        string? before = Environment.GetEnvironmentVariable("GITHUB_ACTIONS");
        try
        {
            // Spectre.Console switches colours on if it sees this.
            Environment.SetEnvironmentVariable("GITHUB_ACTIONS", "true");
            CommandLineRun run = CommandLineRun.Of("map", "--board", board);

            Assert.DoesNotContain(Escape, run.Output);
            Assert.DoesNotContain('\r', run.Output);
            foreach (string line in run.Lines)
            {
                Assert.IsLessThanOrEqualTo(80, line.Length, line);
                Assert.AreEqual(line.TrimEnd(), line);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("GITHUB_ACTIONS", before);
        }
    }

    [TestMethod]
    public void WithoutABoardAllAreListed()
    {
        CommandLineRun run = CommandLineRun.Of("map");

        Assert.AreEqual(0, run.ExitCode);
        foreach (string board in BoardCatalog.Names())
        {
            string line = run.Lines.Single(line => line.StartsWith(board + " "));
            Assert.EndsWith("no faults", line);
        }
        Assert.MatchesRegex(@"stm32f769-disco +4 +16\.5 MB +DMA [\d.]+ MB, NORMAL [\d.]+ MB +no faults", run.Output);
    }

    /// <summary>A file says what its zones' maps are, and only who owns the program knows how frames will be taken.</summary>
    [TestMethod]
    public void Exact_runs_out_of_a_zone_of_blocks_are_a_warning_where_they_are_meant()
    {
        string blocks = CommandLineRun.Of("map", "--board", "stm32h743", "--zones", "split", "--json").Output;
        using TemporaryMap file = new(blocks), runs = new(blocks.Replace("\"groupedFreeBlocks\"", "\"runs\"", StringComparison.Ordinal));

        CommandLineRun warned = CommandLineRun.Of("map", "--board", file.Path, "--tail", "exact");
        Assert.AreEqual(0, warned.ExitCode);
        Assert.Contains("no faults, 1 warning", warned.Output);
        Assert.Contains("zone DMA has a map of blocks (groupedFreeBlocks)", warned.Lines.Single(line => line.StartsWith("zone DMA has", StringComparison.Ordinal)));
        using JsonDocument json = JsonDocument.Parse(CommandLineRun.Of("map", "--file", file.Path, "--tail", "exact", "--json").Output);
        Assert.AreEqual(1, json.RootElement.GetProperty("warnings").GetArrayLength());
        foreach (string[] fine in (string[][])[["--board", runs.Path, "--tail", "exact"], ["--board", file.Path], ["--board", "stm32h743", "--tail", "exact"],
            ["--board", file.Path, "--tail", "trim"]])
        {
            Assert.DoesNotContain("map of blocks", CommandLineRun.Of(["map", .. fine]).Output, string.Join(' ', fine));
        }
    }

    [TestMethod]
    [DynamicData(nameof(BoardsAndDivisions))]
    public void WhatJsonPrintsFileReads(string board, string zones, string pool)
    {
        CommandLineRun printed = CommandLineRun.Of("map", "--board", board, "--zones", zones, "--pool", pool, "--json");
        using var file = new TemporaryMap(printed.Output);
        CommandLineRun read = CommandLineRun.Of("map", "--file", file.Path, "--json");

        Assert.AreEqual("", printed.Error + read.Error);
        Assert.AreEqual(0, read.ExitCode);
        Assert.AreEqual(printed.Output, read.Output);
        Assert.AreEqual(
            CommandLineRun.Of("map", "--board", board, "--zones", zones, "--pool", pool).Output, CommandLineRun.Of("map", "--file", file.Path).Output);
    }

    [TestMethod]
    public void JsonHasEveryNumberOfTheMap()
    {
        CommandLineRun run = CommandLineRun.Of("map", "--board", "stm32h743", "--zones", "split", "--pool", "64K", "--json");
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement root = json.RootElement;

        // There is no stock firmware for a chip.
        Assert.AreSequenceEqual((string[])["name", "pageSize", "regions", "reservations", "zones", .. MapReader.BoardKeys.Except(["firmware"]), "faults",
            "warnings"], Keys(root));
        Assert.AreEqual("stm32h743", root.GetProperty("name").GetString());
        Assert.AreEqual(4096, root.GetProperty("pageSize").GetInt32());
        Assert.AreEqual(0, root.GetProperty("faults").GetArrayLength());
        Assert.AreEqual(
            """{ "name": "AXI-SRAM", "start": "0x24000000", "size": 524288, "kind": "sram", "dma": ["general"], "cacheLine": 32 }""",
            root.GetProperty("regions")[1].GetRawText());
        Assert.AreEqual(
            """{ "name": "frame-pool", "start": "0x24070000", "size": 65536 }""", root.GetProperty("reservations")[1].GetRawText());
        JsonElement zone = root.GetProperty("zones")[0];
        Assert.AreSequenceEqual(new[] { "name", "kind", "start", "size", "engines", "map" }, Keys(zone));
        Assert.AreEqual("groupedFreeBlocks", zone.GetProperty("map").GetString());
    }

    [TestMethod]
    public void WithoutABoardJsonIsAnArrayOfAll()
    {
        using JsonDocument json = JsonDocument.Parse(CommandLineRun.Of("map", "--json").Output);

        Assert.AreSequenceEqual(
            BoardCatalog.Names(), json.RootElement.EnumerateArray().Select(map => map.GetProperty("name").GetString()).ToArray());
    }

    [TestMethod]
    public void TheFaultyExampleIsRefusedWithItsNumbers()
    {
        CommandLineRun run = CommandLineRun.Of("map", "--file", Example("stm32f429-disco-faulty.json"));

        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Error);
        Assert.AreEqual("1 fault:", run.Lines[^2]);
        Assert.AreEqual(
            "reservation graphics_ram 0xd0d00000-0xd0f447ff (2377728 bytes) lies where the chip has no memory: "
                + "region SDRAM 0xd0000000-0xd07fffff (8388608 bytes) ends before it",
            run.Lines[^1]);
        Assert.MatchesRegex(@"\noutside +!+ graphics_ram !+ +2\.2 MB\n", run.Output);
    }

    [TestMethod]
    public void AFaultyMapIsReadAgainFromItsJsonWithTheSameFaults()
    {
        CommandLineRun first = CommandLineRun.Of("map", "--json", "--file", Example("stm32f429-disco-faulty.json"));
        using var file = new TemporaryMap(first.Output);
        CommandLineRun second = CommandLineRun.Of("map", "--json", "--file", file.Path);

        Assert.AreEqual(1, first.ExitCode);
        Assert.AreEqual(1, second.ExitCode);
        Assert.Contains("\"kind\": \"outOfChip\"", first.Output);
        Assert.AreEqual(first.Output, second.Output);
    }

    [TestMethod]
    public void TheExampleWithABusOfItsOwnHasNoFault()
    {
        Assert.AreEqual(0, CommandLineRun.Of("map", "--file", Example("bcm2835-window.json")).ExitCode);
        Assert.AreEqual(0xC0000000u, BoardFile.Read(Example("bcm2835-window.json")).Map.RegionAt(0).BusStart);
    }

    [TestMethod]
    public void TheTwoBanksAreThoseOfManagedMemory()
    {
        Assert.AreEqual(0, CommandLineRun.Of("map", "--file", Example("two-banks.json")).ExitCode);
        MemoryMap map = BoardFile.Read(Example("two-banks.json")).Map;

        var memory = new ManagedMemory(map.RegionAt(0).Start, map.RegionCount * ManagedMemory.MaxBankSize);
        Assert.AreEqual(map.RegionCount, memory.BankCount);
        for (int i = 0; i < memory.BankCount; i++)
        {
            Assert.AreEqual(memory.BankStartAt(i), map.RegionAt(i).Start);
            Assert.AreEqual(memory.BankSizeAt(i), (int)map.RegionAt(i).Size);
        }
        Assert.AreEqual(2, PageAllocator.Boot(map, memory, null!).ZoneCount);
    }

    [TestMethod]
    [DataRow("--board stm32f7: expected esp32cam, ", new[] { "map", "--board", "stm32f7" })]
    [DataRow("--board : expected esp32cam, ", new[] { "map", "--board", "" })]
    [DataRow("--board and --file: expected one of them", new[] { "map", "--board", "esp32cam", "--file", "map.json" })]
    [DataRow("--zones and --pool divide a board", new[] { "map", "--file", "map.json", "--zones", "single" })]
    [DataRow("--zones and --pool divide a board", new[] { "map", "--file", "map.json", "--pool", "0" })]
    [DataRow("1073741824 bytes of pool: stm32f746 has ", new[] { "map", "--board", "stm32f746", "--pool", "1G" })]
    [DataRow("2147483647 bytes of pool: esp32cam has ", new[] { "map", "--pool", "2147483647" })]
    [DataRow("--pool 2147483648: expected a size from 0 to 2147483647 bytes", new[] { "map", "--board", "esp32cam", "--pool", "2147483648" })]
    [DataRow("--pool -1: expected a size from 0 to 2147483647 bytes", new[] { "map", "--board", "esp32cam", "--pool", "-1" })]
    [DataRow("--pool 1.5M: expected a size from 0 to 2147483647 bytes", new[] { "map", "--board", "esp32cam", "--pool", "1.5M" })]
    [DataRow("--zones three: expected single, split", new[] { "map", "--board", "esp32cam", "--zones", "three" })]
    [DataRow("Required argument missing for option: '--file'", new[] { "map", "--file" })]
    [DataRow("map esp32cam: expected map --board esp32cam\n", new[] { "map", "esp32cam" })]
    [DataRow("map esp32cam: expected map --board esp32cam\n", new[] { "map", "esp32cam", "stm32h743", "--pool", "64K" })]
    [DataRow("--board: the name of the file is empty", new[] { "map", "--file", "" })]
    public void BadUsageIsSaidOnStandardErrorWithExitCode2(string expected, string[] arguments)
    {
        CommandLineRun run = CommandLineRun.Of(arguments);

        Assert.AreEqual(2, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual("", run.Output);
        Assert.StartsWith(expected, run.Error);
        Assert.DoesNotContain("Parameter", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    private static string[] Keys(JsonElement value) => [.. value.EnumerateObject().Select(member => member.Name)];

    private static string Example(string name) => Path.Combine(Checkout.Folder, "examples", name);
}
