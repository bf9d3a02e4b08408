using System.CommandLine.Parsing;

namespace Carveout.Emulator.Commands;

/// <summary>Sizes between two bounds.</summary>
internal static class SizeArgument
{
    /// <summary>A parser for options that take a size between two bounds.</summary>
    public static Func<ArgumentResult, long> Between(long least, long most) => result =>
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (ByteSize.TryParse(text, out long bytes) && bytes >= least && bytes <= most)
        {
            return bytes;
        }
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} {text}: expected a size from {least} to {most} bytes, as 4096, 64K or 8M");
        return 0;
    };
}
