using System.Globalization;
using System.Text;
using Carveout.Emulator.Diagnosis;
using Carveout.Emulator.Input;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes a diagnosis for people, in 80 columns, whatever the log contained.</summary>
internal static class DiagnosisText
{
    private const int Width = 80, MostFindings = 10;

    /// <summary>All formats that are recognised; named if a file has none of them.</summary>
    public const string Formats =
        "the kernel's buddyinfo, pagetypeinfo, page allocation failures, OOM and vmalloc reports, cma_alloc, swiotlb, slabinfo, slabtop, vmallocinfo, page_owner, allocinfo, "
        + "kmemleak, meminfo, zoneinfo, vmstat; ESP-IDF's heap summaries, dumps, failed allocations, boot lines; Zephyr's sys_heap; FreeRTOS' HeapStats; nanoFramework's and "
        + "TinyCLR's collector, notes and native heap; MicroPython, LVGL, vcdbg; Carveout's own reports and traces; lines with free bytes and the largest block";

    /// <summary>The whole text.</summary>
    public static string Of(LogDiagnosis found, long lines)
    {
        var text = new StringBuilder();
        foreach (Finding finding in found.Findings.Take(MostFindings))
        {
            Add(text, finding);
            text.Append('\n');
        }
        if (found.Findings.Count > MostFindings)
        {
            Wrap(text, $"{found.Findings.Count - MostFindings} more findings: --json has them all", "", "");
        }
        if (found.Dropped > 0)
        {
            Wrap(text, $"{found.Dropped} more failures were not looked at", "", "");
        }
        Wrap(text, "read: " + string.Join(", ", found.Formats.OrderByDescending(format => format.Value).Select(format => $"{format.Value} {format.Key}")) + $"; {CountText.Of(lines, "line")}", "", "  ");
        return text.ToString().ReplaceLineEndings();
    }

    /// <summary>The text if there is no verdict: nothing was recognised, or the dumps do not say what is free.</summary>
    public static string Nothing(long lines, LogDiagnosis found)
    {
        var text = new StringBuilder();
        Wrap(text, found.Formats.Count == 0
            ? $"nothing in these {lines} lines is a dump of memory that is known here"
            : "nothing follows from what was recognised: " + string.Join(", ", found.Formats.Select(format => $"{format.Value} {format.Key}")), "", "  ");
        Wrap(text, $"Known are {Formats}.", "", "  ");
        return text.ToString().ReplaceLineEndings();
    }

    /// <summary>The name of a cause in text and JSON.</summary>
    public static string Name(Cause cause)
    {
        var text = new StringBuilder();
        foreach (char c in cause.ToString())
        {
            text.Append(char.IsUpper(c) && text.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    private static void Add(StringBuilder text, Finding finding)
    {
        Wrap(text, $"{Name(finding.Cause).ToUpperInvariant().Replace('-', ' ')}  {finding.Dump.Format}, {finding.Dump.Place}" + (finding.Times > 1 ? $", {CountText.Of(finding.Times, "time")}" : ""), "", "  ");
        Wrap(text, finding.Sentence + ".", "  ", "  ");
        List(text, "why", finding.Arithmetic);
        List(text, "damaged", finding.Dump.Damage);
        List(text, "not known", finding.Unknown);
        List(text, "try", finding.Try);
        foreach (string command in finding.Commands)
        {
            // Commands are to be copied, so they are never wrapped.
            text.Append("    ").Append(PrintedText.Of(command)).Append('\n');
        }
    }

    private static void List(StringBuilder text, string title, List<string> lines)
    {
        const int Most = 14;
        if (lines.Count == 0)
        {
            return;
        }
        text.Append("  ").Append(title).Append('\n');
        foreach (string line in lines.Take(Most))
        {
            Wrap(text, line, "  - ", "    ");
        }
        if (lines.Count > Most)
        {
            text.Append(CultureInfo.InvariantCulture, $"    and {lines.Count - Most} more\n");
        }
    }

    /// <summary>Wraps text at blanks; a word that is longer than a line is wrapped anywhere.</summary>
    private static void Wrap(StringBuilder text, string words, string first, string indent)
    {
        string line = first;
        bool isEmpty = true;
        foreach (string given in PrintedText.Of(words).Split(' '))
        {
            string word = given;
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                (line, isEmpty) = (indent, true);
            }
            while (line.Length + word.Length + (isEmpty ? 0 : 1) > Width)
            {
                int fits = Width - line.Length;
                text.Append(line).Append(word, 0, fits).Append('\n');
                (line, word) = (indent, word[fits..]);
            }
            line += (isEmpty ? "" : " ") + word;
            isEmpty = false;
        }
        text.Append(line).Append('\n');
    }
}
