using System.Globalization;
using System.Text;

namespace Carveout.BareMetal.Tests;

/// <summary>The figures in docs/bare-metal.md: the table between the two marks, with a row for each measurement.</summary>
/// <remarks>The document stores the figures, so it cannot say anything else than the tests check.</remarks>
internal static class MeasuredTable
{
    private const string Begin = "<!-- measured: begin -->\n", End = "<!-- measured: end -->";

    private static readonly string[] s_columns = ["calls", "mean", "p99", "worst"];

    /// <summary>Rows by name; cells are whole numbers, or empty.</summary>
    public static Dictionary<string, int?[]> Read()
    {
        string text = File.ReadAllText(Locations.Document);
        string table = text[(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..text.IndexOf(End, StringComparison.Ordinal)];
        return Parse(table.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => line.Trim('|', ' ')));
    }

    /// <summary>The lines that a machine printed: <c>name | number | number</c>.</summary>
    public static Dictionary<string, int?[]> Parse(IEnumerable<string> lines) => lines
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[0], cells => cells[1..].Select(Number).ToArray());

    /// <summary>Writes new figures into the document.</summary>
    public static void Write(Dictionary<string, int?[]> rows)
    {
        var table = new StringBuilder("| |");
        foreach (string column in s_columns)
        {
            table.Append(CultureInfo.InvariantCulture, $" {column} |");
        }
        table.Append("\n|---|").Append(string.Concat(Enumerable.Repeat("--:|", s_columns.Length))).Append('\n');
        foreach ((string name, int?[] cells) in rows)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {name} |");
            foreach (int? cell in cells)
            {
                table.Append(CultureInfo.InvariantCulture, $" {cell:N0} |");
            }
            table.Append('\n');
        }
        string text = File.ReadAllText(Locations.Document);
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = text.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(Locations.Document, text[..from] + table + text[to..]);
    }

    private static int? Number(string cell) =>
        cell.Length == 0 ? null : int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
