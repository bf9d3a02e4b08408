using System.Text;
using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Report;

/// <summary>The story's buddyinfo dumps as one picture: free memory over time, stacked by the size of its blocks.</summary>
internal static class FreeBlocksFigure
{
    /// <summary>How many shades each of the two colours has.</summary>
    private const int Shades = 6;

    /// <summary>The figure of one run, with its legend.</summary>
    public static string Of(RunPicture run)
    {
        IReadOnlyList<RunSample> samples = run.Samples;
        int zone = run.Zone, needed = PageMap.OrderOf(((run.Wanted - 1) / run.PageSize) + 1);
        double most = samples.Max(sample => sample.Zones[zone].FreeBytes);
        var plot = new Plot($"Free memory of zone {samples[0].Zones[zone].Name} over time, by block size").As("bands");
        double top = ByteScale.Draw(plot, most);
        double[] below = new double[samples.Count];
        // The largest blocks lie at the bottom, so that their loss is plain to see.
        for (int order = PageMap.MaxPageOrder; order >= 0; order--)
        {
            double blockSize = (double)run.PageSize * (1 << order);
            double[] above = [.. samples.Select((sample, i) => below[i] + (sample.Zones[zone].FreeBlocksPerOrder[order] * blockSize))];
            if (above.Where((bytes, i) => bytes > below[i]).Any())
            {
                plot.Fill(Class(order, needed), Band(run, below, above, top));
            }
            below = above;
        }
        if (run.FailedAt is double failed)
        {
            plot.Line("failure", [(run.Axis.X(failed), 0), (run.Axis.X(failed), Plot.Height)]);
        }
        run.Axis.Draw(plot);
        return plot + OwnerLook.Legend(
        [
            .. from order in Enumerable.Range(0, PageMap.MaxPageOrder + 1).Reverse()
               where samples.Any(sample => sample.Zones[zone].FreeBlocksPerOrder[order] > 0)
               let holds = order == needed ? $": the smallest that holds {run.WantedName}" : ""
               select (Class(order, needed), SizeText.Of((long)run.PageSize << order) + holds),
        ]);
    }

    /// <summary>Some of the dumps as text: the first, two in between, the last.</summary>
    public static string Dumps(RunPicture run)
    {
        IReadOnlyList<RunSample> samples = run.Samples;
        var text = new StringBuilder();
        int[] shown = [0, samples.Count / 3, samples.Count * 2 / 3, samples.Count - 1];
        int failure = samples.ToList().FindIndex(sample => sample.At == run.FailedAt);
        foreach (int i in shown.Append(failure).Where(i => i >= 0).Distinct().Order())
        {
            foreach (ZoneState zone in samples[i].Zones)
            {
                text.Append($"{run.Axis.Text(samples[i].At),8}  loop {samples[i].Loop,4}  zone {zone.Name,-6}");
                foreach (int count in zone.FreeBlocksPerOrder)
                {
                    text.Append($" {count,5}");
                }
                text.Append('\n');
            }
        }
        return $"<pre>{Plot.Escape(text.ToString())}</pre>\n";
    }

    private static string Class(int order, int needed) => order >= needed
        ? $"large{Math.Min(Shades - 1, order - needed)}"
        : $"small{Math.Min(Shades - 1, needed - 1 - order)}";

    private static string Band(RunPicture run, double[] below, double[] above, double top)
    {
        IReadOnlyList<RunSample> samples = run.Samples;
        var path = new StringBuilder();
        for (int i = 0; i < samples.Count; i++)
        {
            path.Append(i == 0 ? "M" : "L").Append(Point(samples[i].At, above[i]));
        }
        for (int i = samples.Count - 1; i >= 0; i--)
        {
            path.Append('L').Append(Point(samples[i].At, below[i]));
        }
        return path.Append('Z').ToString();

        string Point(double at, double bytes) => $"{Plot.Number(run.Axis.X(at))} {Plot.Number((1 - (bytes / top)) * Plot.Height)}";
    }
}
