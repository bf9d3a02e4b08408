namespace Carveout.Video.Devices
{
    /// <summary>Whom a camera tells what happens. All calls come in interrupt context: allocations must be Atomic, nothing may block; buffers
    /// may be queued and the camera stopped from here.</summary>
    public abstract class CameraListener
    {
        /// <summary>A frame begins (vsync), whether or not there is a buffer for it.</summary>
        /// <param name="camera">Which camera.</param>
        /// <param name="sequence">Counts the sensor's frames from 0 at every start, those that find no buffer included.</param>
        /// <param name="timestamp">When, in microseconds of the board's clock.</param>
        public abstract void OnFrameStart(Camera camera, int sequence, long timestamp);

        /// <summary>A buffer is the driver's again. Buffers come back in the order in which they were queued.</summary>
        /// <param name="camera">Which camera.</param>
        /// <param name="address">The first bus address of the chain that was queued.</param>
        /// <param name="sequence">The frame's.</param>
        /// <param name="timestamp">When the frame began, in microseconds.</param>
        /// <param name="bytes">Bytes that arrived, from the start of the buffer on: all of a complete frame.</param>
        /// <param name="result">Whether the frame is whole.</param>
        public abstract void OnFrameDone(Camera camera, uint address, int sequence, long timestamp, int bytes, FrameResult result);

        /// <summary>A frame was lost because no buffer was queued when it began.</summary>
        /// <param name="camera">Which camera.</param>
        /// <param name="sequence">The frame's.</param>
        /// <param name="timestamp">When the frame began, in microseconds.</param>
        public abstract void OnFrameDropped(Camera camera, int sequence, long timestamp);

        /// <summary>The camera was pulled out while it streamed. It has stopped, and touches no buffer any more; those that were queued do not
        /// come back through <see cref="OnFrameDone"/>.</summary>
        /// <param name="camera">Which camera.</param>
        public abstract void OnRemoved(Camera camera);
    }
}
