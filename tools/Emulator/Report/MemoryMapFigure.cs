using System.Text;
using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Report;

/// <summary>Who had which memory over time: a column for each look, a row for each slice of pages, the lowest addresses at the
/// bottom.</summary>
internal static class MemoryMapFigure
{
    /// <summary>Rows between two zones.</summary>
    private const int Gap = 4;

    /// <summary>The figure of one run, with its legend.</summary>
    /// <param name="run">A run with maps.</param>
    /// <param name="look">Its colours.</param>
    /// <param name="mostColumns">If there are more looks, some are left out, but never the last.</param>
    public static string Of(RunPicture run, OwnerLook look, int mostColumns)
    {
        IReadOnlyList<MapSample> maps = run.Maps;
        int step = (maps.Count + mostColumns - 1) / mostColumns;
        MapSample[] shown = [.. maps.Where((map, i) => (maps.Count - 1 - i) % Math.Max(1, step) == 0)];
        IReadOnlyList<MapZone> zones = run.Layout.Zones;
        int high = zones.Sum(zone => zone.Slices) + (Gap * (zones.Count - 1));
        Plot plot = new Plot("Who had which memory over time").As("map").Cells(Math.Max(1, shown.Length), high);
        var paths = new SortedDictionary<string, StringBuilder>(StringComparer.Ordinal);
        int bottom = high;
        foreach (MapZone zone in zones)
        {
            plot.Fill("free", $"M0 {bottom - zone.Slices}H{shown.Length}V{bottom}H0Z");
            plot.Name((double)(high - bottom + (zone.Slices / 2)) / high, zone.Name);
            for (int column = 0; column < shown.Length; column++)
            {
                AddColumn(paths, look, shown[column], zone, column, bottom);
            }
            bottom -= zone.Slices + Gap;
        }
        foreach ((string classes, StringBuilder path) in paths)
        {
            plot.Fill(classes, path.ToString());
        }
        if (run.FailedAt is double failed)
        {
            double x = run.Axis.Share(failed) * shown.Length;
            plot.Line("failure", [(x, 0), (x, high)]);
        }
        if (shown.Length > 0)
        {
            foreach (int column in new[] { 0, shown.Length / 4, shown.Length / 2, shown.Length * 3 / 4 }.Distinct().Where(i => i < shown.Length - 1))
            {
                plot.Column((double)column / shown.Length, run.Axis.Text(shown[column].At));
            }
            plot.Column(1, run.Axis.Text(shown[^1].At));
        }
        IEnumerable<int> owners = shown.SelectMany(map => map.Owners).Where(owner => owner >= 0).Distinct().Order().Select(owner => (int)owner);
        string slice = SizeText.Of((long)run.Layout.SlicePages * run.PageSize);
        return plot + look.Legend(owners, ("free", $"all {slice} of a slice free"), ("sparse", "paler: more than half free"));
    }

    private static void AddColumn(SortedDictionary<string, StringBuilder> paths, OwnerLook look, MapSample map, MapZone zone, int column, int bottom)
    {
        for (int slice = 0; slice < zone.Slices;)
        {
            int owner = map.Owners[zone.First + slice], first = slice;
            bool sparse = map.Sparse[zone.First + slice];
            while (slice < zone.Slices && map.Owners[zone.First + slice] == owner && map.Sparse[zone.First + slice] == sparse)
            {
                slice++;
            }
            if (owner >= 0)
            {
                string classes = look.Class(owner) + (sparse ? " sparse" : "");
                if (!paths.TryGetValue(classes, out StringBuilder? path))
                {
                    paths[classes] = path = new StringBuilder();
                }
                path.Append($"M{column} {bottom - first}h1v-{slice - first}h-1z");
            }
        }
    }
}
