using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Replay;

/// <summary>Observes a replay: live blocks lie in the arena, are aligned as the trace wants, and no two of them share a byte.</summary>
internal sealed class OverlapCheck : ITraceObserver
{
    /// <summary>The arena's address, and the bytes of the smallest possible piece of a block.</summary>
    private const uint ArenaStart = 0x80000000, Unit = KmallocCaches.MinSize;

    private readonly TraceReplay _replay;

    /// <summary>By unit of the arena: the slot of the block that has it, plus 1.</summary>
    private readonly int[] _holders;

    /// <summary>By slot: how many units the block has.</summary>
    private readonly Range[] _held;

    private long _migrated;

    private OverlapCheck(TraceFile trace, TraceReplay replay, int arenaSize)
    {
        _replay = replay;
        _holders = new int[arenaSize / Unit];
        _held = new Range[trace.SlotCount];
    }

    /// <summary>The observed replay.</summary>
    public static TraceReplay Of(TraceFile trace, ReplayOptions options) => Watch(new TraceReplay(trace, options), trace, options);

    /// <summary>Observes a replay that has not begun.</summary>
    public static TraceReplay Watch(TraceReplay replay, TraceFile trace, ReplayOptions options)
    {
        replay.Observer = new OverlapCheck(trace, replay, options.ArenaSize);
        return replay;
    }

    public void OnOperation(int index, TraceOperation operation)
    {
    }

    public void OnRefusal(int index, TraceOperation operation)
    {
    }

    public void OnDone(int index, TraceOperation done)
    {
        long migrated = MovablePages.Of(_replay.Allocator)?.PagesMigrated ?? 0;
        if (migrated == _migrated)
        {
            _holders.AsSpan(_held[done.Slot]).Clear();
            Claim(done.Slot, done);
            return;
        }
        _migrated = migrated;
        Array.Clear(_holders);
        for (int slot = 0; slot < _held.Length; slot++)
        {
            Claim(slot, done);
        }
    }

    private void Claim(int slot, TraceOperation done)
    {
        uint address = _replay.BlockOf(slot, out int size);
        _held[slot] = default;
        if (address == 0)
        {
            return;
        }
        string what = $"line {done.Line}: block {_replay.IdAt(slot)} at {HexText.Of(address)}";
        uint alignment = done.IsAllocation && done.Slot == slot ? (uint)done.Alignment : Unit;
        int first = (int)((address - ArenaStart) / Unit), units = size / (int)Unit;
        Assert.IsTrue(address >= ArenaStart && address % alignment == 0 && first + units <= _holders.Length, what + " is misaligned or outside the arena");
        Span<int> holders = _holders.AsSpan(first, units);
        int taken = holders.IndexOfAnyExcept(0);
        Assert.AreEqual(-1, taken, taken < 0 ? what : $"{what} overlaps block {_replay.IdAt(holders[taken] - 1)}");
        holders.Fill(slot + 1);
        _held[slot] = first..(first + units);
    }
}
