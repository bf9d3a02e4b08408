using System.Reflection;
using Carveout.Board.Boards;
using Carveout.Buffers;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Tests.Movies;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>Plans for the managed heap of stock firmware: the printed code, booted, gives exactly what was planned.</summary>
[TestClass]
public sealed class StockPlanTests
{
    [TestMethod]
    [DataRow(Esp32Cam.Name, "320x240:RGB565:3 320x240:RGB565:3")]
    [DataRow(Esp32Cam.Name, "320x240:RGB565:3 640x480:RGB565:3 97x31:GREY:5")]
    [DataRow(Esp32S3.Name, "480x320:RGB565:3 800x480:RGB565:2 32x32:GREY:30")]
    [DataRow(Stm32F429Disco.Name, "320x240:YUYV:3 320x240:JPEG:3")]
    [DataRow(Stm32F769Disco.Name, "800x480:RGB565:3 640x480:YUV420:4")]
    [DataRow(null, "96x96:GREY:2 64x48:RGB565:1")]
    public void What_is_printed_boots_and_is_the_plan(string? name, string streams)
    {
        EmulatedBoard? board = name is null ? null : EmulatedBoard.Of(name);
        StockHeap heap = board is null ? new StockHeap(98304) : StockHeap.Of(board)!;
        StockPlan plan = Plans.Stock(heap, board, 16384, [BufferSpec.Of("http:1500x4")!], streams.Split(' '));
        Assert.IsTrue(plan.Fits, string.Join('\n', plan.Refusal));
        string className = ReservationCode.ClassName(plan.Layout.Board.Name);
        Type code = CompiledBoard.Compile(StockCode.Of(plan), className, typeof(MemoryMap), typeof(PageAllocator),
            typeof(CarveoutMemory), typeof(FrameBanks), typeof(BufferPool))
            .GetType(className, throwOnError: true)!;
        code.GetMethod("Reserve")!.Invoke(null, null);

        var memory = (CarveoutMemory)Field(code, "Memory");
        var banks = (ManagedMemory)memory.Memory;
        Assert.StartsWith("planned banks: ", memory.Source);
        Assert.AreEqual(plan.ReservationBytes, memory.Reservation.Taken);
        Assert.AreSequenceEqual(plan.Banks.Select(bank => bank.Bytes).ToArray(), Enumerable.Range(0, banks.BankCount).Select(banks.BankSizeAt).ToArray());
        Assert.IsTrue(plan.Banks.All(bank => bank.Bytes <= ManagedMemory.MaxBankSize && bank.Bytes - bank.UsedBytes < 2 * 4096), "nothing is wasted");
        for (int i = 0; i < plan.Streams.Count; i++)
        {
            var pool = (FramePool)Field(code, $"Stream{i + 1}");
            FrameBuffer[] frames = [.. Enumerable.Range(0, pool.Count).Select(_ => pool.Rent("test"))];
            Assert.IsTrue(pool.IsReserved, "its frames must lie in the banks");
            Assert.AreSequenceEqual(plan.Streams[i].Frames.ToArray(), frames.Select(frame => frame.Address).Order().ToArray());
            Assert.AreEqual(plan.Streams[i].Format.SizeImage, pool.Format.SizeImage);
            Assert.AreEqual(plan.Streams[i].Format.BytesPerLine, pool.Format.BytesPerLine);
            Array.ForEach(frames, frame => frame.Write(pool.Format.SizeImage - 3, [1, 2, 3], 0, 3));
        }
        var buffers = (BufferPool)Field(code, "HttpBuffers");
        Assert.AreEqual(4, buffers.Count);
        Assert.HasCount(1500, buffers.Rent("test"));
    }

    [TestMethod]
    public void The_default_is_what_the_board_s_firmware_offers()
    {
        Assert.StartsWith("esp32cam, stock firmware: fits, ", CommandLineRun.Of("plan", "--frame", "320x240:RGB565").Lines[0]);
        Assert.StartsWith("stm32h743: fits, ", CommandLineRun.Of("plan", "--board", "stm32h743", "--frame", "320x240:RGB565").Lines[0]);
        Assert.StartsWith("stm32h743, stock firmware: fits, ", CommandLineRun.Of("plan", "--stock", "--board", "stm32h743", "--frame", "320x240:RGB565").Lines[0]);
    }

    /// <summary>An application beside the banks lives on a heap that compacts.</summary>
    [TestMethod]
    public void An_application_s_worst_case_is_not_counted()
    {
        CommandLineRun run = CommandLineRun.Of("plan", "--board", "esp32cam", "--stream", "320x240:RGB565:2", "--app", "512K");
        Assert.AreEqual(0, run.ExitCode, run.Output);
        Assert.Contains("524288 bytes at one time, on the managed heap", run.Output);
        Assert.Contains("is not counted", run.Output);
        Assert.AreEqual(0, CommandLineRun.Of("plan", "--board", "esp32s3", "--stream", "320x240:RGB565:2", "--app", "1M").ExitCode);
        Assert.AreEqual(1, CommandLineRun.Of("plan", "--board", "esp32cam", "--stream", "320x240:RGB565:2", "--app", "4M").ExitCode);
    }

    [TestMethod]
    public void A_heap_needs_no_board()
    {
        CommandLineRun run = CommandLineRun.Of("plan", "--heap", "98304", "--frame", "240x240:RGB565", "--buffer", "http:1500x4", "--leave", "60K");
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("heap, stock firmware: does not fit, 115200 bytes are missing", run.Lines[0]);
        run = CommandLineRun.Of("plan", "--heap", "98304", "--buffer", "http:1500x4", "--leave", "60K");
        Assert.AreEqual(0, run.ExitCode, run.Output);
        Assert.Contains("HttpBuffers = new BufferPool(\"http\", 1500, 4);", run.Output);
        Assert.DoesNotContain("Carveout.Video", run.Output, "who has no frames needs no library of frames");
        Assert.AreEqual(1, CommandLineRun.Of("plan", "--heap", "98304", "--buffer", "http:1500x4", "--leave", "80K").ExitCode);
    }

    [TestMethod]
    public void Bitmaps_are_the_firmware_s_memory()
    {
        Assert.AreEqual(0, CommandLineRun.Of("plan", "--board", "esp32cam", "--bitmap", "320x240").ExitCode);
        CommandLineRun two = CommandLineRun.Of("plan", "--board", "esp32cam", "--bitmap", "320x240", "--bitmap", "320x240");
        Assert.AreEqual(1, two.ExitCode);
        Assert.Contains("bitmaps need 307200 bytes of the firmware's own memory, esp-idf-psram has 262144: 45056 bytes are missing there", two.Output);
    }

    [TestMethod]
    public void The_application_has_what_is_left_and_no_byte_less()
    {
        StockHeap heap = StockHeap.Of(Esp32Cam.Name)!;
        StockPlan plan = Plans.Stock(heap, Esp32Cam.Name, 0, [], "320x240:RGB565:3");
        Assert.IsTrue(Plans.Stock(heap, Esp32Cam.Name, plan.Left, [], "320x240:RGB565:3").Fits);
        StockPlan more = Plans.Stock(heap, Esp32Cam.Name, plan.Left + 1, [], "320x240:RGB565:3");
        Assert.IsFalse(more.Fits);
        Assert.AreEqual(1, more.MissingBytes);
        Assert.Contains(one => one.Change == "less left to the application", more.Alternatives);
    }

    [TestMethod]
    [DataRow("--heap", "98304")]
    [DataRow("--board", "esp32cam")]
    public void Such_a_plan_plays(string option, string value)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("plan.json");
        CommandLineRun plan = CommandLineRun.Of("plan", option, value, "--stream", "96x96:GREY:3", "--stream", "64x48:RGB565:1", "--out", file);
        Assert.AreEqual(0, plan.ExitCode, plan.Output + plan.Error);
        CommandLineRun play = CommandLineRun.Of("play", "--plan", file, "--hours", "0.1");
        Assert.AreEqual(0, play.ExitCode, play.Output + play.Error);
        Assert.AreEqual($"played 6 loops, {6 * 59 * 60} frames, no failure", play.Lines[^1]);
        // A bank that is too small for its planned frames.
        File.WriteAllText(file, File.ReadAllText(file).Replace($"\"bytes\": {BankBytes(file)},", "\"bytes\": 8192,"));
        play = CommandLineRun.Of("play", "--plan", file, "--hours", "0.1");
        Assert.AreEqual(3, play.ExitCode, play.Output + play.Error);
        Assert.Contains("the banks, 8192 bytes, do not hold the frames", play.Error);
    }

    /// <summary>If one array of 80 KB is refused but two of 40 KB are not, two frames of 40 KB fit.</summary>
    [TestMethod]
    public void Frames_lie_in_banks_of_their_own_size()
    {
        CarveoutMemory memory = FrameBanks.Reserve([40960, 45056]);
        FramePool pool = memory.CreatePool(new VideoFormat(160, 128, PixelFormat.RGB565), 2, "screen");
        Assert.IsTrue(pool.IsReserved);
        using FrameBuffer first = pool.Rent("test"), second = pool.Rent("test");
        Assert.AreNotEqual(first.Address >> 20, second.Address >> 20, "each in a bank of its own");
    }

    [TestMethod]
    public void Banks_that_cannot_be_are_refused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => FrameBanks.Reserve(null!));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FrameBanks.Reserve([]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FrameBanks.Reserve([4096], -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FrameBanks.Reserve([8192, 5000]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FrameBanks.Reserve([786432]));
        Assert.Contains("bank 1 of 5000 bytes: expected whole pages",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FrameBanks.Reserve([8192, 5000])).Message);
    }

    private static string BankBytes(string file) =>
        System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file))!["banks"]![0]!["bytes"]!.ToJsonString();

    private static object Field(Type type, string name) => type.GetField(name, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
