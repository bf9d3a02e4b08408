using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Replay;

/// <summary>The shipped traces, 8 MiB in pages of 4 KB, with the known results of each policy.</summary>
[TestClass]
public sealed class TraceReplayTests
{
    private const int Arena = 8 * 1024 * 1024, Page = 4096;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("order80", DmaTail.Keep, 0.999)]
    [DataRow("order80", DmaTail.Trim, 0.999)]
    [DataRow("order80", DmaTail.Exact, 0.999)]
    [DataRow("pages80", DmaTail.Keep, 0.945)]
    [DataRow("pages80", DmaTail.Trim, 0.95)]
    [DataRow("pages80", DmaTail.Exact, 0.994)]
    [DataRow("movie", DmaTail.Keep, 1)]
    [DataRow("movie", DmaTail.Exact, 1)]
    [DataRow("movie", DmaTail.Pool, 1)]
    public void Policy_serves_its_share(string trace, DmaTail tail, double least)
    {
        ReplayResult result = Run(trace, tail, AllocatorKind.Carveout, false);
        Assert.IsGreaterThanOrEqualTo(least, result.SuccessRate);
    }

    /// <summary>Half of the blocks are movable, and some are moved.</summary>
    [TestMethod]
    [DataRow("pages80", DmaTail.Exact)]
    [DataRow("pages80", DmaTail.Trim)]
    [DataRow("order80", DmaTail.Keep)]
    [DataRow("movie", DmaTail.Keep)]
    public void Blocks_that_are_moved_never_share_a_byte(string trace, DmaTail tail)
    {
        ReplayOptions options = Options(tail, AllocatorKind.Carveout, true) with { Movable = 50, ArenaSize = trace == "movie" ? Arena / 2 : Arena };
        ReplayResult result = OverlapCheck.Of(Traces.Read(trace), options).Run(_ => { }, default);
        TestContext.WriteLine($"{trace}, {tail}: {result}");
        Assert.IsGreaterThan(0, result.Moves!.PagesMigrated);
    }

    [TestMethod]
    public void Trimmed_movie_dies_first_with_the_kernel_then_with_the_lowest_address_then_with_grouping()
    {
        int kernel = Run("movie", DmaTail.Trim, AllocatorKind.Kernel, false).FirstFailedLoop!.Value;
        int lowest = Run("movie", DmaTail.Trim, AllocatorKind.Carveout, false).FirstFailedLoop!.Value;
        int grouped = Run("movie", DmaTail.Trim, AllocatorKind.Carveout, true).FirstFailedLoop!.Value;
        Assert.IsLessThan(30, kernel);
        Assert.IsGreaterThan(10 * kernel, lowest);
        Assert.IsGreaterThan(2 * lowest, grouped);
    }

    [TestMethod]
    public void Pool_that_does_not_fit_says_how_many_bytes_are_missing()
    {
        UsageException e = Assert.ThrowsExactly<UsageException>(() => Run("order80", DmaTail.Pool, AllocatorKind.Carveout, false));
        Assert.Contains("19 buffers of 262144 bytes, 23 of 131072, 27 of 65536 live at once", e.Message);
        Assert.Contains("1380352 bytes are missing", e.Message);
    }

    [TestMethod]
    public void Memory_handed_out_twice_is_noticed()
    {
        TraceFile trace = Traces.Read("movie");
        ReplayOptions options = Options(DmaTail.Keep, AllocatorKind.Carveout, false);
        TraceReplay replay = OverlapCheck.Watch(new TraceReplay(trace, options, pages => new SamePageTwice(pages)), trace, options);
        var e = Assert.ThrowsExactly<AssertFailedException>(() => replay.Run(_ => { }, default));
        Assert.Contains("overlaps block 0", e.Message);
    }

    [TestMethod]
    [DataRow(Arena + 1, Page)]
    [DataRow(0, Page)]
    [DataRow(Arena, 0)]
    [DataRow(Arena, 3000)]
    [DataRow(Arena, 131072)]
    public void Sizes_that_are_none_are_refused(int arena, int page)
    {
        TraceFile trace = Traces.Read("movie");
        Assert.ThrowsExactly<UsageException>(() => new TraceReplay(trace, Options(DmaTail.Keep, AllocatorKind.Carveout, false) with
        {
            ArenaSize = arena, PageSize = page,
        }));
    }

    [TestMethod]
    public void Request_larger_than_the_arena_fails_and_is_no_error()
    {
        using var file = new TraceText("a 0 100000000 4096\na 1 4096 65536\nf 0\nf 1\n");
        foreach (DmaTail tail in (DmaTail[])[DmaTail.Keep, DmaTail.Trim, DmaTail.Exact])
        {
            ReplayResult result = OverlapCheck.Of(TraceFile.Read(file.Path), Options(tail, AllocatorKind.Carveout, false)).Run(_ => { }, default);
            Assert.AreEqual(1, result.Succeeded);
            Assert.AreEqual(1, result.FirstFailed);
        }
    }

    /// <summary>Of 8 pages a tail of 6 is given back. Only if the policy gives back tails, the next request finds room.</summary>
    [TestMethod]
    [DataRow(DmaTail.Keep, AllocatorKind.Carveout, 2)]
    [DataRow(DmaTail.Trim, AllocatorKind.Carveout, 3)]
    [DataRow(DmaTail.Exact, AllocatorKind.Carveout, 3)]
    [DataRow(DmaTail.Trim, AllocatorKind.Kernel, 3)]
    [DataRow(DmaTail.Pool, AllocatorKind.Carveout, 3)]
    public void Trims_are_replayed_where_tails_go_back(DmaTail tail, AllocatorKind allocator, int succeeded)
    {
        using var file = new TraceText("a 0 32768 4096\nt 0 5000\na 1 16384 4096\nt 1 1\nf 0\nf 1\na 2 32000 4096\n");
        ReplayResult result = OverlapCheck.Of(TraceFile.Read(file.Path), Options(tail, allocator, false) with
        {
            // The pool has 8 pages beside the 8 of the zone.
            ArenaSize = tail == DmaTail.Pool ? 16 * Page : 8 * Page, PoolFrom = 32768,
        }).Run(_ => { }, default);
        Assert.AreEqual(succeeded, result.Succeeded, "the last one has room when all of the first two is back");
    }

    [TestMethod]
    public void A_trim_of_an_object_and_of_a_failed_request_change_nothing()
    {
        using var file = new TraceText("a 0 3000 32\nt 0 32\na 1 100000000 4096\nt 1 4096\na 2 200000 4096\nt 2 4096\nf 0\nf 1\nf 2\n");
        ReplayOptions options = Options(DmaTail.Trim, AllocatorKind.Carveout, false) with { Through = AllocationPath.Kmalloc };
        ReplayResult result = OverlapCheck.Of(TraceFile.Read(file.Path), options).Run(_ => { }, default);
        Assert.AreEqual(2, result.Succeeded);
        Assert.AreEqual(0, result.Slabs!.Asked);
        Assert.AreEqual(0, result.Slabs.Rounding);
    }

    private ReplayResult Run(string trace, DmaTail tail, AllocatorKind allocator, bool grouping)
    {
        ReplayResult result = OverlapCheck.Of(Traces.Read(trace), Options(tail, allocator, grouping)).Run(_ => { }, default);
        TestContext.WriteLine($"{trace}, {tail}, {allocator}, grouping {grouping}: {result}");
        return result;
    }

    private static ReplayOptions Options(DmaTail tail, AllocatorKind allocator, bool grouping) => new(Arena, Page, tail, 65536, allocator, grouping);

    /// <summary>A map for which nothing is ever taken.</summary>
    private sealed class SamePageTwice(int pages) : PageMap(pages, MaxPageOrder)
    {
        public override int MetadataSize => 0;

        public override int Alloc(int order, bool movable) => 0;

        public override int AllocRun(int pages, int alignment) => 0;

        public override int Free(int page) => 1;

        public override void Trim(int page, int pages)
        {
        }

        public override int BlockAt(int page) => 0;

        public override int BlockLength(int page) => 1;

        public override int BlockFor(int pages) => pages;

        public override int ExtentAt(int page) => throw new NotSupportedException();

        public override bool TakeAt(int page, int pages) => throw new NotSupportedException();

        public override int LargestFree() => Pages;

        public override void CountFree(int[] counts)
        {
        }

        public override bool Drain() => false;
    }
}
