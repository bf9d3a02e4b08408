namespace Carveout.Emulator.Boards;

/// <summary>The movie that loops: its frames, and the length of a loop.</summary>
/// <param name="Width">Pixels of a row, above 0.</param>
/// <param name="Height">Rows, above 0.</param>
/// <param name="Buffers">Frame buffers requested at the start of each loop: 2 to 30, as in mxc_v4l2_output.</param>
/// <param name="FramesPerSecond">Frames in <see cref="Seconds"/>; 1 to 240 in one.</param>
/// <param name="LoopSeconds">Seconds from one request of the buffers to the next, above 0.</param>
internal sealed record MovieSpec(int Width, int Height, int Buffers, int FramesPerSecond, int LoopSeconds)
{
    /// <summary>How many seconds the <see cref="FramesPerSecond"/> frames take: 1001 for the 30,000 of NTSC.</summary>
    public int Seconds { get; init; } = 1;

    /// <summary>Bytes of a pixel in RGB565.</summary>
    public const int BytesPerPixel = 2;

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => Width * BytesPerPixel;

    /// <summary>Bytes of a frame.</summary>
    public int FrameSize => Stride * Height;
}
