namespace Carveout.Video.Devices
{
    /// <summary>What became of a frame that a camera began to write.</summary>
    public enum FrameResult
    {
        /// <summary>Every line arrived.</summary>
        Complete,

        /// <summary>The bus did not take the lines fast enough and the camera's FIFO ran over: what follows the lines that arrived is old.</summary>
        Overrun,

        /// <summary>The bus refused a line: no memory answers there, or the camera's engine does not reach it.</summary>
        BusError,

        /// <summary>A compressed frame had more bytes than its buffer: the buffer is full, what follows is lost, and no byte behind it was
        /// touched.</summary>
        Overflow,
    }
}
