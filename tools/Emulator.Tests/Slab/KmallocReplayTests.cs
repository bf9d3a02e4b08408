using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Replay;
using ProcText = Carveout.Diagnostics.ProcText;

namespace Carveout.Emulator.Tests.Slab;

/// <summary>Traces served by Kmalloc. A replay throws if two live blocks overlap.</summary>
[TestClass]
public sealed class KmallocReplayTests
{
    private const int Arena = 8 * 1024 * 1024;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("small80", "standard")]
    [DataRow("small80", "fine")]
    [DataRow("order80", "standard")]
    [DataRow("order80", "fine")]
    [DataRow("pages80", "standard")]
    [DataRow("pages80", "fine")]
    [DataRow("movie", "standard")]
    [DataRow("movie", "fine")]
    public void Zone_is_as_new_after_any_replay_through_kmalloc(string trace, string sizes)
    {
        TraceReplay replay = Replay(Traces.Read(trace), sizes);
        string fresh = ProcText.BuddyInfo(replay.Allocator);
        replay.Run(_ => { }, default);
        Assert.AreNotEqual(fresh, ProcText.BuddyInfo(replay.Allocator));
        replay.FreeAll();
        Assert.AreEqual(fresh, ProcText.BuddyInfo(replay.Allocator));
    }

    /// <summary>Sizes from 32 to 2048, log-uniform, with 80 % of the arena live by the bytes asked for: this is 110 % of it rounded to
    /// powers of two, and 87 % rounded to fine sizes. <paramref name="withoutSlabs"/> is what an arena would serve if rounded sizes fitted
    /// up to its last byte.</summary>
    [TestMethod]
    [DataRow("standard", 0.93, 0.93267)]
    [DataRow("fine", 1.0, 1.0)]
    public void Enough_of_small80_succeeds(string sizes, double least, double withoutSlabs)
    {
        TraceFile trace = Traces.Read("small80");
        ReplayResult result = Replay(trace, sizes).Run(_ => { }, default);
        SlabUse use = result.Slabs!;
        TestContext.WriteLine($"{sizes}: {result.SuccessRate:0.00000}, without slabs {WithoutSlabs(trace, sizes):0.00000}; "
            + $"{result.MetadataSize} bytes of metadata, {use.CacheMetadataSize} of them {use.Caches} caches; "
            + $"slabs {use.Bytes}, rounding {use.Rounding}, free {use.Free}");
        Assert.IsGreaterThanOrEqualTo(least, result.SuccessRate);
        Assert.AreEqual(withoutSlabs, WithoutSlabs(trace, sizes), 0.00001);
    }

    /// <summary>docs/costs.md has what was reached. With <c>CARVEOUT_ITERATIONS=2</c> every arena is tried; else nine from the bound on.</summary>
    [TestMethod]
    [DataRow("small80", 1.21)]
    [DataRow("sqlite", 1.27)]
    [DataRow("ffmpeg", 1.15)]
    public void Kmalloc_needs_little_more_than_what_lives(string name, double most)
    {
        TraceFile trace = Traces.Read(name);
        ReplayOptions options = Options("default", DmaTail.Exact);
        int bound = (int)(most * ReplayNeed.PeakOf(trace) / options.PageSize);
        if (TestSeed.Iterations > 1)
        {
            ReplayNeed need = ReplayNeed.Of(trace, options, null, _ => { }, default);
            TestContext.WriteLine($"{name}: {need.Times}, {need.Arenas}");
            Assert.IsLessThanOrEqualTo(most, need.Times.Sure);
        }
        for (int pages = bound; pages <= bound + 8; pages++)
        {
            Assert.IsNotNull(new TraceReplay(trace, options with { ArenaSize = pages * options.PageSize }).RunWithoutFailure(default), $"{name} in {pages} pages");
        }
    }

    /// <summary>What no cache holds gets exact pages.</summary>
    [TestMethod]
    [DataRow("pages80", 0.994)]
    [DataRow("movie", 1.0)]
    public void Runs_of_pages_succeed_through_kmalloc(string name, double least)
    {
        ReplayResult result = OverlapCheck.Of(Traces.Read(name), Options("default", DmaTail.Exact)).Run(_ => { }, default);
        Assert.IsGreaterThanOrEqualTo(least, result.SuccessRate);
    }

    [TestMethod]
    [DataRow("a 0 90 64", "32,64,96,128,256,512,1024", 128)]
    [DataRow("a 0 90 32", "32,64,96,128,256,512,1024", 96)]
    [DataRow("a 0 1100 128", "32,64,128,256,512,1024,1184,2048", 2048)]
    [DataRow("a 0 100 4096", "standard", 4096)]
    [DataRow("a 0 100 8192", "standard", 0)]
    [DataRow("a 0 1025 32", "32,64,128,256,512,1024", 0)]
    public void Cache_is_the_smallest_that_aligns_as_the_trace_wants_and_else_pages_serve(string line, string sizes, int expected)
    {
        using var text = new TraceText(line + "\n");
        SlabUse use = Replay(TraceFile.Read(text.Path), sizes).Run(_ => { }, default).Slabs!;
        Assert.AreEqual(expected, use.Asked + use.Rounding);
    }

    /// <summary>How many requests succeed if each needs only its rounded size.</summary>
    private static double WithoutSlabs(TraceFile trace, string sizes)
    {
        int[] caches = sizes == "fine" ? KmallocSizes.Fine(8192) : KmallocSizes.Standard(131072);
        var live = new Dictionary<int, int>();
        int used = 0, requests = 0, served = 0;
        foreach (TraceOperation operation in trace.Operations)
        {
            if (!operation.IsAllocation)
            {
                used -= live.Remove(operation.Id, out int size) ? size : 0;
                continue;
            }
            requests++;
            int rounded = caches.First(size => size >= operation.Size);
            if (rounded <= Arena - used)
            {
                served++;
                used += rounded;
                live.Add(operation.Id, rounded);
            }
        }
        return (double)served / requests;
    }

    private static TraceReplay Replay(TraceFile trace, string sizes) => OverlapCheck.Of(trace, Options(sizes, DmaTail.Keep));

    private static ReplayOptions Options(string sizes, DmaTail tail) =>
        new(Arena, 4096, tail, 65536, AllocatorKind.Carveout, false, AllocationPath.Kmalloc, SetOf(sizes));

    private static SlabSizeSet? SetOf(string sizes) => sizes switch
    {
        "default" => null,
        "standard" => SlabSizeSet.Standard,
        "fine" => SlabSizeSet.Fine,
        _ => SlabSizeSet.Of(sizes, [.. sizes.Split(',').Select(int.Parse)]),
    };
}
