using System.CommandLine.Parsing;

namespace Carveout.Emulator.Commands;

/// <summary>Reads times from the command line: 90, 90s, 2m, 1h.</summary>
internal static class TimeArgument
{
    /// <summary>The expected form, for messages.</summary>
    public const string Expected = "seconds (90, 90s), minutes (2m) or hours (1h)";

    private const double Second = 1e6;

    /// <summary>Reads a time, in microseconds.</summary>
    /// <returns>Whether the text is a time of at most 1,000,000,000 of its unit.</returns>
    public static bool TryParse(string text, out long time)
    {
        int unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        ReadOnlySpan<char> digits = unit == 0 ? text : text.AsSpan(0, text.Length - 1);
        bool valid = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number <= 1e9;
        time = valid ? (long)(number * Math.Max(unit, 1) * Second) : 0;
        return valid;
    }

    /// <summary>Makes a parser for options with any number of times.</summary>
    public static long[] ParseAll(ArgumentResult result)
    {
        var times = new List<long>();
        foreach (Token token in result.Tokens)
        {
            if (TryParse(token.Value, out long time))
            {
                times.Add(time);
            }
            else
            {
                result.AddError($"{(result.Parent as OptionResult)?.Option.Name} {token.Value}: expected {Expected}");
            }
        }
        return [.. times];
    }
}
