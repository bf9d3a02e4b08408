using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Maps;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Reference;

namespace Carveout.Emulator.Scenario;

/// <summary>One machine on which the movie loops beside the application.</summary>
internal sealed class PlayRun
{
    /// <summary>The player's name in reports.</summary>
    public const string MovieOwner = "movie";

    private const double Micro = 1e-6;
    private const long Second = 1_000_000;

    private readonly PlayOptions _options;
    private readonly EventQueue _program = new();
    private readonly MoviePlayer _movie;
    private readonly PixelMachine? _pixels;
    private readonly PipelineLoop? _pipeline;
    private readonly StartWitness? _witness;
    private readonly Application _application;
    private Death? _death;

    /// <summary>Boots the board.</summary>
    /// <exception cref="UsageException">The options do not fit the board.</exception>
    /// <exception cref="ContractException">The plan's reservation does not hold its streams.</exception>
    public PlayRun(PlayOptions options)
    {
        _options = options;
        (int bufferSize, int bufferCount) = PoolFor(options);
        Map = options.Plan is { } layout
            ? PlannedBoard.CreateMap(layout)
            : ShippedMap.Create(options.Board, options.Zones, options.Tail.PageMap(options.Grouping), bufferSize * bufferCount);
        ReservedPool? pool = null;
        if (bufferCount != 0)
        {
            Reservation reserved = Map.FindReservation(BoardCatalog.PoolName);
            reserved.Claim(MovieOwner);
            pool = new ReservedPool(MovieOwner, reserved.Start, bufferSize, bufferCount);
        }
        var chance = new SplitMix64(options.Seed);
        if (options.Pixels is null)
        {
            var memory = new EmulatedMemory(Map);
            Allocator = Boot(memory, null, null);
            PageOwner owner = Allocator.RegisterOwner(MovieOwner);
            _application = NewApplication(_program, memory, chance);
            if (options.Plan is { } plan)
            {
                _movie = new StreamLoops(_program, new PlannedBoard(plan, Map, Allocator, memory), memory, (long)(options.Hours * 3600 / Micro),
                    options.Movie.LoopSeconds, BeginLoop, Die);
                return;
            }
            _movie = new MovieLoop(_program, new FrameBuffers(Allocator, options.Tail, FrameFlags(Map), owner, pool),
                new TestPattern(memory, options.Movie), options.Movie, (long)(options.Hours * 3600 / Micro), BeginLoop, Die);
            return;
        }
        foreach (FaultOrder order in options.Pixels.Faults)
        {
            if (order.Kind == FaultKind.FailAlloc && options.Tail == TailPolicy.Pool)
            {
                throw new UsageException($"--fault {order.Text}: frames of a pool are reserved at boot, no allocation can fail; expected "
                    + "--tail exact, trim or keep with it");
            }
            if (order.Time >= options.Hours * 3600 * Second)
            {
                throw new UsageException($"--fault {order.Text}: the movie is over after {options.Hours * 3600} s");
            }
        }
        var machine = new EmulatedMachine(Map, new MachineSpec { CacheSize = BoardDevices.CacheSize(options.Board), Seed = options.Seed });
        var allocations = new AllocationFault();
        Allocator = Boot(machine.CpuMemory, new InterruptMask(machine.Interrupts), allocations);
        machine.Guard.Allocator = Allocator;
        _application = NewApplication(_program, machine.CpuMemory, chance);
        _pixels = new PixelMachine(options, machine, Allocator, pool);
        Allocator.RegisterShrinker(_witness = new StartWitness(Map.PageSize, _pixels.FrameZone, ZoneStates));
        _movie = _pipeline = new PipelineLoop(_pixels, Allocator, _program, new FaultInjector(_pixels, allocations, options), options,
            BeginLoop, _witness, Die);
    }

    /// <summary>The board's map.</summary>
    public MemoryMap Map { get; }

    /// <summary>The allocator that plays.</summary>
    public PageAllocator Allocator { get; }

    /// <summary>The program's clock: for those who watch.</summary>
    public EventQueue Events => _program;

    /// <summary>Who watches, or null. It may look at everything and must change nothing.</summary>
    public IRunObserver? Observer { get; set; }

    /// <summary>The kind of zone that the frames come from first, where they come from one.</summary>
    public ZoneKind FrameZone => (FrameFlags(Map) & GfpFlags.Dma) != 0 ? ZoneKind.Dma : ZoneKind.Normal;

    /// <summary>The share that is over, 0 to 1.</summary>
    public double Progress => _movie.Progress;

    /// <summary>Virtual seconds played.</summary>
    public double Seconds => _movie.Now * Micro;

    /// <summary>Loops played to their end.</summary>
    public int Loops => _movie.Loops;

    /// <summary>Frames shown.</summary>
    public long Frames => _movie.Frames;

    /// <summary>What one sees; null in the story.</summary>
    public Screen? Screen => _pixels?.Screen;

    /// <summary>Requests of the application that got nothing.</summary>
    public long Refused => _application.Refused;

    /// <summary>Plays to the end, or until the movie dies. Once.</summary>
    /// <param name="tick">Called now and then.</param>
    /// <param name="cancel">Ends the run with an OperationCanceledException.</param>
    /// <exception cref="CorruptionException">A frame or a page of the application was overwritten.</exception>
    /// <exception cref="DmaAccessException">A device touched memory that is not its own.</exception>
    /// <exception cref="UsageException">The movie's file is damaged, or a PNG cannot be written.</exception>
    public PlayResult Run(Action tick, CancellationToken cancel)
    {
        using PixelMachine? pixels = _pixels;
        _application.Start();
        _movie.Play(() =>
        {
            cancel.ThrowIfCancellationRequested();
            tick();
        });
        double? firstRefused = _application.FirstRefused * Micro;
        CompactionUse? moves = CompactionUse.Of(MovablePages.Of(Allocator));
        PixelResult? result = _pipeline?.Result(_application.Pages);
        return _death is null
            ? new PlayResult(Loops, Frames, null, null, _pixels is null ? _options.Hours * 3600 : Seconds, _options.Seed, ZoneStates(), null, "",
                Refused, firstRefused, result, moves)
            : new PlayResult(Loops, Frames, Loops + 1, Seconds, Seconds, _options.Seed, _death.Zones, _death.Why, _death.Report, Refused,
                firstRefused, result, moves);
    }

    /// <summary>What is known at the moment of the failure; a moment later REQBUFS has given back the buffers that it did get.</summary>
    private sealed record Death(IReadOnlyList<ZoneState> Zones, string Why, string Report);

    /// <summary>Every zone as it stands.</summary>
    public IReadOnlyList<ZoneState> ZoneStates() =>
        [.. Enumerable.Range(0, Allocator.ZoneCount).Select(i => ZoneState.Of(Allocator.ZoneAt(i), Allocator.PageSize))];

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

    /// <summary>The pipeline has given everything back by then: how the zones stood when it was refused, the witness knows.</summary>
    private void Die(string why)
    {
        string report = $"owners: {ProcText.TopOwners(Allocator)}\n{ProcText.BuddyInfo(Allocator)}";
        _death = _witness!.Zones is null
            ? new Death(ZoneStates(), why, report)
            : new Death(_witness.Zones, _witness.Verdict, $"{why}\n{report}");
        Observer?.OnFailure(this);
    }

    private Application NewApplication(EventQueue program, PhysicalMemory memory, SplitMix64 chance) =>
        new(program, new ApplicationMemory(Allocator, memory, _options), _options.Application, chance.Fork(), chance.Fork());

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

    /// <summary>The buffers of the pool: none where the policy is another. Where the CPU converts frames, camera and display have as many
    /// each.</summary>
    private static (int BufferSize, int Count) PoolFor(PlayOptions options)
    {
        if (options.Tail != TailPolicy.Pool || options.Plan is not null)
        {
            return (0, 0);
        }
        if (options.Pixels is not null && !BoardDevices.CanPool(options.Board))
        {
            throw new UsageException($"--tail pool: what {options.Board} could reserve for frames is cached, or out of the reach of DMA; "
                + "with pixels it is expected to be --tail exact, trim or keep");
        }
        int page = MemoryMap.DefaultPageSize, count = options.Movie.Buffers * (options.Pixels?.Camera == BoardDevices.Yuv ? 2 : 1);
        long buffer = ((long)options.Movie.FrameSize + page - 1) / page * page;
        return buffer * count <= int.MaxValue
            ? ((int)buffer, count)
            : throw new UsageException($"a pool of {count} buffers of {buffer} bytes is larger than any board");
    }

    /// <summary>The map's zones, with the page maps that the options ask for: the kernel's buddy, or those that the map plans.</summary>
    /// <param name="memory">What the allocator writes to.</param>
    /// <param name="allocatorLock">Its lock; null where nobody interrupts.</param>
    /// <param name="fault">What makes allocations fail; null: nothing.</param>
    private PageAllocator Boot(PhysicalMemory memory, AllocatorLock? allocatorLock, AllocationFault? fault)
    {
        var zones = new Zone[Map.ZoneCount];
        for (int i = 0; i < zones.Length; i++)
        {
            ZonePlan plan = Map.ZoneAt(i);
            int pages = (int)(plan.Size / (uint)Map.PageSize);
            PageMap map = _options.Allocator == AllocatorKind.Kernel ? new KernelBuddy(pages) : PageMap.Create(plan.Map, pages);
            zones[i] = new Zone(plan.Name, plan.Kind, plan.Start, fault is null ? map : new FailingMap(map, fault));
        }
        var allocator = new PageAllocator(zones, Map.PageSize, memory, allocatorLock);
        allocator.SetWatermarks(allocator.DefaultMinFree(), _options.LowmemReserveRatio);
        Map.Seal();
        return allocator;
    }
}
