using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>A policy that a trace is replayed with.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Why">What it shows, in a sentence.</param>
/// <param name="Options">The options of the replay.</param>
internal sealed record TraceSetting(string Key, string Title, string Why, ReplayOptions Options)
{
    /// <summary>The story's policies, then Carveout's, as far as they make sense for a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="arena">The memory that serves it.</param>
    /// <param name="poolFrom">A request of at least so many bytes is a buffer of a pool. Without such a request there is no pool.</param>
    /// <param name="movable">How many blocks in a hundred may be moved; 0 leaves out compaction.</param>
    /// <param name="compact">How many pages may be moved for one request.</param>
    public static IReadOnlyList<TraceSetting> For(TraceFile trace, TraceArena arena, int poolFrom, int movable, int compact)
    {
        var settings = new List<TraceSetting>
        {
            new("kernel-trim", "Linux 2.6 buddy, tails given back", "What ARM's dma_alloc does with a block that is larger than the request.",
                Replay(DmaTail.Trim, AllocatorKind.Kernel, false)),
            new("kernel-keep", "Linux 2.6 buddy, whole blocks", "What i386 does: the tail stays with the request.",
                Replay(DmaTail.Keep, AllocatorKind.Kernel, false)),
            new("lowest", "Carveout, trimmed, lowest address first", "The same trimming, but what is free is chosen by address.",
                Replay(DmaTail.Trim, AllocatorKind.Carveout, false)),
            new("grouped", "Carveout, trimmed, small blocks grouped", "Small blocks that nobody can move stay in pageblocks of their own.",
                Replay(DmaTail.Trim, AllocatorKind.Carveout, true)),
            new("exact", "Carveout, exact runs", "No power of two, so no tail.", Replay(DmaTail.Exact, AllocatorKind.Carveout, false)),
        };
        if (movable > 0)
        {
            settings.Add(new TraceSetting("compact", $"Carveout, exact runs, {movable} % of the blocks movable",
                "Blocks that may be moved make room for a request that does not fit.",
                Replay(DmaTail.Exact, AllocatorKind.Carveout, false) with { Movable = movable, Compact = compact }));
        }
        if (trace.Operations.Any(operation => operation.IsAllocation && operation.Size >= poolFrom))
        {
            settings.Add(new TraceSetting("pool", $"Carveout, pool for requests from {SizeText.Of(poolFrom)} on",
                "Memory reserved at boot for as many of them as are ever live at once: the contract.",
                Replay(DmaTail.Pool, AllocatorKind.Carveout, true)));
        }
        return settings;

        ReplayOptions Replay(DmaTail tail, AllocatorKind allocator, bool grouping) =>
            new(arena.Size, arena.PageSize, tail, poolFrom, allocator, grouping, Zone: arena.Zone);
    }
}
