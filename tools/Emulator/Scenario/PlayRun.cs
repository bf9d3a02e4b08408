using System.Collections.Concurrent;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Planning;
using Carveout.Emulator.Reference;

namespace Carveout.Emulator.Scenario;

/// <summary>One machine on which the movie loops beside the application.</summary>
internal abstract class PlayRun
{
    /// <summary>The player's owner name in reports.</summary>
    public const string MovieOwner = "movie";

    private const double Micro = 1e-6;

    private Death? _death;
    private TraceRing? _trace;

    /// <summary>Makes the board's map, and its pool if the options ask for one.</summary>
    /// <exception cref="UsageException">The options do not fit the board.</exception>
    protected PlayRun(PlayOptions options)
    {
        Options = options;
        (int bufferSize, int bufferCount) = PoolFor(options);
        Map = options.Plan is { } layout
            ? layout.CreateMap()
            : options.Board.CreateMap(options.Zones, options.Tail.PageMap(options.Grouping), bufferSize * bufferCount);
        if (bufferCount != 0)
        {
            Reservation reserved = Map.FindReservation(BoardCatalog.PoolName)!;
            reserved.Claim(MovieOwner);
            Pool = new ReservedPool(MovieOwner, reserved.Start, bufferSize, bufferCount);
        }
        Chance = new SplitMix64(options.Seed);
    }

    /// <summary>Boots the board: with pixels, with the streams of a plan, or with the story's frames.</summary>
    /// <exception cref="UsageException">The options do not fit the board.</exception>
    /// <exception cref="ContractException">The plan's reservation does not hold its streams.</exception>
    /// <param name="options">The options.</param>
    /// <param name="spare">Storage of the emulated memory of runs that were closed, for the story's frames.</param>
    public static PlayRun Of(PlayOptions options, ConcurrentBag<byte[]>? spare = null) => options switch
    {
        { Pixels: not null } => new PixelRun(options, options.Pixels),
        { Plan: not null } => new PlannedRun(options, options.Plan),
        _ => new StoryRun(options, spare),
    };

    /// <summary>The board's map.</summary>
    public MemoryMap Map { get; }

    /// <summary>The allocator of the zones.</summary>
    public abstract PageAllocator Allocator { get; }

    /// <summary>The program's clock, for observers.</summary>
    public EventQueue Events { get; } = new();

    /// <summary>The observers. They may read everything and must change nothing.</summary>
    public IList<IRunObserver> Observers { get; } = [];

    /// <summary>The allocator's operations, from the first use of this property on. An allocator has one ring, so all observers share
    /// it.</summary>
    public TraceRing Trace
    {
        get
        {
            if (_trace is null)
            {
                Allocator.Trace(_trace = new TraceRing(TraceRing.MaxRecords, new RunClock(this)));
            }
            return _trace;
        }
    }

    /// <summary>The kind of the zone that frames are taken from first, if they come from a zone.</summary>
    public ZoneKind FrameZone => (FrameFlags(Map) & GfpFlags.Dma) != 0 ? ZoneKind.Dma : ZoneKind.Normal;

    /// <summary>The share of the run that is done, 0 to 1.</summary>
    public double Progress => Movie.Progress;

    /// <summary>Virtual seconds played.</summary>
    public double Seconds => Movie.Now * Micro;

    /// <summary>How many loops were played to their end.</summary>
    public int Loops => Movie.Loops;

    /// <summary>How many frames were shown.</summary>
    public long Frames => Movie.Frames;

    /// <summary>What is visible on the display; null in the story.</summary>
    public virtual Screen? Screen => null;

    /// <summary>How many requests of the application were refused.</summary>
    public long Refused => Application.Refused;

    /// <summary>Whether the movie failed. Then zones and owners are reported as they were at that moment, before its memory was
    /// freed.</summary>
    public bool HasDied => _death is not null;

    /// <summary>The owners with most memory.</summary>
    public string Owners => _death?.Owners ?? ProcText.TopOwners(Allocator);

    /// <summary>The options of the run.</summary>
    protected PlayOptions Options { get; }

    /// <summary>The pool of the frames; null with another policy.</summary>
    protected ReservedPool? Pool { get; }

    /// <summary>The source of all random numbers.</summary>
    protected SplitMix64 Chance { get; }

    /// <summary>The player of the movie.</summary>
    protected abstract MoviePlayer Movie { get; }

    /// <summary>The application beside the movie.</summary>
    protected abstract Application Application { get; }

    /// <summary>The result of the pixels; null in the story.</summary>
    protected virtual PixelResult? Seen => null;

    /// <summary>Virtual seconds of a movie that played to its end.</summary>
    protected virtual double WholeSeconds => Options.Hours * 3600;

    /// <summary>How long the movie should play, in microseconds.</summary>
    protected long Length => (long)(Options.Hours * 3600 / Micro);

    /// <summary>Plays to the end, or until the movie fails. To be called once.</summary>
    /// <param name="tick">Called now and then.</param>
    /// <param name="cancel">Ends the run with an OperationCanceledException.</param>
    /// <exception cref="CorruptionException">A frame or a page of the application was overwritten.</exception>
    /// <exception cref="DmaAccessException">A device accessed memory that it must not access.</exception>
    /// <exception cref="UsageException">The movie's file is damaged, or a PNG cannot be written.</exception>
    public virtual PlayResult Run(Action tick, CancellationToken cancel)
    {
        if (Observers.Count > 0)
        {
            Movie.FrameShown = TellOfFrame;
        }
        Tell(observer => observer.OnBoot(this));
        Application.Start();
        Movie.Play(() =>
        {
            cancel.ThrowIfCancellationRequested();
            tick();
        });
        Tell(observer => observer.OnEnd(this));
        double? firstRefused = Application.FirstRefused * Micro;
        CompactionUse? moves = CompactionUse.Of(MovablePages.Of(Allocator));
        return _death is null
            ? new PlayResult(Loops, Frames, null, null, WholeSeconds, Options.Seed, ZoneStates(), null, "", Refused, firstRefused, Seen, moves)
            {
                LastRefusedBytes = (long)Application.LastRefusedPages * Allocator.PageSize, WhyRefused = RefusalReasons(),
            }
            : new PlayResult(Loops, Frames, Loops + 1, Seconds, Seconds, Options.Seed, _death.Zones, _death.Why, _death.Report, Refused,
                firstRefused, Seen, moves);
    }

    /// <summary>Gives the storage of the emulated memory to later runs. The run has ended, and nobody asks it anything any more.</summary>
    public virtual void Close()
    {
    }

    /// <summary>The state at the moment of the failure. Right after it, REQBUFS frees the buffers that it did get.</summary>
    private sealed record Death(IReadOnlyList<ZoneState> Zones, string Owners, string Why, string Report);

    /// <summary>The state of every zone: at present, or at the moment when the movie failed.</summary>
    public IReadOnlyList<ZoneState> Zones => _death?.Zones ?? ZoneStates();

    /// <summary>The present state of every zone.</summary>
    public IReadOnlyList<ZoneState> ZoneStates() =>
        [.. Enumerable.Range(0, Allocator.ZoneCount).Select(i => ZoneState.Of(Allocator.ZoneAt(i), Allocator.PageSize))];

    /// <summary>Called when a loop begins.</summary>
    protected void BeginLoop(int seconds)
    {
        Tell(observer => observer.OnRequest(this));
        Application.OnLoop(seconds);
    }

    /// <summary>Ends the run because a frame's request was refused just now.</summary>
    protected void DieRefused()
    {
        // The report comes first: it drains the allocator, and the zones' states must be those that the report describes.
        string report = FailureReport.ToText(Allocator);
        Die(ZoneStates(), WhyItDied(), report);
    }

    /// <summary>Ends the run before its time.</summary>
    protected void Die(IReadOnlyList<ZoneState> zones, string why, string report)
    {
        _death = new Death(zones, ProcText.TopOwners(Allocator), why, report);
        Tell(observer => observer.OnFailure(this));
    }

    /// <summary>Calls all observers.</summary>
    protected void Tell(Action<IRunObserver> what)
    {
        foreach (IRunObserver observer in Observers)
        {
            what(observer);
        }
    }

    /// <summary>Tells all observers of a frame. There are hundreds of thousands, so nothing is allocated for one.</summary>
    private void TellOfFrame(long begin, long end)
    {
        for (int i = 0; i < Observers.Count; i++)
        {
            Observers[i].OnFrame(FrameSide.Display, begin, end);
        }
    }

    /// <summary>Makes the application, on an existing allocator.</summary>
    protected Application NewApplication(PhysicalMemory memory) =>
        new(Events, new ApplicationMemory(Allocator, memory, Options), Options.Application, Chance.Fork(), Chance.Fork());

    /// <summary>The page map of each zone for the given options: the kernel's buddy, or the one that the board's map plans.</summary>
    protected PageMap[] NewPageMaps() =>
    [
        .. Enumerable.Range(0, Map.ZoneCount).Select(Map.ZoneAt).Select(plan => (plan.Map, Pages: (int)(plan.Size / (uint)Map.PageSize)))
            .Select(zone => Options.Allocator == AllocatorKind.Kernel ? new KernelBuddy(zone.Pages)
                : LargeRunMap.Of(zone.Pages > PageMap.MaxPages(PageMapKind.Runs) ? Options.Tail.PageMap(Options.Grouping) : zone.Map, zone.Pages)),
    ];

    /// <summary>Gives an allocator that has just been booted the reserves that the options ask for.</summary>
    protected PageAllocator WithReserves(PageAllocator allocator)
    {
        allocator.SetWatermarks(allocator.DefaultMinFree(), Options.LowmemReserveRatio);
        return allocator;
    }

    /// <summary>The verdict on the zone that frames are taken from first.</summary>
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

    /// <summary>By zone: why it cannot serve the request that was refused last, as it is now; empty if it could.</summary>
    private IReadOnlyList<string> RefusalReasons() => Refused == 0 || Application.TryAgain() ? [] :
    [
        .. Enumerable.Range(0, Allocator.ZoneCount).Select(Allocator.ZoneAt)
            .Select(zone => $"{zone.Name} {FailureReport.ZoneVerdict(Allocator, zone)}"),
    ];

    /// <summary>The display reads frames by DMA if any engine reaches main memory; on the ESP32 the CPU copies them.</summary>
    protected static GfpFlags FrameFlags(MemoryMap map)
    {
        for (int i = 0; i < map.ZoneCount; i++)
        {
            ZonePlan zone = map.ZoneAt(i);
            if (zone.Kind == ZoneKind.Normal && map.FindRegion(zone.Start)!.Dma == DmaEngines.None)
            {
                return GfpFlags.Kernel;
            }
        }
        return GfpFlags.Dma;
    }

    /// <summary>The buffers of the pool; none with another policy. If the CPU converts frames, camera and display each have as
    /// many.</summary>
    private static (int BufferSize, int Count) PoolFor(PlayOptions options)
    {
        if (options.Tail != DmaTail.Pool || options.Plan is not null)
        {
            return (0, 0);
        }
        if (options.Pixels is not null && !options.Board.CanPool)
        {
            throw new UsageException($"--tail pool: what {options.Board} could reserve for frames is cached, or out of the reach of DMA; "
                + "with pixels it is expected to be --tail exact, trim or keep");
        }
        bool converts = options.Pixels is { } pixels && pixels.Format != BoardDevices.ScreenFormat(pixels.Display);
        int count = options.Movie.Buffers * (converts ? 2 : 1);
        // Camera and display use buffers of the same size.
        long buffer = BufferLayout.RoundUp(Math.Max(options.Movie.FrameSize, options.FrameSize), MemoryMap.DefaultPageSize);
        return buffer * count <= int.MaxValue
            ? ((int)buffer, count)
            : throw new UsageException($"a pool of {count} buffers of {buffer} bytes is larger than any board");
    }

    /// <summary>The run's time in milliseconds.</summary>
    private sealed class RunClock(PlayRun run) : TraceClock
    {
        public override int Milliseconds => (int)(run.Seconds * 1000);
    }
}
