namespace Carveout.Emulator.Scenario;

/// <summary>Memory was overwritten by somebody who does not own it: a defect of the allocator or the emulator, never of the
/// scenario.</summary>
internal sealed class CorruptionException(string message) : Exception(message);
