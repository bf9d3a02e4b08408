using System.Text;

namespace Carveout.Emulator.Logs;

/// <summary>A line of somebody's log without what loggers, terminals and mailers put around it.</summary>
/// <param name="Text">What the program said: no colours, no time, no level, no quotation mark, blanks trimmed on both sides.</param>
/// <param name="Uptime">Seconds since start, where a stamp says so; the kernel's, ESP-IDF's and Zephyr's do.</param>
/// <param name="Clock">Seconds of the calendar or of the day, where a stamp says so.</param>
/// <param name="Speaker">The kernel's caller, as <c>T123</c> or <c>C0</c>, where it is printed: lines of several may be interleaved.</param>
/// <param name="IsCut">The line may end in the middle of a word: no line break followed, or it is as wide as a terminal.</param>
internal readonly record struct LogLine(string Text, double? Uptime, double? Clock, string? Speaker, bool IsCut)
{
    /// <summary>Where terminals cut lines.</summary>
    public const int TerminalWidth = 80;

    /// <summary>Reads a line.</summary>
    /// <param name="raw">As it came, a byte or a character each.</param>
    /// <param name="isWhole">Whether a line break followed.</param>
    public static LogLine Parse(string raw, bool isWhole)
    {
        string clean = Clean(raw);
        LogPrefix prefix = LogPrefix.Of(clean);
        string text = clean[prefix.Length..].Trim();
        return new LogLine(text, prefix.Uptime, prefix.Clock, prefix.Speaker, !isWhole || clean.Length == TerminalWidth);
    }

    /// <summary>A line without colours and control characters, its UTF-8 decoded; blanks of other kinds are blanks, signs of multiplication
    /// asterisks, as they were before a word processor had them.</summary>
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
        // Noise of a serial line, or an old code page: its bytes stay characters.
        return text.Contains('\ufffd') ? raw : text;
    }

    /// <summary>The last character of an escape sequence: ECMA-48, CSI parameters and a final byte, or two characters.</summary>
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
