using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Replay;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>Finds the smallest reservation that holds a board's streams, and checks what is left for the rest.</summary>
/// <remarks>It does no arithmetic of its own: it boots a layout and asks the contract.</remarks>
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

    /// <summary>Makes a plan, and searches alternatives if it does not fit.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Gets the progress of the search for a trace's need.</param>
    /// <param name="cancel">Ends the work with an OperationCanceledException.</param>
    /// <exception cref="UsageException">The board has no such memory.</exception>
    public static PlanAnswer Run(PlanRequest request, Action<string> progress, CancellationToken cancel)
    {
        Func<PlanRequest, PlanAnswer> plan = request.Stock is not null ? StockPlanner.Of : new Planner(request, Needs(request, progress, cancel), cancel).Of;
        PlanAnswer answer = plan(request);
        return answer.Fits ? answer : answer with { Alternatives = new AlternativeSearch(request, plan).Find() };
    }

    /// <summary>The need of the trace under each policy. A search ends at twice the best need so far, because a larger one is of no
    /// interest.</summary>
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

    /// <summary>The first of these layouts that fits: main memory in two zones, then in one; then frames outside it if other memory holds
    /// them. If none fits, the first that holds the streams.</summary>
    private Plan Of(PlanRequest request)
    {
        var plans = new List<Plan>();
        foreach ((ZoneLayout zones, bool mainFirst) in new[]
        {
            (ZoneLayout.Split, true), (ZoneLayout.Single, true), (ZoneLayout.Split, false), (ZoneLayout.Single, false),
        })
        {
            if (!mainFirst && !plans.Exists(plan => plan.Board.Fits))
            {
                // The same pieces in another order hold no more.
                break;
            }
            _cancel.ThrowIfCancellationRequested();
            Plan plan = Of(request, zones, mainFirst);
            if (plan.Fits)
            {
                return plan;
            }
            plans.Add(plan);
        }
        return plans.Find(plan => plan.Board.Fits) ?? plans[0];
    }

    private Plan Of(PlanRequest request, ZoneLayout zones, bool mainFirst)
    {
        const int Page = MemoryMap.DefaultPageSize;
        // The device's map of a kind may not have room for the main memory's pages.
        PageMapKind map = request.Application is not null ? PageMapKind.FreeBlocks
            : BestPolicy([.. _needs.Where(need => request.Board.Main.Size / Page <= PageMap.MaxPages(need.Policy.Map))])?.Map
                ?? DmaTail.Pool.PageMap(grouping: true);
        var layout = new PlanLayout(request.Board, zones, map, request.Streams, request.LineAlignment, [], 0);
        layout = Placed(request, layout, mainFirst, out bool isUndecided);
        PlannedBoard board = PlannedBoard.Try(layout);
        Zone zone = board.AppZone;
        return new Plan(request, layout, board, [.. OnePageLess(layout, board)], isUndecided && !board.Fits,
            request.Application is not { } app ? null
                : new AppPlan(BuddyBound.Of(app.Bytes, app.Block, Page), zone.Name, zone.Pages, zone.MinWatermark, Page),
            request.Trace is not { } trace ? null : OfTrace(trace, map, zone), []);
    }

    /// <summary>The layout with its reservations: one in the main memory if that holds everything, else wherever the engine reaches. If
    /// there is no room, the main memory's contract reports what is missing.</summary>
    private static PlanLayout Placed(PlanRequest request, PlanLayout layout, bool mainFirst, out bool isUndecided)
    {
        EmulatedBoard board = request.Board;
        int[] counts = [.. request.Streams.Select(stream => stream.Buffers)];
        var main = new PlanPiece(board.MainRegion, board.Main.Start + MemoryMap.DefaultPageSize, PlannedBoard.MostBytes(board), true, FromTop: true);
        isUndecided = false;
        if (request.ReservationBytes is long bytes)
        {
            return WithParts(layout, [main], [.. counts.Select(count => new[] { count })], bytes);
        }
        if (mainFirst && Place([main], out _) is { } simple)
        {
            return WithParts(layout, [main], simple, null);
        }
        MemoryMap map = board.CreateMap(layout.Zones, layout.Map, 0);
        IReadOnlyList<PlanPiece> pieces = PlanPiece.Of(board, map);
        if (!mainFirst && Place([.. pieces.Skip(1)], out _) is { } outside)
        {
            return WithParts(layout, [.. pieces.Skip(1)], outside, null);
        }
        if (!board.MainRegion.Dma.HasFlag(board.Engine))
        {
            PlannedBoard.ReserveBounce(map, board, BounceBytes(counts.Length));
            pieces = PlanPiece.Of(board, map);
        }
        pieces = mainFirst ? pieces : [.. pieces.Skip(1), pieces[0]];
        if (Place(pieces, out isUndecided) is { } placed)
        {
            return WithParts(layout, pieces, placed, null);
        }
        // Place as much as possible in other memory; the main memory would have to hold the rest.
        PlanPiece[] others = [.. pieces.Where(piece => !piece.IsMain)];
        int[][] most = BufferPlacement.AsManyAsFit(counts, Sizes(others), [.. others.Select(piece => piece.Bytes)]);
        return WithParts(layout, [main, .. others], [.. most.Select((buffers, i) => (int[])[counts[i] - buffers.Sum(), .. buffers])], main.Bytes);

        int[][]? Place(IReadOnlyList<PlanPiece> into, out bool gaveUp) =>
            BufferPlacement.Find(counts, Sizes(into), [.. into.Select(piece => piece.Bytes)], out gaveUp);

        long[][] Sizes(IReadOnlyList<PlanPiece> of) =>
            [.. request.Streams.Select(stream => Enumerable.Repeat(PlannedBoard.BufferBytes(board, stream.Format(request.LineAlignment).SizeImage),
                of.Count).ToArray())];
    }

    /// <summary>A reservation for each piece that has buffers.</summary>
    /// <param name="layout">The layout so far.</param>
    /// <param name="pieces">The pieces of memory.</param>
    /// <param name="placed">By stream and piece, the buffers.</param>
    /// <param name="mainBytes">Bytes of the reservation in the main memory; null: as many as it needs.</param>
    private static PlanLayout WithParts(PlanLayout layout, IReadOnlyList<PlanPiece> pieces, int[][] placed, long? mainBytes)
    {
        EmulatedBoard board = layout.Board;
        var parts = new List<PlanPart>();
        for (int i = 0; i < pieces.Count; i++)
        {
            PlanPiece piece = pieces[i];
            int[] buffers = [.. placed.Select(stream => stream[i])];
            if (buffers.Any(count => count > 0))
            {
                long needed = buffers.Zip(layout.Streams, (count, stream) => count * PlannedBoard.BufferBytes(board, stream.Format(layout.LineAlignment).SizeImage)).Sum();
                parts.Add(piece.Part(BoardCatalog.PoolName + (parts.Count == 0 ? "" : $"{parts.Count + 1}"), piece.IsMain ? mainBytes ?? needed : needed,
                    buffers));
            }
        }
        int inMain = parts.FindIndex(part => PlannedBoard.IsPool(board, part with { Name = BoardCatalog.PoolName }));
        if (inMain > 0)
        {
            // The board's own division gives it this name.
            (parts[0], parts[inMain]) = (parts[0] with { Name = parts[inMain].Name }, parts[inMain] with { Name = parts[0].Name });
        }
        bool goesOn = parts.Exists(part => part.Start - board.Main.Start < board.Main.Size && !PlannedBoard.IsPool(board, part));
        int inMainMemory = pieces.Any(piece => piece.IsMain) ? placed.Count(stream => stream[pieces.ToList().FindIndex(piece => piece.IsMain)] > 0) : 0;
        return layout with
        {
            // A reservation that crosses the border of the main memory could take a whole zone of a divided one.
            Zones = goesOn ? ZoneLayout.Single : layout.Zones,
            Parts = parts,
            // Pieces beside the main memory were measured with slots for all streams.
            BounceBytes = board.MainRegion.Dma.HasFlag(board.Engine) ? 0
                : BounceBytes(inMainMemory > 0 && parts.Count > 1 ? placed.Length : inMainMemory),
        };
    }

    private TracePlan OfTrace(TraceFile trace, PageMapKind map, Zone zone)
    {
        TracePolicy? policy = BestPolicy([.. _needs.Where(need => need.Policy.Map == map)]);
        return new TracePlan(_needs, _peak!.Bytes, _traceBound!, policy, zone.Name, zone.Pages, zone.MinWatermark,
            policy is null ? null : TraceNeed.RunsIn(trace, policy, zone.Pages, MemoryMap.DefaultPageSize, _cancel));
    }

    private static TracePolicy? BestPolicy(IReadOnlyList<TraceNeed> needs) =>
        needs.Where(need => need.Pages is not null).MinBy(need => need.Pages)?.Policy;

    /// <summary>Bytes of bounce buffers for streams whose engines do not reach their frames.</summary>
    private static long BounceBytes(int streams) => streams * (long)Contract.PiecesAtOnce * TransferLimits.SlotSize;

    private static IEnumerable<SmallerReservation> OnePageLess(PlanLayout layout, PlannedBoard board)
    {
        const int Page = MemoryMap.DefaultPageSize;
        for (int i = 0; i < layout.Parts.Count && board.Fits; i++)
        {
            PlanPart part = layout.Parts[i];
            long bytes = part.Bytes - Page;
            if (bytes >= Page && bytes < board.Parts[i].NeededBytes)
            {
                var less = part with { Bytes = bytes, Start = part.Start + Page };
                Contract contract = PlannedBoard.Try(layout with { Parts = [.. layout.Parts.Take(i), less, .. layout.Parts.Skip(i + 1)] }).Parts[i].Contract;
                yield return new SmallerReservation(part.Name, bytes, contract.MissingBytes, contract.Refusal);
            }
        }
    }
}
