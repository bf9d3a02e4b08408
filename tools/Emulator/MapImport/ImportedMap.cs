namespace Carveout.Emulator.MapImport;

/// <summary>A memory map from another tool's file.</summary>
/// <param name="Map">The map, ready to be written to a board file.</param>
/// <param name="Remarks">What the file does not say, and which parts of it were not read.</param>
internal sealed record ImportedMap(MemoryMap Map, IReadOnlyList<string> Remarks);
