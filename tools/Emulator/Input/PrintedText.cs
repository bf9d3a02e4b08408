using System.Text;

namespace Carveout.Emulator.Input;

/// <summary>Makes text from a file harmless, since terminals and browsers obey control characters.</summary>
internal static class PrintedText
{
    /// <summary>The text, with control characters and those that change the direction of writing as numbers: <c>\x1b</c>, <c>\u202e</c>.
    /// Line breaks stay, because messages may have several lines.</summary>
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
