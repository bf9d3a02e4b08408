namespace Carveout.Emulator.Machine;

/// <summary>Lines that the CPU fills without being told to: Cortex-M7 may read any normal memory ahead of its program.</summary>
/// <remarks>
/// That is why a buffer is invalidated after the device wrote it even where it was invalidated before: a line may have come back in between.
/// Here one fill in <c>interval</c> operations, of a random line of one of the pages that the CPU used last.
/// </remarks>
internal sealed class Speculation
{
    private const int PageShift = 12, Remembered = 64;

    private readonly SplitMix64 _chance;
    private readonly int _interval;
    private readonly uint[] _pages = new uint[Remembered];
    private int _count, _operations;

    /// <summary>Speculates once in <paramref name="interval"/> operations of the CPU.</summary>
    public Speculation(ulong seed, int interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, 1);
        _chance = new SplitMix64(seed);
        _interval = interval;
    }

    /// <summary>Lines filled, or found to be there.</summary>
    public long Fills { get; private set; }

    /// <summary>The CPU used memory of a region that is cached.</summary>
    public void Used(uint address, MemoryRegion region, DataCache cache)
    {
        uint page = address >> PageShift;
        if (_count == 0 || _pages[(_count - 1) % Remembered] != page)
        {
            _pages[_count % Remembered] = page;
            // Stays among the numbers whose remainder is the oldest place once all are taken.
            _count = _count + 1 == 2 * Remembered ? Remembered : _count + 1;
        }
        if (++_operations % _interval == 0)
        {
            uint at = (_pages[_chance.Below(Math.Min(_count, Remembered))] << PageShift) + (uint)_chance.Below(1 << PageShift);
            if (region.Contains(at, 1))
            {
                Fills++;
                cache.Prefetch(at);
            }
        }
    }
}
