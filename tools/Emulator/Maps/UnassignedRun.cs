namespace Carveout.Emulator.Maps;

/// <summary>Addresses in a row that belong to no zone and no reservation of a map, in whole pages.</summary>
/// <param name="Region">The region in which they begin.</param>
/// <param name="Start">First address, a multiple of the page size and never 0, which means failure.</param>
/// <param name="End">The first address behind them.</param>
internal sealed record UnassignedRun(MemoryRegion Region, ulong Start, ulong End)
{
    /// <summary>Bytes.</summary>
    public long Bytes => (long)(End - Start);

    /// <summary>All runs of a map, in order of address. A run continues across borders of regions that users of memory need not
    /// notice.</summary>
    public static IReadOnlyList<UnassignedRun> Of(MemoryMap map)
    {
        ulong page = (ulong)map.PageSize;
        var runs = new List<UnassignedRun>();
        MemoryRegion? before = null;
        foreach (MemoryRegion region in Enumerable.Range(0, map.RegionCount).Select(map.RegionAt).OrderBy(region => region.Start))
        {
            foreach (RegionPiece piece in RegionPiece.Of(map, region).Where(piece => piece.Owner == PieceOwner.Unassigned))
            {
                if (runs.Count > 0 && runs[^1].End == piece.Start && (before == region || before!.RunsOnInto(region)))
                {
                    runs[^1] = runs[^1] with { End = piece.Start + piece.Size };
                }
                else
                {
                    runs.Add(new UnassignedRun(region, piece.Start, piece.Start + piece.Size));
                }
                before = region;
            }
        }
        return
        [
            .. runs.Select(run => run with { Start = Math.Max((run.Start + page - 1) / page * page, page), End = run.End / page * page })
                .Where(run => run.Start < run.End),
        ];
    }
}
