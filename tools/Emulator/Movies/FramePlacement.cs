using Carveout.Video;

namespace Carveout.Emulator.Movies;

/// <summary>Which part of a movie's frame is shown, and where on the display.</summary>
/// <param name="CutX">Left edge of the shown part, in pixels of the movie.</param>
/// <param name="CutY">Its upper edge.</param>
/// <param name="CutWidth">Its width.</param>
/// <param name="CutHeight">Its height.</param>
/// <param name="X">Left pixel on the display. All four numbers are even, unless the frame fills the display.</param>
/// <param name="Y">Upper line on the display.</param>
/// <param name="Width">Pixels on the display.</param>
/// <param name="Height">Lines on the display.</param>
internal sealed record FramePlacement(double CutX, double CutY, double CutWidth, double CutHeight, int X, int Y, int Width, int Height)
{
    /// <summary>Places a frame; pixels of both are square.</summary>
    public static FramePlacement Of(int width, int height, int displayWidth, int displayHeight, ScaleFit fit)
    {
        double scaleX = (double)displayWidth / width, scaleY = (double)displayHeight / height;
        if (fit == ScaleFit.Fill)
        {
            double scale = Math.Max(scaleX, scaleY), cutWidth = displayWidth / scale, cutHeight = displayHeight / scale;
            return new FramePlacement((width - cutWidth) / 2, (height - cutHeight) / 2, cutWidth, cutHeight, 0, 0, displayWidth, displayHeight);
        }
        double smaller = Math.Min(scaleX, scaleY);
        int shownWidth = Shown(width * smaller, displayWidth), shownHeight = Shown(height * smaller, displayHeight);
        return new FramePlacement(0, 0, width, height,
            (displayWidth - shownWidth) / 2 & ~1, (displayHeight - shownHeight) / 2 & ~1, shownWidth, shownHeight);
    }

    private static int Shown(double size, int display)
    {
        int even = Math.Max(2, 2 * (int)Math.Round(size / 2));
        return Math.Round(size) >= display || even > display ? display : even;
    }
}
