namespace Carveout.Emulator.Scenario;

/// <summary>Somebody wrote into memory that belongs to somebody else: a defect of the allocator or the emulator, never of the scenario.</summary>
internal sealed class CorruptionException(string message) : Exception(message);
