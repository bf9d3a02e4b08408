using Carveout.Emulator.Investigation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Report;

/// <summary>What each owner has over time, at the moments when the movie has nothing: a leak is a line that only rises.</summary>
internal static class OwnersFigure
{
    /// <summary>The figure of one run, with its legend.</summary>
    public static string Of(RunFinding run, OwnerLook look)
    {
        // The failure has frame buffers in it, which would look like somebody's growth.
        RunSample[] samples = [.. run.Recorder.Samples];
        if (samples.Length > 1 && samples[^1].Loop == samples[^2].Loop)
        {
            samples = samples[..^1];
        }
        int movie = run.OwnerNames.ToList().IndexOf(PlayRun.MovieOwner);
        int[] owners =
        [
            .. Enumerable.Range(0, run.OwnerNames.Count)
                .Where(owner => owner != movie && samples.Any(sample => sample.OwnerBytes[owner] > 0))
                .OrderByDescending(owner => samples[^1].OwnerBytes[owner]),
        ];
        double end = Math.Max(1, samples[^1].Seconds);
        var plot = new Plot("What each owner has over time");
        double top = Axis.Bytes(plot, owners.Length == 0 ? 1 : owners.Max(owner => samples.Max(sample => sample.OwnerBytes[owner])));
        foreach (int owner in owners)
        {
            plot.Line(look.Class(owner),
                samples.Select(sample => (sample.Seconds / end * Plot.Width, (1 - (sample.OwnerBytes[owner] / top)) * Plot.Height)));
        }
        Axis.Time(plot, end);
        return plot + look.Legend(owners);
    }
}
