using Carveout.Diagnostics;

namespace Carveout.Emulator.Investigation;

/// <summary>A place for a request that is taken only in part.</summary>
/// <param name="Page">Its first page, counted from the zone's start.</param>
/// <param name="Owners">By page of the block, the owner's number, or -1 where it is free.</param>
/// <param name="Taken">Pages of it that are taken.</param>
/// <param name="TakenInTail">Of those, how many lie behind the pages that the request would use: in the tail that trimming gives back.</param>
internal sealed record TornBlock(int Page, IReadOnlyList<short> Owners, int Taken, int TakenInTail);

/// <summary>An owner whose pages keep blocks from being whole.</summary>
/// <param name="Owner">Its name.</param>
/// <param name="Pages">Its pages in torn blocks.</param>
/// <param name="Blocks">Torn blocks in which it has one.</param>
/// <param name="InTails">Of its pages, how many lie in tails.</param>
internal sealed record Blocker(string Owner, int Pages, int Blocks, int InTails);

/// <summary>Which blocks a failing request could have had but for a few pages, and whose pages those are.</summary>
/// <remarks>A block is torn where at least half of it is free and some of it is not: merging it needs those few pages back.</remarks>
internal sealed class TornBlocks
{
    private TornBlocks(Zone zone, int wanted, int blockPages, IReadOnlyList<TornBlock> blocks, IReadOnlyList<Blocker> blockers)
    {
        Zone = zone.Name;
        WantedPages = wanted;
        BlockPages = blockPages;
        Blocks = blocks;
        Blockers = blockers;
    }

    /// <summary>Where.</summary>
    public string Zone { get; }

    /// <summary>Pages that were asked for.</summary>
    public int WantedPages { get; }

    /// <summary>Pages of the block that the zone needs for them: a power of two.</summary>
    public int BlockPages { get; }

    /// <summary>The torn blocks, those nearest to being whole first.</summary>
    public IReadOnlyList<TornBlock> Blocks { get; }

    /// <summary>Whose pages tear them, those with the most pages first.</summary>
    public IReadOnlyList<Blocker> Blockers { get; }

    /// <summary>Pages that tear them.</summary>
    public int Taken => Blocks.Sum(block => block.Taken);

    /// <summary>Of those, the ones in tails.</summary>
    public int TakenInTails => Blocks.Sum(block => block.TakenInTail);

    /// <summary>The same in a sentence; call it where there are torn blocks.</summary>
    /// <param name="pageSize">Bytes of a page.</param>
    /// <param name="trimmed">Whose tail is given back, in words; null where none is.</param>
    public string InWords(long pageSize, string? trimmed)
    {
        Blocker most = Blockers[0];
        string whole = $"{CountText.Of(Blocks.Count, "block")} of {SizeText.Of(BlockPages * pageSize)} would be whole but for {CountText.Of(Taken, "page")}: "
            + $"{most.Owner} has {most.Pages} of them";
        return trimmed is null || BlockPages == WantedPages
            ? whole + "."
            : $"{whole}, and {Percent(TakenInTails, Taken)} lie behind the first {SizeText.Of(WantedPages * pageSize)}, where {trimmed} gives its "
                + $"tail back ({Percent(BlockPages - WantedPages, BlockPages)} of a block).";

        static string Percent(int part, int whole) => $"{100 * part / Math.Max(1, whole)}\u00a0%";
    }

    /// <summary>Looks at a zone right after a failure.</summary>
    /// <returns>Null where the zone failed for another reason than torn blocks.</returns>
    /// <param name="zone">The zone that failed.</param>
    /// <param name="wanted">Pages that were asked for; 0 if the request was none of pages.</param>
    /// <param name="ownersByPage">Whose its pages are: the owner's number, or -1 where a page is free.</param>
    /// <param name="nameOf">An owner's name.</param>
    public static TornBlocks? Of(Zone zone, int wanted, Func<short[]> ownersByPage, Func<int, string> nameOf)
    {
        int length = zone.BlockFor(wanted);
        // A map of runs takes any place; there is no block to be torn.
        if (wanted == 0 || (length & (length - 1)) != 0 || length == 1 || zone.FreePages < wanted || zone.LargestFreePages >= length)
        {
            return null;
        }
        short[] pages = ownersByPage();
        var blocks = new List<TornBlock>();
        for (int first = 0; first + length <= pages.Length; first += length)
        {
            var owners = new ArraySegment<short>(pages, first, length);
            int taken = owners.Count(owner => owner >= 0);
            if (taken > 0 && 2 * taken <= length)
            {
                blocks.Add(new TornBlock(first, owners, taken, owners.Skip(wanted).Count(owner => owner >= 0)));
            }
        }
        var blockers = blocks.SelectMany(block => block.Owners.Select((owner, page) => (owner, page, block)))
            .Where(place => place.owner >= 0)
            .GroupBy(place => place.owner)
            .Select(places => new Blocker(nameOf(places.Key), places.Count(), places.Select(place => place.block).Distinct().Count(),
                places.Count(place => place.page >= wanted)));
        return new TornBlocks(zone, wanted, length, [.. blocks.OrderBy(block => block.Taken)],
            [.. blockers.OrderByDescending(blocker => blocker.Pages)]);
    }
}
