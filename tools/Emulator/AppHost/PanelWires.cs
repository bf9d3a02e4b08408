using Carveout.App;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Machine.Panels;
using Carveout.Video.Displays;

namespace Carveout.Emulator.AppHost;

/// <summary>The wires to a panel, with the panel at their end. Transfers take as long as on the real bus.</summary>
internal sealed class PanelWires : DisplayBus
{
    private const long Nano = 1_000_000_000, Micro = 1000, Milli = 1000;
    private const int OledLines = 64;

    private readonly EventQueue _clock;
    private readonly bool _isI2c;
    private readonly long _nanosecondsPerBit;
    private long _owed;

    /// <summary>Makes the wires and the panel of a board.</summary>
    public PanelWires(DisplayWiring wiring, EventQueue clock)
    {
        _clock = clock;
        _isI2c = wiring.Kind == DisplayKind.Ssd1306;
        _nanosecondsPerBit = Nano / wiring.Frequency;
        // The application uses its LCD in landscape.
        Panel = _isI2c ? new Ssd1306Panel(OledLines) : Ili934xPanel.Ili9341(Rotation.Clockwise90);
    }

    /// <summary>The panel.</summary>
    public Panel Panel { get; }

    /// <summary>Whether the wires are cut; then every transfer throws.</summary>
    public bool IsCut { get; set; }

    /// <inheritdoc/>
    public override void Command(byte command)
    {
        Take(1);
        Panel.Command(command);
    }

    /// <inheritdoc/>
    public override void Reset() => Panel.Reset();

    /// <inheritdoc/>
    public override void Delay(int milliseconds) => _clock.AdvanceTo(_clock.Now + (milliseconds * Milli));

    /// <inheritdoc/>
    protected override void Transfer(byte[] buffer, int offset, int length)
    {
        Take(length);
        Panel.Data(buffer.AsSpan(offset, length));
    }

    private void Take(int bytes)
    {
        if (IsCut)
        {
            throw new IOException("the display's wires are cut");
        }
        // On I2C a byte has nine bits, and an address and a control byte precede the data.
        long bits = _isI2c ? 9L * (bytes + 2) : 8L * bytes;
        _owed += bits * _nanosecondsPerBit;
        _clock.AdvanceTo(_clock.Now + (_owed / Micro));
        _owed %= Micro;
    }
}
