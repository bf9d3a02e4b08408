using System.CommandLine;

namespace Carveout.Emulator.Commands;

/// <summary>Options that take one of a few words; anything else is refused with all of them.</summary>
internal static class ChoiceOption
{
    /// <summary>An option over an enumeration, its names in lower case.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For --help.</param>
    /// <param name="standard">What holds where the option is not given.</param>
    public static Option<T> Of<T>(string name, string description, T standard)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())];
        T[] values = Enum.GetValues<T>();
        return Of(name, description, string.Join('|', words), standard, words, index => values[index]);
    }

    /// <summary>An option over words; in --help they stand in the description.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="description">For --help.</param>
    /// <param name="helpName">What stands for the value in --help.</param>
    /// <param name="standard">What holds where the option is not given.</param>
    /// <param name="words">The words, in lower case.</param>
    public static Option<string> Of(string name, string description, string helpName, string standard, string[] words) =>
        Of(name, $"{description}: {string.Join(", ", words)}", helpName, standard, words, index => words[index]);

    private static Option<T> Of<T>(string name, string description, string helpName, T standard, string[] words, Func<int, T> read)
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                int index = Array.IndexOf(words, text.ToLowerInvariant());
                if (index >= 0)
                {
                    return read(index);
                }
                result.AddError($"{name} {text}: expected {string.Join(", ", words)}");
                return standard;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }
}
