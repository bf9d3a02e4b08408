using Carveout.Diagnostics;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Report;

/// <summary>The scale of a figure: a round number of round steps.</summary>
internal static class Axis
{
    /// <summary>Draws ticks for bytes.</summary>
    /// <returns>The bytes at the top of the picture: at least <paramref name="most"/>.</returns>
    public static double Bytes(Plot plot, double most)
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

    /// <summary>Draws ticks for virtual time from 0 to <paramref name="end"/> seconds.</summary>
    public static void Time(Plot plot, double end)
    {
        foreach (double share in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75])
        {
            plot.Column(share, PlayText.Clock(share * end));
        }
        plot.Column(1, PlayText.Clock(end));
    }
}
