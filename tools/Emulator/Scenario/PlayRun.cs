using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Reference;
using Carveout.Memory;

namespace Carveout.Emulator.Scenario;

/// <summary>One machine on which the movie loops beside the application.</summary>
internal sealed class PlayRun
{
    /// <summary>The player's name in reports.</summary>
    public const string MovieOwner = "movie";

    private const double Micro = 1e-6;

    private readonly PlayOptions _options;
    private readonly EventQueue _events = new();
    private readonly MovieLoop _movie;
    private readonly Application _application;
    private readonly long _end;
    private Death? _death;

    /// <summary>Boots the board.</summary>
    /// <exception cref="UsageException">The options do not fit the board.</exception>
    public PlayRun(PlayOptions options)
    {
        _options = options;
        _end = (long)(options.Hours * 3600 / Micro);
        (int bufferSize, int poolSize) = PoolFor(options);
        Map = ShippedMap.Create(options.Board, options.Zones, options.Tail.PageMap(options.Grouping), poolSize);
        var memory = new EmulatedMemory(Map);
        Allocator = options.Allocator == AllocatorKind.Kernel ? BootKernel(Map, memory) : PageAllocator.Boot(Map, memory, null);
        Allocator.SetReserves(Allocator.DefaultMinFree(), options.LowmemReserveRatio);

        int owner = Allocator.RegisterOwner(MovieOwner);
        ReservedPool? pool = poolSize == 0
            ? null
            : new ReservedPool(MovieOwner, Map.FindReservation(BoardCatalog.PoolName).Start, bufferSize, options.Movie.Buffers);
        var buffers = new FrameBuffers(Allocator, options.Tail, FrameFlags(Map), owner, pool);
        var chance = new SplitMix64(options.Seed);
        _application = new Application(_events, Allocator, memory, options.Application, options.Tail == TailPolicy.Exact, chance.Fork());
        _movie = new MovieLoop(_events, buffers, new TestPattern(memory, options.Movie), options.Movie, BeginLoop,
            Die);
    }

    /// <summary>The board's map.</summary>
    public MemoryMap Map { get; }

    /// <summary>The allocator that plays.</summary>
    public PageAllocator Allocator { get; }

    /// <summary>The machine's clock: for those who watch.</summary>
    public EventQueue Events => _events;

    /// <summary>Who watches, or null. It may look at everything and must change nothing.</summary>
    public IRunObserver? Observer { get; set; }

    /// <summary>The kind of zone that the frames come from first, where they come from one.</summary>
    public ZoneKind FrameZone => (FrameFlags(Map) & GfpFlags.Dma) != 0 ? ZoneKind.Dma : ZoneKind.Normal;

    /// <summary>The share of the hours that is over, 0 to 1.</summary>
    public double Progress => (double)_events.Now / _end;

    /// <summary>Virtual seconds played.</summary>
    public double Seconds => _events.Now * Micro;

    /// <summary>Loops played to their end.</summary>
    public int Loops => _movie.Loops;

    /// <summary>Frames shown.</summary>
    public long Frames => _movie.Frames;

    /// <summary>Requests of the application that got nothing.</summary>
    public long Refused => _application.Refused;

    /// <summary>Plays to the end, or until the movie dies.</summary>
    /// <param name="tick">Called after every few thousand events.</param>
    /// <param name="cancel">Ends the run with an OperationCanceledException.</param>
    /// <exception cref="CorruptionException">A frame or a page of the application was overwritten.</exception>
    public PlayResult Run(Action tick, CancellationToken cancel)
    {
        const int EventsPerTick = 4096;
        _application.Start();
        _movie.Start();
        int events = 0;
        _events.RunUntil(_end, () =>
        {
            if (++events % EventsPerTick == 0)
            {
                cancel.ThrowIfCancellationRequested();
                tick();
            }
            return _death is not null;
        });
        double? firstRefused = _application.FirstRefused * Micro;
        return _death is null
            ? new PlayResult(Loops, Frames, null, null, _options.Hours * 3600, _options.Seed, ZoneStates(), null, "", Refused, firstRefused)
            : new PlayResult(Loops, Frames, Loops + 1, Seconds, Seconds, _options.Seed, _death.Zones, _death.Why, _death.Report, Refused,
                firstRefused);
    }

    /// <summary>What is known at the moment of the failure; a moment later REQBUFS has given back the buffers that it did get.</summary>
    private sealed record Death(IReadOnlyList<ZoneState> Zones, string Why, string Report);

    /// <summary>Every zone as it stands.</summary>
    public IReadOnlyList<ZoneState> ZoneStates()
    {
        var states = new ZoneState[Allocator.ZoneCount];
        for (int i = 0; i < states.Length; i++)
        {
            Zone zone = Allocator.ZoneAt(i);
            int[] counts = new int[PageMap.LargestOrder + 1];
            zone.CountFree(counts);
            states[i] = new ZoneState(zone.Name, (long)zone.FreePages * Allocator.PageSize, (long)zone.LargestFreePages * Allocator.PageSize, counts);
        }
        return states;
    }

    private void BeginLoop(int seconds)
    {
        Observer?.OnRequest(this);
        _application.OnLoop(seconds);
    }

    private void Die()
    {
        // The report first: it drains the allocator, and the zones are to stand as it describes them.
        string report = FailureReport.ToText(Allocator);
        _death = new Death(ZoneStates(), WhyItDied(), report);
        Observer?.OnFailure(this);
    }

    /// <summary>The verdict on the zone that the frames come from first.</summary>
    private string WhyItDied()
    {
        ZoneKind kind = FrameZone;
        for (int i = 0; i < Allocator.ZoneCount; i++)
        {
            Zone zone = Allocator.ZoneAt(i);
            if (zone.Kind == kind)
            {
                return $"{zone.Name} {FailureReport.ZoneVerdict(Allocator, zone)}";
            }
        }
        return $"{Map.Name} has no {kind} zone for frames";
    }

    /// <summary>Frames are the display's to read by DMA wherever any engine reaches main memory; on the ESP32 the CPU copies them.</summary>
    private static GfpFlags FrameFlags(MemoryMap map)
    {
        for (int i = 0; i < map.ZoneCount; i++)
        {
            ZonePlan zone = map.ZoneAt(i);
            if (zone.Kind == ZoneKind.Normal && map.FindRegion(zone.Start).Dma == DmaEngines.None)
            {
                return GfpFlags.Kernel;
            }
        }
        return GfpFlags.Dma;
    }

    private static (int BufferSize, int PoolSize) PoolFor(PlayOptions options)
    {
        if (options.Tail != TailPolicy.Pool)
        {
            return (0, 0);
        }
        int page = MemoryMap.DefaultPageSize;
        long buffer = ((long)options.Movie.FrameSize + page - 1) / page * page, pool = buffer * options.Movie.Buffers;
        return pool <= int.MaxValue
            ? ((int)buffer, (int)pool)
            : throw new UsageException($"a pool of {options.Movie.Buffers} buffers of {buffer} bytes is larger than any board");
    }

    /// <summary>The same zones with the kernel's buddy in them.</summary>
    private static PageAllocator BootKernel(MemoryMap map, PhysicalMemory memory)
    {
        var zones = new Zone[map.ZoneCount];
        for (int i = 0; i < zones.Length; i++)
        {
            ZonePlan plan = map.ZoneAt(i);
            zones[i] = new Zone(plan.Name, plan.Kind, plan.Start, new KernelBuddy((int)(plan.Size / (uint)map.PageSize)));
        }
        return new PageAllocator(zones, map.PageSize, memory, null);
    }
}
