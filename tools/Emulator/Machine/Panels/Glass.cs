using Carveout.Video.Displays;

namespace Carveout.Emulator.Machine.Panels;

/// <summary>The glass of an LCD module: the part of the controller's memory that it shows, and how its maker mounted it.</summary>
/// <param name="Width">Pixels in a line of the upright module.</param>
/// <param name="Height">Lines of the upright module.</param>
/// <param name="Column">The first column of the memory that is visible.</param>
/// <param name="Row">The first line of the memory that is visible.</param>
/// <param name="IsMirrored">Whether column 0 is at the right of the upright module.</param>
/// <param name="IsBgr">Whether its colour filter is blue, green, red.</param>
/// <param name="IsNormallyBlack">Whether colours are right only while the controller inverts them, as on IPS panels.</param>
/// <param name="Hangs">How the module hangs: the angle by which a picture that looks upright is turned clockwise on it.</param>
internal sealed record Glass(int Width, int Height, int Column, int Row, bool IsMirrored, bool IsBgr, bool IsNormallyBlack, Rotation Hangs)
{
    private bool Lies => Hangs is Rotation.Clockwise90 or Rotation.Clockwise270;

    /// <summary>Pixels in a line of the module as it hangs.</summary>
    public int ShownWidth => Lies ? Height : Width;

    /// <summary>Lines of the module as it hangs.</summary>
    public int ShownHeight => Lies ? Width : Height;

    /// <summary>The common module with an ILI9341: TN, 240x320, mounted so that an upright picture needs MX and BGR.</summary>
    public static Glass OfIli9341(Rotation hangs) => new(240, 320, 0, 0, true, true, false, hangs);

    /// <summary>The module with an ILI9342C in M5Stack's devices: IPS, 320x240.</summary>
    public static Glass OfIli9342() => new(320, 240, 0, 0, false, true, true, Rotation.None);

    /// <summary>A module with an ST7789: IPS, a part of 240x320.</summary>
    public static Glass OfSt7789(PanelGeometry panel) => new(panel.Width, panel.Height, panel.Column, panel.Row, false, false, true, panel.Rotation);

    /// <summary>Converts a place on the module as it hangs to the pixel of the upright module.</summary>
    public (int X, int Y) Upright(int x, int y) => Hangs switch
    {
        Rotation.Clockwise90 => (Width - 1 - y, x),
        Rotation.Clockwise180 => (Width - 1 - x, Height - 1 - y),
        Rotation.Clockwise270 => (y, Height - 1 - x),
        _ => (x, y),
    };
}
