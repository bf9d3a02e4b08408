using Carveout.Emulator.Boards;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>A setting of an investigation: a step of the story, or one of Carveout's remedies.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Why">What it shows, in a sentence.</param>
/// <param name="Allocator">The kind of page maps.</param>
/// <param name="Zones">One zone or two.</param>
/// <param name="Tail">How frame buffers are allocated.</param>
/// <param name="Grouping">Whether small unmovable blocks are kept apart, which the story's kernel cannot do.</param>
/// <param name="LowmemReserveRatio">A DMA zone keeps 1/ratio of NORMAL's pages from requests that fall back; with 0 it keeps none.</param>
/// <param name="Leaks">Whether the application leaks as the board's scenario says, or not at all.</param>
internal sealed record InvestigationSetting(string Key, string Title, string Why, AllocatorKind Allocator, ZoneLayout Zones, DmaTail Tail,
    bool Grouping, int LowmemReserveRatio, bool Leaks)
{
    /// <summary>The story's steps in their order, then Carveout's settings.</summary>
    public static IReadOnlyList<InvestigationSetting> All { get; } =
    [
        Kernel("kernel-trim", "Linux 2.6 buddy, one zone, tails given back", "The failure as it was found: ARM's dma_alloc, beside a leak.",
            ZoneLayout.Single, DmaTail.Trim, leaks: true),
        Kernel("kernel-trim-no-leak", "the same without the leak", "Is it the leak?", ZoneLayout.Single, DmaTail.Trim,
            leaks: false),
        Kernel("kernel-trim-normal", "the same with a NORMAL zone", "The application in a zone of its own: until the leak has filled it.",
            ZoneLayout.Split, DmaTail.Trim, leaks: true),
        Kernel("kernel-keep", "whole blocks instead of trimmed ones", "What i386 does: the tail stays with the frame.", ZoneLayout.Single,
            DmaTail.Keep, leaks: true),
        Kernel("kernel-keep-normal", "whole blocks and a NORMAL zone", "Both at once.", ZoneLayout.Split, DmaTail.Keep, leaks: true),
        Ours("lowest", "Carveout, trimmed, lowest address first", "The same trimming, but what is free is chosen by address.",
            ZoneLayout.Single, DmaTail.Trim, grouping: false, reserve: 0),
        Ours("grouped", "Carveout, trimmed, small blocks grouped", "Small blocks that nobody can move stay in pageblocks of their own.",
            ZoneLayout.Single, DmaTail.Trim, grouping: true, reserve: 0),
        Ours("exact", "Carveout, exact runs", "No power of two, so no tail.", ZoneLayout.Single, DmaTail.Exact, grouping: false, reserve: 0),
        Ours("reserve-0", "Carveout, NORMAL zone, lowmem_reserve 0", "NORMAL may drain DMA, as in the story.", ZoneLayout.Split, DmaTail.Trim,
            grouping: true, reserve: 0),
        Ours("reserve-32", "Carveout, NORMAL zone, lowmem_reserve 1/32", "The kernel's later default: DMA keeps 1/32 of NORMAL's size to itself.",
            ZoneLayout.Split, DmaTail.Trim, grouping: true, reserve: 32),
        Ours("reserve-1", "Carveout, NORMAL zone, lowmem_reserve 1/1", "Carveout's default: NORMAL may not drain DMA.", ZoneLayout.Split,
            DmaTail.Trim, grouping: true, reserve: 1),
        Ours("pool", "Carveout, pool reserved at boot", "Memory that no zone ever owns: the contract.", ZoneLayout.Single, DmaTail.Pool,
            grouping: true, reserve: 0),
    ];

    /// <summary>The options of one run of this setting on a board.</summary>
    public PlayOptions Options(EmulatedBoard board, double hours, ulong seed)
    {
        ApplicationSpec application = board.Application;
        return new PlayOptions(board, hours, Allocator, Zones, Tail, Grouping, LowmemReserveRatio, board.Movie,
            Leaks ? application : application with { LeakPerLoop = 0 }, seed);
    }

    private static InvestigationSetting Kernel(string key, string title, string why, ZoneLayout zones, DmaTail tail, bool leaks) =>
        new(key, title, why, AllocatorKind.Kernel, zones, tail, Grouping: false, LowmemReserveRatio: 0, leaks);

    private static InvestigationSetting Ours(string key, string title, string why, ZoneLayout zones, DmaTail tail, bool grouping, int reserve) =>
        new(key, title, why, AllocatorKind.Carveout, zones, tail, grouping, reserve, Leaks: true);
}
