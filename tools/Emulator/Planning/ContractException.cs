namespace Carveout.Emulator.Planning;

/// <summary>The contract refuses to start: memory that streams need is not there.</summary>
/// <param name="refusal">Its words: a line for each stream, with the bytes that are missing.</param>
internal sealed class ContractException(string refusal) : Exception(refusal);
