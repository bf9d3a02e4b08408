using Carveout.Video.Displays;

namespace Carveout.Emulator.Machine.Panels;

/// <summary>Sitronix's ST7789V with a memory of 240x320, behind an IPS glass. Commands follow its datasheet, V1.6.</summary>
/// <param name="panel">The part of the memory that the glass shows, and how it hangs.</param>
internal sealed class St7789Panel(PanelGeometry panel) : MipiPanel("ST7789", 240, 320, Glass.OfSt7789(panel))
{
    private const byte RAMCTRL = 0xB0;
    private const int ENDIAN = 0x08;

    /// <summary>Commands with an electrical effect only: GAMSET; porches, gates, VCOM, power, frame rates; gamma.</summary>
    private static ReadOnlySpan<byte> Electrical =>
        [0x26, 0xB2, 0xB3, 0xB7, 0xB8, 0xBB, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xD0, 0xD2, 0xE0, 0xE1];

    /// <inheritdoc/>
    protected override bool Knows(byte command) => command is RAMCTRL || Electrical.Contains(command);

    /// <inheritdoc/>
    protected override void OnOwnParameters(byte command, ReadOnlySpan<byte> parameters)
    {
        if ((command, parameters.Length) == (RAMCTRL, 2))
        {
            IsLowByteFirst = (parameters[1] & ENDIAN) != 0;
        }
    }

    /// <inheritdoc/>
    protected override void ResetOwn() => IsLowByteFirst = false;
}
