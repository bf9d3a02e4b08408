using System.Text.Json;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Presentation;

/// <summary>An investigation for programs.</summary>
internal static class InvestigationJson
{
    /// <summary>The documented keys: board, hours, seeds, conclusions; settings, each with key, title, died, loops and seconds to the first
    /// failure as {min, median, max} (null stands for a movie that played on), and its runs: seed, failedAtLoop, failedAtSeconds, cause,
    /// verdict, why; of the zone that failed freeBytes, largestFreeBytes and fragmentationIndex in thousandths; refusedToApplication;
    /// suspects; tornBlocks (null where none were to blame). What does not apply is null.</summary>
    public static string Of(StoryInvestigation found) =>
        JsonSerializer.Serialize(
            new
            {
                Board = found.Board.Name, found.Hours, found.Seeds, Conclusions = Conclusions.Of(found),
                Settings = found.Settings.Select(setting => new
                {
                    setting.Setting.Key, setting.Setting.Title, setting.Died, Loops = Numbers(setting.Loops),
                    Seconds = Numbers(setting.Seconds), Runs = setting.Runs.Select(Run),
                }),
            },
            JsonStyle.Results) + Environment.NewLine;

    /// <summary>The torn blocks of a run that failed; null if there were none.</summary>
    public static object? Of(TornBlocks? torn) => torn is null ? null : new
    {
        torn.Zone, torn.WantedPages, torn.BlockPages, Blocks = torn.Blocks.Count, torn.Taken, torn.TakenInTails, torn.Blockers,
    };

    private static object Run(RunFinding run)
    {
        PlayResult result = run.Result;
        return new
        {
            result.Seed, result.FailedAtLoop, result.FailedAtSeconds, Cause = run.Cause.ToString().ToLowerInvariant(), run.Verdict, result.Why,
            run.FailedZone?.FreeBytes, run.FailedZone?.LargestFreeBytes, run.Recorder.FragmentationIndex, RefusedToApplication = result.Refused,
            Suspects = run.Suspects.Select(suspect => new
            {
                Owner = run.OwnerNames[suspect.Owner], suspect.BytesPerLoop, suspect.NeverFreed, suspect.SinceLoop, suspect.SpansKept, suspect.Spans,
                BytesAtEnd = run.BytesAtEnd(suspect.Owner),
            }),
            TornBlocks = Of(run.Recorder.Torn),
        };
    }

    private static object Numbers(Spread spread) =>
        new { Min = Finite(spread.Min), Median = Finite(spread.Median), Max = Finite(spread.Max) };

    private static double? Finite(double value) => double.IsInfinity(value) ? null : value;
}
