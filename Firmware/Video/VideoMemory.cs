namespace Carveout.Video
{
    /// <summary>The kind of memory that buffers have: V4L2's enum v4l2_memory, with its numbers.</summary>
    public enum VideoMemory
    {
        /// <summary>The queue's own memory: RequestBuffers takes it, and gives it back when called with count 0.</summary>
        Mmap = 1,

        /// <summary>The caller's memory: mapped for the device when it is queued, unmapped when it is dequeued.</summary>
        UserPtr = 2,

        /// <summary>Another video device's own (Mmap) buffer, which goes from device to device. Nothing is mapped or copied, and caches
        /// need no maintenance unless the CPU had the buffer in between.</summary>
        Dmabuf = 4,
    }
}
