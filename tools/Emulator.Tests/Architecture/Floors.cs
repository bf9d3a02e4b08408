namespace Carveout.Emulator.Tests.Architecture;

/// <summary>Folders or rooms, ground first, with those that each of them stands on.</summary>
internal sealed class Floors
{
    private readonly Dictionary<string, string[]> _below = [];

    /// <summary>Reads a table.</summary>
    /// <param name="table">A line for each, ground first: the folder's name and, after a bar, the folders that it may use, separated by
    /// commas.
    /// </param>
    /// <exception cref="ArgumentException">A folder stands on one that is not below it, or occurs twice.</exception>
    public Floors(string table)
    {
        foreach (string line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] columns = line.Split('|', StringSplitOptions.TrimEntries);
            string[] below = columns.Length < 2 ? [] : columns[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (string floor in below.Where(floor => !_below.ContainsKey(floor)))
            {
                throw new ArgumentException($"{columns[0]} stands on {floor}, which does not lie under it", nameof(table));
            }
            if (!_below.TryAdd(columns[0], below))
            {
                throw new ArgumentException($"{columns[0]} stands in the table twice", nameof(table));
            }
        }
    }

    /// <summary>The arrows that the table does not allow: those that go up, and those between folders of which neither stands on the other.
    /// </summary>
    public IEnumerable<string> Forbidden(IEnumerable<Arrow> arrows) =>
        from arrow in arrows
        where !_below.TryGetValue(arrow.From, out string[]? below) || !below.Contains(arrow.To)
        orderby arrow.ToString()
        select arrow.ToString();

    /// <summary>Entries of the table that nobody needs.</summary>
    public IEnumerable<string> Unused(IReadOnlyCollection<Arrow> arrows) =>
        from floor in _below
        from below in floor.Value
        where !arrows.Any(arrow => arrow.From == floor.Key && arrow.To == below)
        select $"{floor.Key} → {below}";
}
