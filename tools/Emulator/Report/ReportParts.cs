using System.Text;

namespace Carveout.Emulator.Report;

/// <summary>The parts of every report: the page, a figure with its caption, two small figures side by side.</summary>
internal static class ReportParts
{
    /// <summary>Columns of a map in full width, and of a small one.</summary>
    public const int Columns = 120, ColumnsOfSmall = 60;

    /// <summary>A page that needs no other file: no script, no server, no network.</summary>
    /// <remarks>Its content security policy forbids it to load anything.</remarks>
    /// <param name="title">The title.</param>
    /// <param name="subtitle">The subject, in a sentence or two.</param>
    /// <param name="body">HTML.</param>
    public static string Page(string title, string subtitle, StringBuilder body) =>
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        + "<link rel=\"icon\" href=\"data:,\">\n"
        + $"<title>{Plot.Escape(title)}</title>\n<style>\n{ReportStyle.Sheet}\n{ReportStyle.Colours()}</style>\n</head>\n<body>\n"
        + $"<header><h1>{Plot.Escape(title)}</h1>\n<p class=\"dim\">{Plot.Escape(subtitle)}</p></header>\n{body}</body>\n</html>\n";

    /// <summary>The most important sentences, in a box.</summary>
    public static string Conclusion(bool lives, IEnumerable<string> lines) =>
        $"<div class=\"conclusion{(lives ? " lives" : "")}\">\n" + string.Concat(lines.Select(line => $"<p>{Plot.Escape(line)}</p>\n")) + "</div>\n";

    /// <summary>A figure with its caption.</summary>
    public static string Figure(string title, string caption, string content) =>
        $"<figure><figcaption><b>{Plot.Escape(title)}</b>{Plot.Escape(caption)}</figcaption>\n{content}</figure>\n";

    /// <summary>A small figure of a run: who had which memory, and what was free.</summary>
    public static string Small(string title, string caption, RunPicture run, OwnerLook look) =>
        $"<section class=\"one\"><h3>{Plot.Escape(title)}</h3>\n<p class=\"dim\">{Plot.Escape(caption)}</p>\n"
        + $"<div class=\"pair\"><div>{MemoryMapFigure.Of(run, look, ColumnsOfSmall)}</div><div>{FreeBlocksFigure.Of(run)}</div></div></section>\n";

    /// <summary>A bar in a table: how far a run got before its first failure.</summary>
    /// <param name="lives">Whether there was no failure.</param>
    /// <param name="share">The share of the run, 0 to 1.</param>
    public static string Bar(bool lives, double share) =>
        "<span class=\"bar\"><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        + $"<path class=\"{(lives ? "good" : "bad")}\" d=\"M0 0H{Plot.Number(1000 * share)}V10H0Z\"/></svg></span>";

    /// <summary>The last cell of a table's row: why a run failed.</summary>
    /// <param name="verdict">The reason.</param>
    /// <param name="fragmentationIndex">extfrag_index in thousandths; below 0 or null if it does not apply.</param>
    public static string Why(string verdict, int? fragmentationIndex) => "</td><td>" + Plot.Escape(verdict)
        + (fragmentationIndex >= 0 ? $"<small>extfrag index {fragmentationIndex}</small>" : "") + "</td></tr>\n";

    /// <summary>The allocator's own report of the failure; empty if there is none.</summary>
    public static string Said(string report) => report == "" ? "" : $"<h3>What the allocator said</h3>\n<pre>{Plot.Escape(report)}</pre>\n";

    /// <summary>When an owner is accused: the rule of <see cref="Investigation.LeakSuspects"/> in words.</summary>
    /// <param name="windows">The windows by which growth is judged.</param>
    /// <param name="refused">What happens when growth ends because memory is full.</param>
    public static string LeakRule(string windows, string refused) =>
        $"An owner is accused of leaking if, over {windows}, up to where {refused} again and again, the blocks that it took and never gave back come "
        + "steadily and are seen to come in the last twentieth, too, and if what it has of blocks that live long grows by half of them at least. What is "
        + "younger than its other blocks become is not counted, nor is a start.";

    /// <summary>The end of the report: what to do, each step with its line of code or command.</summary>
    public static string ToDo(IEnumerable<(string Words, string Line)> steps) => "<h2>What to do</h2>\n"
        + string.Concat(steps.Select(step => $"<p>{Plot.Escape(step.Words)}</p>\n<pre>{Plot.Escape(step.Line)}</pre>\n"));

    /// <summary>The command that produces the report again.</summary>
    public static string Command(string command) => $"<h2>To run it again</h2>\n<pre>{Plot.Escape(command)}</pre>\n";
}
