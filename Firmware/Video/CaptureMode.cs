namespace Carveout.Video
{
    /// <summary>What a camera does while nobody dequeues: esp32-camera's camera_grab_mode_t.</summary>
    public enum CaptureMode
    {
        /// <summary>Frames that find no queued buffer are dropped; the ones that were taken wait, however old.</summary>
        GrabWhenEmpty,

        /// <summary>The oldest frame that is done makes room for the next, and counts as dropped: what is dequeued is recent.</summary>
        GrabLatest,
    }
}
