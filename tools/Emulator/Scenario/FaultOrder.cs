namespace Carveout.Emulator.Scenario;

/// <summary>A fault ordered on the command line.</summary>
/// <param name="Text">The order as it was typed, in lower case.</param>
/// <param name="Kind">The fault.</param>
/// <param name="Number">Which allocation fails, from 1; 0 for other faults.</param>
/// <param name="Time">When, in virtual microseconds. An allocation fails at the first start after that time.</param>
internal sealed record FaultOrder(string Text, FaultKind Kind, int Number, long Time);
