namespace Carveout.Video
{
    /// <summary>How a call of a video device ended: the kernel's error numbers, by name and value, where an ioctl of V4L2 returns them.</summary>
    /// <remarks>These are the refusals that a correct program may meet. What only a mistake can cause (an index out of range, an
    /// address without memory) throws.</remarks>
    public enum VideoResult
    {
        /// <summary>Done.</summary>
        Ok = 0,

        /// <summary>The device is there but did not start.</summary>
        EIO = 5,

        /// <summary>Nothing is done yet, and the caller did not want to wait.</summary>
        EAGAIN = 11,

        /// <summary>Not now: the device streams, or has buffers.</summary>
        EBUSY = 16,

        /// <summary>The device does not answer: it was pulled out.</summary>
        ENODEV = 19,

        /// <summary>Not in this state, or not with these parameters.</summary>
        EINVAL = 22,

        /// <summary>Nothing came within the time that the caller wanted to wait.</summary>
        ETIME = 62,

        /// <summary>Memory could not be had; what was had of it has been given back.</summary>
        ENOBUFS = 105,
    }
}
