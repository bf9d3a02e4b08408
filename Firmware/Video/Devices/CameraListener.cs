namespace Carveout.Video.Devices
{
    /// <summary>Receives a camera's callbacks. All come in interrupt context: allocations must be Atomic, and nothing may block. Buffers
    /// may be queued and the camera may be stopped in a callback.</summary>
    public abstract class CameraListener
    {
        /// <summary>A frame begins (vsync), whether or not there is a buffer for it.</summary>
        /// <param name="sequence">Counts the sensor's frames from 0 at every start, including those that find no buffer.</param>
        /// <param name="timestamp">When, in microseconds of the board's clock.</param>
        public abstract void OnFrameStart(Camera camera, int sequence, long timestamp);

        /// <summary>A buffer belongs to the driver again. Buffers come back in the order in which they were queued.</summary>
        /// <param name="number">The number with which it was queued.</param>
        /// <param name="sequence">The frame's number.</param>
        /// <param name="timestamp">When the frame began, in microseconds.</param>
        /// <param name="bytes">How many bytes arrived, from the start of the buffer on. A complete frame has arrived whole.</param>
        /// <param name="result">Whether the frame is whole.</param>
        public abstract void OnFrameDone(Camera camera, int number, int sequence, long timestamp, int bytes, FrameResult result);

        /// <summary>A frame was lost because no buffer was queued when it began.</summary>
        /// <param name="sequence">The frame's number.</param>
        /// <param name="timestamp">When the frame began, in microseconds.</param>
        public abstract void OnFrameDropped(Camera camera, int sequence, long timestamp);

        /// <summary>The camera was unplugged while it streamed. It has stopped and touches no buffer any more. Queued buffers do not come
        /// back through <see cref="OnFrameDone"/>.</summary>
        public abstract void OnRemoved(Camera camera);
    }
}
