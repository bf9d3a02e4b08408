using System.CommandLine;

namespace Carveout.Emulator.Commands;

/// <summary>An option that takes one of a few words, in any case; anything else is refused with all of them.</summary>
/// <remarks>The parsed value is the word, since that is what --help shows as the default.</remarks>
internal sealed class ChoiceOption<T> : Option<string>
{
    private readonly string[] _words;
    private readonly T[] _values;

    /// <summary>An option over words in lower case, each with its value.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For --help.</param>
    /// <param name="helpName">What stands for the value in --help.</param>
    /// <param name="standard">The word that holds where the option is not given; null: none does.</param>
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

/// <summary>Makes options that take one of a few words.</summary>
internal static class ChoiceOption
{
    /// <summary>An option over an enumeration, its names in lower case.</summary>
    public static ChoiceOption<T> Of<T>(string name, string description, T standard)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())];
        return new ChoiceOption<T>(name, description, string.Join('|', words), standard.ToString().ToLowerInvariant(), words, Enum.GetValues<T>());
    }
}
