using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>Memory at one moment.</summary>
/// <param name="Loop">The loop of the movie that begins or plays, from 1; of a trace, the one that it marks; 0 before the first.</param>
/// <param name="At">Virtual seconds since the start; of a trace, its place on the <see cref="TraceAxis"/>.</param>
/// <param name="Zones">Free memory, as /proc/buddyinfo counts it.</param>
/// <param name="OwnerBytes">What each owner has, by its number.</param>
/// <param name="Refused">Requests of the application that got nothing so far.</param>
internal sealed record RunSample(int Loop, double At, IReadOnlyList<ZoneState> Zones, IReadOnlyList<long> OwnerBytes, long Refused);

/// <summary>Who had which slice of memory at one moment.</summary>
/// <param name="At">As in <see cref="RunSample"/>.</param>
/// <param name="Owners">By slice, the owner of most of its taken pages; -1 where all of it is free.</param>
/// <param name="Sparse">By slice, whether more of it is free than taken.</param>
internal sealed record MapSample(double At, short[] Owners, bool[] Sparse);

/// <summary>A zone's place among the slices of a <see cref="MapSample"/>.</summary>
/// <param name="Name">The zone.</param>
/// <param name="First">Its first slice.</param>
/// <param name="Slices">How many it has.</param>
internal sealed record MapZone(string Name, int First, int Slices);
