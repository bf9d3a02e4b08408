namespace Carveout.Emulator.Diagnosis;

/// <summary>Somebody who has memory.</summary>
/// <param name="Name">A slab cache, a call site, a task, a type.</param>
/// <param name="Bytes">Bytes that it has.</param>
/// <param name="Count">In how many pieces; 0 if the dump does not say.</param>
internal readonly record struct Holder(string Name, long Bytes, long Count);
