using System.Buffers.Binary;
using Carveout.Board;
using Carveout.Emulator.Machine;
using Carveout.Memory;

namespace Carveout.Emulator.Scenario;

/// <summary>The program that runs beside the movie. A refusal does not stop it: it goes on asking, as programs do.</summary>
/// <remarks>Each page it owns carries a mark, looked at when the page is given back: so memory handed out twice is noticed.</remarks>
internal sealed class Application
{
    /// <summary>Owner names in reports.</summary>
    public const string ResidentOwner = "app.resident", ChurnOwner = "app.churn", LeakOwner = "app.leak";

    private const long Second = 1_000_000, Minute = 60 * Second;
    private const int MostResidentPages = 16, MostChurnPages = 3;

    private readonly EventQueue _events;
    private readonly PageAllocator _allocator;
    private readonly PhysicalMemory _memory;
    private readonly ApplicationSpec _spec;
    private readonly SplitMix64 _chance;
    private readonly bool _exact;
    private readonly int _resident, _churn, _leak;
    private readonly byte[] _mark = new byte[4];
    private long _leakOwed;

    /// <summary>An application that has not started.</summary>
    /// <param name="events">The machine's clock.</param>
    /// <param name="allocator">Where it asks.</param>
    /// <param name="memory">What it writes to.</param>
    /// <param name="spec">What it does.</param>
    /// <param name="exact">Whether it asks for runs of pages rather than for blocks.</param>
    /// <param name="chance">Its own.</param>
    public Application(EventQueue events, PageAllocator allocator, PhysicalMemory memory, ApplicationSpec spec, bool exact, SplitMix64 chance)
    {
        _events = events;
        _allocator = allocator;
        _memory = memory;
        _spec = spec;
        _exact = exact;
        _chance = chance;
        _resident = allocator.RegisterOwner(ResidentOwner);
        _churn = allocator.RegisterOwner(ChurnOwner);
        _leak = allocator.RegisterOwner(LeakOwner);
    }

    /// <summary>Requests that got nothing.</summary>
    public long Refused { get; private set; }

    /// <summary>Virtual time of the first refusal, in microseconds; null where there was none.</summary>
    public long? FirstRefused { get; private set; }

    /// <summary>Pages that it has, forgotten ones included.</summary>
    public int Pages => _allocator.OwnerPages(_resident) + _allocator.OwnerPages(_churn) + _allocator.OwnerPages(_leak);

    /// <summary>Takes what it keeps and begins to churn.</summary>
    public void Start()
    {
        for (long pages = _spec.ResidentSize / _allocator.PageSize; pages > 0;)
        {
            int piece = (int)Math.Min(pages, 1 + _chance.Below(MostResidentPages));
            Alloc(piece, _resident);
            pages -= piece;
        }
        if (_spec.ChurnPerMinute > 0)
        {
            _events.After(_chance.Exponential(Minute / _spec.ChurnPerMinute), Churn);
        }
    }

    /// <summary>A loop of the movie begins: what is leaked in it is spread over its length.</summary>
    public void OnLoop(int seconds)
    {
        _leakOwed += _spec.LeakPerLoop;
        for (; _leakOwed >= _allocator.PageSize; _leakOwed -= _allocator.PageSize)
        {
            _events.After((long)(_chance.Fraction() * seconds * Second), () => Alloc(1, _leak));
        }
    }

    private void Churn()
    {
        int pages = 1 + _chance.Below(MostChurnPages);
        long life = _chance.Exponential(_spec.ChurnSeconds * Second);
        uint address = Alloc(pages, _churn);
        if (address != 0)
        {
            _events.After(life, () => Free(address, pages));
        }
        _events.After(_chance.Exponential(Minute / _spec.ChurnPerMinute), Churn);
    }

    private uint Alloc(int pages, int owner)
    {
        int size = pages * _allocator.PageSize;
        uint address = _exact
            ? _allocator.AllocPagesExact(GfpFlags.NoWarn, size, _allocator.PageSize, owner)
            : _allocator.GetFreePages(GfpFlags.NoWarn, size, owner);
        if (address == 0)
        {
            Refused++;
            FirstRefused ??= _events.Now;
            return 0;
        }
        for (int i = 0; i < pages; i++)
        {
            uint page = address + (uint)(i * _allocator.PageSize);
            BinaryPrimitives.WriteUInt32LittleEndian(_mark, page);
            _memory.Write(page, _mark, 0, _mark.Length);
        }
        return address;
    }

    private void Free(uint address, int pages)
    {
        for (int i = 0; i < pages; i++)
        {
            uint page = address + (uint)(i * _allocator.PageSize);
            _memory.Read(page, _mark, 0, _mark.Length);
            uint seen = BinaryPrimitives.ReadUInt32LittleEndian(_mark);
            if (seen != page)
            {
                throw new CorruptionException($"the application's page at {HexText.Of(page)} holds {HexText.Of(seen)} instead of its mark");
            }
        }
        _allocator.FreePages(address);
    }
}
