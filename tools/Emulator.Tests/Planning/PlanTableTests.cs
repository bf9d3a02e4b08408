using System.Globalization;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>The table in docs/plan.md: twelve boards, six sets of streams, each judged as the command judges it.</summary>
[TestClass]
public sealed class PlanTableTests
{
    private const string Begin = "<!-- table: begin -->\n", End = "<!-- table: end -->";

    private static readonly string[] s_sets =
    [
        "320x240:RGB565:2", "320x240:RGB565:3", "320x240:RGB565:3 320x240:RGB565:3", "640x480:JPEG:3", "96x96:GREY:2", "640x480:YUYV:2",
    ];

    private static readonly string[] s_files = ["esp32.json", "esp32c3.json", "esp32p4.json", "rp2350-psram.json"];

    private static readonly string s_document = Path.Combine(Checkout.Folder, "docs", "plan.md");

    private static IEnumerable<EmulatedBoard> Boards =>
    [
        .. BoardCatalog.Names().Select(EmulatedBoard.Of),
        .. s_files.Select(file => EmulatedBoard.Of(Path.Combine(Checkout.Folder, "examples", "boards", file))),
        new StockHeap(96 * 1024).ToBoard(),
    ];

    /// <summary>CARVEOUT_RECORD=1 writes the table again.</summary>
    [TestMethod]
    public void The_document_has_the_table_as_it_is()
    {
        string document = File.ReadAllText(s_document).ReplaceLineEndings("\n");
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = document.IndexOf(End, StringComparison.Ordinal);
        string now = document[..begin] + Table() + document[end..];
        if (TestSeed.IsRecording)
        {
            File.WriteAllText(s_document, now);
            return;
        }
        Assert.AreEqual(now, document, "docs/plan.md: CARVEOUT_RECORD=1 records it anew");
    }

    /// <summary>Each plan of the table that fits is played. All its buffers are taken at once; each has its own memory, outside all
    /// zones.</summary>
    [TestMethod]
    public void Every_plan_that_fits_gives_all_its_buffers()
    {
        foreach (PlanAnswer answer in Boards.SelectMany(board => s_sets.Select(set => Of(board, set))).Where(answer => answer.Fits))
        {
            BootLayout layout = answer is StockPlan stock ? stock.Layout : ((Plan)answer).Layout;
            MemoryMap map = layout.CreateMap();
            var memory = new EmulatedMemory(map);
            ReservedPool[][] pools = layout.CreatePools(map, PageAllocator.Boot(map, memory, null!), memory);
            (uint Start, uint End)[] buffers = [.. pools.SelectMany((of, i) => of.SelectMany(pool => Enumerable.Range(0, pool.Count)
                .Select(_ => pool.Alloc()).Select(start => (start, start + (uint)layout.Streams[i].Format(layout.LineAlignment).SizeImage))))
                .OrderBy(buffer => buffer.Item1)];
            Assert.HasCount(layout.Streams.Sum(stream => stream.Buffers), buffers);
            Assert.IsTrue(buffers.Zip(buffers.Skip(1)).All(pair => pair.First.End <= pair.Second.Start), $"{layout.Board}: buffers overlap");
            for (int i = 0; i < map.ZoneCount; i++)
            {
                ZonePlan zone = map.ZoneAt(i);
                Assert.DoesNotContain(buffer => buffer.Start < zone.Start + zone.Size && zone.Start < buffer.End, buffers, $"{layout.Board}: {zone.Name}");
            }
            Assert.IsTrue(buffers.All(buffer => map.FindReservation(buffer.Start) is not null), $"{layout.Board}: in no reservation");
        }
    }

    [TestMethod]
    [DataRow("stm32h743", 1)]
    [DataRow("esp32cam", 2)]
    [DataRow("stm32f769-disco", 5)]
    public void Such_a_plan_plays(string board, int set)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("plan.json");
        CommandLineRun plan = CommandLineRun.Of(["plan", "--board", board, "--out", file,
            .. s_sets[set].Split(' ').SelectMany(stream => new[] { "--stream", stream })]);
        Assert.AreEqual(0, plan.ExitCode, plan.Output + plan.Error);
        CommandLineRun play = CommandLineRun.Of("play", "--plan", file, "--hours", "0.2");
        Assert.AreEqual(0, play.ExitCode, play.Error);
        Assert.EndsWith("no failure", play.Lines[^1]);
    }

    private static string Table()
    {
        IEnumerable<string> rows = Boards.Select(board => $"| {board.Name}{(board.Firmware is null && !StockHeap.IsBoard(board) ? "" : ", stock")} | "
            + string.Join(" | ", s_sets.Select(set => Cell(Of(board, set)))) + " |\n");
        return $"| board | {string.Join(" | ", s_sets.Select(set => set.Replace(" ", ", ")))} |\n|---|{string.Concat(s_sets.Select(_ => "---|"))}\n"
            + string.Concat(rows);
    }

    private static string Cell(PlanAnswer answer) => !answer.Fits ? string.Create(CultureInfo.InvariantCulture, $"no: {answer.MissingBytes:#,0} missing")
        : answer is Plan plan ? string.Join(" + ", plan.Board.Parts.Select(part => string.Create(CultureInfo.InvariantCulture,
            $"{part.Reservation.Size:#,0} in {plan.RegionOf(part).Name}")))
        : answer is StockPlan { Banks: var banks } ? string.Create(CultureInfo.InvariantCulture, $"{answer.ReservationBytes:#,0} in {banks.Count} ")
            + (banks.Count == 1 ? "bank" : "banks") : "";

    /// <summary>The request of the command line, with its defaults.</summary>
    private static PlanAnswer Of(EmulatedBoard board, string set)
    {
        PlanRequest request = Plans.Request(board, set.Split(' '));
        StockHeap? heap = StockHeap.IsBoard(board) ? new StockHeap(board.Main.Size) : board.Firmware is null ? null : StockHeap.Of(board);
        return Planner.Run(heap is null ? request : request with { Stock = new StockNeeds(heap, heap.DefaultLeave(board), [], []) }, _ => { }, default);
    }
}
