using Carveout.Emulator.Machine;
using Carveout.Emulator.Planning;

namespace Carveout.Emulator.Scenario;

/// <summary>A run of a plan's streams, on the board for which the plan reserves memory.</summary>
internal sealed class PlannedRun : PlayRun
{
    /// <summary>Boots the board.</summary>
    /// <exception cref="ContractException">The plan's reservation does not hold its streams.</exception>
    public PlannedRun(PlayOptions options, BootLayout plan)
        : base(options)
    {
        var memory = new EmulatedMemory(Map);
        Allocator = WithReserves(PageAllocator.Boot(Map, NewPageMaps(), memory, null));
        Allocator.RegisterOwner(MovieOwner);
        Application = NewApplication(memory);
        ReservedPool[][] pools = plan.CreatePools(Map, Allocator, memory);
        Movie = new StreamLoops(Events, plan.Streams, plan.LineAlignment, pools, memory, Length, options.Movie.LoopSeconds, BeginLoop, DieRefused);
    }

    /// <inheritdoc/>
    public override PageAllocator Allocator { get; }

    /// <inheritdoc/>
    protected override MoviePlayer Movie { get; }

    /// <inheritdoc/>
    protected override Application Application { get; }
}
