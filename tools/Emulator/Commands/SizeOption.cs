using System.CommandLine;
using System.CommandLine.Parsing;

namespace Carveout.Emulator.Commands;

/// <summary>An option with a size between two bounds; null if it is left out.</summary>
internal sealed class SizeOption : Option<long?>
{
    /// <summary>Creates an option.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">The text for --help.</param>
    /// <param name="least">The fewest bytes.</param>
    /// <param name="most">The most bytes.</param>
    public SizeOption(string name, string description, long least, long most)
        : this(name, description, SizeArgument.Between(least, most))
    {
    }

    private SizeOption(string name, string description, Func<ArgumentResult, long> parse)
        : base(name)
    {
        Description = description;
        HelpName = "BYTES";
        CustomParser = result => parse(result);
    }

    /// <summary>Creates an option with a power of two.</summary>
    public static SizeOption PowerOfTwo(string name, string description, int least, int most) =>
        new(name, description, SizeArgument.PowerOfTwo(least, most));
}
