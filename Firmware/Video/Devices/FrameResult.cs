namespace Carveout.Video.Devices
{
    /// <summary>How a frame ended that a camera began to write.</summary>
    public enum FrameResult
    {
        /// <summary>Every line arrived.</summary>
        Complete,

        /// <summary>The bus did not take the lines fast enough and the camera's FIFO overran. Behind the lines that arrived the buffer
        /// holds old bytes.</summary>
        Overrun,

        /// <summary>The bus refused a line: no memory answers there, or the camera's engine does not reach it.</summary>
        BusError,

        /// <summary>A compressed frame had more bytes than its buffer. The buffer is full, the rest of the frame is lost, and no byte
        /// behind the buffer was touched.</summary>
        Overflow,
    }
}
