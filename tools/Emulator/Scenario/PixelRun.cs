using Carveout.Diagnostics;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Policies;

namespace Carveout.Emulator.Scenario;

/// <summary>A run with real pixels, from a camera through the pipeline to a display.</summary>
internal sealed class PixelRun : PlayRun
{
    private readonly PixelMachine _pixels;
    private readonly PipelineLoop _pipeline;
    private readonly StartWitness _witness;

    /// <summary>Boots the board.</summary>
    /// <exception cref="UsageException">The options do not fit the board.</exception>
    public PixelRun(PlayOptions options, PixelOptions pixels)
        : base(options)
    {
        foreach (FaultOrder order in pixels.Faults)
        {
            if (order.Kind == FaultKind.FailAlloc && options.Tail == DmaTail.Pool)
            {
                throw new UsageException($"--fault {order.Text}: frames of a pool are reserved at boot, no allocation can fail; expected "
                    + "--tail exact, trim or keep with it");
            }
            if (order.Time >= Length)
            {
                throw new UsageException($"--fault {order.Text}: the movie is over after {options.Hours * 3600} s");
            }
        }
        var machine = new EmulatedMachine(Map, new MachineSpec { CacheSize = options.Board.CacheSize, Seed = options.Seed });
        var allocations = new AllocationFault();
        Allocator = WithReserves(machine.Boot([.. NewPageMaps().Select(map => new FailingMap(map, allocations))]));
        Application = NewApplication(machine.CpuMemory);
        _pixels = new PixelMachine(options, machine, Allocator, Pool);
        Allocator.RegisterShrinker(_witness = new StartWitness(Map.PageSize, _pixels.FrameZone, ZoneStates));
        Movie = _pipeline = new PipelineLoop(_pixels, Allocator, Events, new FaultInjector(_pixels, allocations, options), options, BeginLoop,
            _witness, DieStopped);
    }

    /// <inheritdoc/>
    public override PageAllocator Allocator { get; }

    /// <inheritdoc/>
    public override Screen Screen => _pixels.Screen;

    /// <inheritdoc/>
    protected override MoviePlayer Movie { get; }

    /// <inheritdoc/>
    protected override Application Application { get; }

    /// <inheritdoc/>
    protected override PixelResult Seen => _pipeline.Result(Application.Pages);

    /// <inheritdoc/>
    protected override double WholeSeconds => Seconds;

    /// <inheritdoc/>
    public override PlayResult Run(Action tick, CancellationToken cancel)
    {
        using PixelMachine pixels = _pixels;
        if (Observers.Count > 0)
        {
            pixels.Camera.FrameTaken = begin => Tell(observer => observer.OnFrame(FrameSide.Camera, begin, pixels.Machine.Events.Now));
        }
        return base.Run(tick, cancel);
    }

    /// <summary>Ends the run. The pipeline has freed everything by then, so the zones' states at the refusal come from the
    /// witness.</summary>
    private void DieStopped(string why)
    {
        string report = $"owners: {ProcText.TopOwners(Allocator)}\n{ProcText.BuddyInfo(Allocator)}";
        if (_witness.Zones is null)
        {
            Die(ZoneStates(), why, report);
        }
        else
        {
            Die(_witness.Zones, _witness.Verdict, $"{why}\n{report}");
        }
    }
}
