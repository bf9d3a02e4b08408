namespace Carveout.Video
{
    /// <summary>Whose memory buffers are: V4L2's enum v4l2_memory, with its numbers.</summary>
    public enum VideoMemory
    {
        /// <summary>The queue's: taken by RequestBuffers, given back by RequestBuffers with count 0.</summary>
        Mmap = 1,

        /// <summary>The caller's: mapped for the device when it is queued, unmapped when it is dequeued.</summary>
        UserPtr = 2,

        /// <summary>Another video device's own (Mmap) buffer, which goes from device to device: nothing is mapped or copied, and no cache is
        /// maintained unless the CPU had it in between.</summary>
        Dmabuf = 4,
    }
}
