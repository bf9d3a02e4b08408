namespace Carveout.Video
{
    /// <summary>States of a video device: mxc_v4l2_output's STATE_STREAM_OFF and so on.</summary>
    public enum VideoState
    {
        /// <summary>Nothing moves; buffers may be requested, freed and queued.</summary>
        Off,

        /// <summary>Buffers that are queued go to the device.</summary>
        On,

        /// <summary>Buffers may be queued and stay so; done ones may be dequeued.</summary>
        Paused,

        /// <summary>StreamOff is on its way.</summary>
        Stopping,
    }
}
