using Carveout.Emulator.Boards;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Planning;

/// <summary>What is to be planned.</summary>
/// <param name="Board">The board.</param>
/// <param name="Streams">At least one, where <paramref name="Stock"/> wants nothing else.</param>
/// <param name="LineAlignment">A power of two that divides the bytes of every line.</param>
/// <param name="Application">What lives beside them, given as a bound; null: nothing is promised to it.</param>
/// <param name="Trace">What lives beside them, as it was recorded; null: none.</param>
/// <param name="ReservationBytes">A reservation to check, whole pages; null: the smallest one.</param>
/// <param name="Stock">What is wanted of the managed heap of stock firmware; null: firmware of one's own reserves what is planned.</param>
internal sealed record PlanRequest(EmulatedBoard Board, IReadOnlyList<StreamSpec> Streams, int LineAlignment, AppTraffic? Application, TraceFile? Trace,
    long? ReservationBytes, StockNeeds? Stock = null)
{
    /// <summary>DMA engines move words.</summary>
    public const int DefaultLineAlignment = 4;

    /// <summary>The most bytes of the trace that live at one time, as they were asked for; 0 without a trace.</summary>
    public long TraceBytes => Trace is null ? 0 : TracePeak.Of(Trace, TracePolicy.Blocks, MemoryMap.DefaultPageSize).Bytes;
}

/// <summary>General traffic: requests of powers of two pages.</summary>
/// <param name="Bytes">The most that lives at one time.</param>
/// <param name="Block">Its largest block.</param>
internal sealed record AppTraffic(long Bytes, long Block);
