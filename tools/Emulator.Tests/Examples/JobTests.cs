using System.Text.RegularExpressions;

namespace Carveout.Emulator.Tests.Examples;

/// <summary>Five common jobs as programs: frames in a pool, DMA, a slab cache that threads share, diagnostics, a board of one's own. Each
/// runs as a process and prints what it did.</summary>
[TestClass]
public sealed class JobTests
{
    private const string Banks = "managed banks: 4 of 782336 bytes (2.9 MB), nominal addresses from 0x10000000; at least 384 KB left to the application\n";

    [TestMethod]
    public void Pooled_frames_are_filled_by_lines_and_say_who_has_them() => AssertPrints("PooledFrames", Banks + """
        owners: movie 456 KB
        pool 'movie': 3 frames of 320x240 RGB565, of pages, 2 free; camera 1


        """);

    [TestMethod]
    public void A_ring_and_a_buffer_belong_to_the_device_until_they_are_given_back() => AssertPrints("DmaTransfer", """
        owners: lcd 8 KB, spi 4 KB
        spi direct P=0x20001000 D=0x20001000 L=8192 DMA_TO_DEVICE device

        owners: none


        """);

    /// <summary>Two threads may both find the cache empty, and then each adds a slab.</summary>
    [TestMethod]
    public void A_slab_cache_has_all_of_its_objects_back_when_both_threads_are_done()
    {
        string printed = Run("SlabCache");
        Assert.MatchesRegex(@"^sample +0 +(85|170) +48 +85 +1 : tunables +0 +0 +0 : slabdata +0 +[12] +0$", printed.Split('\n')[2]);
    }

    [TestMethod]
    public void Diagnostics_tell_why_it_failed_who_took_it_and_what_was_done() => AssertPrints("Diagnostics", """
        taken: frame 640x480 RGB565 of 'leak' at 0x10029000
        taken: frame 640x480 RGB565 of 'leak' at 0x10129000
        taken: frame 640x480 RGB565 of 'leak' at 0x10229000
        taken: frame 640x480 RGB565 of 'leak' at 0x10329000
        page allocation failure: 600 KB exact, gfp Kernel, owner 'leak'
        NORMAL: out of memory: 164 KB free, largest 164 KB, wanted 600 KB
        NORMAL1: out of memory: 164 KB free, largest 164 KB, wanted 600 KB
        NORMAL2: out of memory: 164 KB free, largest 164 KB, wanted 600 KB
        NORMAL3: out of memory: 164 KB free, largest 164 KB, wanted 600 KB
        owners: leak 2.3 MB
        Node 0, zone   NORMAL      1      0      0      1      0      1      0      0      0      0      0
        Node 0, zone  NORMAL1      1      0      0      1      0      1      0      0      0      0      0
        Node 0, zone  NORMAL2      1      0      0      1      0      1      0      0      0      0      0
        Node 0, zone  NORMAL3      1      0      0      1      0      1      0      0      0      0      0

        Node 0, zone   NORMAL      1      0      0      1      0      1      0      0      0      0      0
        Node 0, zone  NORMAL1      1      0      0      1      0      1      0      0      0      0      0
        Node 0, zone  NORMAL2      1      0      0      1      0      1      0      0      0      0      0
        Node 0, zone  NORMAL3      1      0      0      1      0      1      0      0      0      0      0
        nr_free_pages 164
        pgalloc_dma 0
        pgalloc_normal 600
        pgfree 0
        allocstall 0
        alloc_fail 1
        owner               allocs      bytes     oldest     newest
        leak                     4    2457600          1          4
        all                      4    2457600
        nothing dropped: of 4 allocations, all that live are above

        ~ct h 1 4096 512 5 0*fc47
        ~ct o 1 leak*ea87
        ~ct r 1 0 0 10029000 614400 4096 1*799a
        ~ct r 2 0 0 10129000 614400 4096 1*2195
        ~ct r 3 0 0 10229000 614400 4096 1*5bd4
        ~ct r 4 0 0 10329000 614400 4096 1*918b
        ~ct x 5 0 0 00000000 614400 4096 1*7195
        ~ct h 1 4096 512 5 0*fc47

        """);

    [TestMethod]
    public void A_board_of_ones_own_keeps_its_frames_out_of_the_zones() => AssertPrints("OwnBoard", """
        managed banks: 5 of 782336 bytes, 1 of 282624 (4 MB), nominal addresses from 0x10000000; at least 256 KB left to the application
        10000000-100befff : bank0
          10000000-10072fff : zone NORMAL
          10073000-100befff : frame-pool
        10100000-101befff : bank1
          10100000-101befff : zone NORMAL1
        10200000-102befff : bank2
          10200000-102befff : zone NORMAL2
        10300000-103befff : bank3
          10300000-103befff : zone NORMAL3
        10400000-104befff : bank4
          10400000-104befff : zone NORMAL4
        10500000-10544fff : bank5
          10500000-10544fff : zone NORMAL5
        pool 'movie': 2 frames of 320x240 RGB565, reserved, 2 free; nobody

        """);

    private static void AssertPrints(string example, string expected) => Assert.AreEqual(expected.ReplaceLineEndings("\n"), Run(example));

    /// <summary>The expected output. Lines of buddyinfo end with a space, which an editor would remove here.</summary>
    private static string Run(string example)
    {
        ProgramRun run = ProgramRun.Of("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, example + ".dll")]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Error);
        return Regex.Replace(run.Output.ReplaceLineEndings("\n"), " +$", "", RegexOptions.Multiline);
    }
}
