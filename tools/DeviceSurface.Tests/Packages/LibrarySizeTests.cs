using System.Globalization;
using Mono.Cecil;

namespace Carveout.DeviceSurface.Tests.Packages;

/// <summary>The flash that a library needs, and the RAM once it is loaded. docs/heap-budget.md has the measurements; this computes them
/// from the metadata, so that the document cannot be wrong by more than a twentieth.</summary>
[TestClass]
public sealed class LibrarySizeTests
{
    private const string Title = "| library | IL | byte code | strings | .pe | RAM |";

    /// <summary>The column of the .pe in a row.</summary>
    private const int Pe = 3;

    /// <summary>Bytes of names that the runtime has built in. The metadata processor leaves them out, and this cannot.</summary>
    private const int BuiltInNames = 480;

    private static readonly Dictionary<string, int[]> _rows = File.ReadLines(Path.Combine(Locations.Repository, "docs", "heap-budget.md"))
        .SkipWhile(line => line != Title).Skip(2).TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[0].Trim('`'), cells => cells[1..].Select(Number).ToArray());

    private static readonly Dictionary<string, PeTables> _libraries = DeviceLibraries.Paths.ToDictionary(
        path => Path.GetFileNameWithoutExtension(path)!, path => new PeTables(ModuleDefinition.ReadModule(path)));

    [TestMethod]
    public void The_document_has_the_libraries_as_they_are()
    {
        Assert.AreSequenceEqual(_libraries.Keys.Order(StringComparer.Ordinal).ToArray(), _rows.Keys.Order(StringComparer.Ordinal).ToArray());
        foreach ((string name, PeTables tables) in _libraries)
        {
            int[] now = [tables.Il, tables.ByteCode.Used, tables.Strings.Used, PeSize(tables), RamSize(tables)], written = _rows[name];
            foreach ((int value, int measured) in now.Zip(written))
            {
                Assert.IsLessThanOrEqualTo((0.05 * Math.Max(value, measured)) + BuiltInNames, Math.Abs(value - measured),
                    $"{name} in docs/heap-budget.md: {string.Join(", ", written)}; by its metadata now {string.Join(", ", now)}");
            }
        }
    }

    [TestMethod]
    [DataRow(8 * 1024, new[] { "Carveout.Buffers", "Carveout.BufferStreams" })]
    [DataRow(64 * 1024, new[] { "Carveout.Board", "Carveout.Pages", "Carveout.Frames" })]
    [DataRow(212 * 1024, new[] { "Carveout.Board", "Carveout.Pages", "Carveout.Watch", "Carveout.Slab", "Carveout.Dma",
        "Carveout.Frames", "Carveout.Displays", "Carveout.Video" })]
    public void Who_uses_a_part_flashes_no_more_than_this(int most, string[] libraries) =>
        Assert.IsLessThanOrEqualTo(most, libraries.Sum(name => _rows[name][Pe]));

    /// <summary>The header, a record for each entry, and the tables of bytes; the strings are an upper bound.</summary>
    private static int PeSize(PeTables tables) => 124 + (8 * Entries(tables, "type references"))
        + (24 * Entries(tables, "types")) + (4 * Entries(tables, "type specifications")) + (8 * Entries(tables, "fields"))
        + (16 * Entries(tables, "methods")) + (8 * (Entries(tables, "field references") + Entries(tables, "method references")))
        + Entries(tables, "signatures") + tables.Strings.Used + tables.ByteCode.Used;

    /// <summary>The runtime's object for an assembly, and its data for each entry.</summary>
    private static int RamSize(PeTables tables) => 136 + (8 * Entries(tables, "types")) + (2 * Entries(tables, "fields"))
        + (2 * Entries(tables, "methods")) + (4 * (Entries(tables, "type references") + Entries(tables, "field references")
        + Entries(tables, "method references")));

    private static int Entries(PeTables tables, string name) => tables.Others.Single(table => table.Name == name).Used;

    private static int Number(string cell) => int.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
