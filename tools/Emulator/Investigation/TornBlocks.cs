using Carveout.Diagnostics;

namespace Carveout.Emulator.Investigation;

/// <summary>A block that would serve a request if it were not partly taken.</summary>
/// <param name="Page">Its first page, counted from the zone's start.</param>
/// <param name="Owners">By page of the block: the owner's number, or -1 if the page is free.</param>
/// <param name="Taken">How many of its pages are taken.</param>
/// <param name="TakenInTail">How many of these lie behind the pages that the request would use, in the tail that trimming gives
/// back.</param>
internal sealed record TornBlock(int Page, IReadOnlyList<short> Owners, int Taken, int TakenInTail);

/// <summary>An owner whose pages tear blocks.</summary>
/// <param name="Owner">Its name.</param>
/// <param name="Pages">How many pages it has in torn blocks.</param>
/// <param name="Blocks">How many torn blocks have a page of it.</param>
/// <param name="InTails">How many of its pages lie in tails.</param>
internal sealed record Blocker(string Owner, int Pages, int Blocks, int InTails);

/// <summary>The blocks that would have served a failing request but for a few pages, and the owners of those pages.</summary>
/// <remarks>A block is torn if at least half of it is free, but not all: it would be whole if those few pages came back.</remarks>
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

    /// <summary>The zone's name.</summary>
    public string Zone { get; }

    /// <summary>How many pages the request wanted.</summary>
    public int WantedPages { get; }

    /// <summary>Pages of the block that the zone needs for the request, a power of two.</summary>
    public int BlockPages { get; }

    /// <summary>The torn blocks, those nearest to being whole first.</summary>
    public IReadOnlyList<TornBlock> Blocks { get; }

    /// <summary>The owners whose pages tear the blocks, the one with most pages first.</summary>
    public IReadOnlyList<Blocker> Blockers { get; }

    /// <summary>How many pages tear the blocks.</summary>
    public int Taken => Blocks.Sum(block => block.Taken);

    /// <summary>How many of these lie in tails.</summary>
    public int TakenInTails => Blocks.Sum(block => block.TakenInTail);

    /// <summary>The same in a sentence; to be called only if there are torn blocks.</summary>
    /// <param name="pageSize">Bytes of a page.</param>
    /// <param name="trimmed">Whose tail is given back, in words; null if no tail is.</param>
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

    /// <summary>Looks for torn blocks in a zone right after a failure.</summary>
    /// <returns>Null if the zone failed for another reason.</returns>
    /// <param name="zone">The zone that failed.</param>
    /// <param name="wanted">How many pages were asked for; 0 if the request was not for pages.</param>
    /// <param name="ownersByPage">By page: the owner's number, or -1 if the page is free.</param>
    /// <param name="nameOf">An owner's name.</param>
    public static TornBlocks? Of(Zone zone, int wanted, Func<short[]> ownersByPage, Func<int, string> nameOf)
    {
        int length = zone.BlockFor(wanted);
        // A map of exact runs uses any place, so it has no blocks that could be torn.
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
