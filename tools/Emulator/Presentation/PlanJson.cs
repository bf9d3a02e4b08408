using System.Text.Json;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Planning;
using Carveout.Video;

namespace Carveout.Emulator.Presentation;

/// <summary>A plan for programs, and for <c>play --plan</c>.</summary>
internal static class PlanJson
{
    /// <summary>The keys are documented in docs/plan.md.</summary>
    public static string Of(Plan plan)
    {
        PlannedBoard board = plan.Board;
        Contract contract = board.Contract;
        DescriptorNeed descriptors = plan.Descriptors;
        return JsonSerializer.Serialize(
            new
            {
                Board = plan.Layout.Board.Word, plan.Fits, Zones = MapWriter.Word(plan.Layout.Zones.ToString()),
                PageMap = MapWriter.Word(plan.Layout.Map.ToString()),
                plan.Layout.LineAlignment, Streams = plan.Streams.Select((stream, i) => Stream(plan.Layout.Streams[i], stream)),
                contract.BytesPerSecond, plan.NeededBytes,
                Reservation = new
                {
                    board.Reservation.Name, Region = plan.Region.Name, Start = HexText.Of(board.Reservation.Start),
                    Bytes = plan.Layout.ReservationBytes, plan.Region.CacheLine,
                },
                Bounce = plan.Layout.BounceBytes == 0 ? null : new
                {
                    Name = PlannedBoard.BounceName, Start = board.Bounce is null ? null : HexText.Of(board.Bounce.Start),
                    Bytes = plan.Layout.BounceBytes, TransferLimits.SlotSize,
                },
                Descriptors = new { descriptors.Count, descriptors.Bytes, descriptors.Place },
                contract.MissingBytes, Refusal = Lines(contract.Refusal),
                OnePageLess = plan.OnePageLess is null ? null : new
                {
                    plan.OnePageLess.Bytes, plan.OnePageLess.MissingBytes, Refusal = Lines(plan.OnePageLess.Refusal),
                },
                ZonesLeft = Enumerable.Range(0, board.Map.ZoneCount).Select(board.Map.ZoneAt)
                    .Select(zone => new { zone.Name, Start = HexText.Of(zone.Start), Bytes = zone.Size }),
                Application = plan.App is null ? null : new
                {
                    plan.Request.Application!.Bytes, plan.Request.Application.Block, plan.App.NeedBytes, plan.App.Zone, plan.App.ZoneBytes,
                    plan.App.Fits,
                },
                Trace = plan.Trace is null ? null : Trace(plan, plan.Trace),
                Alternatives = plan.Alternatives.Select(one => new
                {
                    one.Change, Streams = one.Request.Streams.Select(stream => stream.ToString()), one.ReservationBytes,
                    ApplicationBytes = one.Request.Application?.Bytes, ApplicationBlock = one.Request.Application?.Block,
                }),
                Code = plan.Fits ? ReservationCode.Of(plan) : null,
            },
            JsonStyle.Results) + Environment.NewLine;
    }

    private static object Stream(StreamSpec spec, VideoStream stream) => new
    {
        Stream = spec.ToString(), stream.Name, stream.Format.BytesPerLine, FrameBytes = stream.BufferSize, FrameIsEstimated = stream.Format.IsEstimate, stream.BufferBytes, stream.Buffers,
        stream.Bytes, Start = stream.Start == 0 ? null : HexText.Of(stream.Start), stream.BytesPerSecond, stream.Segments,
        Descriptors = DescriptorNeed.Of(stream), stream.PieceSize, stream.BounceBytes, stream.MissingBytes,
    };

    private static object Trace(Plan plan, TracePlan trace) => new
    {
        plan.Request.Trace!.Name, PeakBytes = trace.Peak, BoundBytes = trace.Bound.Pages * MemoryMap.DefaultPageSize,
        Policies = trace.Needs.Select(need => new
        {
            need.Policy.Name, Bytes = Bytes(need.Pages), SafeBytes = Bytes(need.SafePages), LiveBytes = Bytes(need.LivePages),
            need.Tried, need.Failed,
        }),
        Policy = trace.Chosen?.Name, trace.Zone, ZoneBytes = Bytes(trace.ZonePages), LeastFreeBytes = Bytes(trace.LeastFree), trace.Fits,
    };

    private static long? Bytes(long? pages) => pages * MemoryMap.DefaultPageSize;

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');
}
