using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Import;

/// <summary>Makes a trace of objects. Addresses only tell objects apart: kernels print hashes of them, which have no distances.</summary>
internal sealed class ObjectTraceBuilder(HeapEventLog log, TraceWriter trace) : TraceBuilder(log, TraceLevel.Objects, trace)
{
    /// <summary>The number of an object that is too large for the trace.</summary>
    private const int Unsaid = -1;

    private readonly Dictionary<ulong, int> _live = [];

    /// <inheritdoc/>
    protected override void Apply(int index)
    {
        HeapEvent happened = Events[index];
        if (happened.Kind == HeapEventKind.Free)
        {
            if (!_live.Remove(happened.Address, out int freed))
            {
                Unknown++;
            }
            else if (freed != Unsaid)
            {
                SayFreed(freed);
            }
            return;
        }
        // malloc(0) gives an address of its own, and needs as much as a byte.
        long bytes = Math.Max(1, happened.Size);
        bool fits = bytes <= MostBytes;
        TooLarge += fits ? 0 : 1;
        if (happened.Kind == HeapEventKind.Refuse)
        {
            if (fits)
            {
                SayRefused(happened, bytes, 1 << happened.Alignment);
            }
            return;
        }
        if (_live.Remove(happened.Address, out int old))
        {
            Deduced++;
            if (old != Unsaid)
            {
                SayFreed(old);
            }
        }
        _live.Add(happened.Address, fits ? SayTaken(happened, bytes, 1 << happened.Alignment) : Unsaid);
    }
}
