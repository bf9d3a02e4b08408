namespace Carveout.Video
{
    /// <summary>The states of a video device: mxc_v4l2_output's STATE_STREAM_OFF and so on.</summary>
    public enum VideoState
    {
        /// <summary>The hardware does nothing; buffers may be requested, freed and queued.</summary>
        Off,

        /// <summary>Queued buffers go to the device.</summary>
        On,

        /// <summary>Buffers may be queued and wait; done ones may be dequeued.</summary>
        Paused,

        /// <summary>StreamOff is being carried out.</summary>
        Stopping,
    }
}
