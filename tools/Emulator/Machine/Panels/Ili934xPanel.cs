using Carveout.Video.Displays;

namespace Carveout.Emulator.Machine.Panels;

/// <summary>ILITEK's ILI9341 with a memory of 240x320, and the ILI9342C, which is the same with 320x240. Commands follow the datasheet of
/// the ILI9341, V1.11.</summary>
internal sealed class Ili934xPanel : MipiPanel
{
    private const byte DISCTRL = 0xB6, IFCTL = 0xF6;
    private const int REV = 0x80, GS = 0x40, SS = 0x20, WEMODE = 0x01;

    private Ili934xPanel(string name, int width, int height, Glass glass)
        : base(name, width, height, glass)
    {
    }

    /// <summary>Commands with an electrical effect only: GAMSET; frame rates, porches and entry mode; power, VCOM and their timing;
    /// gamma.</summary>
    private static ReadOnlySpan<byte> Electrical =>
        [0x26, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB7, 0xC0, 0xC1, 0xC5, 0xC7, 0xCB, 0xCF, 0xE0, 0xE1, 0xE8, 0xE9, 0xEA, 0xED, 0xF2, 0xF7];

    /// <summary>An ILI9341 with the glass of the common modules.</summary>
    public static Ili934xPanel Ili9341(Rotation hangs) => new("ILI9341", 240, 320, Glass.OfIli9341(hangs));

    /// <summary>An ILI9342C with M5Stack's glass.</summary>
    public static Ili934xPanel Ili9342() => new("ILI9342C", 320, 240, Glass.OfIli9342());

    /// <inheritdoc/>
    protected override bool Knows(byte command) => command is DISCTRL or IFCTL || Electrical.Contains(command);

    /// <inheritdoc/>
    protected override void OnOwnParameters(byte command, ReadOnlySpan<byte> parameters)
    {
        switch (command, parameters.Length)
        {
            case (DISCTRL, 2):
                // The datasheet's default, REV, is for a glass that is white without voltage.
                ReversesLevels = (parameters[1] & REV) == 0;
                DrivesLinesBackwards = (parameters[1] & GS) != 0;
                DrivesColumnsBackwards = (parameters[1] & SS) != 0;
                break;
            case (IFCTL, 1):
                StopsAtEnd = (parameters[0] & WEMODE) == 0;
                if ((parameters[0] & ~WEMODE) != 0)
                {
                    LeaveOut($"IFCTL 0x{parameters[0]:X2}, of which only WEMODE is modelled");
                }
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    protected override void ResetOwn() => ReversesLevels = DrivesLinesBackwards = DrivesColumnsBackwards = StopsAtEnd = false;
}
