using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Logs;

/// <summary>What precedes the text of a line: stamps, hosts, levels, callers and quotation marks, in any order, since logs are piped
/// through each other.</summary>
/// <remarks>Sources: kernel/printk/printk.c (print_syslog, print_time, print_caller), util-linux dmesg, RFC 3164 and RFC 5424, ESP-IDF
/// components/log, arduino-esp32 esp32-hal-log.h, Zephyr subsys/logging/log_output.c, Android logcat threadtime; serial monitors and
/// Markdown as people post them.</remarks>
/// <param name="Length">Its characters.</param>
/// <param name="Uptime">Seconds since start.</param>
/// <param name="Clock">Seconds of the calendar or of the day.</param>
/// <param name="Speaker">The kernel's caller.</param>
internal readonly partial record struct LogPrefix(int Length, double? Uptime, double? Clock, string? Speaker)
{
    private const int MostLayers = 12;
    private const string Month = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";

    /// <summary>The prefix of a line.</summary>
    public static LogPrefix Of(string line)
    {
        var found = new LogPrefix(0, null, null, null);
        for (int layer = 0; layer < MostLayers; layer++)
        {
            int at = found.Length;
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }
            if (at == line.Length || !Layer(line, ref at, ref found))
            {
                return found with { Length = at };
            }
            found = found with { Length = at };
        }
        return found;
    }

    private static bool Layer(string line, ref int at, ref LogPrefix found)
    {
        int start = at;
        char c = line[at];
        if (c is '[' or '(')
        {
            if (Take(KernelTime(), line, ref at) is { } kernel)
            {
                found = found with { Uptime = Number(kernel.Groups[1].Value) };
            }
            else if (Take(Caller(), line, ref at) is { } caller)
            {
                found = found with { Speaker = caller.Groups["who"].Value.Replace(" ", "", StringComparison.Ordinal) };
            }
            else if (Take(ZephyrTime(), line, ref at) is { } zephyr)
            {
                found = found with { Uptime = OfDay(zephyr.Groups[1].Value) + (Number(zephyr.Groups[2].Value) / 1e6) };
            }
            else if (Take(Arduino(), line, ref at) is { } arduino)
            {
                found = found with { Uptime = Number(arduino.Groups[1].Value) / 1000 };
            }
            else if (Take(DmesgDate(), line, ref at) is { } date)
            {
                found = found with { Clock = Calendar(date.Groups[1].Value, date.Groups[2].Value, date.Groups[3].Value, date.Groups[4].Value) };
            }
            else
            {
                Take(DmesgDelta(), line, ref at);
            }
        }
        else if (c is '<' or '>' or '|')
        {
            _ = Take(Level(), line, ref at) ?? Take(Quotation(), line, ref at);
        }
        if (at == start && (char.IsAsciiDigit(c) || c == '['))
        {
            if (Take(IsoTime(), line, ref at) is { } iso)
            {
                found = found with { Clock = Iso(iso) };
            }
            else if (Take(TimeOfDay(), line, ref at) is { } day)
            {
                found = found with { Clock = OfDay(day.Groups[1].Value) };
            }
            else if (Take(Logcat(), line, ref at) is { } logcat)
            {
                found = found with { Clock = OfDay(logcat.Groups[1].Value) };
            }
            else if (Take(UnixTime(), line, ref at) is { } unix)
            {
                found = found with { Clock = Number(unix.Groups[1].Value) };
            }
        }
        else if (at == start && char.IsAsciiLetter(c))
        {
            if (Take(Syslog(), line, ref at) is { } syslog)
            {
                found = found with { Clock = Calendar(syslog.Groups[1].Value, syslog.Groups[2].Value, syslog.Groups[3].Value, null) };
            }
            else if (Take(EspIdf(), line, ref at) is { } idf)
            {
                string stamp = idf.Groups[1].Value;
                found = stamp.Contains(':', StringComparison.Ordinal)
                    ? found with { Clock = OfDay(stamp) }
                    : found with { Uptime = Number(stamp) / 1000 };
            }
            else if (Take(DateCommand(), line, ref at) is { } date)
            {
                found = found with { Clock = Calendar(date.Groups[1].Value, date.Groups[2].Value, date.Groups[3].Value, date.Groups[4].Value) };
            }
            else
            {
                _ = Take(Facility(), line, ref at) ?? Take(Kernel(), line, ref at);
            }
        }
        return at > start;
    }

    private static Match? Take(Regex regex, string line, ref int at)
    {
        Match match = regex.Match(line, at);
        at += match.Length;
        return match.Success ? match : null;
    }

    private static double? Number(string digits) =>
        double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>Seconds of HH:MM:SS, with decimals behind a point, comma or colon.</summary>
    private static double? OfDay(string text)
    {
        double? decimals = text.Length > 8 ? Number("0." + text[9..]) : 0;
        return Two(text, 0) is int hours && Two(text, 3) is int minutes && Two(text, 6) is int seconds
            ? (hours * 3600) + (minutes * 60) + seconds + (decimals ?? 0)
            : null;
    }

    private static int? Two(string text, int at) => at + 2 <= text.Length
        && int.TryParse(text.AsSpan(at, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    private static double? Iso(Match match)
    {
        string date = match.Groups[1].Value.Replace('/', '-'), zone = match.Groups[3].Value;
        return DateTime.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTime day) && OfDay(match.Groups[2].Value) is double time
            ? (day - DateTime.UnixEpoch).TotalSeconds + time - Offset(zone)
            : null;
    }

    private static double Offset(string zone) => zone.Length >= 5 && Two(zone, 1) is int hours && Two(zone, zone.Length - 2) is int minutes
        ? (zone[0] == '-' ? -1 : 1) * ((hours * 3600) + (minutes * 60))
        : 0;

    /// <summary>A date with an English month. A log without years gets a leap year, so that 29 February exists.</summary>
    private static double? Calendar(string month, string day, string time, string? year) =>
        DateTime.TryParseExact($"{day} {month} {year ?? "2024"}", "d MMM yyyy", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime date) && OfDay(time) is double seconds
            ? (date - DateTime.UnixEpoch).TotalSeconds + seconds
            : null;

    [GeneratedRegex(@"\G\[\s*([0-9]{1,10}\.[0-9]{1,9})(?:,[0-9]+)?(?:<[^>\]]{0,20}>)?\]")]
    private static partial Regex KernelTime();

    [GeneratedRegex(@"\G(?:\[\s*(?<who>[TC]\s*[0-9]{1,10})\]|\.?\([0-9]{1,3}\)\[(?<who>[0-9]{1,10}):[^\]]{0,32}\])")]
    private static partial Regex Caller();

    [GeneratedRegex(@"\G\[\s*[+<]?\s*[0-9]{0,10}\.[0-9]{3,9}>?\s*\]")]
    private static partial Regex DmesgDelta();

    [GeneratedRegex(@"\G\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s+(" + Month + @")\s+([0-9]{1,2})\s+([0-9][0-9]:[0-9][0-9]:[0-9][0-9])\s+([0-9]{4})\]")]
    private static partial Regex DmesgDate();

    [GeneratedRegex(@"\G(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s+(" + Month + @")\s+([0-9]{1,2})\s+([0-9][0-9]:[0-9][0-9]:[0-9][0-9])\s+(?:[A-Z]{2,5}\s+)?([0-9]{4})$")]
    private static partial Regex DateCommand();

    [GeneratedRegex(@"\G\[([0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9]{3}),([0-9]{3})\]")]
    private static partial Regex ZephyrTime();

    [GeneratedRegex(@"\G\[\s*([0-9]{1,10})\]\[[EWIDV]\]\[[^\]]{0,200}\](?:\s*\w{1,60}\(\):)?")]
    private static partial Regex Arduino();

    [GeneratedRegex(@"\G<(?:[0-9]{1,3}|err|wrn|inf|dbg)>(?:1 (?=[0-9]{4}-))?")]
    private static partial Regex Level();

    [GeneratedRegex(@"\G(?:(?:>\s?){1,8}|\|\s)")]
    private static partial Regex Quotation();

    [GeneratedRegex(@"\G\[?([0-9]{4}[-/][0-9][0-9][-/][0-9][0-9])[T ]([0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,][0-9]{1,9})?)\s?(Z|[+-][0-9][0-9]:?[0-9][0-9]|UTC)?\]?(?=\W|$)")]
    private static partial Regex IsoTime();

    [GeneratedRegex(@"\G\[?([0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,:][0-9]{1,9})?)\]?(?:\s*->|(?=\s|$))")]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"\G[0-9][0-9]-[0-9][0-9] ([0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.[0-9]{1,6})\s+[0-9]+\s+[0-9]+\s+[VDIWEF]\s+\S{1,60}\s*:")]
    private static partial Regex Logcat();

    [GeneratedRegex(@"\G(1[5-9][0-9]{8}(?:\.[0-9]{1,9})?)(?=\s|$)")]
    private static partial Regex UnixTime();

    [GeneratedRegex(@"\G(" + Month + @")\s+([0-9]{1,2})\s+([0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:\.[0-9]{1,9})?)(?=\s)")]
    private static partial Regex Syslog();

    [GeneratedRegex(@"\G[EWIDV] \(([0-9]{1,10}|[0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:\.[0-9]{1,6})?)\)")]
    private static partial Regex EspIdf();

    [GeneratedRegex(@"\Gkern\s*:\s*\w{1,10}\s*:")]
    private static partial Regex Facility();

    [GeneratedRegex(@"\G(?:[\w.-]{1,64}\s+)?kernel(?:\[[0-9]{1,7}\])?:")]
    private static partial Regex Kernel();
}
