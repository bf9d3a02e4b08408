using System.Text.RegularExpressions;

namespace Carveout.DeviceSurface.Tests.Samples;

/// <summary>A piece of C# in a text for readers, between <c>```csharp</c> and <c>```</c>.</summary>
/// <remarks>
/// It is a program of its own in C# 9: statements, and types after them. If it begins with using directives, it must name all the
/// namespaces that it uses; otherwise it has System and those of the libraries. A comment before it declares what the text takes as given:
/// <c>&lt;!-- given: PageAllocator allocator, int n --&gt;</c>. If it is a piece of an example, the comment names that instead, and the
/// lines must be the same: <c>&lt;!-- from examples/OwnBoard/Program.cs --&gt;</c>.
/// </remarks>
/// <param name="File">The text's path.</param>
/// <param name="Line">The line of the fence that opens it, from 1.</param>
/// <param name="Given">Types and names of what is given.</param>
/// <param name="Origin">The file that it is a piece of; null if it is a program of its own.</param>
/// <param name="Lines">The code.</param>
internal sealed partial record Sample(string File, int Line, IReadOnlyList<string> Given, string? Origin, IReadOnlyList<string> Lines)
{
    /// <summary>Its name as a test.</summary>
    public string Name => $"{Path.GetRelativePath(Locations.Repository, File)}:{Line}";

    /// <summary>The samples of a text, with <c>csharp</c>, <c>cs</c> or <c>c#</c> behind the fence.</summary>
    public static IEnumerable<Sample> ReadAll(string file)
    {
        string[] lines = System.IO.File.ReadAllLines(file);
        for (int i = 0; i < lines.Length; i++)
        {
            if (OpeningFence().IsMatch(lines[i]))
            {
                string[] code = [.. lines.Skip(i + 1).TakeWhile(l => l.Trim() != "```")];
                string comment = i == 0 ? "" : lines[i - 1];
                yield return new(file, i + 1, GivenIn(comment), OriginIn(comment), code);
                i += code.Length + 1;
            }
        }
    }

    /// <summary>Whether its lines occur in a text, one after the other, all with the same additional indentation.</summary>
    public bool IsPieceOf(IReadOnlyList<string> text)
    {
        for (int start = 0; start + Lines.Count <= text.Count; start++)
        {
            string indent = text[start][..(text[start].Length - text[start].TrimStart().Length)];
            if (Lines.Select(line => line.Length == 0 ? line : indent + line).SequenceEqual(text.Skip(start).Take(Lines.Count)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The file that the compiler gets. Its messages have the text's name and lines.</summary>
    /// <param name="namespaces">The namespaces for a sample without using directives.</param>
    public string ToProgram(IEnumerable<string> namespaces)
    {
        int directives = Lines.TakeWhile(l => l.Length == 0 || UsingDirective().IsMatch(l)).Count();
        bool names = Lines.Take(directives).Any(l => l.Length > 0);
        string[] parts =
        [
            names ? "" : string.Concat(namespaces.Select(n => $"using {n}; ")),
            LineMark(1),
            .. Lines.Take(directives),
            string.Concat(Given.Select(g => $"{g} = default; ")),
            LineMark(1 + directives),
            .. Lines.Skip(directives),
        ];
        return string.Join('\n', parts) + "\n";
    }

    private static string[] GivenIn(string comment) =>
        GivenComment().Match(comment) is { Success: true } match ? match.Groups["declarations"].Value.Split(", ") : [];

    private static string? OriginIn(string comment) => OriginComment().Match(comment) is { Success: true } match ? match.Groups["file"].Value : null;

    private string LineMark(int offset) => $"#line {Line + offset} \"{File}\"";

    [GeneratedRegex("^ *```(csharp|cs|c#)( |$)", RegexOptions.IgnoreCase)]
    private static partial Regex OpeningFence();

    [GeneratedRegex("^using (static )?[A-Za-z0-9_.]+;$")]
    private static partial Regex UsingDirective();

    [GeneratedRegex("^<!-- given: (?<declarations>.+) -->$")]
    private static partial Regex GivenComment();

    [GeneratedRegex("^<!-- from (?<file>.+) -->$")]
    private static partial Regex OriginComment();
}
