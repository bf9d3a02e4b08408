namespace Carveout.Emulator.Diagnosis;

/// <summary>Somebody who has more in every dump.</summary>
/// <param name="Name">Who.</param>
/// <param name="PerDump">Bytes from one dump to the next, in the median of all pairs.</param>
/// <param name="First">Bytes in the first dump.</param>
/// <param name="Last">Bytes in the last dump.</param>
internal readonly record struct Growth(string Name, double PerDump, long First, long Last);
