using System.Text.Json;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Commands;

[TestClass]
public sealed class ReplayCommandTests
{
    [TestMethod]
    public void Reports_in_words()
    {
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", Traces.PathOf("movie"), "--tail", "trim");
        Assert.AreEqual(0, run.ExitCode);
        Assert.AreEqual("movie.trace.gz: 8 MB in pages of 4 KB, carveout, trim", run.Lines[0]);
        Assert.Contains("allocations             30744", run.Output);
        Assert.MatchesRegex(@"first failed operation  operation \d+ \(line \d+, .*, loop 312\)", run.Output);
        Assert.AreEqual("no two live blocks overlapped", run.Lines[^1]);
    }

    [TestMethod]
    public void Json_has_the_documented_keys_and_nothing_else_is_printed()
    {
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", Traces.PathOf("pages80"), "--tail", "exact", "--json");
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.AreEqual(50050, result.GetProperty("allocations").GetInt32());
        int succeeded = result.GetProperty("succeeded").GetInt32();
        Assert.AreEqual(succeeded / 50050.0, result.GetProperty("successRate").GetDouble(), 1e-9, "a quotient of two whole numbers");
        JsonElement largest = result.GetProperty("largestFreeBlock");
        Assert.IsLessThanOrEqualTo(largest.GetProperty("mean").GetDouble(), (double)largest.GetProperty("min").GetInt64());
        Assert.IsGreaterThan(0L, largest.GetProperty("last").GetInt64());
        Assert.AreEqual(1226, result.GetProperty("firstFailedOperation").GetInt32());
    }

    /// <summary>Told that nothing is a frame, a map of runs places everything from the low end.</summary>
    [TestMethod]
    public void Frames_are_those_from_a_size_on()
    {
        using var trace = new TraceText("a 0 8192 4096\na 1 16384 4096\na 2 8192 4096\nf 0\nf 2\na 3 20480 4096\n");
        Assert.Contains("succeeded               4 ", CommandLineRun.Of("replay", "--trace", trace.Path, "--arena", "36K", "--tail", "exact", "--frames-from", "16K").Output);
        Assert.Contains("succeeded               3 ", CommandLineRun.Of("replay", "--trace", trace.Path, "--arena", "36K", "--tail", "exact", "--frames-from", "1M").Output);
    }

    [TestMethod]
    public void Need_is_searched_in_arenas_of_every_size()
    {
        using var trace = new TraceText("a 0 77824 4096\na 1 77824 4096\nf 0\na 2 81920 4096\nf 1\nf 2\n");
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", trace.Path, "--tail", "exact", "--need");
        Assert.Contains("need                    1.487 times as much in the mean (1.487-1.487)", run.Output);
        Assert.Contains("no smaller one than 58 pages serves it, each from 58 on does, 58 in the mean", run.Output);
        JsonElement result = JsonDocument.Parse(CommandLineRun.Of("replay", "--trace", trace.Path, "--tail", "exact", "--need", "--json").Output).RootElement;
        Assert.AreEqual(159744, result.GetProperty("peakLive").GetInt64());
        Assert.AreEqual(58, result.GetProperty("pages").GetProperty("mean").GetInt64());
        run = CommandLineRun.Of("replay", "--trace", trace.Path, "--need", "--arena", "1M");
        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains("expected no --arena", run.Error);
    }

    [TestMethod]
    public void Arena_and_page_are_options()
    {
        using var trace = new TraceText("a 0 300 256\na 1 256 256\nf 0\na 2 512 256\n");
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", trace.Path, "--arena", "1K", "--page", "256", "--json");
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.AreEqual(3, result.GetProperty("succeeded").GetInt32());
        Assert.AreEqual(JsonValueKind.Null, result.GetProperty("firstFailedOperation").ValueKind);
        Assert.AreEqual(256, result.GetProperty("largestFreeBlock").GetProperty("last").GetInt64());
    }

    [TestMethod]
    [DataRow("standard", 13, 128)]
    [DataRow("Fine", 28, 96)]
    [DataRow("32,64,0x60,128,256,512,1K", 7, 96)]
    public void Slab_sizes_are_an_option_and_their_cost_is_told(string sizes, int caches, int given)
    {
        using var trace = new TraceText("a 0 80 32\n");
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", trace.Path, "--through", "kmalloc", "--slab-sizes", sizes);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains($"through kmalloc, {(caches == 28 ? "fine" : sizes)} sizes", run.Output);
        Assert.Contains($"caches                  {caches}, ", run.Output);
        Assert.Contains("slabs at the end        4 KB: asked for 80 B (2.0 %), rounding ", run.Output);
        run = CommandLineRun.Of("replay", "--trace", trace.Path, "--through", "kmalloc", "--slab-sizes", sizes, "--json");
        JsonElement result = JsonDocument.Parse(run.Output).RootElement, slabs = result.GetProperty("slabs");
        Assert.AreEqual(caches, slabs.GetProperty("caches").GetInt32());
        Assert.AreEqual(4096, slabs.GetProperty("bytes").GetInt32());
        Assert.AreEqual(80, slabs.GetProperty("asked").GetInt32());
        Assert.AreEqual(given - 80, slabs.GetProperty("rounding").GetInt32());
        Assert.AreEqual(4096 - given, slabs.GetProperty("free").GetInt32());
        int metadata = result.GetProperty("metadataSize").GetInt32(), ofCaches = slabs.GetProperty("cacheMetadataSize").GetInt32();
        Assert.IsGreaterThan(ofCaches, metadata);
        Assert.IsGreaterThan(caches * 200, ofCaches, "an object of two dozen fields each");
    }

    [TestMethod]
    public void Movable_memory_is_an_option_and_its_budget_holds()
    {
        string trace = Traces.PathOf("pages80");
        CommandLineRun all = CommandLineRun.Of("replay", "--trace", trace, "--tail", "exact", "--movable", "--json");
        JsonElement result = JsonDocument.Parse(all.Output).RootElement, moves = result.GetProperty("moves");
        Assert.AreEqual(50050, result.GetProperty("succeeded").GetInt32());
        Assert.AreEqual(moves.GetProperty("stalls").GetInt32(), moves.GetProperty("successes").GetInt32());
        Assert.IsGreaterThan(8, moves.GetProperty("longestStop").GetInt32());
        CommandLineRun few = CommandLineRun.Of("replay", "--trace", trace, "--tail", "exact", "--movable", "50", "--compact", "8");
        Assert.AreEqual("pages80.trace.gz: 8 MB in pages of 4 KB, carveout, exact, 50 % movable", few.Lines[0]);
        Assert.MatchesRegex(@"compacted               \d+ times, \d+ with success, \d+ pages moved, at most 8 at once", few.Output);
        Assert.AreEqual("no two live blocks overlapped", few.Lines[^1]);
        CommandLineRun whole = CommandLineRun.Of("replay", "--trace", Traces.PathOf("order80"), "--movable", "50", "--grouping", "on", "--json");
        result = JsonDocument.Parse(whole.Output).RootElement;
        Assert.AreEqual(result.GetProperty("allocations").GetInt32(), result.GetProperty("succeeded").GetInt32());
    }

    [TestMethod]
    [DataRow("expected --movable with it", "--compact", "8")]
    [DataRow("expected --through pages", "--movable", "50", "--through", "kmalloc")]
    [DataRow("--allocator carveout with it", "--movable", "50", "--allocator", "kernel")]
    [DataRow("a whole number from 0 to 100", "--movable", "101")]
    public void Movable_memory_that_cannot_be_is_refused(string expected, params string[] options)
    {
        CommandLineRun run = CommandLineRun.Of(["replay", "--trace", Traces.PathOf("movie"), .. options]);
        Assert.AreNotEqual(0, run.ExitCode);
        Assert.Contains(expected, run.Error);
    }

    [TestMethod]
    public void Help_names_the_slab_sizes()
    {
        Assert.MatchesRegex(@"--slab-sizes <standard\|fine\|LIST>\s", CommandLineRun.Of("replay", "--help").Output);
    }

    /// <summary>Sizes as with CMA: a request for more than half finds its place after those in its way have been freed.</summary>
    [TestMethod]
    public void An_arena_of_512_MB_serves_exact_runs()
    {
        using var file = new TraceText("a 0 100000000 4096\na 1 40960 4096\na 2 400000000 4096\nf 0\nf 1\na 3 300000000 65536\na 4 100000000 1\n");
        CommandLineRun run = CommandLineRun.Of("replay", "--trace", file.Path, "--arena", "512M", "--tail", "exact");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("allocations             5\nsucceeded               4 (80.000 %)", run.Output.ReplaceLineEndings("\n"));
        Assert.Contains("512 MB in pages of 4 KB, carveout, exact", run.Output);
    }

    [TestMethod]
    [DataRow("", "Option '--trace' is required.")]
    [DataRow("movie.trace --tail exact", "replay movie.trace: expected replay --trace movie.trace\n")]
    [DataRow("--trace no-such-file.trace", "no-such-file.trace")]
    [DataRow("--trace TRACE --arena 5000", "--arena 5000: expected a multiple of the page")]
    [DataRow("--trace TRACE --arena 0", "--arena 0: expected a size from 256")]
    [DataRow("--trace TRACE --page 3", "--page 3: expected a power of two from 256 to 65536")]
    [DataRow("--trace TRACE --page 3000", "--page 3000: expected a power of two")]
    [DataRow("--trace TRACE --tail best", "--tail best: expected trim, keep, exact, pool")]
    [DataRow("--trace TRACE --allocator kernel --tail exact", "--allocator kernel has no exact runs")]
    [DataRow("--trace TRACE --tail exact --arena 1G --page 512", "expected 1 to 1048576")]
    [DataRow("--trace TRACE --slab-sizes fine", "--slab-sizes is for slabs: expected --through kmalloc")]
    [DataRow("--trace TRACE --through kmalloc --slab-sizes coarse", "--slab-sizes coarse: expected standard, fine or sizes in bytes")]
    [DataRow("--trace TRACE --through kmalloc --slab-sizes 32,,64", "--slab-sizes 32,,64: expected standard, fine or sizes in bytes")]
    [DataRow("--trace TRACE --through kmalloc --slab-sizes 32,48,64,1K", "a cache of 48 bytes for Kmalloc: expected a multiple of 32 from 32 to 131072")]
    [DataRow("--trace TRACE --through kmalloc --slab-sizes 32,128,1K", "expected 64 between them")]
    [DataRow("--trace TRACE --through kmalloc --slab-sizes 32,64", "a largest cache of 64 bytes for Kmalloc: expected 1024 or more")]
    [DataRow("--trace TRACE --through kmalloc --page 256 --slab-sizes 8K,16K", "a cache of 16384 bytes for Kmalloc: expected a multiple of 32 from")]
    [DataRow("--trace TRACE --tail pool --arena 8K --page 4K", "the pool does not fit")]
    public void Bad_usage_is_one_clear_message_and_exit_2(string arguments, string expected)
    {
        string[] words = arguments.Replace("TRACE", Traces.PathOf("movie")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CommandLineRun.Refused(expected, ["replay", .. words]);
    }
}
