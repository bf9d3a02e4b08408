using System.CommandLine.Parsing;

namespace Carveout.Emulator.Commands;

/// <summary>Reads sizes between two bounds.</summary>
internal static class SizeArgument
{
    /// <summary>Makes a parser for options with a size between two bounds.</summary>
    public static Func<ArgumentResult, long> Between(long least, long most) => result =>
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (ByteSize.TryParse(text, out long bytes) && bytes >= least && bytes <= most)
        {
            return bytes;
        }
        result.AddError($"{NameIn(result)} {text}: expected a size from {least} to {most} bytes, as 4096, 64K or 8M");
        return 0;
    };

    /// <summary>Makes a parser for options with a power of two.</summary>
    public static Func<ArgumentResult, long> PowerOfTwo(int least, int most) => result =>
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (ByteSize.TryParse(text, out long bytes) && bytes >= least && bytes <= most && long.IsPow2(bytes))
        {
            return bytes;
        }
        result.AddError($"{NameIn(result)} {text}: expected a power of two from {least} to {most}");
        return 0;
    };

    private static string? NameIn(ArgumentResult result) => (result.Parent as OptionResult)?.Option.Name;
}
