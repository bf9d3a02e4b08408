using System.Text;

namespace Carveout.Emulator.Tests.Diagnosis;

/// <summary>Changes a dump as happens on its way to a bug report.</summary>
internal static class Mangling
{
    /// <summary>The kind that removes whole lines.</summary>
    public const string LinesLost = "every second line lost";

    /// <summary>Each kind, and whether everything is still there afterwards.</summary>
    public static readonly (string Name, Func<string, string> Mangle, bool IsLossless)[] All =
    [
        ("carriage returns", text => text.Replace("\n", "\r\n"), true),
        ("syslog prefixes", text => Lines(text, line => $"2026-03-01T10:00:00.5+00:00 cam0 kernel: {line}", "time=", "==="), true),
        ("level, caller and quotation", text => Lines(text, line => $"> > <4>{line}", "time=", "==="), true),
        ("colours", text => Lines(text, line => $"\u001b[0;33m{line}\u001b[0m"), true),
        ("other blanks", text => text.Replace("  ", "\u00a0 "), true),
        ("blanks at the end gone", text => Lines(text, line => line.TrimEnd()), true),
        ("indents gone", text => Lines(text, line => line.TrimStart()), true),
        ("asterisks and indents eaten by Markdown", text => Lines(text, line => line.TrimStart().Replace("*", "")), false),
        ("cut at 80 columns", text => Lines(text, line => line[..Math.Min(line.Length, 80)]), false),
        ("wrapped at 72 columns", text => Lines(text, line => Wrapped(line, 72)), false),
        (LinesLost, text => string.Join('\n', text.Split('\n').Where((_, i) => i % 2 == 0)), false),
    ];

    private static string Lines(string text, Func<string, string> change, params string[] except) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length == 0 || except.Any(line.Contains) ? line : change(line)));

    /// <summary>Wraps lines at blanks, as a mailer does.</summary>
    private static string Wrapped(string line, int width)
    {
        var text = new StringBuilder();
        int column = 0;
        foreach (string word in line.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                text.Append('\n');
                column = 0;
            }
            else if (text.Length > 0)
            {
                text.Append(' ');
                column++;
            }
            text.Append(word);
            column += word.Length;
        }
        return text.ToString();
    }
}
