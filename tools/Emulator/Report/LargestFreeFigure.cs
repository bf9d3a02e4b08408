using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Report;

/// <summary>The largest free block over time, against what one frame asks for.</summary>
internal static class LargestFreeFigure
{
    /// <summary>The figure of one run.</summary>
    public static string Of(RunFinding run)
    {
        IReadOnlyList<RunSample> samples = run.Recorder.Samples;
        int zone = run.Recorder.FrameZone, frame = run.Options.Movie.FrameSize;
        double end = Math.Max(1, samples[^1].Seconds);
        var plot = new Plot("The largest free block over time, and the size of a frame");
        double top = Axis.Bytes(plot, Math.Max(1.25 * frame, samples.Max(sample => sample.Zones[zone].LargestFreeBytes)));
        double wanted = (1 - (frame / top)) * Plot.Height;
        plot.Line("wanted", [(0, wanted), (Plot.Width, wanted)]);
        plot.Note(frame / top, $"a frame: {SizeText.Of(frame)}", "wanted");
        // What was there at a request is there until the next look: a step, not a slope.
        var points = new List<(double, double)>();
        for (int i = 0; i < samples.Count; i++)
        {
            double x = samples[i].Seconds / end * Plot.Width, y = (1 - (samples[i].Zones[zone].LargestFreeBytes / top)) * Plot.Height;
            if (i > 0)
            {
                points.Add((x, points[^1].Item2));
            }
            points.Add((x, y));
        }
        plot.Line("main", points);
        Axis.Time(plot, end);
        return plot.ToString();
    }
}
