using Carveout.App;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.Emulator.AppHost;

/// <summary>An emulated board for the application. Its clock advances only when the application waits or sends to a display, so a run is
/// the same every time and takes no longer than it must.</summary>
/// <remarks>It has neither a managed heap of the board's size nor esp-idf, so it reports nothing of them.</remarks>
internal sealed class VirtualPlatform : Platform
{
    private const long Second = 1_000_000;

    private readonly AppOptions _options;
    private readonly Action<string> _write;
    private readonly CancellationToken _cancel;
    private readonly EventQueue _clock = new();
    private StandstillCamera? _camera;
    private bool _pressed, _heapIsFull;

    /// <summary>Makes a board that was just switched on.</summary>
    /// <param name="options">The board and what happens to it.</param>
    /// <param name="write">Receives each line of the console.</param>
    /// <param name="cancel">Asks the application to stop early.</param>
    public VirtualPlatform(AppOptions options, Action<string> write, CancellationToken cancel)
    {
        _options = options;
        _write = write;
        _cancel = cancel;
        foreach (long time in options.Buttons)
        {
            _clock.After(time, () => _pressed = true);
        }
        foreach (AppFaultOrder order in options.Faults)
        {
            _clock.After(order.Time, () => Strike(order.Kind));
        }
    }

    /// <summary>The display's wires, once they are open; null if the board has none.</summary>
    public PanelWires? Wires { get; private set; }

    /// <summary>Why the application failed; null if it was asked to stop.</summary>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    public override string Board => _options.Board.Name;

    /// <inheritdoc/>
    /// <remarks>A board's file has no pins of a display, so a board from a file has no display.</remarks>
    public override BoardSetup Setup => _options.Board is { IsShipped: false, Movie: MovieSpec movie }
        ? new BoardSetup(movie.Width, movie.Height, movie.Buffers) : base.Setup;

    /// <inheritdoc/>
    public override long Now => _clock.Now;

    /// <inheritdoc/>
    public override bool IsStopRequested => Now >= _options.Duration || _cancel.IsCancellationRequested;

    /// <inheritdoc/>
    public override bool HasLeak => _options.HasLeak;

    /// <inheritdoc/>
    public override bool DumpsAtEnd => _options.DumpsAtEnd;

    /// <inheritdoc/>
    /// <remarks>A stack would name files of the computer that this was built on.</remarks>
    public override bool TellsStack => false;

    /// <inheritdoc/>
    public override MemoryMap CreateMap(int poolSize) => _options.Board.CreateMap(ZoneLayout.Split, PageMapKind.FreeBlocks, poolSize);

    /// <inheritdoc/>
    public override void SleepUntil(long time) => _clock.AdvanceTo(time);

    /// <inheritdoc/>
    public override void WriteLine(string line)
    {
        if (_heapIsFull)
        {
            _heapIsFull = false;
            throw new OutOfMemoryException();
        }
        _write(line);
    }

    /// <inheritdoc/>
    public override bool TakeDumpRequest()
    {
        bool pressed = _pressed;
        _pressed = false;
        return pressed;
    }

    /// <inheritdoc/>
    public override DisplayBus OpenDisplay(DisplayWiring wiring) => Wires = new PanelWires(wiring, _clock);

    /// <inheritdoc/>
    public override ReservedMemory? OpenNativeRegion() => _options.NativeSize == 0 ? null : EmulatedRegion.Of(_options.Board, _options.NativeSize);

    /// <inheritdoc/>
    public override SoftwareCamera OpenCamera(PhysicalMemory memory, VideoFormat format, int framePeriod) =>
        _camera = new StandstillCamera(this, memory, format, framePeriod);

    /// <inheritdoc/>
    public override void OnEnd(string? failure) => Failure = failure;

    private void Strike(AppFault fault)
    {
        switch (fault)
        {
            case AppFault.CameraStall:
                _camera!.StandsStillUntil = Math.Max(_camera.StandsStillUntil, Now + Second);
                break;
            case AppFault.UnplugCamera:
                _camera!.StandsStillUntil = long.MaxValue;
                break;
            case AppFault.UnplugDisplay:
                if (Wires is not null)
                {
                    Wires.IsCut = true;
                }
                break;
            default:
                _heapIsFull = true;
                break;
        }
    }
}
