namespace Carveout.Emulator.AppHost;

/// <summary>A fault that was ordered.</summary>
/// <param name="Text">As it was ordered.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Time">When, in virtual microseconds.</param>
internal sealed record AppFaultOrder(string Text, AppFault Kind, long Time);
