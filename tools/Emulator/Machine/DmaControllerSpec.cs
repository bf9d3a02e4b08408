namespace Carveout.Emulator.Machine;

/// <summary>A DMA controller as a data sheet describes it.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="Engine">Which of the board's engines it is.</param>
/// <param name="Channels">Transfers at once.</param>
/// <param name="MaxDescriptorLength">The most bytes of a descriptor.</param>
/// <param name="Alignment">Of addresses and lengths, in bytes.</param>
/// <param name="GrantSize">Bytes that a channel moves before another device gets the bus.</param>
internal sealed record DmaControllerSpec(string Name, DmaEngines Engine, int Channels, int MaxDescriptorLength, int Alignment, int GrantSize);
