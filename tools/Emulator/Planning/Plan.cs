using Carveout.Emulator.Maps;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>The answer to a request: a layout, and whether it is large enough.</summary>
/// <param name="Request">The question.</param>
/// <param name="Layout">What to boot.</param>
/// <param name="Board">The layout, booted.</param>
/// <param name="OnePageLess">The contract's refusal of a reservation that is a page smaller, for each reservation that could be.</param>
/// <param name="IsUndecided">Whether the search for a placement gave up, so that a placement may exist all the same.</param>
/// <param name="App">The application by its bound; null if the request has none.</param>
/// <param name="Trace">The trace; null where there is none.</param>
/// <param name="Alternatives">Requests that would fit, if this one does not: the cheapest change first.</param>
internal sealed record Plan(PlanRequest Request, PlanLayout Layout, PlannedBoard Board, IReadOnlyList<SmallerReservation> OnePageLess,
    bool IsUndecided, AppPlan? App, TracePlan? Trace, IReadOnlyList<Alternative> Alternatives) : PlanAnswer(Request, Alternatives)
{
    /// <inheritdoc/>
    public override long ReservationBytes => Layout.ReservationBytes;

    /// <inheritdoc/>
    public override long MissingBytes => Board.MissingBytes;

    /// <inheritdoc/>
    public override bool Fits => Board.Fits && Descriptors.Fits && App is not { Fits: false } && Trace is not { Fits: false };

    /// <summary>The descriptors from which the engines get their orders.</summary>
    public DescriptorNeed Descriptors { get; } = DescriptorNeed.Of(Layout.Board, Board);

    /// <summary>Bytes that the streams need in the reservations, before they are rounded to pages.</summary>
    public long NeededBytes => Board.Parts.Sum(part => part.NeededBytes);

    /// <summary>The region in which a reservation begins.</summary>
    public MemoryRegion RegionOf(PlannedPart part) => Board.Map.FindRegion(part.Reservation.Start)!;

    /// <summary>The reservations that lie, entirely or in part, in memory that the board's map does not assign.</summary>
    public string[] OutsideZones
    {
        get
        {
            IReadOnlyList<UnassignedRun> runs = UnassignedRun.Of(Layout.Board.CreateMap(Layout.Zones, Layout.Map, 0));
            return
            [
                .. Layout.Parts.Where(part => runs.Any(run => run.Start < (ulong)part.Start + (ulong)part.Bytes && part.Start < run.End))
                    .Select(part => part.Name),
            ];
        }
    }

    /// <summary>A stream's buffers, by the reservations in which they lie.</summary>
    public IEnumerable<(PlannedPart Part, VideoStream Stream)> Of(int stream) =>
        Board.Parts.Where(part => part.Of(stream) is not null).Select(part => (part, part.Of(stream)!));
}

/// <summary>A reservation that is too small.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="MissingBytes">Bytes that are missing in it.</param>
/// <param name="Refusal">The contract's text.</param>
internal sealed record SmallerReservation(string Name, long Bytes, long MissingBytes, string Refusal);

/// <summary>An application in a zone, by the bound.</summary>
/// <param name="Bound">Its need.</param>
/// <param name="Zone">The zone that it asks first.</param>
/// <param name="ZonePages">Pages of that zone.</param>
/// <param name="Watermark">How many of these pages must stay free.</param>
/// <param name="PageSize">Bytes of a page.</param>
internal sealed record AppPlan(BuddyBound Bound, string Zone, int ZonePages, int Watermark, int PageSize)
{
    /// <summary>Bytes that are needed.</summary>
    public long NeedBytes => Bound.PagesWith(Watermark) * PageSize;

    /// <summary>Bytes of the zone.</summary>
    public long ZoneBytes => (long)ZonePages * PageSize;

    /// <summary>Whether no request can ever be refused.</summary>
    public bool Fits => NeedBytes <= ZoneBytes;
}

/// <summary>A trace beside the streams.</summary>
/// <param name="Needs">By policy.</param>
/// <param name="Peak">The most bytes that are live at once, as they were asked for.</param>
/// <param name="Bound">The need of the same traffic by the proven bound.</param>
/// <param name="Chosen">Of the policies that the zone's map serves, the one with the smallest need; null if none serves the trace.</param>
/// <param name="Zone">The zone that it would run in.</param>
/// <param name="ZonePages">Pages of that zone.</param>
/// <param name="Watermark">How many of these pages must stay free.</param>
/// <param name="LeastFree">The fewest free pages that it had at any time; null if a request failed.</param>
internal sealed record TracePlan(IReadOnlyList<TraceNeed> Needs, long Peak, BuddyBound Bound, TracePolicy? Chosen, string Zone, int ZonePages,
    int Watermark, int? LeastFree)
{
    /// <summary>Whether no request failed, and none would have met the watermark.</summary>
    public bool Fits => LeastFree >= Watermark;
}
