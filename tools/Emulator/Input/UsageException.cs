namespace Carveout.Emulator.Input;

/// <summary>The user gave something that cannot be used. Only the message is printed, and the exit code is 2. Quoted text from files is
/// made harmless.</summary>
internal sealed class UsageException(string message) : Exception(PrintedText.Of(message));
