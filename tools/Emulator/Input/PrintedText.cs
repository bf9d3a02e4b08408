using System.Text;

namespace Carveout.Emulator.Input;

/// <summary>Text from somebody's file, made harmless: a terminal or a browser does what control characters tell it to.</summary>
internal static class PrintedText
{
    /// <summary>The text with each control character, and each that turns the direction of writing, as its number: <c>\x1b</c>, <c>\u202e</c>.
    /// A line break stays where messages have several lines.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsHarmful))
        {
            return text;
        }
        var clean = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            if (IsHarmful(c))
            {
                clean.Append(c < 256 ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}");
            }
            else
            {
                clean.Append(c);
            }
        }
        return clean.ToString();
    }

    private static bool IsHarmful(char c) =>
        (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029' or (>= '\u200e' and <= '\u200f') or (>= '\u202a' and <= '\u202e')
            or (>= '\u2066' and <= '\u2069') or '\ufeff';
}
