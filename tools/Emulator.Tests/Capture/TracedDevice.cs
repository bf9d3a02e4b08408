using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Capture;

/// <summary>A page allocator that executes a trace and dumps its ring now and then, as a device in the field would.</summary>
internal sealed class TracedDevice
{
    public const int PageSize = 4096;

    private const uint Start = 0x80000000;

    private readonly DmaTail _tail;
    private readonly PageAllocator _allocator;
    private readonly TraceRing _ring;
    private readonly TraceDump _dump;
    private readonly TestClock _clock = new();
    private readonly PageOwner[] _owners;
    private readonly Dictionary<int, uint> _live = [];

    public TracedDevice(int arenaSize, DmaTail tail, int ringCapacity)
    {
        _tail = tail;
        _allocator = new PageAllocator([new Zone("DMA", ZoneKind.Dma, Start, PageMap.Create(tail.PageMap(false), arenaSize / PageSize))],
            PageSize, null, null);
        _owners = [_allocator.RegisterOwner("camera"), _allocator.RegisterOwner("app leak")];
        _ring = new TraceRing(ringCapacity, _clock);
        _allocator.Trace(_ring);
        _dump = new TraceDump(_allocator, _ring);
    }

    /// <summary>Every line that was dumped.</summary>
    public List<string> Log { get; } = [];

    /// <summary>The lines of the trace that a capture should give if nothing is lost, without time and owner.</summary>
    public List<string> Expected { get; } = [];

    public long Failures => _allocator.FailureCount;

    public long Lost => _dump.Lost;

    public long Recorded => _ring.Recorded;

    /// <summary>Executes the trace, with a dump after every so many operations and at the end.</summary>
    public void Drive(IEnumerable<TraceOperation> operations, int dumpEvery)
    {
        int ids = 0, count = 0;
        var idOf = new Dictionary<int, int>();
        foreach (TraceOperation operation in operations)
        {
            _clock.Time = unchecked(_clock.Time + 3);
            if (!operation.IsAllocation)
            {
                if (_live.Remove(operation.Id, out uint freed))
                {
                    _allocator.FreePages(freed);
                    Expected.Add($"f {idOf[operation.Id]}");
                }
            }
            else
            {
                uint address = Alloc(operation);
                // A block is asked for whole; where its tail goes back at once it counts as a request for what is kept.
                bool isBlock = _tail == DmaTail.Keep || (_tail == DmaTail.Trim && address == 0);
                int size = isBlock ? PageSize << Order(operation) : operation.Size;
                if (address == 0)
                {
                    Expected.Add("# refused");
                }
                Expected.Add($"a {ids} {size} {(isBlock ? size : PageSize)}");
                if (address == 0)
                {
                    Expected.Add($"f {ids}");
                }
                else
                {
                    _live.Add(operation.Id, address);
                }
                idOf[operation.Id] = ids++;
            }
            if (++count % dumpEvery == 0)
            {
                Dump();
            }
        }
        Dump();
    }

    private uint Alloc(TraceOperation operation)
    {
        PageOwner owner = _owners[operation.Id % 2];
        if (_tail == DmaTail.Exact)
        {
            return _allocator.AllocPagesExact(operation.Size, GfpFlags.Dma, owner);
        }
        uint address = _allocator.AllocPages(GfpFlags.Dma, Order(operation), owner);
        if (address != 0 && _tail == DmaTail.Trim)
        {
            _allocator.TrimPages(address, operation.Size);
        }
        return address;
    }

    private void Dump()
    {
        for (string? line = _dump.Next(); line is not null; line = _dump.Next())
        {
            Log.Add(line);
        }
    }

    private static int Order(TraceOperation operation) => PageMap.OrderOf(((operation.Size - 1) / PageSize) + 1);

    /// <summary>Begins shortly before its 32 bits wrap around.</summary>
    private sealed class TestClock : TraceClock
    {
        public int Time { get; set; } = int.MaxValue - 1000;

        public override int Milliseconds => Time;
    }
}
