namespace Carveout.Emulator.Machine;

/// <summary>Memory as the program on the CPU sees it: through the data cache if the region is cached.</summary>
/// <remarks>Every operation is one step of the CPU. Interrupts are taken before an operation, never during it.</remarks>
internal sealed class CpuView : PhysicalMemory
{
    private readonly EmulatedMemory _memory;
    private readonly DataCache?[] _caches;
    private readonly MemoryMap _map;
    private readonly Cpu _cpu;
    private readonly Speculation? _speculation;
    private byte[] _moved = [];
    private MemoryRegion? _latest;
    private DataCache? _latestCache;

    /// <summary>The CPU's view of memory.</summary>
    /// <param name="map">The board's map.</param>
    /// <param name="memory">The memory behind the caches.</param>
    /// <param name="caches">By region of the map: the cache in front of it, or null.</param>
    /// <param name="cpu">The core that executes the operations.</param>
    /// <param name="speculation">Fills lines speculatively; null if there is no speculation.</param>
    public CpuView(MemoryMap map, EmulatedMemory memory, DataCache?[] caches, Cpu cpu, Speculation? speculation)
    {
        _map = map;
        _memory = memory;
        _caches = caches;
        _cpu = cpu;
        _speculation = speculation;
    }

    /// <inheritdoc/>
    public override void Fill(uint address, int length, byte value)
    {
        DataCache? cache = Step(address, length);
        if (cache is null)
        {
            _memory.Fill(address, length, value);
        }
        else
        {
            cache.Fill(address, length, value);
        }
    }

    /// <inheritdoc/>
    public override void Copy(uint source, uint destination, int length)
    {
        _memory.Region(destination, length);
        DataCache? from = Step(source, length), to = CacheOf(_memory.Region(destination, length));
        if (_moved.Length < length)
        {
            _moved = new byte[length];
        }
        Span<byte> moved = _moved.AsSpan(0, length);
        Read(from, source, moved);
        Write(to, destination, moved);
    }

    /// <inheritdoc/>
    public override void Read(uint address, byte[] buffer, int offset, int length)
    {
        _memory.Region(address, length);
        Span<byte> to = EmulatedMemory.Part(buffer, offset, length);
        Read(Step(address, length), address, to);
    }

    /// <inheritdoc/>
    public override void Write(uint address, byte[] buffer, int offset, int length)
    {
        _memory.Region(address, length);
        ReadOnlySpan<byte> from = EmulatedMemory.Part(buffer, offset, length);
        Write(Step(address, length), address, from);
    }

    /// <inheritdoc/>
    public override void CleanCache(uint address, int length) => Step(address, length)?.CleanLines(address, length);

    /// <inheritdoc/>
    public override void InvalidateCache(uint address, int length) => Step(address, length)?.InvalidateLines(address, length);

    private void Read(DataCache? cache, uint address, Span<byte> to)
    {
        if (cache is null)
        {
            _memory.Read(address, to);
        }
        else
        {
            cache.Read(address, to);
        }
    }

    private void Write(DataCache? cache, uint address, ReadOnlySpan<byte> from)
    {
        if (cache is null)
        {
            _memory.Write(address, from);
        }
        else
        {
            cache.Write(address, from);
        }
    }

    /// <summary>Executes the step of an operation, and returns the cache that the operation goes through.</summary>
    private DataCache? Step(uint address, int length)
    {
        MemoryRegion region = _memory.Region(address, length);
        _cpu.Step(length);
        DataCache? cache = CacheOf(region);
        if (cache is not null)
        {
            _speculation?.Used(address, region, cache);
        }
        return cache;
    }

    private DataCache? CacheOf(MemoryRegion region)
    {
        if (region != _latest)
        {
            for (int i = 0; i < _map.RegionCount; i++)
            {
                if (_map.RegionAt(i) == region)
                {
                    (_latest, _latestCache) = (region, _caches[i]);
                }
            }
        }
        return _latestCache;
    }
}
