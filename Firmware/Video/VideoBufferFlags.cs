using System;

namespace Carveout.Video
{
    /// <summary>The state of a buffer, with the names and numbers of V4L2_BUF_FLAG_MAPPED and its siblings. A buffer that is neither Queued nor
    /// Done is dequeued: the caller has it.</summary>
    [Flags]
    public enum VideoBufferFlags
    {
        /// <summary>Dequeued, and without memory.</summary>
        None = 0,

        /// <summary>It has memory.</summary>
        Mapped = 0x1,

        /// <summary>It waits for the device, or the device has it.</summary>
        Queued = 0x2,

        /// <summary>The device is done with it, and it waits for Dequeue.</summary>
        Done = 0x4,

        /// <summary>Its data is damaged: lines are missing, or the bus refused them. The flag stays until the buffer is queued again.</summary>
        Error = 0x40,
    }
}
