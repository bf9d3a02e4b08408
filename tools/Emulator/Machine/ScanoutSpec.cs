namespace Carveout.Emulator.Machine;

/// <summary>A scan-out display as a datasheet describes it.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="Engine">The engine that reads its lines.</param>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines.</param>
/// <param name="LineSize">Bytes of a line.</param>
/// <param name="RefreshesPerSecond">The rate.</param>
internal sealed record ScanoutSpec(string Name, DmaEngines Engine, int Width, int Height, int LineSize, int RefreshesPerSecond)
{
    /// <summary>How many seconds the <see cref="RefreshesPerSecond"/> refreshes take, for rates that are no whole number.</summary>
    public int Seconds { get; init; } = 1;

    /// <summary>Line times from vsync to the first line.</summary>
    public int BlankLines { get; init; } = 8;

    /// <summary>The alignment of buffers, in bytes.</summary>
    public int Alignment { get; init; } = 4;
}
