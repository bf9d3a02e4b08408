using System.Text.Json;
using Carveout.Emulator.Planning;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes a plan for a managed heap, for programs and for <c>play --plan</c>.</summary>
internal static class StockJson
{
    /// <summary>The keys are documented in docs/plan.md.</summary>
    public static string Of(StockPlan plan) => JsonSerializer.Serialize(
        new
        {
            Board = StockHeap.IsBoard(plan.Request.Board) ? null : plan.Request.Board.Word, plan.Fits, plan.Layout.LineAlignment,
            Heap = new { plan.Needs.Heap.Bytes, plan.Needs.Heap.FreeBytes, plan.Needs.Heap.Clusters },
            Streams = plan.Streams.Select((stream, i) => new
            {
                Stream = stream.Spec.ToString(), Name = PlannedBoard.NameOf(i), stream.Format.BytesPerLine, FrameBytes = stream.Format.SizeImage,
                StepBytes = stream.Step, stream.Spec.Buffers, Bytes = stream.Spec.Buffers * stream.Step, Frames = stream.Frames.Select(HexText.Of),
            }),
            Banks = plan.Banks.Select(bank => new { bank.Name, Start = HexText.Of(bank.Start), bank.Bytes, bank.UsedBytes }),
            Buffers = plan.Needs.Buffers.Select(buffer => new { buffer.Name, buffer.Size, buffer.Count, buffer.HeapBytes }),
            Bitmaps = plan.Needs.Bitmaps.Select(bitmap => new { bitmap.Width, bitmap.Height, bitmap.Bytes }),
            plan.LibraryBytes, LeaveBytes = plan.Leave, LeftBytes = Math.Max(0, plan.Left), plan.MissingBytes, plan.Refusal,
            Alternatives = plan.Alternatives.Select(one => new
            {
                one.Change, Streams = one.Request.Streams.Select(stream => stream.ToString()), one.ReservationBytes, LeaveBytes = one.Request.Stock!.Leave,
            }),
            Code = plan.Fits ? StockCode.Of(plan) : null,
        },
        JsonStyle.Results) + Environment.NewLine;
}
