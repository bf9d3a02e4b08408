using Carveout.App;
using Carveout.Emulator.Machine;
using Carveout.Video;
using Carveout.Video.Displays;

namespace Carveout.Emulator.AppHost;

/// <summary>The wires to a panel, which take the time that the bus takes, and the panel's memory at their end.</summary>
internal abstract class PanelWires : DisplayBus
{
    private const long Nano = 1_000_000_000, Micro = 1000, Milli = 1000;

    private readonly EventQueue _clock;
    private readonly long _nanosecondsPerBit;
    private long _owed;

    protected PanelWires(EventQueue clock, int frequency, VideoFormat format)
    {
        _clock = clock;
        _nanosecondsPerBit = Nano / frequency;
        Format = format;
        Image = new byte[format.SizeImage];
    }

    /// <summary>The format of <see cref="Image"/>.</summary>
    public VideoFormat Format { get; }

    /// <summary>What one sees.</summary>
    public byte[] Image { get; }

    /// <summary>Whole frames that have arrived.</summary>
    public long Frames { get; protected set; }

    /// <summary>Whether the wires are cut: every transfer throws.</summary>
    public bool IsCut { get; set; }

    /// <summary>The wires and the panel of a board.</summary>
    public static PanelWires Open(DisplayWiring wiring, EventQueue clock) => wiring.Kind == DisplayKind.Ssd1306
        ? new OledWires(clock, wiring.Frequency)
        : new LcdWires(clock, wiring.Frequency);

    /// <inheritdoc/>
    public sealed override void Command(byte command)
    {
        Take(1);
        OnCommand(command);
    }

    /// <inheritdoc/>
    public sealed override void Reset()
    {
    }

    /// <inheritdoc/>
    public sealed override void Delay(int milliseconds) => _clock.AdvanceTo(_clock.Now + (milliseconds * Milli));

    /// <inheritdoc/>
    protected sealed override void Transfer(byte[] buffer, int length)
    {
        Take(length);
        OnData(buffer.AsSpan(0, length));
    }

    /// <summary>Bits that so many bytes are on the wire.</summary>
    protected abstract long Bits(int bytes);

    /// <summary>The panel got a command.</summary>
    protected abstract void OnCommand(byte command);

    /// <summary>The panel got data.</summary>
    protected abstract void OnData(ReadOnlySpan<byte> data);

    private void Take(int bytes)
    {
        if (IsCut)
        {
            throw new IOException("the display's wires are cut");
        }
        _owed += Bits(bytes) * _nanosecondsPerBit;
        _clock.AdvanceTo(_clock.Now + (_owed / Micro));
        _owed %= Micro;
    }
}
