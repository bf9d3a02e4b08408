using System.CommandLine;

namespace Carveout.Emulator.Commands;

/// <summary>An option with a few possible words, in any case. The refusal of another word lists all of them.</summary>
/// <remarks>The parsed value is the word, because --help shows it as the default.</remarks>
internal sealed class ChoiceOption<T> : Option<string>
{
    private readonly string[] _words;
    private readonly T[] _values;

    /// <summary>Creates an option from words in lower case and their values.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">The text for --help.</param>
    /// <param name="helpName">The placeholder of the value in --help.</param>
    /// <param name="standard">The default word; null for none.</param>
    /// <param name="words">The words.</param>
    /// <param name="values">Their values.</param>
    public ChoiceOption(string name, string description, string helpName, string? standard, string[] words, T[] values)
        : base(name)
    {
        _words = words;
        _values = values;
        Description = description;
        HelpName = helpName;
        if (standard is not null)
        {
            DefaultValueFactory = _ => standard;
        }
        CustomParser = result =>
        {
            string word = result.Tokens[0].Value.ToLowerInvariant();
            if (!words.Contains(word))
            {
                result.AddError($"{name} {result.Tokens[0].Value}: expected {string.Join(", ", words)}");
            }
            return word;
        };
        CompletionSources.Add(words);
    }

    /// <summary>Whether a command line has the option.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(this) is { Implicit: false };

    /// <summary>The choice in a command line without errors.</summary>
    public T In(ParseResult parsed) => _values[Array.IndexOf(_words, parsed.GetValue(this))];
}

/// <summary>Creates options with a few possible words.</summary>
internal static class ChoiceOption
{
    /// <summary>Creates an option from an enumeration, with its names in lower case.</summary>
    public static ChoiceOption<T> Of<T>(string name, string description, T standard)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())];
        return new ChoiceOption<T>(name, description, string.Join('|', words), standard.ToString().ToLowerInvariant(), words, Enum.GetValues<T>());
    }
}
