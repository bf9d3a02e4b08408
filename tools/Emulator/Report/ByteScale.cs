using Carveout.Diagnostics;

namespace Carveout.Emulator.Report;

/// <summary>The scale of bytes at the left of a figure, in round steps.</summary>
internal static class ByteScale
{
    /// <summary>Draws ticks for bytes.</summary>
    /// <returns>The bytes at the top of the picture: at least <paramref name="most"/>.</returns>
    public static double Draw(Plot plot, double most)
    {
        double step = 1024;
        for (int i = 0; step * 4 < most; i++)
        {
            step *= 2;
        }
        int steps = Math.Max(1, (int)Math.Ceiling(most / step));
        for (int i = 0; i <= steps; i++)
        {
            plot.Row((double)i / steps, i == 0 ? "0" : SizeText.Of((long)(i * step)));
        }
        return steps * step;
    }
}
