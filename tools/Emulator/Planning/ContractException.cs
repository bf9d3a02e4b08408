namespace Carveout.Emulator.Planning;

/// <summary>The contract refuses to start because memory for streams is missing.</summary>
/// <param name="refusal">The contract's text: a line for each stream, with the bytes that are missing.</param>
internal sealed class ContractException(string refusal) : Exception(refusal);
