using Carveout.Emulator.Boards;
using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Planning;

/// <summary>Contiguous memory that a plan may reserve for frames.</summary>
/// <param name="Region">The region in which it begins; the others that it continues in are alike.</param>
/// <param name="Start">First address, a multiple of the page.</param>
/// <param name="Bytes">Whole pages.</param>
/// <param name="IsMain">Whether it is the board's main memory.</param>
/// <param name="FromTop">Whether the reservation lies at its end.</param>
internal sealed record PlanPiece(MemoryRegion Region, uint Start, long Bytes, bool IsMain, bool FromTop)
{
    private const int Page = MemoryMap.DefaultPageSize;

    /// <summary>The pieces of a board: its main memory, then all other memory that the engine reaches, the largest piece first.</summary>
    /// <param name="board">The board.</param>
    /// <param name="map">Its map without frames. A page of a zone is left to the zone.</param>
    public static IReadOnlyList<PlanPiece> Of(EmulatedBoard board, MemoryMap map)
    {
        bool IsReached(MemoryRegion region) => region.Dma.HasFlag(board.Engine);
        List<UnassignedRun> free = [.. UnassignedRun.Of(map).Where(run => IsReached(run.Region))];
        PlanPiece main = MainOf(board, map, free);
        IEnumerable<PlanPiece> zones = Enumerable.Range(0, map.ZoneCount).Select(map.ZoneAt)
            .Where(zone => !IsPartOf(zone, board.Main) && IsReached(map.FindRegion(zone.Start)!))
            .Select(zone => new PlanPiece(map.FindRegion(zone.Start)!, zone.Start + Page, zone.Size - Page, false, FromTop: true));
        return
        [
            main,
            .. zones.Concat(free.Select(run => new PlanPiece(run.Region, (uint)run.Start, run.Bytes, false, FromTop: false)))
                .Where(piece => piece.Bytes > 0).OrderByDescending(piece => piece.Bytes),
        ];
    }

    /// <summary>The reservation that holds so many bytes.</summary>
    public PlanPart Part(string name, long bytes, IReadOnlyList<int> buffers)
    {
        long whole = BufferLayout.RoundUp(bytes, Page);
        return new PlanPart(name, FromTop ? (uint)(Start + Bytes - whole) : Start, whole, buffers);
    }

    /// <summary>The main memory with the memory directly behind and before it, which then belongs to no other piece.</summary>
    private static PlanPiece MainOf(EmulatedBoard board, MemoryMap map, List<UnassignedRun> free)
    {
        ZonePlan main = board.Main;
        ulong end = (ulong)main.Start + main.Size;
        MemoryRegion last = map.FindRegion((uint)(end - 1))!;
        if (free.Find(run => run.Start == end && (run.Region == last || last.RunsOnInto(run.Region))) is { } behind)
        {
            free.Remove(behind);
            return new PlanPiece(board.MainRegion, main.Start + Page, main.Size - Page + behind.Bytes, true, FromTop: true);
        }
        if (free.Find(run => run.End == main.Start && (run.Region == board.MainRegion || run.Region.RunsOnInto(board.MainRegion))) is { } before)
        {
            free.Remove(before);
            return new PlanPiece(before.Region, (uint)before.Start, before.Bytes + main.Size - Page, true, FromTop: false);
        }
        return new PlanPiece(board.MainRegion, main.Start + Page, main.Size - Page, true, FromTop: true);
    }

    private static bool IsPartOf(ZonePlan zone, ZonePlan main) => zone.Start - main.Start < main.Size;
}
