using Carveout.Emulator.Boards;
using Carveout.Emulator.Replay;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>Finds the smallest reservation that holds a board's streams, and judges what is left for the rest.</summary>
/// <remarks>The arithmetic is the contract's: a layout is booted, and the contract asked.</remarks>
internal sealed class Planner
{
    private readonly IReadOnlyList<TraceNeed> _needs;
    private readonly TracePeak? _peak;
    private readonly BuddyBound? _traceBound;
    private readonly CancellationToken _cancel;

    private Planner(PlanRequest request, IReadOnlyList<TraceNeed> needs, CancellationToken cancel)
    {
        _needs = needs;
        _cancel = cancel;
        if (request.Trace is { } trace)
        {
            _peak = TracePeak.Of(trace, TracePolicy.Blocks, MemoryMap.DefaultPageSize);
            _traceBound = new BuddyBound(_peak.Pages, TracePeak.LargestOrder(trace, MemoryMap.DefaultPageSize));
        }
    }

    /// <summary>Makes a plan, and looks for what would fit where it does not.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Told how far the search of a trace's need has come.</param>
    /// <param name="cancel">Ends the work with an OperationCanceledException.</param>
    /// <exception cref="UsageException">The board has no such memory.</exception>
    public static Plan Run(PlanRequest request, Action<string> progress, CancellationToken cancel)
    {
        var planner = new Planner(request, Needs(request, progress, cancel), cancel);
        Plan plan = planner.Of(request);
        return plan.Fits ? plan : plan with { Alternatives = new AlternativeSearch(request, planner.Of).Find() };
    }

    /// <summary>What each policy needs for the trace. Beyond twice what the best one so far needs nobody wants to know the rest.</summary>
    private static TraceNeed[] Needs(PlanRequest request, Action<string> progress, CancellationToken cancel)
    {
        if (request.Trace is not { } trace)
        {
            return [];
        }
        var needs = new List<TraceNeed>();
        foreach (TracePolicy policy in TracePolicy.All.Where(policy => policy.Serves(trace, MemoryMap.DefaultPageSize)))
        {
            long most = 2 * needs.Min(need => need.Pages) ?? long.MaxValue;
            needs.Add(TraceNeed.Of(trace, policy, MemoryMap.DefaultPageSize, most, pages => progress($"{policy.Name}, {pages} pages"), cancel));
        }
        return [.. needs];
    }

    private Plan Of(PlanRequest request)
    {
        Plan split = Of(request, ZoneLayout.Split);
        if (split.Fits || !split.Board.Fits)
        {
            return split;
        }
        // The streams fit and the rest does not: undivided there is more for it.
        Plan single = Of(request, ZoneLayout.Single);
        return single.Fits ? single : split;
    }

    private Plan Of(PlanRequest request, ZoneLayout zones)
    {
        const int Page = MemoryMap.DefaultPageSize;
        _cancel.ThrowIfCancellationRequested();
        long most = PlannedBoard.MostBytes(request.Board);
        PageMapKind map = request.Application is not null ? PageMapKind.FreeBlocks
            : BestPolicy(_needs)?.Map ?? TailPolicy.Pool.PageMap(grouping: true);
        var layout = new PlanLayout(request.Board, zones, map, request.Streams, request.LineAlignment, most, 0);
        // With all that the board has the contract says what is needed, be it more than that.
        PlannedBoard largest = PlannedBoard.Try(layout);
        long needed = Needed(largest);
        layout = layout with
        {
            ReservationBytes = request.ReservationBytes ?? (needed + Page - 1) / Page * Page,
            BounceBytes = BounceBytes(largest.Contract),
        };
        PlannedBoard board = PlannedBoard.Try(layout);
        Zone zone = board.AppZone;
        return new Plan(request, layout, board, needed, OnePageLess(layout, board, needed),
            request.Application is not { } app ? null
                : new AppPlan(BuddyBound.Of(app.Bytes, app.Block, Page), zone.Name, zone.Pages, zone.MinWatermark, Page),
            request.Trace is not { } trace ? null : OfTrace(trace, map, zone), []);
    }

    private TracePlan OfTrace(TraceFile trace, PageMapKind map, Zone zone)
    {
        TracePolicy? policy = BestPolicy([.. _needs.Where(need => need.Policy.Map == map)]);
        return new TracePlan(_needs, _peak!.Bytes, _traceBound!, policy, zone.Name, zone.Pages, zone.MinWatermark,
            policy is null ? null : TraceNeed.RunsIn(trace, policy, zone.Pages, MemoryMap.DefaultPageSize, _cancel));
    }

    private static TracePolicy? BestPolicy(IReadOnlyList<TraceNeed> needs) =>
        needs.Where(need => need.Pages is not null).MinBy(need => need.Pages)?.Policy;

    /// <summary>Bytes from the reservation's start to the last stream's end; where that is more than there is, by what is missing.</summary>
    private static long Needed(PlannedBoard largest)
    {
        VideoStream last = largest.Contract.StreamAt(largest.Contract.Count - 1);
        return last.Start != 0 ? last.Start + last.Bytes - largest.Reservation.Start
            : largest.Reservation.Size + Enumerable.Range(0, largest.Contract.Count).Sum(i => largest.Contract.StreamAt(i).MissingBytes);
    }

    /// <summary>What streams that do not reach their frames need: with slots of the plan's size, which the contract did not know yet.</summary>
    private static long BounceBytes(Contract contract) =>
        Enumerable.Range(0, contract.Count).Count(i => contract.StreamAt(i).BounceBytes > 0) * (long)Contract.PiecesAtOnce * TransferLimits.SlotSize;

    private static SmallerReservation? OnePageLess(PlanLayout layout, PlannedBoard board, long needed)
    {
        long bytes = layout.ReservationBytes - MemoryMap.DefaultPageSize;
        if (!board.Fits || bytes < MemoryMap.DefaultPageSize || bytes >= needed)
        {
            return null;
        }
        Contract contract = PlannedBoard.Try(layout with { ReservationBytes = bytes }).Contract;
        return new SmallerReservation(bytes, contract.MissingBytes, contract.Refusal);
    }
}
