using System.Collections.Concurrent;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>A run of the story: frames are memory with a pattern in it, and there are no devices.</summary>
internal sealed class StoryRun : PlayRun
{
    private readonly EmulatedMemory _memory;

    /// <summary>Boots the board.</summary>
    /// <exception cref="UsageException">The options do not fit the board.</exception>
    public StoryRun(PlayOptions options, ConcurrentBag<byte[]>? spare)
        : base(options)
    {
        _memory = new EmulatedMemory(Map, spare);
        Allocator = WithReserves(PageAllocator.Boot(Map, NewPageMaps(), _memory, null));
        PageOwner owner = Allocator.RegisterOwner(MovieOwner);
        Application = NewApplication(_memory);
        Movie = new MovieLoop(Events, new FrameAllocator(Allocator, options.Tail, FrameFlags(Map), owner, Pool), new TestPattern(_memory, options.Movie),
            options.Movie, Length, BeginLoop, DieRefused);
    }

    /// <inheritdoc/>
    public override PageAllocator Allocator { get; }

    /// <inheritdoc/>
    protected override MoviePlayer Movie { get; }

    /// <inheritdoc/>
    protected override Application Application { get; }

    /// <inheritdoc/>
    public override void Close() => _memory.GiveBack();
}
