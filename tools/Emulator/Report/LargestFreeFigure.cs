using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Report;

/// <summary>The size of the largest free block over time, beside the size of the request that matters.</summary>
internal static class LargestFreeFigure
{
    /// <summary>The figure of one run.</summary>
    public static string Of(RunPicture run)
    {
        IReadOnlyList<RunSample> samples = run.Samples;
        int zone = run.Zone, wanted = run.Wanted;
        var plot = new Plot($"The largest free block over time, and {run.WantedName}");
        double top = ByteScale.Draw(plot, Math.Max(1.25 * wanted, samples.Max(sample => sample.Zones[zone].LargestFreeBytes)));
        double height = (1 - (wanted / top)) * Plot.Height;
        plot.Line("wanted", [(0, height), (Plot.Width, height)]);
        plot.Note(wanted / top, $"{run.WantedName}: {SizeText.Of(wanted)}", "wanted");
        // A value is valid from one look to the next, so it is drawn as a step, not as a slope.
        var points = new List<(double, double)>();
        for (int i = 0; i < samples.Count; i++)
        {
            double x = run.Axis.X(samples[i].At), y = (1 - (samples[i].Zones[zone].LargestFreeBytes / top)) * Plot.Height;
            if (i > 0)
            {
                points.Add((x, points[^1].Item2));
            }
            points.Add((x, y));
        }
        plot.Line("main", points);
        if (run.FailedAt is double failed)
        {
            plot.Line("failure", [(run.Axis.X(failed), 0), (run.Axis.X(failed), Plot.Height)]);
        }
        run.Axis.Draw(plot);
        return plot.ToString();
    }
}
