using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>Memory at one moment.</summary>
/// <param name="Loop">The loop that begins or plays, from 1: of the movie, or as marked in a trace. 0 before the first.</param>
/// <param name="At">Virtual seconds since the start; for a trace, the place on its <see cref="TraceAxis"/>.</param>
/// <param name="Zones">Free memory, as /proc/buddyinfo counts it.</param>
/// <param name="OwnerBytes">By number of an owner: its bytes.</param>
/// <param name="Refused">How many requests of the application have been refused so far.</param>
internal sealed record RunSample(int Loop, double At, IReadOnlyList<ZoneState> Zones, IReadOnlyList<long> OwnerBytes, long Refused);

/// <summary>The owner of each slice of memory at one moment.</summary>
/// <param name="At">As in <see cref="RunSample"/>.</param>
/// <param name="Owners">By slice: the owner of most of its taken pages; -1 if all of it is free.</param>
/// <param name="Sparse">By slice: whether more of it is free than taken.</param>
internal sealed record MapSample(double At, short[] Owners, bool[] Sparse);

/// <summary>A zone's place among the slices of a <see cref="MapSample"/>.</summary>
/// <param name="Name">The zone.</param>
/// <param name="First">Its first slice.</param>
/// <param name="Slices">How many it has.</param>
internal sealed record MapZone(string Name, int First, int Slices);
