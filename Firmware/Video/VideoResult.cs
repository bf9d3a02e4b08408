namespace Carveout.Video
{
    /// <summary>The result of a video device's call: the kernel's error numbers, by name and value, as V4L2's ioctls return them.</summary>
    /// <remarks>A correct program may meet these refusals. What only a mistake can cause (an index out of range, an address without memory)
    /// throws.</remarks>
    public enum VideoResult
    {
        /// <summary>Done.</summary>
        Ok = 0,

        /// <summary>The device is there but did not start.</summary>
        EIO = 5,

        /// <summary>No buffer is done yet, and the caller did not want to wait.</summary>
        EAGAIN = 11,

        /// <summary>Not possible now: the device streams, or has buffers.</summary>
        EBUSY = 16,

        /// <summary>The device does not answer: it was unplugged.</summary>
        ENODEV = 19,

        /// <summary>Not possible in this state, or with these parameters.</summary>
        EINVAL = 22,

        /// <summary>No buffer was done within the time that the caller wanted to wait.</summary>
        ETIME = 62,

        /// <summary>Memory could not be had; everything taken has been given back.</summary>
        ENOBUFS = 105,
    }
}
