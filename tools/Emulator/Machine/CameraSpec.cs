namespace Carveout.Emulator.Machine;

/// <summary>A camera as a data sheet describes it.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="Engine">The engine that writes its lines.</param>
/// <param name="Width">Pixels of a line.</param>
/// <param name="Height">Lines of a frame.</param>
/// <param name="LineSize">Bytes of a line.</param>
/// <param name="FramesPerSecond">The rate.</param>
internal sealed record CameraSpec(string Name, DmaEngines Engine, int Width, int Height, int LineSize, int FramesPerSecond)
{
    /// <summary>The rate is <see cref="FramesPerSecond"/> frames in so many seconds.</summary>
    public int Seconds { get; init; } = 1;

    /// <summary>Line times between two frames.</summary>
    public int BlankLines { get; init; } = 16;

    /// <summary>Lines that the camera holds while the bus is taken.</summary>
    public int FifoLines { get; init; } = 2;

    /// <summary>Buffers that wait beside the one that is filled: STM32's double buffer mode has one.</summary>
    public int QueueDepth { get; init; } = 1;

    /// <summary>Of a compressed frame, by its number from 0: its bytes, cut off at those of all lines; null where frames are not compressed.</summary>
    public Func<int, int>? BytesOfFrame { get; init; }

    /// <summary>Of buffers, in bytes.</summary>
    public int Alignment { get; init; } = 4;
}
