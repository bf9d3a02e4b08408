using System.Text;
using Carveout.Diagnostics;
using Carveout.Emulator.Diagnosis;
using Carveout.Emulator.Presentation;

namespace Carveout.Emulator.Report;

/// <summary>Writes a diagnosis as one page: each verdict, and for a series its free memory over time.</summary>
internal static class DiagnosisPage
{
    private const int MostFindings = 30, Shades = 6;

    /// <summary>The page.</summary>
    public static string Of(LogDiagnosis found, IReadOnlyList<string> files, long lines)
    {
        var body = new StringBuilder();
        Finding first = found.Findings[0];
        body.Append(ReportParts.Conclusion(first.Cause == Cause.NothingFailed, [$"{Title(first.Cause)}: {first.Sentence}."]));
        foreach (Finding finding in found.Findings.Take(MostFindings))
        {
            Add(body, finding);
        }
        body.Append(ReportParts.Command($"carveout diagnose {string.Join(' ', files.Select(file => file.Contains(' ', StringComparison.Ordinal) ? $"'{file}'" : file))} --out DIR"));
        string read = string.Join(", ", found.Formats.OrderByDescending(format => format.Value).Select(format => $"{format.Value} {format.Key}"));
        return ReportParts.Page("Why memory ran out", $"{string.Join(", ", files)}: {CountText.Of(lines, "line")}; {read}.", body);
    }

    private static void Add(StringBuilder body, Finding finding)
    {
        body.Append($"<h2>{Plot.Escape(Title(finding.Cause))}</h2>\n<p>{Plot.Escape(finding.Sentence)}.</p>\n<p class=\"dim\">"
            + $"{Plot.Escape(finding.Dump.Format)}, {Plot.Escape(finding.Dump.Place.ToString())}{(finding.Times > 1 ? $", {CountText.Of(finding.Times, "time")}" : "")}</p>\n");
        if (finding.Series is { Count: > 1 } series)
        {
            body.Append(ReportParts.Figure($"Free memory of {series.Name}", Caption(series, finding), Figure(series, finding)));
        }
        List(body, "Why", finding.Arithmetic);
        List(body, "Damaged", finding.Dump.Damage);
        List(body, "Not known", finding.Unknown);
        List(body, "Try", finding.Try);
        if (finding.Commands.Count > 0)
        {
            body.Append($"<pre>{Plot.Escape(string.Join('\n', finding.Commands))}</pre>\n");
        }
    }

    private static string Title(Cause cause)
    {
        string name = DiagnosisText.Name(cause).Replace('-', ' ');
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    private static void List(StringBuilder body, string title, List<string> lines)
    {
        if (lines.Count > 0)
        {
            body.Append($"<h3>{title}</h3>\n<ul class=\"limits\">").AppendJoin("", lines.Select(line => $"<li>{Plot.Escape(line)}</li>\n")).Append("</ul>\n");
        }
    }

    private static string Caption(AreaSeries series, Finding finding) =>
        (series.Areas.All(area => area.Blocks is not null)
            ? "By block size, the largest at the bottom: when they go, the ground goes. "
            : series.Areas.All(area => area.Largest is not null) ? "All that is free, and within it the largest piece. " : "All that is free. ")
        + (finding.FailsAt is null ? "" : "The dotted line is where it is used up if it goes on like that.");

    private static string Figure(AreaSeries series, Finding finding)
    {
        double[] places = series.Places;
        double end = finding.FailsAt is double fails && fails > places[^1] && fails < places[0] + (20 * (places[^1] - places[0])) ? fails : places[^1];
        // Time counts from the first dump, since seconds since 1970 help nobody.
        double start = places[0];
        var axis = new PictureAxis(0, Math.Max(1e-9, end - start), series.IsTimed);
        var plot = new Plot($"Free memory of {series.Name} over time");
        double top = ByteScale.Draw(plot, series.Areas.Max(area => (double)area.Free!.Value));
        var legend = new List<(string, string)>();
        int orders = series.Areas.Min(area => area.Blocks?.Counts.Count ?? 0);
        if (orders > 0)
        {
            double[] below = new double[series.Count];
            int needed = finding.Wanted is long wanted ? series.Areas[0].Blocks!.OrderOf(wanted) : orders / 2;
            for (int order = orders - 1; order >= 0; order--)
            {
                double[] above = [.. series.Areas.Select((area, i) => below[i] + area.Blocks!.BytesFrom(order, order))];
                if (above.Where((bytes, i) => bytes > below[i]).Any())
                {
                    string shade = order >= needed ? $"large{Math.Min(Shades - 1, order - needed)}" : $"small{Math.Min(Shades - 1, needed - 1 - order)}";
                    plot.Fill(shade, Band(axis, places, start, below, above, top));
                    legend.Add((shade, SizeText.Of(series.Areas[0].Blocks!.BlockSize(order))));
                }
                below = above;
            }
        }
        else
        {
            plot.Fill("small3", Band(axis, places, start, new double[series.Count], [.. series.Areas.Select(area => (double)area.Free!.Value)], top));
            legend.Add(("small3", "free"));
            if (series.Areas.All(area => area.Largest is not null))
            {
                plot.Fill("large1", Band(axis, places, start, new double[series.Count], [.. series.Areas.Select(area => (double)area.Largest!.Value)], top));
                legend.Add(("large1", "largest piece"));
            }
        }
        if (finding.FailsAt is double failure && failure <= end)
        {
            plot.Line("failure", [(axis.X(failure - start), 0), (axis.X(failure - start), Plot.Height)]);
        }
        axis.Draw(plot);
        return plot + OwnerLook.Legend([.. legend]);
    }

    /// <summary>The area between two curves.</summary>
    private static string Band(PictureAxis axis, double[] places, double start, double[] below, double[] above, double top)
    {
        var path = new StringBuilder();
        for (int i = 0; i < places.Length; i++)
        {
            path.Append(i == 0 ? 'M' : 'L').Append(Plot.Number(axis.X(places[i] - start))).Append(' ').Append(Plot.Number((1 - (above[i] / top)) * Plot.Height));
        }
        for (int i = places.Length - 1; i >= 0; i--)
        {
            path.Append('L').Append(Plot.Number(axis.X(places[i] - start))).Append(' ').Append(Plot.Number((1 - (below[i] / top)) * Plot.Height));
        }
        return path.Append('Z').ToString();
    }
}
