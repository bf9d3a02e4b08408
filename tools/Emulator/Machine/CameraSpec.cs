namespace Carveout.Emulator.Machine;

/// <summary>A camera as a datasheet describes it.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="Engine">The engine that writes its lines.</param>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines of a frame.</param>
/// <param name="LineSize">Bytes of a line.</param>
/// <param name="FramesPerSecond">The rate.</param>
internal sealed record CameraSpec(string Name, DmaEngines Engine, int Width, int Height, int LineSize, int FramesPerSecond)
{
    /// <summary>How many seconds the <see cref="FramesPerSecond"/> frames take, for rates that are no whole number.</summary>
    public int Seconds { get; init; } = 1;

    /// <summary>Line times between two frames.</summary>
    public int BlankLines { get; init; } = 16;

    /// <summary>How many lines the camera can hold while the bus is busy.</summary>
    public int FifoLines { get; init; } = 2;

    /// <summary>How many buffers can wait beside the one that is filled: one in STM32's double buffer mode.</summary>
    public int QueueDepth { get; init; } = 1;

    /// <summary>The bytes of a compressed frame, by its number from 0, cut off at the bytes of all lines; null if frames are not
    /// compressed.</summary>
    public Func<int, int>? BytesOfFrame { get; init; }

    /// <summary>The alignment of buffers, in bytes.</summary>
    public int Alignment { get; init; } = 4;
}
