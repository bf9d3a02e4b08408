namespace Carveout.Emulator.Input;

/// <summary>Something the user gave cannot be used; the message is all that is printed, the exit code is 2. What it quotes from a file is made
/// harmless.</summary>
internal sealed class UsageException(string message) : Exception(PrintedText.Of(message));
