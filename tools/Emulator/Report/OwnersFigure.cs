using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Report;

/// <summary>The bytes of each owner over time: a leak is a line that only rises. The movie is left out, because it has nothing between two
/// loops.</summary>
internal static class OwnersFigure
{
    /// <summary>The figure of one run, with its legend.</summary>
    public static string Of(RunPicture run, OwnerLook look)
    {
        IReadOnlyList<RunSample> samples = run.Growth;
        int[] owners =
        [
            .. Enumerable.Range(0, run.OwnerNames.Count)
                .Where(owner => owner != run.Movie && samples.Any(sample => sample.OwnerBytes[owner] > 0))
                .OrderByDescending(owner => samples[^1].OwnerBytes[owner]),
        ];
        var plot = new Plot("What each owner has over time");
        double top = ByteScale.Draw(plot, owners.Length == 0 ? 1 : owners.Max(owner => samples.Max(sample => sample.OwnerBytes[owner])));
        // Draw accused owners last, so that no other line covers theirs.
        foreach (int owner in owners.OrderBy(owner => run.Accused.Contains(owner)))
        {
            plot.Line(look.Class(owner),
                samples.Select(sample => (run.Axis.X(sample.At), (1 - (sample.OwnerBytes[owner] / top)) * Plot.Height)));
        }
        run.Axis.Draw(plot);
        return plot + look.Legend(owners);
    }
}
