namespace Carveout.Emulator.AppHost;

/// <summary>A fault ordered on the command line.</summary>
/// <param name="Text">The order as it was typed.</param>
/// <param name="Kind">The fault.</param>
/// <param name="Time">When, in virtual microseconds.</param>
internal sealed record AppFaultOrder(string Text, AppFault Kind, long Time);
