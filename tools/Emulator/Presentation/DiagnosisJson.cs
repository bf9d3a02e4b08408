using System.Text.Json;
using Carveout.Emulator.Diagnosis;

namespace Carveout.Emulator.Presentation;

/// <summary>A diagnosis for programs; docs/diagnose.schema.json describes it.</summary>
internal static class DiagnosisJson
{
    /// <summary>The most dumps of a series that are written: the first and the last, and some between.</summary>
    private const int MostSamples = 200;

    /// <summary>The whole text.</summary>
    public static string Of(LogDiagnosis found, IReadOnlyList<string> files, long lines) =>
        JsonSerializer.Serialize(
            new
            {
                Files = files, Lines = lines, Formats = found.Formats.OrderByDescending(format => format.Value).Select(format => new { Format = format.Key, Dumps = format.Value }),
                Findings = found.Findings.Select(One), FailuresNotLookedAt = found.Dropped,
            },
            JsonStyle.Results) + Environment.NewLine;

    private static object One(Finding finding) => new
    {
        Cause = DiagnosisText.Name(finding.Cause), finding.Sentence, finding.Dump.Format, System = finding.Dump.System.ToString(), finding.Dump.Place.File, finding.Dump.Place.Line,
        finding.Dump.Seconds, finding.Times, finding.Wanted, finding.Dump.Request?.Order, Who = finding.Dump.Request?.Who, Area = Area(finding.Area), finding.FailsAt,
        Series = finding.Series is not { } series ? null : new
        {
            series.Name, Dumps = series.Count, series.IsTimed, From = series.Places[0], To = series.Places[^1], Samples = Samples(series),
        },
        finding.Arithmetic, finding.Dump.Damage, finding.Unknown, finding.Try, finding.Commands,
        Growing = finding.Growing.Select(growth => new { growth.Name, growth.PerDump, growth.First, growth.Last }),
    };

    private static object? Area(MemoryArea? area) => area is null ? null : new
    {
        area.Name, Kind = area.Kind.ToString(), area.Total, area.Free, area.Largest, area.LeastEverFree, area.Min, FreeBlocks = area.Blocks?.Counts, area.Blocks?.PageSize,
        FragmentationIndex = area.Blocks is { IsComplete: true } blocks ? Enumerable.Range(0, blocks.Counts.Count).Select(blocks.Index) : null,
    };

    private static IEnumerable<object> Samples(AreaSeries series)
    {
        double[] places = series.Places;
        int step = Math.Max(1, (series.Count + MostSamples - 1) / MostSamples);
        for (int i = 0; i < series.Count; i++)
        {
            if (i % step == 0 || i == series.Count - 1)
            {
                yield return new { At = places[i], series.Areas[i].Free, series.Areas[i].Largest, FreeBlocks = series.Areas[i].Blocks?.Counts };
            }
        }
    }
}
