using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>A run of the story: frames are memory with a pattern in it, and there are no devices.</summary>
internal sealed class StoryRun : PlayRun
{
    /// <summary>Boots the board.</summary>
    /// <exception cref="UsageException">The options do not fit the board.</exception>
    public StoryRun(PlayOptions options)
        : base(options)
    {
        var memory = new EmulatedMemory(Map);
        Allocator = WithReserves(PageAllocator.Boot(Map, NewPageMaps(), memory, null));
        PageOwner owner = Allocator.RegisterOwner(MovieOwner);
        Application = NewApplication(memory);
        Movie = new MovieLoop(Events, new FrameAllocator(Allocator, options.Tail, FrameFlags(Map), owner, Pool), new TestPattern(memory, options.Movie),
            options.Movie, Length, BeginLoop, DieRefused);
    }

    /// <inheritdoc/>
    public override PageAllocator Allocator { get; }

    /// <inheritdoc/>
    protected override MoviePlayer Movie { get; }

    /// <inheritdoc/>
    protected override Application Application { get; }
}
