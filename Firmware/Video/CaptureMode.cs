namespace Carveout.Video
{
    /// <summary>What happens to frames while nobody dequeues, as esp32-camera's camera_grab_mode_t.</summary>
    public enum CaptureMode
    {
        /// <summary>A frame that finds no queued buffer is dropped. Finished frames wait, however old.</summary>
        GrabWhenEmpty,

        /// <summary>The oldest finished frame makes room for the next one, and counts as dropped. So a dequeued frame is recent.</summary>
        GrabLatest,
    }
}
