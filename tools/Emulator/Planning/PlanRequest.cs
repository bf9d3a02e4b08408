using Carveout.Emulator.Boards;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Planning;

/// <summary>What to plan.</summary>
/// <param name="Board">The board.</param>
/// <param name="Streams">At least one, unless <paramref name="Stock"/> has other needs.</param>
/// <param name="LineAlignment">A power of two that divides the bytes of every line.</param>
/// <param name="Application">The application beside the streams, as a bound; null: nothing is promised to it.</param>
/// <param name="Trace">The application beside the streams, as a recorded trace; null: none.</param>
/// <param name="ReservationBytes">A reservation to check, whole pages; null: the smallest one.</param>
/// <param name="Stock">What the managed heap of stock firmware must hold; null: custom firmware makes the planned reservations.</param>
internal sealed record PlanRequest(EmulatedBoard Board, IReadOnlyList<StreamSpec> Streams, int LineAlignment, AppTraffic? Application, TraceFile? Trace,
    long? ReservationBytes, StockNeeds? Stock = null)
{
    /// <summary>Bytes: DMA engines move words.</summary>
    public const int DefaultLineAlignment = 4;

    /// <summary>The most bytes of the trace that are live at once, as they were asked for; 0 without a trace.</summary>
    public long TraceBytes => Trace is null ? 0 : TracePeak.Of(Trace, TracePolicy.Blocks, MemoryMap.DefaultPageSize).Bytes;
}

/// <summary>General traffic: requests of powers of two pages.</summary>
/// <param name="Bytes">The most that is live at once.</param>
/// <param name="Block">Bytes of its largest block.</param>
internal sealed record AppTraffic(long Bytes, long Block);
