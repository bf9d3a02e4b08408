namespace Carveout.Emulator.MapImport;

/// <summary>A memory map that a file of another tool describes.</summary>
/// <param name="Map">The map, as it could be written to a board's file.</param>
/// <param name="Remarks">What the file does not say, and what of it was not read.</param>
internal sealed record ImportedMap(MemoryMap Map, IReadOnlyList<string> Remarks);
