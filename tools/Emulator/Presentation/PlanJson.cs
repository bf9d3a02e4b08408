using System.Text.Json;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Planning;
using Carveout.Video;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes a plan for programs, and for <c>play --plan</c>.</summary>
internal static class PlanJson
{
    /// <summary>The keys are documented in docs/plan.md.</summary>
    public static string Of(Plan plan)
    {
        PlannedBoard board = plan.Board;
        DescriptorNeed descriptors = plan.Descriptors;
        return JsonSerializer.Serialize(
            new
            {
                Board = plan.Layout.Board.Word, plan.Fits, Zones = MapWriter.Word(plan.Layout.Zones.ToString()),
                PageMap = MapWriter.Word(plan.Layout.Map.ToString()),
                plan.Layout.LineAlignment, Streams = plan.Layout.Streams.Select((spec, i) => Stream(plan, spec, i)),
                BytesPerSecond = PlanView.BytesPerSecond(plan), plan.NeededBytes,
                Reservations = board.Parts.Select(part => new
                {
                    part.Reservation.Name, Region = plan.RegionOf(part).Name, Start = HexText.Of(part.Reservation.Start), Bytes = part.Reservation.Size,
                    plan.RegionOf(part).CacheLine,
                    OnePageLess = plan.OnePageLess.Where(less => less.Name == part.Reservation.Name)
                        .Select(less => new { less.Bytes, less.MissingBytes, Refusal = Lines(less.Refusal) }).FirstOrDefault(),
                }),
                Bounce = plan.Layout.BounceBytes == 0 ? null : new
                {
                    Name = PlannedBoard.BounceName, Start = board.Bounce is null ? null : HexText.Of(board.Bounce.Start),
                    Bytes = plan.Layout.BounceBytes, TransferLimits.SlotSize,
                },
                Descriptors = new { descriptors.Count, descriptors.Bytes, descriptors.Place },
                board.MissingBytes, Refusal = Lines(board.Refusal), plan.IsUndecided,
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

    private static object Stream(Plan plan, StreamSpec spec, int number)
    {
        (PlannedPart Part, VideoStream Stream)[] parts = [.. plan.Of(number)];
        VideoStream first = parts[0].Stream;
        return new
        {
            Stream = spec.ToString(), first.Name, first.Format.BytesPerLine, FrameBytes = first.BufferSize, FrameIsEstimated = first.Format.IsEstimate,
            spec.Buffers,
            Bytes = parts.Sum(part => part.Stream.Bytes), first.BytesPerSecond, BounceBytes = parts.Sum(part => part.Stream.BounceBytes),
            MissingBytes = parts.Sum(part => part.Stream.MissingBytes),
            Parts = parts.Select(part => new
            {
                Reservation = part.Part.Layout.Name, part.Stream.Buffers, part.Stream.BufferBytes, part.Stream.Bytes,
                Start = part.Stream.Start == 0 ? null : HexText.Of(part.Stream.Start), part.Stream.Segments,
                Descriptors = DescriptorNeed.Of(part.Stream), part.Stream.PieceSize, part.Stream.MissingBytes,
            }),
        };
    }

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
