using Carveout.Board.Boards;

namespace Carveout.Emulator.Tests.Demo;

[TestClass]
public sealed class DemoCommandTests
{
    public static IEnumerable<object[]> Boards => from name in BoardCatalog.Names() select new object[] { name };

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void Every_board_ends_as_it_began(string board)
    {
        CommandLineRun run = CommandLineRun.Of("demo", "--board", board);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        Assert.Contains("buddyinfo is what it was at boot, byte for byte:", run.Output);
        Assert.StartsWith($"1. {board} at boot", run.Output);
    }

    [TestMethod]
    public void Prints_each_call_with_its_result_and_the_lines_that_it_changed()
    {
        CommandLineRun run = CommandLineRun.Of("demo", "--board", "stm32f769-disco");
        int call = Array.IndexOf(run.Lines, "   block = pages.AllocPages(GfpFlags.Kernel, 2, camera);  // 0xc0bfc000");
        Assert.IsGreaterThan(0, call);
        Assert.AreEqual(
            "    - Node 0, zone   NORMAL      0      0      0      0      0      0      0      0      1      0      1", run.Lines[call + 1]);
        Assert.AreEqual(
            "    + Node 0, zone   NORMAL      0      0      1      1      1      1      1      1      0      0      1", run.Lines[call + 2]);
        Assert.Contains("   kmalloc.Ksize(text);  // 128", run.Output);
    }

    /// <summary>On esp32cam kmalloc's memory is PSRAM, which the SPI engine does not reach.</summary>
    [TestMethod]
    public void Goes_through_every_way_of_allocating()
    {
        CommandLineRun run = CommandLineRun.Of("demo");
        string[] expected =
        [
            "requests.Destroy();  // refused: cache 'request' cannot be destroyed: 2 objects",
            "0xe0000000-0xe0101000 1052672 decoder pages=256 vmalloc",
            "tail = DmaTail.Keep", "tail = DmaTail.Exact", "descriptors = new DmaPool(",
            "+ spi bounced P=0x", "+ swiotlb_bounced 1", "// refused: free while mapped: the object at", "was unmapped before",
            ": ioremap movie", "belongs to zone DMA", "requests.SavedCount;  // 2",
            "page allocation failure: 4 KB (order 0)", "nothing dropped: of 3 allocations",
            "red zone overwritten: object", "poison overwritten: object",
        ];
        foreach (string text in expected)
        {
            Assert.Contains(text, run.Output);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Boards))]
    public void A_window_on_reserved_memory_lets_a_player_write_and_a_viewer_only_read(string board)
    {
        string output = CommandLineRun.Of("demo", "--board", board).Output;
        Assert.Contains("   player.Write(0x40000010, pixels, 0, 2);\n", output);
        Assert.Contains("   memory.ReadByte(start + 0x10);  // 248\n", output);
        Assert.Contains("   viewer.Write(0x40000010, pixels, 0, 2);  // refused: write of 2 bytes at 0x40000010: window 'viewer' "
            + "0x40000000-0x40003fff can be read only. Expected an access that it allows\n", output);
        Assert.Contains("  // refused: page fault: read of 2 bytes at 0x40001000: nothing is mapped at 0x40001000 of window 'viewer'", output);
    }

    /// <summary>AXI SRAM is cached, so nothing in it is coherent.</summary>
    [TestMethod]
    public void Cached_memory_is_taken_as_noncoherent()
    {
        CommandLineRun run = CommandLineRun.Of("demo", "--board", "stm32h743");
        Assert.Contains("AXI-SRAM is cached", run.Output);
        Assert.Contains("block = dma.AllocNoncoherent(", run.Output);
        Assert.DoesNotContain("AllocCoherent", run.Output);
    }

    [TestMethod]
    public void Prints_refusals_as_the_device_words_them()
    {
        CommandLineRun run = CommandLineRun.Of("demo");
        Assert.Contains("// refused: double free: ", run.Output);
        Assert.Contains("is no allocation of Kmalloc (owner 'camera')", run.Output);
        Assert.DoesNotContain("(Parameter", run.Output);
    }

    [TestMethod]
    public void An_unknown_board_is_bad_usage()
    {
        CommandLineRun run = CommandLineRun.Of("demo", "--board", "esp8266");
        Assert.AreEqual(2, run.ExitCode);
        Assert.AreEqual("", run.Output);
        Assert.Contains("--board esp8266: expected esp32cam", run.Error);
    }
}
