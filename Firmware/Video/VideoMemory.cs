namespace Carveout.Video
{
    /// <summary>Whose memory buffers are: V4L2's enum v4l2_memory, with its numbers.</summary>
    public enum VideoMemory
    {
        /// <summary>The queue's: taken by RequestBuffers, given back by RequestBuffers with count 0.</summary>
        Mmap = 1,

        /// <summary>The caller's: mapped for the device when it is queued, unmapped when it is dequeued.</summary>
        UserPtr = 2,

        /// <summary>Another video device's buffer, which goes from device to device and past the CPU: nothing is mapped, no cache
        /// maintained, nothing copied.</summary>
        Dmabuf = 4,
    }
}
