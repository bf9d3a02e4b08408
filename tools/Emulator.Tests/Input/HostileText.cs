using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Tests.Input;

/// <summary>Turns a valid text into one that somebody could send to do harm. It knows words, numbers and lines, so that most of the text
/// stays valid.</summary>
internal static class HostileText
{
    private static readonly string[] s_numbers =
    [
        "0", "1", "-1", "00", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "18446744073709551616", "1e9", "0x10",
        "99999999999999999999999999", "+5", " 5", "5\0", "\0", "٣", "NaN", "1073741824", "65536", "50000000", "50000001",
    ];

    private static readonly string[] s_words =
    [
        "\u001b[2J\u001b]0;owned\a", "\u202egpj", "\0", "<script>alert(1)</script>", "%s%n", "\ufeff", "\ud800", "a\rb", "=", ":", "\"", "{", "}", "[", "]", "#",
        "by=", "time=", "FRAME", "YUV4MPEG2",
    ];

    /// <summary>Makes one to eight changes.</summary>
    public static string Of(string text, SplitMix64 random)
    {
        for (int change = random.Below(8); change >= 0; change--)
        {
            text = Changed(text, random);
        }
        return text;
    }

    private static string Changed(string text, SplitMix64 random)
    {
        if (text.Length == 0)
        {
            return s_words[random.Below(s_words.Length)];
        }
        int at = random.Below(text.Length);
        switch (random.Below(9))
        {
            case 0:
                return text[..at];
            case 1:
                return text.Insert(at, s_words[random.Below(s_words.Length)]);
            case 2:
                return text.Insert(at, new string((char)random.Below(128), 1 + random.Below(20_000)));
            case 3:
                return text[..at] + (char)random.Below(256) + text[(at + 1)..];
            case 4:
                int end = Math.Min(text.Length, at + 1 + random.Below(200));
                return text.Insert(random.Below(text.Length), text[at..end]);
            case 5:
                return text.Remove(at, Math.Min(text.Length - at, 1 + random.Below(60)));
            default:
                return WithAnotherNumber(text, at, random);
        }
    }

    /// <summary>Changes the next number behind a place.</summary>
    private static string WithAnotherNumber(string text, int at, SplitMix64 random)
    {
        int start = text.AsSpan(at).IndexOfAnyInRange('0', '9');
        if (start < 0)
        {
            return text;
        }
        start += at;
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }
        return text[..start] + s_numbers[random.Below(s_numbers.Length)] + text[end..];
    }
}
