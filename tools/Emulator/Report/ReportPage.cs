using System.Text;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Report;

/// <summary>Writes the story's investigation as one page.</summary>
internal static class ReportPage
{
    /// <summary>The page.</summary>
    public static string Of(StoryInvestigation found)
    {
        RunFinding shown = Shown(found);
        var body = new StringBuilder();
        body.Append(ReportParts.Conclusion(shown.Cause == Cause.None, Conclusions.Of(found))).Append(Table(found)).Append(Detail(found, shown))
            .Append("<h2>Every setting</h2>\n<p>Of each the run that died first, or the first run. Colours as above.</p>\n")
            .AppendJoin("", found.Settings.Select(Short)).Append(ReportParts.Command(Command(found)))
            .Append("<p class=\"dim\">Everything here is emulated in virtual time; all chance comes from the seeds. "
                + ReportParts.LeakRule("the loops", "the application is refused") + "</p>\n").Append(ReportParts.ToDo(Steps(found, shown)));
        return ReportParts.Page(Title(found), Scenario(found), body);
    }

    /// <summary>The run that is shown in full: of the first setting that failed, or of the first setting if none failed.</summary>
    private static RunFinding Shown(StoryInvestigation found)
    {
        RunFinding[] runs = [.. found.Settings.Select(setting => setting.Earliest)];
        return runs.FirstOrDefault(run => run.Cause != Cause.None) ?? runs[0];
    }

    private static string Title(StoryInvestigation found) => found.Settings.Any(setting => setting.Died > 0)
        ? $"Why the movie dies on {found.Board}"
        : $"The movie plays on: {found.Board}";

    private static string Scenario(StoryInvestigation found)
    {
        PlayOptions options = found.Settings[0].Runs[0].Options;
        MovieSpec movie = options.Movie;
        ApplicationSpec application = options.Application;
        return string.Create(CultureInfo.InvariantCulture,
            $"{movie.Width}x{movie.Height}, {movie.Buffers} buffers of {Size(movie.FrameSize)}, taken anew every {movie.LoopSeconds} s; beside it an "
            + $"application that keeps {Size(application.ResidentSize)}, asks {application.ChurnPerMinute} times a minute for 1 to 3 pages and gives "
            + $"them back after {application.ChurnSeconds} s in the mean, and forgets {Size(application.LeakPerLoop)} a loop. "
            + $"{found.Hours} virtual hours, {found.Settings.Count} settings, seeds {found.Seeds[0]} to {found.Seeds[^1]}.");
    }

    private static string Table(StoryInvestigation found)
    {
        var text = new StringBuilder("<h2>What was tried</h2>\n<table class=\"settings\"><thead><tr><th>Setting</th>"
            + "<th>First failed frame buffer</th><th>Why, in the run that died first</th></tr></thead><tbody>\n");
        foreach (SettingFinding setting in found.Settings)
        {
            text.Append($"<tr><td>{Plot.Escape(setting.Setting.Title)}<small>{Plot.Escape(setting.Setting.Why)}</small></td><td class=\"life\">");
            text.Append(ReportParts.Bar(setting.Died == 0, Math.Min(1, setting.Seconds.Median / (found.Hours * 3600))));
            text.Append(setting.Died == 0 ? "<span class=\"lives\">plays on</span>" : Plot.Escape(Times(setting.Seconds)));
            text.Append($"<small>{setting.Died} of {setting.Runs.Count} died{Loops(setting)}</small>");
            RunFinding run = setting.Earliest;
            text.Append(ReportParts.Why(run.Verdict, run.Recorder.FragmentationIndex));
        }
        return text.Append("</tbody></table>\n<p class=\"dim\">Times are minimum, median and maximum over the seeds; the bar is the median.</p>\n")
            .ToString();
    }

    /// <summary>The times of all seeds; a single one if they are equal.</summary>
    private static string Times(Spread seconds) => seconds.Min == seconds.Max ? ClockText.Of(seconds.Min) : InvestigationTable.Times(seconds);

    private static string Loops(SettingFinding setting) => setting.Died == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", first in loop {setting.Loops.Min + 1}");

    private static string Detail(StoryInvestigation found, RunFinding run)
    {
        SettingFinding setting = found.Settings.First(one => one.Runs.Contains(run));
        var picture = RunPicture.Of(run);
        var look = new OwnerLook(picture);
        var text = new StringBuilder();
        text.Append($"<h2>{(run.Cause == Cause.None ? "One run" : "The failure")} in pictures</h2>\n"
            + $"<p>{Plot.Escape(setting.Setting.Title)}, seed {run.Result.Seed}: {Plot.Escape(run.Verdict)}.</p>\n");
        text.Append(ReportParts.Figure("Who has which memory", "Each column is a look in the middle of a loop, the last one the failure itself; "
            + "addresses rise from bottom to top. What stays through all columns was never given back.",
            MemoryMapFigure.Of(picture, look, ReportParts.Columns)));
        text.Append(ReportParts.Figure("What the player finds when it asks", "/proc/buddyinfo before each request: free memory by block size. Green "
            + $"holds a frame, brown does not. A request takes {run.Options.Movie.Buffers} buffers: the movie dies when the green does not hold them all, however much "
            + "brown there is.", FreeBlocksFigure.Of(picture)));
        text.Append(ReportParts.Figure("The largest free block, and a frame", "At each request, before the first buffer is taken" + Before(run),
            LargestFreeFigure.Of(picture)));
        text.Append(ReportParts.Figure("Who grows", "Memory of each owner between two loops, when the movie has none. Red is whoever is accused of "
            + "leaking.", OwnersFigure.Of(picture, look)));
        if (run.Recorder.Torn is { Blocks.Count: > 0 } torn)
        {
            text.Append(ReportParts.Figure("What tears the blocks", Conclusions.Tearing(run) + " Each row is such a block, those nearest to being "
                + "whole first.", TornBlocksFigure.Of(picture, torn, look)));
        }
        text.Append("<h3>Buddyinfo</h3>\n<p class=\"dim\">Free blocks of order 0, 1, 2 … before the loop's request; the last line is of the "
            + $"{(run.Cause == Cause.None ? "last loop" : "failure")}.</p>\n{FreeBlocksFigure.Dumps(picture)}");
        return text.Append(ReportParts.Said(run.Result.Report)).ToString();
    }

    /// <summary>How long before the failure the largest block gave a warning.</summary>
    private static string Before(RunFinding run)
    {
        IReadOnlyList<RunSample> samples = run.Recorder.Samples;
        return run.Cause == Cause.None || samples.Count < 3
            ? "."
            : $"; the last look is the failure. One loop earlier it was still {Size(samples[^3].Zones[run.Recorder.FrameZone].LargestFreeBytes)}.";
    }

    private static string Short(SettingFinding setting)
    {
        RunFinding run = setting.Earliest;
        var picture = RunPicture.Of(run);
        return ReportParts.Small(setting.Setting.Title, $"{setting.Setting.Why} Seed {run.Result.Seed}: {run.Verdict}.", picture,
            new OwnerLook(picture));
    }

    private static IEnumerable<(string, string)> Steps(StoryInvestigation found, RunFinding shown)
    {
        if (found.Settings.SelectMany(setting => setting.Runs).FirstOrDefault(run => run.Suspects.Count > 0) is { } accusing)
        {
            yield return Advice.Owner(accusing.OwnerNames[accusing.Suspects[0].Owner]);
        }
        MovieSpec movie = shown.Options.Movie;
        yield return ("Take the frames once, from memory that no zone ever owns. This plans the reservation, and prints the class that makes it:",
            $"carveout plan --board {found.Board.Word} --stream {movie.Width}x{movie.Height}:RGB565:{movie.Buffers}@{movie.FramesPerSecond}");
    }

    private static string Command(StoryInvestigation found) => string.Create(CultureInfo.InvariantCulture,
        $"carveout investigate --board {found.Board.Word} --hours {found.Hours} --seeds {found.Seeds.Count} --seed {found.Seeds[0]} --out DIR");

    private static string Size(long bytes) => Diagnostics.SizeText.Of(bytes);
}
