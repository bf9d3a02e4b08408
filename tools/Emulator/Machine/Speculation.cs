namespace Carveout.Emulator.Machine;

/// <summary>Fills cache lines without being asked: Cortex-M7 may read any normal memory ahead of its program.</summary>
/// <remarks>
/// That is why a buffer must be invalidated after the device wrote it, even if it was invalidated before: a line may have come back in
/// between. Here one operation in <c>interval</c> fills a random line of one of the pages that the CPU used last.
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

    /// <summary>How many lines it filled, or found in the cache.</summary>
    public long Fills { get; private set; }

    /// <summary>Called when the CPU uses memory of a cached region.</summary>
    public void Used(uint address, MemoryRegion region, DataCache cache)
    {
        uint page = address >> PageShift;
        if (_count == 0 || _pages[(_count - 1) % Remembered] != page)
        {
            _pages[_count % Remembered] = page;
            // Once all places are taken, the number stays in a range where its remainder is the oldest place.
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
