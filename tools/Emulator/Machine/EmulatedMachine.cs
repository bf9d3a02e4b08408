namespace Carveout.Emulator.Machine;

/// <summary>A board's memory, cache, core, bus and interrupts; devices are made on it.</summary>
internal sealed class EmulatedMachine
{
    private readonly DataCache[] _caches;

    /// <summary>Makes a machine at time 0, with all memory 0.</summary>
    /// <param name="map">The board's map, without faults.</param>
    /// <param name="spec">What the map does not contain.</param>
    public EmulatedMachine(MemoryMap map, MachineSpec spec)
    {
        Map = map;
        Memory = new EmulatedMemory(map);
        Interrupts = new InterruptController(Events);
        Cpu = new Cpu(Events, Interrupts);
        Bus = new Bus(Events, spec.BurstSize, spec.NanosecondsPerBurst);
        var byRegion = new DataCache?[map.RegionCount];
        var bySize = new Dictionary<int, DataCache>();
        for (int i = 0; i < byRegion.Length; i++)
        {
            int line = map.RegionAt(i).CacheLine;
            if (line != 0 && !bySize.TryGetValue(line, out byRegion[i]))
            {
                bySize[line] = byRegion[i] = new DataCache(Memory, line, spec.CacheSize, spec.CacheWays);
            }
        }
        _caches = [.. bySize.Values];
        Speculation? speculation = spec.SpeculationInterval == 0 ? null : new Speculation(spec.Seed, spec.SpeculationInterval);
        CpuMemory = new CpuView(map, Memory, byRegion, Cpu, speculation);
    }

    /// <summary>The board's map.</summary>
    public MemoryMap Map { get; }

    /// <summary>The clock and the events that are due.</summary>
    public EventQueue Events { get; } = new();

    /// <summary>Memory behind the caches.</summary>
    public EmulatedMemory Memory { get; }

    /// <summary>Memory as the program sees it.</summary>
    public CpuView CpuMemory { get; }

    /// <summary>The data caches: one for each length of cache line in the map.</summary>
    public IReadOnlyList<DataCache> Caches => _caches;

    /// <summary>The core.</summary>
    public Cpu Cpu { get; }

    /// <summary>The interrupts.</summary>
    public InterruptController Interrupts { get; }

    /// <summary>The bus that devices share.</summary>
    public Bus Bus { get; }

    /// <summary>The allocator of the zones' pages, which says what devices may access; null if there is none, and every page of a zone is
    /// free.</summary>
    public PageAllocator? Allocator { get; set; }

    /// <summary>How many stale lines the CPU and the devices have read.</summary>
    public long StaleLines => _caches.Sum(cache => cache.StaleLinesRead + cache.StaleLinesReadByDevices);

    /// <summary>Boots the allocator of the board's zones, on the CPU's view of memory, with interrupts masked around its calls.</summary>
    /// <param name="pageMaps">The page map of each zone; null for those that the board's map plans.</param>
    public PageAllocator Boot(PageMap[]? pageMaps = null) =>
        Allocator = PageAllocator.Boot(Map, pageMaps, CpuMemory, new InterruptMask(Interrupts));

    /// <summary>Makes a device's access to memory, which allows nothing yet.</summary>
    public DmaPort Port(string device, DmaEngines engine) => new(device, engine, this);
}
