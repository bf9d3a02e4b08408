namespace Carveout.Emulator.Diagnosis;

/// <summary>Who has memory.</summary>
/// <param name="Name">A slab cache, a call site, a task, a type.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Count">In how many pieces; 0 where the dump does not say.</param>
internal readonly record struct Holder(string Name, long Bytes, long Count);
