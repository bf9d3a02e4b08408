using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Replay;

/// <summary>The reservation for a trace: for each size, as much as is live at once.</summary>
[TestClass]
public sealed class PoolSizingTests
{
    private const int Page = 4096, From = ReplayOptions.DefaultPoolFrom;

    /// <summary>One still picture beside ten previews: a former version reserved eleven buffers of the still picture's size.</summary>
    [TestMethod]
    public void Each_size_has_as_many_buffers_as_live_at_once()
    {
        string[] lines = ["a 0 4194304 4096", .. Enumerable.Range(1, 10).Select(id => $"a {id} 102400 4096")];
        PoolSizing sizing = Of(lines);
        Assert.AreEqual("1 buffer of 4194304 bytes, 10 of 102400", sizing.InWords);
        Assert.AreEqual(5_218_304L, sizing.Bytes);
        Serves(lines, 6 << 20);
    }

    [TestMethod]
    public void Modes_that_are_never_live_together_share_memory()
    {
        var lines = new List<string>();
        int id = 0;
        for (int loop = 0; loop < 3; loop++)
        {
            Mode(6, 6_220_800);
            Mode(1, 17_915_904, 14_929_920);
        }
        PoolSizing sizing = Of([.. lines]);
        Assert.AreEqual(6 * 6_221_824L, sizing.Bytes, "video alone; 32.9 MB of stills lie in it");
        Assert.HasCount(2, sizing.Pools);
        Serves([.. lines], 6 * 6_221_824 + Page);

        void Mode(int count, params int[] sizes)
        {
            int first = id;
            lines.AddRange(Enumerable.Range(0, count).SelectMany(_ => sizes).Select(size => $"a {id++} {size} 4096"));
            lines.AddRange(Enumerable.Range(first, id - first).Select(one => $"f {one}"));
        }
    }

    [TestMethod]
    public void Sizes_that_are_much_alike_share_a_pool_where_that_needs_less()
    {
        // One picture at a time, each of another size.
        string[] lines = [.. Enumerable.Range(0, 40).SelectMany(id => new[] { $"a {id} {100_000 + (id * 100)} 4096", $"f {id}" })];
        Assert.AreEqual(106_496L, Of(lines).Bytes);
        // Two of them at a time: two buffers of the largest size, and not one of each size.
        string[] pairs = [.. Enumerable.Range(0, 40).SelectMany(id => new[] { $"a {id} {100_000 + (id * 100)} 4096", id > 0 ? $"f {id - 1}" : "# start" })];
        Assert.AreEqual(2 * 106_496L, Of(pairs).Bytes);
    }

    [TestMethod]
    public void Without_large_requests_nothing_is_reserved()
    {
        Assert.AreEqual(0L, Of(["a 0 4096 4096"]).Bytes);
        Serves(["a 0 4096 4096"], Page);
    }

    /// <summary>Whatever is live at any time, the reservation serves all of it, and pools that are in use together do not
    /// overlap.</summary>
    [TestMethod]
    public void Random_traces_are_served()
    {
        ulong seed = TestSeed.Or(7);
        for (int run = 0; run < TestSeed.Steps(60); run++)
        {
            var chance = new Carveout.Emulator.Machine.SplitMix64(seed + (ulong)run);
            int sizes = 1 + chance.Below(25);
            var live = new List<int>();
            var lines = new List<string>();
            for (int id = 0; id < 120; id++)
            {
                lines.Add($"a {id} {From + (chance.Below(sizes) * 40_000)} 4096");
                live.Add(id);
                while (live.Count > 0 && chance.Below(5) < 2)
                {
                    int place = chance.Below(live.Count);
                    lines.Add($"f {live[place]}");
                    live.RemoveAt(place);
                }
            }
            Serves([.. lines], (int)Of([.. lines]).Bytes + Page, $"seed {seed}, run {run}");
        }
    }

    private static PoolSizing Of(string[] lines) => PoolSizing.Of(Read(lines), From, Page);

    private static void Serves(string[] lines, int arena, string why = "")
    {
        TraceFile trace = Read(lines);
        var options = new ReplayOptions(arena, Page, DmaTail.Pool, From, AllocatorKind.Carveout, false);
        ReplayResult result = OverlapCheck.Watch(new TraceReplay(trace, options), trace, options).Run(_ => { }, default);
        Assert.AreEqual(result.Allocations, result.Succeeded, why);
    }

    private static TraceFile Read(string[] lines)
    {
        using var file = new TraceText(string.Join('\n', lines) + "\n");
        return TraceFile.Read(file.Path);
    }
}
