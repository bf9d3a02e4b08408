using System.Text;

namespace Carveout.Emulator.Logs;

/// <summary>A line of a log without what loggers, terminals and mailers put around it.</summary>
/// <param name="Text">The program's text: no colours, time, level or quotation mark, and no blanks at either end.</param>
/// <param name="Uptime">Seconds since start, if a stamp says so, as those of the kernel, ESP-IDF and Zephyr do.</param>
/// <param name="Clock">Seconds of the calendar or of the day, if a stamp says so.</param>
/// <param name="Speaker">The kernel's caller, as <c>T123</c> or <c>C0</c>, if it is printed: lines of several callers may be
/// interleaved.</param>
/// <param name="IsCut">Whether the line may end in the middle of a word, because no line break followed or it is as wide as a
/// terminal.</param>
internal readonly record struct LogLine(string Text, double? Uptime, double? Clock, string? Speaker, bool IsCut)
{
    /// <summary>The width at which terminals cut lines.</summary>
    public const int TerminalWidth = 80;

    /// <summary>Reads a line.</summary>
    /// <param name="raw">The line, unchanged, with one character for each byte or character.</param>
    /// <param name="isWhole">Whether a line break followed.</param>
    public static LogLine Parse(string raw, bool isWhole)
    {
        string clean = Clean(raw);
        LogPrefix prefix = LogPrefix.Of(clean);
        string text = clean[prefix.Length..].Trim();
        return new LogLine(text, prefix.Uptime, prefix.Clock, prefix.Speaker, !isWhole || clean.Length == TerminalWidth);
    }

    /// <summary>The line without colours and control characters, with its UTF-8 decoded. Special blanks become blanks, and signs of
    /// multiplication become asterisks, as they were before a word processor changed them.</summary>
    public static string Clean(string raw)
    {
        // Most lines are clean, and there may be ten million of them.
        if (!raw.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return raw;
        }
        string line = raw.AsSpan().ContainsAnyInRange('\u0080', '\u00ff') ? Decoded(raw) : raw;
        var text = new StringBuilder(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '\u001b')
            {
                i = EndOfEscape(line, i);
                continue;
            }
            if (c == '\b' && text.Length > 0)
            {
                text.Length--;
                continue;
            }
            c = c switch { '\t' or '\u00a0' or '\u2007' or '\u202f' => ' ', '\u00d7' => '*', _ => c };
            if (!char.IsControl(c) && c != '\ufeff' && c != '\u200b')
            {
                text.Append(c);
            }
        }
        return text.ToString();
    }

    private static string Decoded(string raw)
    {
        if (raw.Any(c => c > '\u00ff'))
        {
            return raw;
        }
        string text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(raw));
        // This is noise of a serial line, or an old code page: its bytes stay characters.
        return text.Contains('\ufffd') ? raw : text;
    }

    /// <summary>The last character of an escape sequence: by ECMA-48, CSI with parameters and a final byte, or two characters.</summary>
    private static int EndOfEscape(string line, int start)
    {
        int i = start + 1;
        if (i >= line.Length || line[i] != '[')
        {
            return Math.Min(i, line.Length - 1);
        }
        for (i++; i < line.Length && line[i] is >= ' ' and <= '?'; i++)
        {
        }
        return Math.Min(i, line.Length - 1);
    }
}
