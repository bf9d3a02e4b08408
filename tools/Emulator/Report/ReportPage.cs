using System.Globalization;
using System.Text;
using Carveout.Emulator.Investigation;
using Carveout.Emulator.Presentation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Report;

/// <summary>An investigation as one page of HTML that needs nothing else: no script, no server, no network.</summary>
/// <remarks>It forbids itself, by its content security policy, to load anything at all.</remarks>
internal static class ReportPage
{
    private const int Columns = 120, ColumnsOfSmall = 60;

    /// <summary>The page.</summary>
    public static string Of(StoryInvestigation found)
    {
        RunFinding shown = Shown(found);
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n")
            .Append("<link rel=\"icon\" href=\"data:,\">\n")
            .Append($"<title>{Plot.Escape(Title(found))}</title>\n<style>\n{ReportStyle.Sheet}\n{ReportStyle.Colours()}</style>\n</head>\n<body>\n");
        page.Append($"<header><h1>{Plot.Escape(Title(found))}</h1>\n<p class=\"dim\">{Plot.Escape(Scenario(found))}</p></header>\n");
        string mood = shown.Cause == Cause.None ? " lives" : "";
        page.Append($"<div class=\"conclusion{mood}\">\n")
            .AppendJoin("", Conclusions.Of(found).Select(line => $"<p>{Plot.Escape(line)}</p>\n")).Append("</div>\n");
        page.Append(Table(found));
        page.Append(Detail(found, shown));
        page.Append("<h2>Every setting</h2>\n<p>Of each the run that died first, or the first run. Colours as above.</p>\n");
        foreach (SettingFinding setting in found.Settings)
        {
            page.Append(Short(setting));
        }
        page.Append($"<h2>To run it again</h2>\n<pre>{Plot.Escape(Command(found))}</pre>\n");
        page.Append("<p class=\"dim\">Everything here is emulated in virtual time; all chance comes from the seeds. An owner is accused of leaking "
            + "if its memory grows in the median over the loops, three spans in four of the loops that are over for a loop left memory that still "
            + "lives, and what is left does not melt with age.</p>\n</body>\n</html>\n");
        return page.ToString();
    }

    /// <summary>The run that is shown in full: of the first setting that died, or of the first one where none did.</summary>
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
            string tone = setting.Died == 0 ? "good" : "bad";
            text.Append($"<span class=\"bar\"><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"{tone}\" "
                + $"d=\"M0 0H{Plot.Number(1000 * Math.Min(1, setting.Seconds.Median / (found.Hours * 3600)))}V10H0Z\"/></svg></span>");
            text.Append(setting.Died == 0 ? "<span class=\"lives\">plays on</span>" : Plot.Escape(Times(setting.Seconds)));
            text.Append($"<small>{setting.Died} of {setting.Runs.Count} died{Loops(setting)}</small>");
            RunFinding run = setting.Earliest;
            string index = run.Recorder.FragmentationIndex is int value and >= 0 ? $"<small>extfrag index {value}</small>" : "";
            text.Append($"</td><td>{Plot.Escape(run.Verdict)}{index}</td></tr>\n");
        }
        return text.Append("</tbody></table>\n<p class=\"dim\">Times are minimum, median and maximum over the seeds; the bar is the median.</p>\n")
            .ToString();
    }

    /// <summary>One time where all seeds agree.</summary>
    private static string Times(Spread seconds) => seconds.Min == seconds.Max ? PlayText.Clock(seconds.Min) : InvestigationTable.Times(seconds);

    private static string Loops(SettingFinding setting) => setting.Died == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", first in loop {setting.Loops.Min + 1}");

    private static string Detail(StoryInvestigation found, RunFinding run)
    {
        SettingFinding setting = found.Settings.First(one => one.Runs.Contains(run));
        var look = new OwnerLook(run);
        var text = new StringBuilder();
        text.Append($"<h2>{(run.Cause == Cause.None ? "One run" : "The failure")} in pictures</h2>\n"
            + $"<p>{Plot.Escape(setting.Setting.Title)}, seed {run.Result.Seed}: {Plot.Escape(run.Verdict)}.</p>\n");
        text.Append(Figure("Who has which memory", "Each column is a look in the middle of a loop, the last one the failure itself; addresses rise "
            + "from bottom to top. What stays through all columns was never given back.", MemoryMapFigure.Of(run, look, Columns)));
        text.Append(Figure("What the player finds when it asks", "/proc/buddyinfo before each request: free memory by block size. Green "
            + "holds a frame, brown does not; the movie dies when the green is gone, however much brown there is.", FreeBlocksFigure.Of(run)));
        text.Append(Figure("The largest free block, and a frame", "At each request, before the first buffer is taken" + Before(run),
            LargestFreeFigure.Of(run)));
        text.Append(Figure("Who grows", "Memory of each owner between two loops, when the movie has none. Red is whoever is accused of leaking.",
            OwnersFigure.Of(run, look)));
        if (run.Recorder.Torn is { Blocks.Count: > 0 } torn)
        {
            text.Append(Figure("What tears the blocks", Conclusions.Tearing(run) + " Each row is such a block, those nearest to being whole first.",
                TornBlocksFigure.Of(run, torn, look)));
        }
        text.Append("<h3>Buddyinfo</h3>\n<p class=\"dim\">Free blocks of order 0, 1, 2 … before the loop's request; the last line is of the "
            + $"{(run.Cause == Cause.None ? "last loop" : "failure")}.</p>\n{FreeBlocksFigure.Dumps(run)}");
        if (run.Result.Report != "")
        {
            text.Append($"<h3>What the allocator said</h3>\n<pre>{Plot.Escape(run.Result.Report)}</pre>\n");
        }
        return text.ToString();
    }

    /// <summary>How late the largest block warned.</summary>
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
        var look = new OwnerLook(run);
        return $"<section class=\"one\"><h3>{Plot.Escape(setting.Setting.Title)}</h3>\n"
            + $"<p class=\"dim\">{Plot.Escape(setting.Setting.Why)} Seed {run.Result.Seed}: {Plot.Escape(run.Verdict)}.</p>\n"
            + "<div class=\"pair\"><div>"
            + MemoryMapFigure.Of(run, look, ColumnsOfSmall) + "</div><div>" + FreeBlocksFigure.Of(run) + "</div></div></section>\n";
    }

    private static string Figure(string title, string caption, string content) =>
        $"<figure><figcaption><b>{Plot.Escape(title)}</b>{Plot.Escape(caption)}</figcaption>\n{content}</figure>\n";

    private static string Command(StoryInvestigation found) => string.Create(CultureInfo.InvariantCulture,
        $"carveout investigate --board {found.Board} --hours {found.Hours} --seeds {found.Seeds.Count} --seed {found.Seeds[0]} --out DIR");

    private static string Size(long bytes) => Diagnostics.SizeText.Of(bytes);
}
