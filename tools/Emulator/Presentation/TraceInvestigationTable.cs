using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes the investigation of a trace for the terminal: a line for each policy, the conclusions, and what the trace cannot
/// tell.</summary>
internal static class TraceInvestigationTable
{
    /// <summary>The whole text.</summary>
    public static IRenderable Of(TraceInvestigation found)
    {
        Table table = new Table().Border(TableBorder.None).AddColumn("Policy").AddColumn(new TableColumn("Failed").RightAligned())
            .AddColumn("First failure").AddColumn("Why");
        foreach (TraceFinding finding in found.Findings)
        {
            string colour = finding.Cause == Cause.None ? "green" : "red";
            table.AddRow(new Text(finding.Setting.Title),
                new Markup(finding.Result is null ? "-" : string.Create(CultureInfo.InvariantCulture,
                    $"[{colour}]{finding.Refused}/{finding.Result.Allocations}[/]")),
                new Text(finding.Failure is { } failure ? TraceConclusions.Place(found, failure) : finding.Result is null ? "-" : "none"),
                new Text(finding.Verdict + (finding.Failure is { FragmentationIndex: >= 0 } failed
                    ? string.Create(CultureInfo.InvariantCulture, $", index {failed.FragmentationIndex}")
                    : "")));
        }
        IReadOnlyList<string> conclusions = TraceConclusions.Of(found), limits = TraceConclusions.Limits(found);
        // What the device refused stands above what policies would do.
        int refused = found.Trace.RefusedCount == 0 ? 0 : 1;
        return new Rows(
        [
            new Text($"{found.Trace.Name}, {SizeText.Of(found.Arena.Size)} in pages of {SizeText.Of(found.Arena.PageSize)}"),
            .. conclusions.Take(refused).Select(line => new Text(line, Style.Parse("red"))),
            new Text(""), table,
            new Text(""),
            .. conclusions.Skip(refused).Select(line => new Text(line)),
            .. limits.Count == 0
                ? Array.Empty<Text>()
                : [new Text(""), new Text("What the trace does not tell:"), .. limits.Select(line => new Text("- " + line))],
        ]);
    }
}
