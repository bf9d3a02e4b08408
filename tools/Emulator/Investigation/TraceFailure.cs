using Carveout.Emulator.Replay;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>The first request of a trace that a policy could not serve, and memory at that moment.</summary>
/// <param name="Operation">Its number, from 1.</param>
/// <param name="Request">The request.</param>
/// <param name="Loop">The number of the marked loop that it falls into; null before the first mark and where none is marked.</param>
/// <param name="At">Its place on the trace's axis.</param>
/// <param name="Zone">The zone, as it stood.</param>
/// <param name="WantedPages">Pages that were asked for.</param>
/// <param name="BlockPages">Pages that have to lie free in a row to serve them.</param>
/// <param name="MostPages">Pages of the largest block that the zone has while all of it is free.</param>
/// <param name="FragmentationIndex">extfrag_index of the request's order, in thousandths.</param>
/// <param name="Torn">The blocks that it could have had but for a few pages; null where it failed for another reason.</param>
/// <param name="Report">What the allocator said about it; empty where it was not even asked.</param>
internal sealed record TraceFailure(int Operation, TraceOperation Request, int? Loop, double At, ZoneState Zone, int WantedPages, int BlockPages,
    int MostPages, int FragmentationIndex, TornBlocks? Torn, string Report);
