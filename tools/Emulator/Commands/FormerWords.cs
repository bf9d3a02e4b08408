using System.CommandLine;
using System.CommandLine.Parsing;

namespace Carveout.Emulator.Commands;

/// <summary>A former argument that is an option now. It is refused, and the message names the option.</summary>
internal sealed class FormerArgument : Argument<string[]>
{
    /// <summary>Creates an argument that --help does not show.</summary>
    /// <param name="name">Its former name.</param>
    /// <param name="command">The command.</param>
    /// <param name="option">The option that replaces it.</param>
    public FormerArgument(string name, string command, Option option)
        : base(name)
    {
        Hidden = true;
        Arity = ArgumentArity.ZeroOrMore;
        Validators.Add(result =>
        {
            if (result.Tokens.Count > 0)
            {
                string word = result.Tokens[0].Value;
                result.AddError($"{command} {word}: expected {command} {option.Name} {word}");
            }
        });
    }
}

/// <summary>A former option of a command. It is refused, and the message names its replacement.</summary>
internal sealed class FormerOption : Option<string?>
{
    /// <summary>Creates an option that --help does not show.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="instead">Its replacement.</param>
    public FormerOption(string name, string instead)
        : base(name)
    {
        Hidden = true;
        Arity = ArgumentArity.ZeroOrOne;
        Validators.Add(result => result.AddError($"{string.Join(' ', result.Tokens.Select(token => token.Value).Prepend(name))}: {instead}"));
    }
}

/// <summary>Chooses the messages of a refused command line.</summary>
internal static class FormerWords
{
    /// <summary>The errors about former words. Other errors are only consequences of these.</summary>
    public static ParseError[] Among(IEnumerable<ParseError> errors) => [.. errors.Where(error =>
        error.SymbolResult is ArgumentResult { Argument: FormerArgument } or OptionResult { Option: FormerOption })];

    /// <summary>An option that there is not, which the library takes for the argument that there was; null where there is none.</summary>
    public static string? UnknownOption(IEnumerable<ParseError> errors) => errors.Select(error => error.SymbolResult).OfType<ArgumentResult>()
        .Where(result => result.Argument is FormerArgument).SelectMany(result => result.Tokens).Select(token => token.Value)
        .FirstOrDefault(word => word.Length > 1 && word[0] == '-');
}
