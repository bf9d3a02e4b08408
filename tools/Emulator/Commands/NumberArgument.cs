using System.CommandLine.Parsing;
using System.Numerics;

namespace Carveout.Emulator.Commands;

/// <summary>Reads numbers with bounds. Everything else gets one message.</summary>
internal static class NumberArgument
{
    /// <summary>Makes a parser for options with a whole number between two bounds.</summary>
    public static Func<ArgumentResult, T> Between<T>(T least, T most)
        where T : struct, IBinaryInteger<T> =>
        result => Parse<T>(result, NumberStyles.AllowLeadingSign, number => number >= least && number <= most, $"a whole number from {least} to {most}");

    /// <summary>Makes a parser for options with a number above 0 and at most <paramref name="most"/>.</summary>
    public static Func<ArgumentResult, double> Positive(double most) =>
        result => Parse<double>(result, NumberStyles.Float, number => number > 0 && number <= most, $"a number above 0 and at most {most}");

    private static T Parse<T>(ArgumentResult result, NumberStyles styles, Func<T, bool> holds, string expected)
        where T : struct, INumberBase<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, styles, CultureInfo.InvariantCulture, out T number) && holds(number))
        {
            return number;
        }
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} {text}: expected {expected}");
        return default;
    }
}
