using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A plan for a managed heap.</summary>
/// <param name="Request">The question.</param>
/// <param name="Layout">What to boot: the streams in the order in which their pools are made.</param>
/// <param name="Streams">Where they lie; one that does not fit has no place.</param>
/// <param name="Banks">The banks.</param>
/// <param name="Left">Bytes of the heap that stay with the application; negative if the heap is too small.</param>
/// <param name="Missing">Bytes that are missing: those of whole frames if frames find no place in the banks.</param>
/// <param name="Refusal">Why it does not fit, a line for each reason.</param>
/// <param name="Alternatives">Requests that would fit, if this one does not: the cheapest change first.</param>
internal sealed record StockPlan(PlanRequest Request, StockLayout Layout, IReadOnlyList<StockStream> Streams, IReadOnlyList<StockBank> Banks, long Left,
    long Missing, IReadOnlyList<string> Refusal, IReadOnlyList<Alternative> Alternatives) : PlanAnswer(Request, Alternatives)
{
    /// <inheritdoc/>
    public override bool Fits => Refusal.Count == 0;

    /// <inheritdoc/>
    public override long ReservationBytes => Layout.ReservationBytes;

    /// <inheritdoc/>
    public override long MissingBytes => Missing;

    /// <summary>What the heap must hold beside the streams.</summary>
    public StockNeeds Needs => Request.Stock!;

    /// <summary>Bytes of the heap that the pools of buffers take.</summary>
    public long BufferBytes => Needs.Buffers.Sum(buffer => buffer.HeapBytes);

    /// <summary>Bytes of the heap that the library takes for itself.</summary>
    public long LibraryBytes =>
        StockHeap.LibraryBytes(Layout.Banks, Streams.Count, Streams.Sum(stream => stream.Spec.Buffers));

    /// <summary>Bytes of bitmaps, which are not part of the managed heap.</summary>
    public long BitmapBytes => Needs.Bitmaps.Sum(bitmap => bitmap.Bytes);

    /// <summary>Bytes of the heap that stay with the application: the requested ones, or those that the application needs if these are
    /// more.</summary>
    public long Leave => Math.Max(Needs.Leave, Math.Max(Request.Application?.Bytes ?? 0, Request.TraceBytes));
}

/// <summary>A stream of a plan for a managed heap.</summary>
/// <param name="Spec">The stream.</param>
/// <param name="Format">The format of its frames.</param>
/// <param name="Step">Bytes from one frame to the next.</param>
/// <param name="Frames">Nominal addresses; empty if it has no place.</param>
internal sealed record StockStream(StreamSpec Spec, VideoFormat Format, long Step, IReadOnlyList<uint> Frames);

/// <summary>A bank.</summary>
/// <param name="Name">Its name in the map.</param>
/// <param name="Start">Nominal address.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="UsedBytes">Bytes of it that frames take.</param>
internal sealed record StockBank(string Name, uint Start, int Bytes, long UsedBytes);
