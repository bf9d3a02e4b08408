using System.CommandLine;
using System.CommandLine.Parsing;

namespace Carveout.Emulator.Commands;

/// <summary>What was given as an argument before, and is an option now: refused, with the new word named.</summary>
internal sealed class FormerArgument : Argument<string[]>
{
    /// <summary>An argument that --help does not show.</summary>
    /// <param name="name">What it was.</param>
    /// <param name="command">The command.</param>
    /// <param name="option">The option that takes it now.</param>
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

/// <summary>An option that a command had before: refused, with the new one named.</summary>
internal sealed class FormerOption : Option<string?>
{
    /// <summary>An option that --help does not show.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="instead">What to give instead.</param>
    public FormerOption(string name, string instead)
        : base(name)
    {
        Hidden = true;
        Arity = ArgumentArity.ZeroOrOne;
        Validators.Add(result => result.AddError($"{string.Join(' ', result.Tokens.Select(token => token.Value).Prepend(name))}: {instead}"));
    }
}

/// <summary>Whose message a refused command line gets.</summary>
internal static class FormerWords
{
    /// <summary>The errors about former words: what else is wrong is so because of them.</summary>
    public static ParseError[] Among(IEnumerable<ParseError> errors) => [.. errors.Where(error =>
        error.SymbolResult is ArgumentResult { Argument: FormerArgument } or OptionResult { Option: FormerOption })];

    /// <summary>An option that there is not, which the library takes for the argument that there was; null where there is none.</summary>
    public static string? UnknownOption(IEnumerable<ParseError> errors) => errors.Select(error => error.SymbolResult).OfType<ArgumentResult>()
        .Where(result => result.Argument is FormerArgument).SelectMany(result => result.Tokens).Select(token => token.Value)
        .FirstOrDefault(word => word.Length > 1 && word[0] == '-');
}
