using System.CommandLine;
using System.CommandLine.Help;

namespace Carveout.HeapBudget;

/// <summary>The command line: <c>heapbudget [--update FILE.md]</c>.</summary>
public static class HeapBudgetCommand
{
    /// <summary>The marks before and behind the tables in a document.</summary>
    public const string Begin = "<!-- tables: begin -->\n", End = "<!-- tables: end -->\n";

    private const int Success = 0, BadInput = 2;

    /// <summary>Executes the arguments.</summary>
    /// <returns>0; or 2, with one line on <paramref name="error"/>, if the arguments or the file cannot be used.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var update = new Option<string>("--update")
        {
            Description = "Writes the tables into a document, between its lines '<!-- tables: begin -->' and '<!-- tables: end -->'.",
            HelpName = "FILE.md",
        };
        var root = new RootCommand("What Carveout's objects cost in nanoFramework's managed heap, in tables of Markdown.") { update };
        root.SetAction(parsed => Write(parsed.GetValue(update), output, error));
        ParseResult result = root.Parse(arguments);
        return result.Errors.Count > 0 && result.Action is not HelpAction
            ? Refuse(error, string.Join(" ", result.Errors.Select(problem => problem.Message)))
            : result.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    /// <summary>A document with the tables inserted.</summary>
    /// <exception cref="FormatException">It has no marks for them.</exception>
    public static string Insert(string document, string tables)
    {
        int begin = document.IndexOf(Begin, StringComparison.Ordinal), end = document.IndexOf(End, StringComparison.Ordinal);
        return begin < 0 || end < begin
            ? throw new FormatException($"there is no place for tables: expected a line '{Begin.TrimEnd()}' and, below, '{End.TrimEnd()}'")
            : document[..(begin + Begin.Length)] + "\n" + tables + "\n" + document[end..];
    }

    private static int Write(string? file, TextWriter output, TextWriter error)
    {
        try
        {
            string tables = BudgetText.All();
            if (file == null)
            {
                output.Write(tables);
            }
            else
            {
                File.WriteAllText(file, Insert(File.ReadAllText(file).ReplaceLineEndings("\n"), tables));
            }
            return Success;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or FormatException)
        {
            return Refuse(error, (file == null ? "" : file + ": ") + cause.Message);
        }
    }

    private static int Refuse(TextWriter error, string message)
    {
        error.WriteLine("heapbudget: " + message.ReplaceLineEndings(" "));
        return BadInput;
    }
}
