namespace Carveout.Emulator.Machine;

/// <summary>A program did in interrupt context what only a thread may do. A real device would hang or corrupt its memory.</summary>
internal sealed class InterruptContextException(string message) : Exception(message);
