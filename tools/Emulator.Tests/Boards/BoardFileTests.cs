using System.Text.Json;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Tests.Maps;
using Carveout.Emulator.Tests.Planning;
using Json.Schema;

namespace Carveout.Emulator.Tests.Boards;

/// <summary>A board from a file is a board: what is printed of the shipped boards reads back to the same, and every command accepts
/// it.</summary>
[TestClass]
public sealed class BoardFileTests
{
    /// <summary>A board with only the required members.</summary>
    private const string Small = """
        {
          "name": "mini",
          "regions": [ { "name": "RAM", "start": "0x20000000", "size": "1M", "kind": "sram", "dma": "general" } ],
          "reservations": [ { "name": "clr-heap", "start": "0x20000000", "size": "256K" } ]
        }
        """;

    private static readonly JsonSchema s_schema =
        JsonSchema.FromText(File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "board.schema.json")));

    public static IEnumerable<object[]> Shipped => BoardCatalog.Names().Select(name => new object[] { name });

    public static IEnumerable<object[]> Examples =>
        Directory.GetFiles(Path.Combine(Checkout.Folder, "examples", "boards"), "*.json").Select(path => new object[] { Path.GetFileName(path) });

    [TestMethod]
    [DynamicData(nameof(Shipped))]
    public void What_a_shipped_board_prints_is_as_the_schema_says_and_reads_back_to_the_same_board(string name)
    {
        string json = CommandLineRun.Of("map", "--board", name, "--json").Output;
        Assert.AreEqual("", Violations(json));
        using var file = new TemporaryMap(json);
        EmulatedBoard board = BoardFile.Read(file.Path).Board, shipped = name;

        Assert.AreEqual(string.Join('\n', BoardJson.Members(shipped)), string.Join('\n', BoardJson.Members(board)));
        Assert.AreEqual(shipped.CanPool, board.CanPool);
        foreach (PageMapKind pages in Enum.GetValues<PageMapKind>())
        {
            foreach (int pool in new[] { 0, 4096, 100_000 })
            {
                AssertSame(shipped.CreateMap(ZoneLayout.Split, pages, pool), board.CreateMap(ZoneLayout.Split, pages, pool));
                AssertSame(shipped.CreateMap(ZoneLayout.Single, pages, pool), board.CreateMap(ZoneLayout.Single, pages, pool));
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Shipped))]
    public void The_class_of_a_board_compiles_and_makes_the_same_maps(string name)
    {
        string code = CommandLineRun.Of("map", "--board", name, "--csharp").Output;
        CompiledBoard compiled = CompiledBoard.Of(code, ReservationCode.Identifier(name));
        foreach (ZoneLayout layout in Enum.GetValues<ZoneLayout>())
        {
            AssertSame(BoardCatalog.Create(name, layout, PageMapKind.Runs, 8192), compiled.Create(layout, PageMapKind.Runs, 8192));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void A_board_that_ships_as_a_file_is_as_the_schema_says_and_has_no_fault(string name)
    {
        string path = Path.Combine(Checkout.Folder, "examples", "boards", name);
        Assert.AreEqual("", Violations(File.ReadAllText(path)));
        BoardFile file = BoardFile.Read(path);
        Assert.AreEqual("", string.Join('\n', file.Faults.Select(fault => fault.Text)));
        foreach (ZoneLayout layout in Enum.GetValues<ZoneLayout>())
        {
            MemoryMap map = file.Board.CreateMap(layout, PageMapKind.GroupedFreeBlocks, 8192);
            Assert.AreEqual("", string.Join('\n', map.Validate().Select(fault => fault.Text)));
        }
        CommandLineRun run = CommandLineRun.Of("play", "--board", path, "--hours", "0.05");
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
    }

    /// <summary>What is printed of a file fits the schema and reads back to the same board.</summary>
    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void A_board_that_ships_as_a_file_is_printed_and_reads_back_to_the_same(string name)
    {
        string path = Path.Combine(Checkout.Folder, "examples", "boards", name), json = CommandLineRun.Of("map", "--board", path, "--json").Output;
        Assert.AreEqual("", Violations(json));
        using var file = new TemporaryMap(json);
        EmulatedBoard expected = BoardFile.Read(path).Board, actual = BoardFile.Read(file.Path).Board;
        Assert.AreEqual(string.Join('\n', BoardJson.Members(expected)), string.Join('\n', BoardJson.Members(actual)));
        foreach (ZoneLayout layout in Enum.GetValues<ZoneLayout>())
        {
            AssertSame(expected.CreateMap(layout, PageMapKind.Runs, 8192), actual.CreateMap(layout, PageMapKind.Runs, 8192));
        }
    }

    /// <summary>A map with faults is printed with them, fits the schema, and is refused with the same words when it is read
    /// again.</summary>
    [TestMethod]
    [DataRow("\"0x20000000\", \"size\": \"256K\"", "\"0x20000000\", \"size\": \"2M\"", "does not lie inside one region")]
    [DataRow("\"0x20000000\", \"size\": \"256K\"", "\"0x60000000\", \"size\": \"256K\"", "lies where the chip has no memory")]
    [DataRow("\"size\": \"1M\"", "\"size\": 0", "has size 0")]
    [DataRow("\"dma\": \"general\"", "\"cacheLine\": 48", "has cache lines of 48 bytes")]
    [DataRow("\"0x20000000\", \"size\": \"1M\"", "\"0xFFFFF000\", \"size\": \"1M\"", "ends beyond the 32-bit address space")]
    public void A_faulty_map_goes_through_the_schema_and_back_with_its_faults(string right, string wrong, string fault)
    {
        using var file = new TemporaryMap(Small.Replace(right, wrong));
        CommandLineRun first = CommandLineRun.Of("map", "--board", file.Path, "--json");
        Assert.AreEqual(1, first.ExitCode, first.Error);
        Assert.Contains(fault, first.Output);
        Assert.AreEqual("", Violations(first.Output));
        using var again = new TemporaryMap(first.Output);
        CommandLineRun second = CommandLineRun.Of("map", "--board", again.Path, "--json");
        Assert.AreEqual(first.Output, second.Output);
        Assert.AreEqual(1, second.ExitCode);
        CommandLineRun.Refused(fault, "play", "--board", again.Path);
    }

    [TestMethod]
    public void Every_command_takes_a_board_of_few_lines()
    {
        using var file = new TemporaryMap(Small);
        using TemporaryMap plan = new(""), trace = new("a 1 700000 1\nf 1\n");
        string[][] commands =
        [
            ["map", "--board", file.Path], ["play", "--board", file.Path, "--hours", "0.1"],
            ["play", "--board", file.Path, "--hours", "0.02", "--camera", "ov7670", "--frame", "96x96"],
            ["plan", "--board", file.Path, "--stream", "160x120:RGB565:3", "--out", plan.Path], ["play", "--plan", plan.Path, "--hours", "0.1"],
            ["demo", "--board", file.Path], ["app", "--board", file.Path, "--minutes", "1"],
            ["replay", "--board", file.Path, "--trace", trace.Path], ["investigate", "--board", file.Path, "--trace", trace.Path], ["investigate", "--board", file.Path, "--hours", "0.1", "--seeds", "1"],
        ];
        foreach (string[] command in commands)
        {
            CommandLineRun run = CommandLineRun.Of(command);
            Assert.AreEqual(0, run.ExitCode, string.Join(' ', command) + run.Output + run.Error);
        }
        Assert.AreEqual(0xC0000u, BoardFile.Read(file.Path).Memory.Size);
        string replay = CommandLineRun.Of("replay", "--board", file.Path, "--trace", trace.Path, "--tail", "exact").Output;
        Assert.Contains("768 KB in pages of 4 KB", replay);
    }

    [TestMethod]
    public void A_pool_in_a_file_is_planned_anew()
    {
        using var file = new TemporaryMap(CommandLineRun.Of("map", "--board", "stm32f746", "--pool", "64K", "--json").Output);
        EmulatedBoard shipped = "stm32f746";
        AssertSame(shipped.CreateMap(ZoneLayout.Single, PageMapKind.Runs, 4096), BoardFile.Read(file.Path).Board.CreateMap(ZoneLayout.Single, PageMapKind.Runs, 4096));
    }

    /// <summary>The code of a plan refers to the class of its board.</summary>
    [TestMethod]
    public void A_plan_of_a_file_names_the_class_that_map_prints()
    {
        using var file = new TemporaryMap(Small);
        string board = CommandLineRun.Of("map", "--board", file.Path, "--csharp").Output;
        string plan = CommandLineRun.Of("plan", "--board", file.Path, "--stream", "160x120:RGB565:3").Output;
        CompiledBoard compiled = CompiledBoard.Of(board + plan[plan.IndexOf("namespace", StringComparison.Ordinal)..], "MiniPlan");
        Assert.AreEqual((uint)compiled["Stream1Start"], compiled.Create().FindReservation(BoardCatalog.PoolName)!.Start);
    }

    [TestMethod]
    [DataRow("\"movie\": { \"width\": 96 }", ":3: movie: a movie needs the key \"height\"")]
    [DataRow("\"movie\": { \"width\": 96, \"height\": 0 }", ":3: movie.height: 0 is not a whole number from 1 to 16384")]
    [DataRow("\"movie\": { \"width\": 96, \"height\": 96, \"buffers\": 31 }", ":3: movie.buffers: 31 is not a whole number from 2 to 30")]
    [DataRow("\"movie\": [96, 96]", ":3: movie: expected an object, found an array")]
    [DataRow("\"displays\": []", ":3: displays: expected one or more of ltdc, ipu, spi, each once")]
    [DataRow("\"displays\": [\"spi\", \"spi\"]", ":3: displays: expected one or more of ltdc, ipu, spi, each once")]
    [DataRow("\"displays\": [\"hdmi\"]", ":3: displays[0]: \"hdmi\" is none of ltdc, ipu, spi")]
    [DataRow("\"cameras\": \"ov2640\"", ":3: cameras: expected an array, found \"ov2640\"")]
    [DataRow("\"dma\": { \"engine\": \"dma2d\" }", ":3: dma.engine: \"dma2d\" is none of none, general, ")]
    [DataRow("\"dma\": { \"engine\": \"none\" }", ":3: dma.engine: expected the engine that moves pixels, not none")]
    [DataRow("\"dma\": { \"engine\": \"gdma\", \"maxSegment\": 4 }", ":3: dma.maxSegment: 4 is not a whole number from 64 to ")]
    [DataRow("\"application\": { \"leek\": 4 }", ":3: application.leek: unknown key; an application has resident, churn, churnLife, leak")]
    [DataRow("\"dataCache\": \"lots\"", ":3: dataCache: \"lots\" is not a whole number from 1024 to 1048576")]
    [DataRow("\"pageSize\": 8192", ":3: pageSize: 8192: the commands other than map expected 4096")]
    public void What_is_wrong_is_named_with_file_line_and_key(string member, string expected)
    {
        using var file = new TemporaryMap(Small.Replace("\"name\": \"mini\",", "\"name\": \"mini\",\n" + member + ","));
        CommandLineRun run = CommandLineRun.Of("plan", "--board", file.Path, "--stream", "96x96:RGB565:2");
        Assert.AreEqual(2, run.ExitCode, run.Output);
        Assert.StartsWith(file.Path + expected, run.Error);
    }

    [TestMethod]
    public void What_no_command_can_use_is_refused()
    {
        Refuse(Small.Replace("256K", "1M"), ": no zone, and no page of a region is left for one");
        Refuse(Small.Replace("256K", "2M"), ": reservation clr-heap 0x20000000-0x201fffff (2097152 bytes) does not lie inside one region");
        CommandLineRun.Refused("missing.json", "play", "--board", "missing.json");
        using var wide = new TemporaryMap(Small.Replace("\"name\": \"mini\",", "\"name\": \"mini\", \"movie\": { \"width\": 640, \"height\": 480 },"));
        CommandLineRun.Refused("3 frames of 640x480 take 1843200 bytes, the board has 782336 for them", "app", "--board", wide.Path);
        CommandLineRun.Refused("mini has no display", "app", "--board", wide.Path, "--png", "shots");
        CommandLineRun.Refused("--board and --arena: expected one of them", "replay", "--board", wide.Path, "--arena", "1M", "--trace", "none");
        using var huge = new TemporaryMap(Small.Replace("\"1M\"", "\"3G\""));
        CommandLineRun.Refused("its main memory has 3220963328 bytes, an arena at most 2147483647", "replay", "--board", huge.Path, "--trace", "none");

        static void Refuse(string text, string expected)
        {
            using var file = new TemporaryMap(text);
            CommandLineRun.Refused(expected, "play", "--board", file.Path);
        }
    }

    /// <summary>If the reader refuses a type, a word or a key, an editor marks it, too.</summary>
    [TestMethod]
    [DataRow("\"name\": \"mini\",", "")]
    [DataRow("\"kind\": \"sram\"", "\"kind\": \"flash\"")]
    [DataRow("\"dma\": \"general\"", "\"dma\": \"dma2\"")]
    [DataRow("\"size\": \"1M\"", "\"size\": \"1 MB\"")]
    [DataRow("\"size\": \"1M\"", "\"sise\": \"1M\"")]
    public void A_faulty_file_is_refused_by_the_schema_and_by_the_reader(string right, string wrong)
    {
        string text = Small.Replace(right, wrong);
        Assert.AreNotEqual("", Violations(text));
        using var file = new TemporaryMap(text);
        Assert.ThrowsExactly<UsageException>(() => BoardFile.Read(file.Path));
    }

    private static string Violations(string json)
    {
        using JsonDocument document = JsonDocument.Parse(
            json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        EvaluationResults results = s_schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid ? "" : "not valid " + string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is { Count: > 0 })
            .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}"));
    }

    private static void AssertSame(MemoryMap expected, MemoryMap actual) =>
        Assert.AreEqual(MapWriter.ToJson(expected, expected.Validate()), MapWriter.ToJson(actual, actual.Validate()));
}
