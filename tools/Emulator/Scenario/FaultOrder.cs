namespace Carveout.Emulator.Scenario;

/// <summary>A fault that was ordered.</summary>
/// <param name="Text">As it was ordered, in lower case.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Number">Which allocation fails, from 1; of other faults 0.</param>
/// <param name="Time">When, in virtual microseconds; a failing allocation at the first start from then on.</param>
internal sealed record FaultOrder(string Text, FaultKind Kind, int Number, long Time);
