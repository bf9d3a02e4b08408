using Carveout.Emulator.Replay;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Investigation;

/// <summary>The first request of a trace that a policy could not serve, and memory at that moment.</summary>
/// <param name="Operation">Its number, from 1.</param>
/// <param name="Request">The request.</param>
/// <param name="Loop">The number of the marked loop that it lies in; null before the first mark, and if there are no marks.</param>
/// <param name="At">Its place on the trace's axis.</param>
/// <param name="Zone">The zone at that moment.</param>
/// <param name="WantedPages">How many pages were asked for.</param>
/// <param name="BlockPages">How many free pages in a row the request needs.</param>
/// <param name="MostPages">Pages of the zone's largest block while all of the zone is free.</param>
/// <param name="FragmentationIndex">extfrag_index of the request's order, in thousandths.</param>
/// <param name="Torn">The blocks that a few pages made unusable for it; null if it failed for another reason.</param>
/// <param name="Report">The allocator's report; empty if the allocator was not asked.</param>
internal sealed record TraceFailure(int Operation, TraceOperation Request, int? Loop, double At, ZoneState Zone, int WantedPages, int BlockPages,
    int MostPages, int FragmentationIndex, TornBlocks? Torn, string Report);
