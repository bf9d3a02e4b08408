namespace Carveout.Emulator.Boards;

/// <summary>The movie that loops: what its frames need and how long one loop lasts.</summary>
/// <param name="Width">Pixels of a row, above 0.</param>
/// <param name="Height">Rows, above 0.</param>
/// <param name="Buffers">Frame buffers requested at the start of each loop: 2 to 30, as mxc_v4l2_output has it.</param>
/// <param name="FramesPerSecond">Frames in <see cref="Seconds"/>; 1 to 240 in one.</param>
/// <param name="LoopSeconds">Seconds from one request of the buffers to the next, above 0.</param>
internal sealed record MovieSpec(int Width, int Height, int Buffers, int FramesPerSecond, int LoopSeconds)
{
    /// <summary>Seconds in which so many frames come: 1001 for the 30,000 of NTSC.</summary>
    public int Seconds { get; init; } = 1;

    /// <summary>RGB565.</summary>
    public const int BytesPerPixel = 2;

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride => Width * BytesPerPixel;

    /// <summary>Bytes of a frame.</summary>
    public int FrameSize => Stride * Height;
}
