namespace Carveout.Emulator.Diagnosis;

/// <summary>An owner that has more memory in every dump.</summary>
/// <param name="Name">The owner.</param>
/// <param name="PerDump">Growth from one dump to the next, in bytes: the median of all pairs.</param>
/// <param name="First">Bytes in the first dump.</param>
/// <param name="Last">Bytes in the last dump.</param>
internal readonly record struct Growth(string Name, double PerDump, long First, long Last);
