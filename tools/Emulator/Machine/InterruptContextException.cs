namespace Carveout.Emulator.Machine;

/// <summary>A program did in interrupt context what only a thread may do: it would hang or corrupt a real device.</summary>
internal sealed class InterruptContextException(string message) : Exception(message);
