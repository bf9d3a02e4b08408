namespace Carveout.Emulator.Machine;

/// <summary>An SPI display as a datasheet describes it.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="Engine">The engine that feeds its bus.</param>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines.</param>
/// <param name="LineSize">Bytes of a line.</param>
/// <param name="ClockHz">Bits a second on the wire.</param>
internal sealed record SpiDisplaySpec(string Name, DmaEngines Engine, int Width, int Height, int LineSize, int ClockHz)
{
    /// <summary>Microseconds before each transfer: the set-up and, at the first one, the command.</summary>
    public int TransferOverhead { get; init; } = 20;

    /// <summary>Bytes that are read from memory at a time.</summary>
    public int PieceSize { get; init; } = 1024;

    /// <summary>The alignment of buffers, in bytes.</summary>
    public int Alignment { get; init; } = 4;
}
