using System.Globalization;
using System.Text;

namespace Carveout.BareMetal.Tests;

/// <summary>Figures in a document: the table between the two marks, with a row for each measurement.</summary>
/// <remarks>The document stores the figures, so it cannot say anything else than the tests check. They are exact and repeatable, and change only with
/// our source, the C# compiler and ILC. <c>CARVEOUT_RECORD=1</c> writes new ones.</remarks>
/// <param name="document">The file.</param>
/// <param name="columns">What stands above the figures.</param>
internal sealed class MeasuredTable(string document, params string[] columns)
{
    private const string Begin = "<!-- measured: begin -->\n", End = "<!-- measured: end -->";

    /// <summary>The lines that a machine printed: <c>name | number | number</c>.</summary>
    public static Dictionary<string, int?[]> Parse(IEnumerable<string> lines) => lines
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[0], cells => cells[1..].Select(Number).ToArray());

    /// <summary>Whether a figure is more than a twentieth larger than it was. Nothing is compared with an empty cell.</summary>
    public static bool IsWorse(int?[] now, int?[] stored) => now.Zip(stored).Any(pair => pair.First * 20 > pair.Second * 21);

    /// <summary>Compares new figures with the document's, or writes them there.</summary>
    /// <param name="measured">Rows by name; cells are whole numbers, or empty.</param>
    /// <param name="write">Where both are shown.</param>
    /// <param name="counts">How many columns, from the first on, are no cost.</param>
    public void Hold(Dictionary<string, int?[]> measured, Action<string> write, int counts = 0)
    {
        if (Environment.GetEnvironmentVariable("CARVEOUT_RECORD") == "1")
        {
            Write(measured);
        }
        Dictionary<string, int?[]> stored = Read();
        foreach ((string name, int?[] now) in measured)
        {
            write($"{name}: {string.Join(", ", now)}; stored: {string.Join(", ", stored.GetValueOrDefault(name) ?? [])}");
        }
        Assert.AreEqual(string.Join('\n', stored.Keys), string.Join('\n', measured.Keys), "the document has other rows");
        string[] worse = [.. measured.Where(row => IsWorse(row.Value[counts..], stored[row.Key][counts..])).Select(row => row.Key)];
        Assert.IsEmpty(worse, $"more than 5 % worse than in {document}: {string.Join("; ", worse)}");
    }

    private Dictionary<string, int?[]> Read()
    {
        string text = File.ReadAllText(document);
        string table = text[(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..text.IndexOf(End, StringComparison.Ordinal)];
        return Parse(table.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => line.Trim('|', ' ')));
    }

    private void Write(Dictionary<string, int?[]> rows)
    {
        var table = new StringBuilder("| |");
        foreach (string column in columns)
        {
            table.Append(CultureInfo.InvariantCulture, $" {column} |");
        }
        table.Append("\n|---|").Append(string.Concat(Enumerable.Repeat("--:|", columns.Length))).Append('\n');
        foreach ((string name, int?[] cells) in rows)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {name} |");
            foreach (int? cell in cells)
            {
                table.Append(CultureInfo.InvariantCulture, $" {cell:N0} |");
            }
            table.Append('\n');
        }
        string text = File.ReadAllText(document);
        int from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, to = text.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(document, text[..from] + table + text[to..]);
    }

    private static int? Number(string cell) =>
        cell.Length == 0 ? null : int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
