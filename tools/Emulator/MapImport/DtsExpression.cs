using System.Globalization;

namespace Carveout.Emulator.MapImport;

/// <summary>A number in a device tree's source: a literal, an expression of C in parentheses, or a known macro.</summary>
/// <param name="text">The text that contains it.</param>
/// <param name="defines">The macros that the source defines.</param>
/// <param name="budget">How many macros may still be expanded, counted down: macros that contain macros could grow without end.</param>
internal sealed class DtsExpression(DtsText text, IReadOnlyDictionary<string, string> defines, int[] budget)
{
    /// <summary>The most macros that are expanded in an expression.</summary>
    public const int MostMacros = 1000;

    private const int Deepest = 32;

    /// <summary>The binary operators, the weakest first.</summary>
    private static readonly string[][] s_operators = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];

    /// <summary>A word that Carveout cannot read as a number; null if all could be read.</summary>
    public string? Unread { get; private set; }

    /// <summary>A number, without operators outside parentheses.</summary>
    /// <param name="depth">How many parentheses and macros enclose it.</param>
    /// <exception cref="UsageException">There is no number.</exception>
    public ulong Term(int depth)
    {
        if (depth > Deepest)
        {
            throw text.Error($"an expression in more than {Deepest} parentheses or macros");
        }
        if (text.Take("("))
        {
            ulong value = Level(0, depth + 1);
            if (!text.Take(")"))
            {
                // An operator that trees hardly use: a comparison or a conditional.
                SkipArguments(1);
                return Give("an expression");
            }
            return value;
        }
        if (depth > 0 && text.Take("-"))
        {
            return 0 - Term(depth + 1);
        }
        if (depth > 0 && text.Take("~"))
        {
            return ~Term(depth + 1);
        }
        if (text.Take("'"))
        {
            string character = text.SkipTo("'");
            text.Expect("'");
            return character.Length == 1 ? character[0] : Give(character);
        }
        string word = text.Identifier();
        if (word.Length == 0)
        {
            throw text.Error("expected a number");
        }
        return char.IsAsciiDigit(word[0]) ? Number(word) : Macro(word, depth);
    }

    private ulong Level(int level, int depth)
    {
        if (level == s_operators.Length)
        {
            return Term(depth);
        }
        ulong value = Level(level + 1, depth);
        while (Array.Find(s_operators[level], text.Take) is string operation)
        {
            ulong other = Level(level + 1, depth);
            value = operation switch
            {
                "|" => value | other, "^" => value ^ other, "&" => value & other, "+" => value + other, "-" => value - other, "*" => value * other,
                "<<" => other < 64 ? value << (int)other : 0, ">>" => other < 64 ? value >> (int)other : 0,
                _ => other == 0 ? Give("/ 0") : operation == "/" ? value / other : value % other,
            };
        }
        return value;
    }

    private ulong Number(string word)
    {
        string digits = word.TrimEnd('u', 'U', 'l', 'L');
        bool isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return isHex && ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex) ? hex
            : !isHex && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
            : throw text.Error($"'{PrintedText.Of(word)}' is not a number");
    }

    private ulong Macro(string word, int depth)
    {
        // Macros of Zephyr, which all of its trees use.
        int shift = word switch { "DT_SIZE_K" => 10, "DT_SIZE_M" => 20, "DT_ADDR" => 0, _ => -1 };
        if (shift >= 0 && text.IsAt("("))
        {
            return Term(depth + 1) << shift;
        }
        if (defines.TryGetValue(word, out string? body) && budget[0]-- > 0)
        {
            var inner = new DtsText(text.Path, "(" + body + ")", (_, _) => false);
            var expression = new DtsExpression(inner, defines, budget);
            ulong value = 0;
            try
            {
                value = expression.Term(depth + 1);
            }
            catch (UsageException)
            {
                // Not a number: a string, or a word that only the preprocessor could turn into one.
                return Give(word);
            }
            return inner.IsAtEnd && expression.Unread is null ? value : Give(word);
        }
        if (text.IsAt("("))
        {
            SkipArguments(0);
        }
        return Give(word);
    }

    /// <summary>Skips to the end of parentheses, of which so many are open.</summary>
    private void SkipArguments(int open)
    {
        do
        {
            if (text.IsAtEnd)
            {
                throw text.Error("expected ')'");
            }
            open += text.IsAt("(") ? 1 : text.IsAt(")") ? -1 : 0;
            if (!text.Take("(") && !text.Take(")") && text.Identifier().Length == 0)
            {
                text.Skip(1);
            }
        }
        while (open > 0);
    }

    private ulong Give(string word)
    {
        Unread = word;
        return 0;
    }
}
